# Two commands: `make serve` and `make test`; both set up what they need in .venv.
PYTHON ?= python3
# The versions that are installed. Without them, as in `make test PINS=`, the newest allowed, in a folder of their own.
PINS ?= constraints.txt
VENV = $(if $(PINS),.venv,.venv-newest)
EXTRAS ?= dev
RUN = $(VENV)/bin/python -P -m
PIP = PIP_CONSTRAINT=$(PINS) PIP_BUILD_CONSTRAINT=$(PINS) $(RUN) pip install --quiet --disable-pip-version-check

serve: $(VENV)/ready
	$(RUN) server serve $(ARGS)

# All tests in two processes, each file in one of them; what ARGS names, such as a file, in one, which starts sooner.
test: $(VENV)/ready
	$(RUN) pytest $(or $(ARGS),-n 2 --dist loadfile)

# All slow tests, those that have a short version in whole; it takes some hours.
drill: EXTRAS = dev,browser
drill: install
	DRILL=1 $(RUN) pytest -m slow $(ARGS)

# Compares with the native Oxigraph server, which the extra `bench` installs.
bench: EXTRAS = dev,bench
bench: install
	$(RUN) benchmarks $(ARGS)

# Also what other extras need: make install EXTRAS=dev,browser
install: $(VENV)/ready
	$(PIP) --editable '.[$(EXTRAS)]'

# Writes the files that follow from others: golden ledgers, first lines of examples, tables.
generated: $(VENV)/ready
	$(VENV)/bin/python tests/generated.py

# Writes the files of a new kind of thing, to be edited: make kind NAME=sponsorship
kind: $(VENV)/ready
	$(VENV)/bin/python .ci/kind.py $(NAME)

# Writes the extracts of GeoNames and Unicode CLDR in graph/data/.
gazetteer: EXTRAS = dev,gazetteer
gazetteer: install
	$(VENV)/bin/python .ci/gazetteer.py

# Writes the pictures of the README into docs/images/.
screenshots: EXTRAS = dev,browser
screenshots: install
	$(VENV)/bin/python .ci/screenshots.py

# Writes constraints.txt, with the oldest Python that is supported.
pins:
	$(PYTHON) -m venv --clear .venv-newest
	.venv-newest/bin/python .ci/pins.py

# What is installed follows pyproject.toml and the pins, and the scripts of the pages their sources.
$(VENV)/ready: pyproject.toml $(if $(PINS),$(PINS),newest) $(wildcard server/frontend/*.* server/frontend/src/*)
	@$(PYTHON) -c "import sys; v = sys.version_info; sys.exit(v < (3, 11) and f'Convocation needs Python 3.11 or newer; this is {v.major}.{v.minor}. Give another: make $(MAKECMDGOALS) PYTHON=python3.12')"
	$(PYTHON) -m venv $(VENV)
	$(PIP) $(if $(PINS),,--upgrade --upgrade-strategy eager) --editable '.[dev]'
	$(RUN) server schema --write graph/data/curated/curated.schema.json  # for editors
	@$(VENV)/bin/python -c "open('$(VENV)/ready', 'w').close()"

.PHONY: serve test drill bench install generated kind gazetteer screenshots pins newest
