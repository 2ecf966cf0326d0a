#!/bin/sh
# Usage: lock.sh PYTHON LOCKFILE
# Resolves all extras for Python 3.11 and later into one file with hashes. Headers, notes and
# addresses are left out so that the file does not depend on who made it, and where.
# What is already locked stays as it is while it fits; delete the lock file first to take all anew.
set -eu
python=$1
lock=$2
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
if [ -x .venv/bin/uv ]; then
    uv=.venv/bin/uv
else
    "$python" -m venv "$tool/venv"
    "$tool/venv/bin/python" -m pip install --quiet --disable-pip-version-check uv
    uv=$tool/venv/bin/uv
fi
"$uv" pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
    --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
    --quiet --output-file "$lock"
if grep -nE '://|^-|^\.?/' "$lock"; then
    echo "The lock file names an address or a path." >&2
    exit 1
fi
echo "$lock: $(grep -c '==' "$lock") packages"
