# Two commands: `make demo` and `make test`. Each sets up what it needs, once; `make help` lists the rest.
# All paths are relative, so that the folder may lie anywhere and have spaces in its name.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= $(shell for name in python3.11 python3 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo "$$name" && break; done)
TODAY ?= 2026-11-16
BIN := .venv/bin

# A step's stamp carries a checksum of what it was done with: the folder, the pins and the project file.
# Any change makes a new stamp's name, so that the step runs again; nothing else does.
PLACE := $(shell pwd | cksum | cut -d' ' -f1)
LOCKED := $(PLACE)-$(shell cksum < requirements.lock | cut -d' ' -f1)
PROJECT := $(LOCKED)-$(shell cksum < pyproject.toml | cut -d' ' -f1)
VENV := .stamps/venv-$(PLACE)
TORCH := .stamps/torch-$(LOCKED)
PACKAGES := .stamps/packages-$(LOCKED)
INSTALLED := .stamps/callcoach-$(PROJECT)
NODE_PACKAGES := .stamps/npm-$(PLACE)-$(shell cksum < frontend/package-lock.json 2>/dev/null | cut -d' ' -f1)
SCRIPTS := .stamps/scripts-$(PLACE)-$(shell cat frontend/build.mjs frontend/src/*.ts frontend/src/entries/*.ts frontend/package-lock.json 2>/dev/null | cksum | cut -d' ' -f1)
BUILT := src/callcoach/web/static/built

ifeq ($(wildcard .venv/bin/python),)
$(shell rm -rf .stamps)
endif

STOP = { echo "$(1)" >&2; exit 3; }
UNREACHED = $(call STOP,Setting up stopped: pip could not install $(1). Its own words are above. If they name the network or \
	find no version$(COMMA) check that this machine reaches its Python package registry ($(BIN)/python -m pip config list shows \
	which)$(COMMA) then give the same command again: the steps that are done are kept.)
COMMA := ,

# two at once: each that loads models takes 2 GB
SIDE_BY_SIDE := -n 2 --dist loadgroup

.PHONY: help
help:  ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sort | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

.PHONY: setup
setup: $(INSTALLED)  ## .venv with everything in it; done once, and again when the pins change

$(VENV):
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null || $(call STOP,Python 3.11 \
		was not found. Install it (on Debian or Ubuntu: apt install python3.11 python3.11-venv) or name it: \
		make PYTHON=/path/to/python3.11 $(MAKECMDGOALS))
	@rm -rf .venv .stamps && mkdir .stamps
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; $(call STOP,$(PYTHON) cannot make a virtual environment. \
		On Debian or Ubuntu: apt install python3.11-venv. Then give the same command again.); }
	@touch "$@"

# torch by itself and first: asked for by this exact version, a machine that keeps a CPU build beside the registry takes that one
$(TORCH): $(VENV)
	@echo "Installing torch (once; some minutes)"
	@$(BIN)/python -m pip install --quiet "$$(grep '^torch==' requirements.lock)" || $(call UNREACHED,torch)
	@touch "$@"

$(PACKAGES): $(TORCH)
	@echo "Installing the packages of requirements.lock (once; some minutes)"
	@$(BIN)/python -m pip install --quiet -r requirements.lock || $(call UNREACHED,the packages of requirements.lock)
	@touch "$@"

$(INSTALLED): $(PACKAGES)
	@$(BIN)/python -m pip install --quiet --no-deps -e . || $(call UNREACHED,callcoach itself (its build needs hatchling))
	@touch "$@"

# The scripts of the web app. Without Node.js everything else goes on: pages then work as plain forms, and `callcoach serve` says so.
.PHONY: frontend
frontend: node $(SCRIPTS)  ## the scripts of the web app, where Node.js 20 or later is there

.PHONY: node
node:
	@if ! command -v npm >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing for the web app: nodejs npm"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm; } >/dev/null || true; \
	fi

$(SCRIPTS): | $(VENV)
	@if command -v npm >/dev/null; then \
		{ [ -e "$(NODE_PACKAGES)" ] && [ -d frontend/node_modules ] || { echo "Installing the packages of frontend/package-lock.json (once)"; \
			npm --prefix frontend ci --silent --no-audit --no-fund && touch "$(NODE_PACKAGES)"; }; } \
		&& npm --prefix frontend run --silent build && rm -f .stamps/scripts-* && touch "$@" \
		|| echo "The scripts of the web app could not be built; npm's own words are above. Everything else goes on without them." >&2; \
	else \
		echo "Node.js is not installed, so the web app goes without player, shortcuts and live effects. To have them, install Node.js 20" \
			"or later with npm (on Debian or Ubuntu: apt install nodejs npm) and run: make frontend" >&2; \
	fi

.PHONY: demo
demo: setup  ## the main job on the sample company; the brief lands in build/demo/brief.html
	@$(BIN)/callcoach run sample_calls --rubrics rubrics --home build/demo --today $(TODAY)

.PHONY: test
test: setup lint types arrows servers frontend  ## every check: ruff, mypy, import-linter, then all tests
	@$(BIN)/python -m pytest -q $(SIDE_BY_SIDE) --durations=40 --durations-min=5

.PHONY: test-fast
test-fast: setup lint types arrows  ## the same without the tests that load real models or a browser
	@$(BIN)/python -m pytest -q $(SIDE_BY_SIDE) -m "not slow"

.PHONY: lint
lint: setup  ## ruff: rules and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

.PHONY: types
types: setup  ## mypy, strict, on src
	@$(BIN)/mypy

.PHONY: arrows
arrows: setup  ## import-linter: which layer may know which
	@$(BIN)/lint-imports

# What some tests need beside Python: a browser to look at the brief, a PostgreSQL server. Only root can install them; for anybody
# else those tests say what is missing and are skipped.
.PHONY: servers
servers:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		missing=$$(command -v chromium chromium-browser google-chrome >/dev/null || echo chromium fonts-dejavu-core; \
			ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 || echo postgresql); \
		if [ -n "$$missing" ]; then \
			echo "Installing for the tests:" $$missing; \
			{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } \
				>/dev/null || echo "$$missing could not be installed; the tests that need it will be skipped." >&2; \
		fi; \
	fi

.PHONY: train
train: setup  ## train the judge on models/corpus into models/judge (hours; given again, it goes on)
	@$(BIN)/callcoach train models/corpus --keep build/fits --out models/judge

.PHONY: evaluate
evaluate: setup  ## measure the judge on models/corpus, folds grouped by writer, and write the model card (hours; given again, it goes on)
	@$(BIN)/callcoach evaluate models/corpus --cross-validate --robustness --keep build/fits --json models/evaluation.json
	@$(BIN)/callcoach models card models/evaluation.json --notes models/judge_notes.toml --curves models/curves.json --out models/MODEL_CARD.md

.PHONY: curves
curves: setup  ## measure what more labelled calls bring, for the model card (hours of one core)
	@$(BIN)/callcoach evaluate models/corpus --learning-curve --few-shot 0,10,20 --curves models/curves.json

.PHONY: bench
bench: setup  ## measure recognition beside faster-whisper, and write the table of docs/speech.md
	@$(BIN)/callcoach bench speech --json models/speech_bench.json
	@$(BIN)/callcoach bench page docs/speech.md

.PHONY: docs
docs: setup  ## write docs/cli.md anew from the command itself
	@$(BIN)/python -m typer callcoach.cli.main utils docs --name callcoach --title "The command line" --output docs/cli.md

.PHONY: lock
lock:  ## write requirements.lock anew from pyproject.toml, in a fresh environment
	@rm -rf build/lock && mkdir -p build && "$(PYTHON)" -m venv build/lock
	@build/lock/bin/python -m pip install --quiet "$$(grep -oE 'torch==[0-9.]+' pyproject.toml)"
	@build/lock/bin/python -m pip install --quiet ".[weights,dev,postgres,ray,s3,sftp]"
	@build/lock/bin/python -m pip freeze --all --exclude pip --exclude callcoach > build/lock/frozen
	@{ grep '^#' requirements.lock; sed -E 's/\+[a-z0-9.]+$$//' build/lock/frozen | grep -viE '^(nvidia|cuda|triton)'; } > build/requirements.lock
	@mv build/requirements.lock requirements.lock && rm -rf build/lock

.PHONY: clean
clean:  ## remove what the other commands made: .venv, .stamps, build, caches
	@rm -rf .venv .stamps build dist frontend/node_modules $(BUILT) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
