"""`python -m tests.trust.tips.laid_out` makes an agency with a key for tips in a fresh installation; prints the private half."""

from __future__ import annotations

import json


def main() -> None:
    """Lay it out."""
    from callbox.cli.django import migrate, start  # noqa: PLC0415

    start()
    migrate()
    import pyrage  # noqa: PLC0415

    from callbox.people.models import Agency  # noqa: PLC0415
    from callbox.people.roles import Role  # noqa: PLC0415
    from tests.people import person  # noqa: PLC0415
    from tests.trust.tips import keys  # noqa: PLC0415

    agency = Agency.objects.create(name="Harbour City Police", slug="harbour")
    made = pyrage.x25519.Identity.generate()
    keys.in_use(agency, made.to_public(), by=person("Chief", agency, Role.CHIEF, second_factor=False))
    print(json.dumps({"identity": str(made)}))


if __name__ == "__main__":
    main()
