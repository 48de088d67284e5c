# Every target is one command, run from a checkout.

# The first Python on the PATH that is new enough; `make PYTHON=...` overrides it.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
# MLX on Linux: cpu, cuda12 or cuda13 (on macOS all three are plain MLX).
MLX ?= cpu

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
NODE_MODULES := editors/vscode/node_modules/.package-lock.json
.PHONY: help setup tools demo test lint slow docs format golden highlighting vsix clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*  ## /  make \1	/p' Makefile | expand -t 21

setup: $(INSTALLED)  ## install gmlc and its tools into .venv

$(INSTALLED): pyproject.toml
	@test -n "$(PYTHON)" || { echo "GML needs Python 3.11 or newer" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$(MLX),dev]'
	@touch $@

tools:  ## fetch what tests of the VS Code extension need; without npm they are skipped
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(NODE_MODULES) \
	|| echo "npm failed: the tests of the VS Code extension will be skipped" >&2; fi

$(NODE_MODULES): editors/vscode/package-lock.json
	npm ci --prefix editors/vscode --ignore-scripts --no-audit --no-fund \
	  --fetch-retries=1
	@touch $@

demo: $(INSTALLED)  ## sample eight schools
	PATH="$(CURDIR)/$(BIN):$$PATH" gmlc examples/eight_schools.gml --infer hmc

test: lint tools  ## everything that must hold before a commit
	$(BIN)/pytest -n 2

lint: $(INSTALLED)  ## style, types and import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

slow: $(INSTALLED)  ## the statistical tests that take minutes
	$(BIN)/pytest -n 2 -m slow

docs: $(INSTALLED)  ## build the pages, warnings being errors, into docs/_build
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[$(MLX),docs]'
	$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build
	$(BIN)/pytest -n 2 tests/docs

format: $(INSTALLED)  ## rewrite Python files and models in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/gmlc fmt examples/*.gml examples/*/*.gml stdlib/*.gml stdlib/*/*.gml benchmarks/*/*.gml

golden: $(INSTALLED)  ## accept what the golden tests print now
	$(BIN)/pytest -n 2 --accept

highlighting: $(INSTALLED)  ## write what editors colour, from the grammar and library
	$(BIN)/python -m gml.editors

vsix: $(NODE_MODULES)  ## package the VS Code extension
	mkdir -p editors/vscode/dist
	npm run --prefix editors/vscode package

clean:  ## remove what was built, the environment included
	rm -rf $(VENV) editors/vscode/node_modules editors/vscode/dist build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
