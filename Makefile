# The verbs of this project. Without make: see README.md for the plain pip equivalents.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TEST_STAMP := $(VENV)/.installed-test

.PHONY: run live test check bench clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(STAMP): $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $(STAMP)

$(TEST_STAMP): $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"
	touch $(TEST_STAMP)

run: $(STAMP)
	$(BIN)/python app.py

live: $(STAMP)
	$(BIN)/python app.py --live

test: $(TEST_STAMP) check
	$(BIN)/python -m pytest

check: $(TEST_STAMP)
	$(BIN)/ruff check .
	$(BIN)/mypy connectors warehouse etl/alignment
	$(BIN)/lint-imports

bench: $(TEST_STAMP)
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) build *.egg-info
