#!/bin/sh
# Usage: lock.sh UV
# Resolves the dependencies for Python 3.11 and later into hashed requirements files:
#   requirements/test.txt       everything: the book, the print edition, the tests
#   requirements/book.txt       what `make book` needs, a part of the former
#   requirements/floors.txt     the lowest versions that the data module promises to work with
#   requirements/lab.txt        JupyterLab, for `make lab`
#   requirements/tools.txt      the tools of commands that few run
#   requirements/live.txt       where the live edition has the packages of Pyodide from
#   requirements/croissant.txt  what checks metadata in Croissant, with one package to be built
#   requirements/installer.txt  uv, which installs the others
# Names keep their extras (`coverage[toml]==…`): an installer that checks hashes asks for each name
# with each extra that some package wants. Headers, notes and addresses are left out so that the
# files do not depend on who made them, and where.
# What is already locked stays as it is while it fits; delete a file first to take all anew.
set -eu
uv=$1
compile() {
    "$uv" pip compile "$@" --universal --python-version 3.11 --generate-hashes --no-strip-extras \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet
}
compile pyproject.toml --all-extras --group build --output-file requirements/test.txt
compile pyproject.toml --extra book --group build --constraint requirements/test.txt --output-file requirements/book.txt
# Packages of that time beside them: SciPy 1.14 needs the NumPy, Matplotlib 3.8 the pyparsing.
printf 'numpy<2.3\npyparsing<3.3\n' | compile pyproject.toml --constraint - --extra analysis --extra charts --extra export --extra validate \
    --resolution lowest-direct --output-file requirements/floors.txt
compile --group croissant --constraint requirements/test.txt --output-file requirements/croissant.txt
compile --group lab --constraint requirements/test.txt --output-file requirements/lab.txt
compile --group tools --constraint requirements/test.txt --output-file requirements/tools.txt
compile --group live --output-file requirements/live.txt
compile --group installer --constraint requirements/test.txt --output-file requirements/installer.txt
for file in requirements/*.txt; do
    if grep -nE '://|^-|^\.?/' "$file"; then
        echo "$file names an address or a path." >&2
        exit 1
    fi
    echo "$file: $(grep -c '==' "$file") packages"
done
