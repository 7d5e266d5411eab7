# `make run` starts the product, `make test` runs every test, `make bench` the load test, `make lock` pins the packages,
# `make messages` collects the texts to translate.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet --quiet --no-input install --require-hashes --only-binary xllamacpp
# The local model's package has no wheel for some platforms, which a lock file cannot tell: all else works without it.
WITHOUT_LOCAL_MODEL = sed '/^xllamacpp==/,/[^\\]$$/d' $< > $(VENV)/without.lock && $(PIP) -r $(VENV)/without.lock
NOT_INSTALLED := { echo "The packages could not be installed (see above). This step needs the network: run make again when there is one." >&2; exit 1; }
INSTALL = $(PIP) -r $< || { $(WITHOUT_LOCAL_MODEL) && echo "There is no local model for this platform. All else works."; } || $(NOT_INSTALLED)

.PHONY: run test bench lint lock messages
.DEFAULT_GOAL := run

run: $(VENV)/.installed
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py collectstatic --noinput --verbosity 0
	@exec $(PY) manage.py serve

test: $(VENV)/.installed-test
	@exec $(PY) -m tests.everything

bench: $(VENV)/.installed-test
	@exec $(PY) -m tests.bench

lint: $(VENV)/.installed-test
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint templates --lint --quiet
	$(PY) -m mypy

# Needs uv. --universal: one lock for every platform and every Python from 3.11 on.
LOCK := uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet --python-version 3.11
lock:
	PATH="$(VENV)/bin:$$PATH" $(LOCK) $(UPGRADE) pyproject.toml -o requirements.lock
	PATH="$(VENV)/bin:$$PATH" $(LOCK) $(UPGRADE) -c requirements.lock --extra test --extra speech pyproject.toml -o requirements-test.lock

# Needs GNU gettext. Run it, translate what is new in the .po file, and run it again: it compiles as well.
messages: $(VENV)/.installed
	$(PY) manage.py makemessages --locale zh_Hans --no-location --no-obsolete --no-wrap --ignore .venv --ignore var --ignore static --ignore tests
	$(PY) manage.py compilemessages --locale zh_Hans --ignore .venv --ignore var

$(VENV)/.installed: requirements.lock | $(PY)
	@echo "Installing packages into $(VENV) (only now, and when they change)..."
	@$(INSTALL)
	@touch $@

$(VENV)/.installed-test: requirements-test.lock | $(PY)
	@echo "Installing packages for the tests into $(VENV)..."
	@$(INSTALL)
	@touch $@ $(VENV)/.installed

$(PY):
	@command -v $(PYTHON) >/dev/null || { echo "No $(PYTHON) here. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) is too old: Python 3.11 or newer is needed. Name one: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
