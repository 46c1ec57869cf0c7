"""The cast of the tests (`cast.py`) and the tests of agencies, users and roles."""

from tests.people.cast import PASSWORD, TOTP_SECRET, Cast, make_cast, person, signed_in

__all__ = ["PASSWORD", "TOTP_SECRET", "Cast", "make_cast", "person", "signed_in"]
