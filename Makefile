# Everything from a fresh machine with Python 3.11+ and make:
#   make book    build the report into _build/html
#   make pdf     ... and its print edition into _build/pdf
#   make test    all checks, in a real browser too

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := requirements.lock
PORT   ?= 8000

DEPS    := $(VENV)/.deps-installed
PROJECT := $(VENV)/.project-installed
# Present only when _build/html is the whole book, built without a warning.
WHOLE   := _build/.complete

# Matplotlib's list of fonts: made once, and kept out of the home folder.
export MPLCONFIGDIR := $(CURDIR)/$(VENV)/matplotlib

PIP := $(BIN)/python -m pip --disable-pip-version-check -qq

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install book pdf words test lint browser screens serve bench package lock clean distclean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

$(DEPS): $(LOCK)
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else "Python 3.11 or newer is needed; \"$(PYTHON)\" is %d.%d. Name another with: make PYTHON=python3.12" % v[:2])'
	@echo "Installing the locked packages into $(VENV) ..."
	@$(PYTHON) -m venv --clear $(VENV) || { echo 'The venv module of $(PYTHON) does not work; on Debian: apt-get install python3-venv' >&2; exit 1; }
	$(PIP) install --require-hashes --only-binary :all: -r $(LOCK)
	@$(BIN)/python -c 'import matplotlib.font_manager' 2>/dev/null
	@touch $@

# Without build isolation: the build backend, too, comes from the lock.
$(PROJECT): $(DEPS) pyproject.toml
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

install: $(PROJECT) ## Make .venv from the lock file

# Sphinx repeats no warning for a page that it does not read again, and a stopped build leaves
# a mixture of old and new pages: so anything but a whole book is thrown away first. Executed
# cells stay in _build/.jupyter_cache.
book: $(PROJECT) ## Build the report into _build/html (warnings are errors)
	@test -f $(WHOLE) || rm -rf _build/html _build/.doctrees
	@rm -f $(WHOLE)
	$(BIN)/jupyter-book build . -W -n --keep-going
	@touch $(WHOLE)

pdf: book browser ## Make the print edition into _build/pdf
	@$(BIN)/python -m strikes2024.book.edition _build/html _build/pdf

words: $(PROJECT) ## Write the present words of the data into the chapters
	$(BIN)/python -m strikes2024.book.words index.md chapters/*.md

lint: $(PROJECT) ## Style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

browser: ## Make sure that there is a Chromium for the tests of the built pages
	@sh tools/ensure_chromium.sh

test: $(PROJECT) browser lint book ## All checks; ends with pytest's own summary
	$(BIN)/python -m pytest

screens: book browser ## Take the charts' pictures anew that the tests compare with; look at each
	$(BIN)/python tests/book/screens.py

serve: book ## Show the report on http://127.0.0.1:PORT
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html $(PORT)

bench: $(PROJECT) browser ## Run each script in benchmarks/; fails where a bar is missed
	@missed=; for script in benchmarks/*.py; do \
	  echo "== $$script"; $(BIN)/python "$$script" || missed=1; \
	done; test -z "$$missed"

package: $(PROJECT) ## Build wheel and source archive into dist/
	$(BIN)/python -m build --no-isolation

lock: ## Write requirements.lock anew from pyproject.toml
	@sh tools/lock.sh "$(PYTHON)" $(LOCK)

clean: ## Remove what was built, executed cells too
	rm -rf _build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

distclean: clean ## ... and .venv
	rm -rf $(VENV)
