# Two commands for people: `make demo` and `make test`. The others are for those who change the code.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SETUP := $(VENV)/.core
SETUP_TEST := $(VENV)/.test

.PHONY: demo test test-slow bench baselines docs check clean

demo: $(SETUP)
	$(BIN)/portfolio demo

test: $(SETUP_TEST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check sim scenarios calibration results command tests benchmarks
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow"

test-slow: $(SETUP_TEST)
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m slow

bench: $(SETUP_TEST)
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.twin

baselines: $(SETUP_TEST)
	$(BIN)/python -m tests.baselines.refresh

docs: $(SETUP)
	$(BIN)/python docs/make_tables.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(SETUP): $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(SETUP_TEST): $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[postgres,test]"
	touch $@ $(SETUP)

clean:
	rm -rf $(VENV) build dist *.egg-info
