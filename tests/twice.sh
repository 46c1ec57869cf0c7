#!/usr/bin/env bash
# Run pytest; what failed is run once more, alone. For tests that drive a browser or other people's servers: what was only slow on a
# busy machine passes then and is named; what fails twice fails.
set -uo pipefail
"$@" && exit 0
echo "Once more, alone, what failed:"
"$@" --last-failed --last-failed-no-failures none -rA
