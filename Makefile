# Two commands: `make serve` and `make test`; both set up what they need in .venv.
PYTHON ?= python3
RUN = .venv/bin/python -m

serve: .venv/ready
	$(RUN) server serve $(ARGS)

test: .venv/ready
	$(RUN) pytest $(ARGS)

# Compares with the native Oxigraph server, which the extra `bench` installs.
bench: .venv/ready
	$(RUN) pip install --quiet --disable-pip-version-check --editable '.[dev,bench]'
	$(RUN) benchmarks $(ARGS)

# What is installed follows pyproject.toml, and the scripts of the pages their sources.
.venv/ready: pyproject.toml $(wildcard server/frontend/*.* server/frontend/src/*)
	@$(PYTHON) -c "import sys; v = sys.version_info; sys.exit(v < (3, 11) and f'Convocation needs Python 3.11 or newer; this is {v.major}.{v.minor}. Give another: make $(MAKECMDGOALS) PYTHON=python3.12')"
	$(PYTHON) -m venv .venv
	$(RUN) pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@.venv/bin/python -c "open('.venv/ready', 'w').close()"

.PHONY: serve test bench
