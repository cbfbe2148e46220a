# Two commands: 'make run' and 'make test'. Both set up what they need, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 7860
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock

.PHONY: run test lint types contracts unit gates eval bench lock clean

run: $(VENV)/.installed
	@$(BIN)/python -m assistant ingest corpus --prune
	@$(BIN)/python app.py --host $(HOST) --port $(PORT)

test: lint types contracts unit gates

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

contracts: $(VENV)/.installed-dev
	$(BIN)/lint-imports
	$(BIN)/python -m assistant library validate
	$(BIN)/python -m assistant pathways validate

unit: $(VENV)/.installed-dev $(VENV)/.browser $(VENV)/.postgresql
	$(BIN)/python -m pytest

gates: $(VENV)/.installed-dev
	$(BIN)/python -m evals run

# As the gates, with every twin and not a sample of each kind; then planted regressions.
eval: $(VENV)/.installed-dev
	$(BIN)/python -m evals run --all
	$(BIN)/python -m pytest -m planted

# Speed and memory against plain retrieval; minutes, and best on an idle machine.
bench: $(VENV)/.installed-dev
	$(INSTALL) -e '.[bench]'
	$(BIN)/python -m evals bench

# The lock file holds every package, direct and transitive, at one version. pip reads it as
# constraints, so that only what this machine needs of it is installed.
lock:
	uv pip compile pyproject.toml --extra dev --extra bench --universal --python-version 3.11 \
		--no-annotate --no-header --output-file requirements.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed. Name one: make PYTHON=/path/to/python3.12 run"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml requirements.lock
	@echo "Installing the packages; this takes some minutes the first time."
	$(INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(INSTALL) -e '.[dev]'
	@touch $@

# The page's tests need a Chromium: the one on PATH, else Playwright's, else the system's package.
$(VENV)/.browser: $(VENV)/.installed-dev
	@command -v chromium || command -v chromium-browser || command -v google-chrome || \
		$(BIN)/playwright install chromium || \
		{ apt-get update -qq && apt-get install -y -qq chromium; }
	@touch $@

# The review database's tests run on SQLite and on a PostgreSQL of their own; where the system's
# package cannot be had, those on PostgreSQL are skipped and say so.
$(VENV)/.postgresql: $(VENV)/.installed-dev
	@command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null || \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; } || \
		echo "PostgreSQL cannot be installed here: its tests will be skipped."
	@touch $@

clean:
	rm -rf $(VENV) .store .mypy_cache .ruff_cache .pytest_cache reports
