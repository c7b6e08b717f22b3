# Everything a fresh machine needs is git, make and Python 3.11. `make test` and `make demo` set up the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKFLOWS := workflows/*.yml .github/workflows/*.yml
SOURCES := assay policy reports actions bot examples tests docs
export DVC_NO_ANALYTICS := 1

.PHONY: help install lock lint test quick demo bench generated picture clean

help: ## say what each target does
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

install: $(STAMP) ## create .venv from the lock

$(STAMP): requirements.lock
	PYTHON=$(PYTHON) bash actions/install.sh $(VENV)
	touch $@

lock: $(STAMP) ## pin the newest versions that work together
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --all-extras --group dev --python-version 3.11 \
		--no-emit-index-url --no-annotate --upgrade --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	echo uv | $(BIN)/uv pip compile --quiet --universal --generate-hashes --extra all --python-version 3.11 --constraint requirements.lock \
		--no-emit-index-url --no-annotate --custom-compile-command "make lock" pyproject.toml - -o requirements-action.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --constraint requirements.lock \
		--no-emit-index-url --no-annotate --custom-compile-command "make lock" requirements-service.in -o requirements-service.lock

lint: $(STAMP) ## ruff, mypy --strict, import-linter; actionlint and zizmor over actions and workflows
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports --no-cache
	$(BIN)/actionlint $(WORKFLOWS)
	$(BIN)/zizmor --quiet --no-online-audits $(WORKFLOWS) action.yml actions/*/action.yml

test: lint ## lint and every test
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder $(ARGS)

quick: $(STAMP) ## the tests that take less than ten seconds each
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 2 -m "not slow and not browser" $(ARGS)

demo: $(STAMP) ## build the flights project, check each of its branches, open pull requests on a loopback GitHub, promote the model, watch over it
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m assay demo $(ARGS)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.e2e.demo $(ARGS)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.e2e.governance $(ARGS)

bench: $(STAMP) ## time Assay beside its peers and write docs/benchmarks.md
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.bench $(ARGS)

generated: $(STAMP) ## write the files that are generated from the code
	PYTHONPATH=. $(BIN)/python docs/generate.py

picture: $(STAMP) ## take the README's picture from the demo (built first where there is none)
	PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONPATH=. $(BIN)/python docs/picture.py $(ARGS)

clean: ## remove what make made
	rm -rf $(VENV) .venv-* demo .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis dist
