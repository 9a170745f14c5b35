# `make demo` and `make test` do all set-up: they make .venv, with uv where it is there, else with pip.
# `make docs` writes the catalogue of indices anew: run it after an entry of the registry has changed.
PYTHON ?= python3
BIN = .venv/bin
READY = .venv/ready

.PHONY: demo test lint docs clean

demo: $(READY)
	$(BIN)/segindex sample
	$(BIN)/segindex run sample

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest -q -n auto --dist loadscope

lint: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY)
	$(BIN)/segindex list indices --markdown --lang en > docs/indices.md
	$(BIN)/segindex list indices --markdown --lang fi > docs/indices.fi.md
	$(BIN)/segindex list indices --markdown --lang sv > docs/indices.sv.md

clean:
	rm -rf .venv data/processed/sample reports/sample/figures reports/sample/*.html

$(READY): pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python $(PYTHON) .venv && \
		uv pip install --quiet --python $(BIN)/python -e ".[test]"; \
	else \
		$(PYTHON) -m venv .venv && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"; \
	fi
	@touch $(READY)
