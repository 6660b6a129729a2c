# Needs Python 3.11+ and make. Everything is installed into .venv from locks whose hashes are
# checked; a changed lock is installed at the next call.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

VENV := .venv
PY := $(VENV)/bin/python
PACKAGES := backend/pyproject.toml dashboard/pyproject.toml

# Where it is set, every process compiles every module it imports anew: over a second each.
export PYTHONDONTWRITEBYTECODE :=

# A moved or copied tree carries a .venv that points at the old place.
ifneq ($(shell cat $(VENV)/place 2>/dev/null),$(CURDIR))
$(shell rm -f $(VENV)/place $(VENV)/runtime $(VENV)/stt $(VENV)/dev)
endif

.PHONY: help
help: ## Show what make can do
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | \
	  while IFS='|' read -r name does; do printf '  make %-15s %s\n' "$$name" "$$does"; done

.PHONY: run
run: $(VENV)/runtime $(wildcard $(VENV)/stt) ## Start everything; DEMO=0 without the demo school (Ctrl-C stops it)
	@exec $(PY) -m learntrace.cli up $(if $(filter 0,$(DEMO)),--no-demo)

.PHONY: stt
stt: $(VENV)/stt ## Install what writes recordings down on this machine (English; 400 MB)

# One process a core, each with a server of its own; a file's tests stay together.
JOBS := logical
PYTEST = $(PY) -m pytest $(if $(TESTS),$(TESTS),-n $(JOBS) --dist loadfile)
.PHONY: test coverage
test: $(VENV)/dev ## Run every test (TESTS=path: only these, in one process)
	$(PYTEST)
coverage: $(VENV)/dev ## The same with branch coverage measured; takes more than twice as long
	$(PY) -m coverage erase
	$(PYTEST) --cov --cov-report=term:skip-covered

.PHONY: check
check: $(VENV)/dev ## Check format, lint, types, import contracts and house rules
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy backend/learntrace backend/bench dashboard/learntrace_dashboard
	$(VENV)/bin/lint-imports
	$(PY) -m pytest -q backend/tests/test_house_rules.py

.PHONY: format
format: $(VENV)/dev ## Format the code and repair what the linter can
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

.PHONY: bench bench-quick
bench: $(VENV)/dev ## Measure the hot path against the usual way and the floor (6 minutes)
	cd backend && ../$(PY) -m bench --out ../bench.json
bench-quick: $(VENV)/dev ## The same in less than two minutes; fails where a ratio broke down
	cd backend && ../$(PY) -m bench --quick --check --out ../bench.json

.PHONY: bench-growth
bench-growth: $(VENV)/dev ## Measure events on an empty and a large table (ROWS=10000000)
	cd backend && ../$(PY) -m bench.growth $(if $(ROWS),--rows $(ROWS))

.PHONY: bench-memory
bench-memory: $(VENV)/dev ## Measure the server's memory under load (EVENTS=1000000)
	cd backend && ../$(PY) -m bench.memory $(if $(EVENTS),--events $(EVENTS))

.PHONY: bench-features
bench-features: $(VENV)/dev ## Measure assessing beside reading and writing (SESSIONS=500)
	cd backend && ../$(PY) -m bench.features $(if $(SESSIONS),--sessions $(SESSIONS))

.PHONY: bench-reading
bench-reading: $(VENV)/dev ## Measure how long a class, a student and a session take to read
	cd backend && ../$(PY) -m bench.reading

.PHONY: bench-start
bench-start: $(VENV)/dev ## Measure starting the program, and its imports
	cd backend && ../$(PY) -m bench.starting

.PHONY: lock
lock: $(VENV)/place ## Write the locks anew (UPGRADE=1 takes newer versions)
	$(COMPILE) requirements.in $(PACKAGES) --extra embedded -o requirements.lock
	$(COMPILE) requirements-dev.in requirements.in $(PACKAGES) --extra embedded --extra stt \
	  -c requirements.lock -o requirements-dev.lock
	$(COMPILE) requirements.in backend/pyproject.toml -c requirements.lock \
	  -o backend/requirements.lock
	$(COMPILE) requirements.in backend/pyproject.toml --extra stt -c requirements-dev.lock \
	  -o backend/requirements-stt.lock
	$(COMPILE) requirements.in dashboard/pyproject.toml -c requirements.lock \
	  -o dashboard/requirements.lock
	echo uv | $(COMPILE) - -o requirements-uv.lock

COMPILE := $(VENV)/bin/uv pip compile --quiet --generate-hashes --universal --no-annotate \
  --python-version 3.11 --custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## Remove what was installed and cached (never .data)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	rm -rf .coverage .coverage.* htmlcov
	find backend dashboard -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment, with uv in it where uv is to be had: it installs in a tenth of pip's time.
$(VENV)/place:
	@python=; \
	for candidate in $(PYTHON) python3.13 python3.12 python3.11 python3.14 python3 python; do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    python=$$candidate; \
	    if $$candidate -c 'import ensurepip, venv' 2>/dev/null; then break; fi; \
	  fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo 'Learntrace needs Python 3.11 or newer; none was found.' \
	    'If it has another name, say: make PYTHON=/path/to/python3.11' >&2; exit 1; \
	fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$python cannot make virtual environments: its module ensurepip is missing." \
	    'On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; \
	fi; \
	echo "Installing into $(VENV) with $$($$python --version)"; \
	$$python -m venv --clear $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements-uv.lock || echo 'uv is not to be had; pip will do, more slowly.'
	@printf '%s' '$(CURDIR)' > $@

# $(1): the lock, $(2): the stamp. The tree's own packages are built by what the lock installed.
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
# The certificates of the system: a school may see the world through a proxy of its own.
UV := UV_SYSTEM_CERTS=1 VIRTUAL_ENV=$(VENV) $(VENV)/bin/uv pip install --quiet
OURS := --no-deps --no-build-isolation -e backend -e dashboard
define install
	@echo 'Installing $(1)'
	@if [ -x $(VENV)/bin/uv ] && $(UV) --require-hashes -r $(1) && $(UV) --offline $(OURS); \
	  then :; else $(PIP) --require-hashes -r $(1) && $(PIP) --no-index $(OURS); fi
	@touch $(2)
endef

$(VENV)/runtime: $(VENV)/place requirements.lock $(PACKAGES)
	$(call install,requirements.lock,$@)

$(VENV)/stt: $(VENV)/runtime backend/requirements-stt.lock
	$(call install,backend/requirements-stt.lock,$@)

$(VENV)/dev: $(VENV)/place requirements-dev.lock $(PACKAGES)
	$(call install,requirements-dev.lock,$@)
