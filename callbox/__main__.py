"""`python -m callbox` is the `callbox` command."""

from callbox.cli import main

main()
