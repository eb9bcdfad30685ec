# Everything starts here. Needs Python 3.11, Node 20, make and git; nothing else has to be installed first.
PYTHON ?= python3
# More than the cores of a small machine: some tests only wait.
WORKERS ?= 3
VENV := .venv
IN := $(VENV)/bin
# What to test: a folder or file narrows it (make test T=tests/models), ALL=1 adds the slow ones.
T ?= tests
SLOW := $(if $(ALL),,-m "not slow")

.DEFAULT_GOAL := help
.PHONY: help setup demo run test check bench clean venv packages package ui weights \
	check-format check-lint check-types check-imports check-tidy check-ui

help: ## Say what there is to make.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Virtual environment, locked packages, weights, built front end: only what is not up to date.
	@$(MAKE) --silent --jobs=3 $(VENV)/.installed ui package
	@$(MAKE) --silent weights

demo: setup ## Serve a living demo company on this machine.
	@$(IN)/bothands demo

run: setup ## Serve an installation of your own.
	@$(IN)/bothands serve

# In the order of their files: by their number of tests, the long laws would come last, and one worker do them all.
test: setup ## Run the tests (T=tests/models narrows them, ALL=1 adds the slow ones).
	@failed=0; \
	if [ "$(T)" = tests ]; then (cd ui && npm test --silent) || failed=1; fi; \
	$(IN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -q $(SLOW) $(T) || failed=1; \
	exit $$failed

check: setup ## Format, lint, types, imports, tidiness; Python and TypeScript. All are run, whatever fails.
	@$(MAKE) --no-print-directory --keep-going check-format check-lint check-types check-imports check-tidy check-ui

check-format:
	$(IN)/ruff format --check --quiet .
check-lint:
	$(IN)/ruff check --quiet .
check-types:
	$(IN)/mypy
check-imports:
	@said=$$($(IN)/lint-imports) || { echo "$$said"; exit 1; }
check-tidy:
	$(IN)/python -m pytest -q tests/test_tidy.py
check-ui:
	cd ui && npm run --silent check

bench: setup ## Run the benchmarks on ../shared/data and rewrite docs/benchmarks.md; the long ones too.
	@$(IN)/python -m benchmarks all

clean: ## Remove all that was built or installed here.
	rm -rf $(VENV) ui/node_modules src/bothands/web/static src/bothands/models/weights .cache dist build
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The steps of setup. Each is done once: the files named .… say when, hatch_build.py keeps hashes of its own.

$(VENV)/.made: tools/make_venv.py
	@$(PYTHON) tools/make_venv.py $(VENV)
	@touch $@

# The lock is complete, so nothing is resolved; byte code is made when a module is first used.
$(VENV)/.packages: $(VENV)/.made requirements.lock
	@echo "python: installing its packages"
	@$(IN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes \
		-r requirements.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.packages pyproject.toml
	@BOTHANDS_UI=skip BOTHANDS_WEIGHTS=skip $(IN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	@touch $@

ui:
	@$(PYTHON) hatch_build.py ui

package: $(VENV)/.made
	@$(IN)/python hatch_build.py package

weights: $(VENV)/.installed
	@$(IN)/python hatch_build.py weights
