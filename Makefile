# Two commands do all: `make demo` and `make test`. Both make .venv and install what they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo

.PHONY: help demo check test explore lint types wheel docs notebook clean

help: ## Show the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: $(VENV)/installed ## The case study from release to classified document, into demo/
	PATH="$(abspath $(BIN)):$$PATH" sh scripts/demo.sh $(DEMO)

check: $(VENV)/installed lint types ## Lint, types and the tests nearest to what has changed (since BASE), about a minute
	$(BIN)/python scripts/check.py $(if $(BASE),--base $(BASE))

test: $(VENV)/installed lint types ## Everything that CI runs: lint, types, tests with coverage, the wheel
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses auto --dist loadfile --cov
	$(MAKE) wheel

explore: $(VENV)/installed ## The property-based tests with ten times as many examples, and new ones: run it behind a new one
	$(BIN)/pytest -m hypothesis --hypothesis-profile explore

lint: $(VENV)/installed ## Style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed ## mypy, strict
	$(BIN)/mypy

wheel: $(VENV)/installed ## The wheel, into dist/, tried out by itself
	sh scripts/check_wheel.sh $(BIN)

docs: $(VENV)/installed ## The docs site, into site/ (`make test` builds it too)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

notebook: $(VENV)/installed ## Run the notebook of the case study and keep its outputs, about ten minutes
	$(BIN)/python scripts/run_notebook.py

clean: ## Remove what the targets made
	rm -rf $(VENV) $(DEMO) dist site
