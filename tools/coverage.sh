#!/bin/sh
# Usage: coverage.sh PYTHON PAGE
# Writes the last run's coverage as a page of the docs; fails below the bar in pyproject.toml.
set -eu
table=$("$1" -m coverage report --format=markdown) || { echo "$table" >&2; exit 1; }
{
    echo '# Coverage'
    echo
    echo 'Written by `make coverage`: how many of the lines and branches of the data module the unit'
    echo 'tests run, and which lines they do not. Modules without a gap are left out. What makes the'
    echo 'book is not counted: tests of the built pages look at its results.'
    echo
    echo "$table"
} > "$2"
grep TOTAL "$2"
