#!/bin/sh
# Usage: lock.sh PYTHON LOCKFILE OPTIONAL_LOCKFILE
# Resolves all extras for Python 3.11 and later into one file with hashes, and the tools of the
# commands that few run into a second one that agrees with it. Headers, notes and addresses are
# left out so that the files do not depend on who made them, and where.
# What is already locked stays as it is while it fits; delete the lock file first to take all anew.
set -eu
python=$1
lock=$2
optional=$3
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
if [ -x .venv/bin/uv ]; then
    uv=.venv/bin/uv
else
    "$python" -m venv "$tool/venv"
    "$tool/venv/bin/python" -m pip install --quiet --disable-pip-version-check uv
    uv=$tool/venv/bin/uv
fi
compile() {
    "$uv" pip compile "$@" --universal --python-version 3.11 \
        --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
        --quiet
}
compile pyproject.toml --all-extras --output-file "$lock"
compile --group optional --constraint "$lock" --output-file "$optional"
for file in "$lock" "$optional"; do
    if grep -nE '://|^-|^\.?/' "$file"; then
        echo "$file names an address or a path." >&2
        exit 1
    fi
    echo "$file: $(grep -c '==' "$file") packages"
done
