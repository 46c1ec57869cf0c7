# Two commands matter: `make demo` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
# The first Python of at least 3.12 that really starts.
PYTHON ?= $(shell for p in python3.13 python3.14 python3.12 python3 python; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo $$p && break; done)

.PHONY: help demo demo-networks test test-fast test-browser test-networks test-all pictures messages lock clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

$(VENV)/.run: requirements/run.lock
	@if [ -z "$(PYTHON)" ]; then echo "Callbox needs Python 3.12 or newer; none was found on this machine."; exit 1; fi
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked libraries (about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.run
	@echo "Installing the locked test libraries"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

demo: $(VENV)/.run ## build the demonstration agency and serve it
	@$(BIN)/callbox demo

demo-networks: $(VENV)/.dev ## the same with accounts on real servers of this machine, and residents who write to it (installs what it needs on Debian)
	@tests/servers/install.sh
	@$(BIN)/python -m tests.servers.demo

test: $(VENV)/.dev ## lint, types and the whole suite on SQLite and PostgreSQL
	@echo "Lint and types"
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check . && $(BIN)/mypy && $(BIN)/lint-imports >/dev/null
	@echo "The whole suite, on SQLite"
	@$(BIN)/pytest -m "not browser and not networks" -n 2
	@echo "Everything that uses the database, on PostgreSQL"
	@CALLBOX_TEST_DATABASE=postgresql $(BIN)/pytest -m "database and not browser and not networks" -n 2

test-fast: $(VENV)/.dev ## the fast part of the suite, on SQLite
	@$(BIN)/pytest -m "not slow and not browser and not networks" -n 2

test-browser: $(VENV)/.dev ## every page in a real browser: accessibility, phone width, without script (needs Chromium)
	@tests/twice.sh $(BIN)/pytest -m browser

test-networks: $(VENV)/.dev ## against real servers of the networks, and every crash of a publication (installs what it needs on Debian)
	@tests/servers/install.sh
	@tests/twice.sh $(BIN)/pytest -m networks -rs --durations=10
	@echo "The journey over every network once more, on PostgreSQL"
	@CALLBOX_TEST_DATABASE=postgresql tests/twice.sh $(BIN)/pytest -m networks -rs tests/networks/journeys

test-all: test test-browser test-networks ## the suite, then the browser tests, then those against real servers

pictures: $(VENV)/.dev ## drive a browser through the demonstration agency and write docs/pictures
	@$(BIN)/python -m tests.browser.pictures

messages: $(VENV)/.dev ## collect the portal's words and compile its catalogues (maintainers; needs gettext)
	@cd callbox/portal && ../../$(BIN)/django-admin makemessages -l es -l fr -l ar --no-location --no-obsolete --no-wrap
	@cd callbox/portal && ../../$(BIN)/django-admin compilemessages

lock: ## resolve the libraries anew and lock them with hashes (maintainers; needs uv)
	uv pip compile -q --universal --python-version 3.12 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements/run.lock
	uv pip compile -q --universal --python-version 3.12 --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -o requirements/dev.lock

clean: ## remove everything that was made here
	rm -rf $(VENV) .cache var build .pytest_cache .mypy_cache .ruff_cache .hypothesis
