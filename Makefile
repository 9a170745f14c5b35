# `make demo` and `make test` do all set-up: they make .venv, with uv where it is there, else with pip.
# `make docs` writes the catalogue of indices anew: run it after an entry of the registry has changed.
PYTHON ?= python3
BIN = .venv/bin
READY = .venv/ready
BENCHMARK = .venv-benchmark

.PHONY: demo test lint docs benchmark clean

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

# The peers need Python 3.12 for their newest versions: an environment of its own, made once. LARGEST=6400 is a shorter run.
benchmark: $(BENCHMARK)/ready
	OPENBLAS_NUM_THREADS=1 $(BENCHMARK)/bin/python -m benchmarks $(if $(LARGEST),--largest $(LARGEST))

$(BENCHMARK)/ready:
	sh benchmarks/prepare.sh $(BENCHMARK) $(PYTHON)

clean:
	rm -rf .venv $(BENCHMARK) data/processed/sample reports/sample/figures reports/sample/*.html

$(READY): pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python $(PYTHON) .venv && \
		uv pip install --quiet --python $(BIN)/python -e ".[test]"; \
	else \
		$(PYTHON) -m venv .venv && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"; \
	fi
	@touch $(READY)
