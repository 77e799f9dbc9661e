# One short command for each thing a developer does; `make` alone lists them.
RUN = uv run --all-extras --group dev

.PHONY: help test slow oracle lint types format docs read bench ci clean
help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 10

test: ## run the tests
	$(RUN) pytest

slow: ## run the tests that take longer
	$(RUN) pytest -m slow

oracle: ## compare with other people's libraries
	$(RUN) --group oracle pytest -m oracle

lint: ## find mistakes and untidy files
	$(RUN) ruff check .
	$(RUN) ruff format --check .

types: ## check the types
	$(RUN) pyright

format: ## put the files into shape
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

docs: ## build the docs into site/
	$(RUN) mkdocs build --strict

read: ## read the docs in a browser while writing them
	$(RUN) mkdocs serve

bench: ## measure speed
	for file in benchmarks/[!_]*.py; do $(RUN) python $$file || exit 1; done

ci: ## do what the continuous integration does
	bash .ci/run

clean: ## clear away what was built
	rm -rf build dist site .hypothesis .import_linter_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
