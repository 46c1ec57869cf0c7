"""The people of one installation, in a process of their own beside its server: reads a line of JSON, does it, answers with one.

Started as `python -m tests.collaboration.staff` with the settings of that installation.
"""

from __future__ import annotations

import json
import sys

from callbox.cli.django import migrate, start


def main() -> None:
    """Do what is asked until nobody asks any more."""
    start()
    migrate()
    from tests.collaboration.verbs import VERBS  # noqa: PLC0415 - rows need Django to be started

    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(VERBS[asked.pop("do")](**asked)), flush=True)


if __name__ == "__main__":
    main()
