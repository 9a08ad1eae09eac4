# `make help` lists what there is.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help install demo up down clean test lint bench lock

help:  ## This list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

install: .venv/.installed  ## Make .venv and install what requirements.lock says

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 14) else f"Python 3.11 to 3.13 is needed; {sys.executable} is {v.major}.{v.minor}. Set PYTHON=/path/to/python3.11")'
	@echo "· Making .venv and installing from requirements.lock (about 1 GB with Airflow)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet 'uv>=0.9'
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

demo: install  ## The main job from nothing: sample wire → events, in Airflow and Postgres
	@$(BIN)/communique local demo

up: install  ## Start Postgres and Airflow with the live feeds
	@$(BIN)/communique local up

down:  ## Stop everything that was started
	@test ! -x $(BIN)/communique || $(BIN)/communique local down

clean:  ## Stop everything and remove its data
	@test ! -x $(BIN)/communique || $(BIN)/communique local clean

test: install  ## Run all tests
	@$(BIN)/python -m pytest

lint: install  ## ruff, mypy strict, the architecture test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_architecture.py

bench: install  ## Measure speed
	@$(BIN)/python -m pytest -q tests/bench -s --run-bench

lock:  ## Resolve requirements.lock anew from pyproject.toml
	@$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock
