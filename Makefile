# Two commands set everything up: `make demo` and `make test`. Needs python3 (3.11 to 3.13), make and git.
PYTHON ?= python3
BIN := .venv/bin
export UV_SYSTEM_CERTS := 1
export UV_NO_PROGRESS := 1

.PHONY: demo test lint lock bench clean

demo: .venv/.ready
	$(BIN)/weir demo --home demo_home

test: .venv/.ready
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: .venv/.ready
	$(BIN)/ruff check pipelines quality tests
	$(BIN)/ruff format --check pipelines quality tests
	$(BIN)/mypy
	$(BIN)/sqlfluff lint dbt_project/models dbt_project/tests
	$(BIN)/python -m quality.portable_sql dbt_project/models

bench: .venv/.ready
	$(BIN)/weir bench

# The marker is written last, so an interrupted install starts over.
.venv/.ready: requirements.lock uv.lock.txt pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --only-binary :all: -r uv.lock.txt
	$(BIN)/uv pip install -q --python $(BIN)/python --no-build --no-deps --require-hashes --compile-bytecode -r requirements.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	touch $@

# Pins every dependency with hashes and without the address of any registry.
lock: .venv/.ready
	$(BIN)/uv pip compile requirements.in --universal --python-version 3.11 --no-build --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header -q -o requirements.lock

clean:
	rm -rf .venv demo_home dbt_project/target build *.egg-info
