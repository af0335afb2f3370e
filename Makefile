# Veille. `make demo` shows it, `make test` checks it, `make run` serves your own feeds.yaml.
# Kept to what GNU make 3.81 understands, the one of macOS.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
CATALOGUE := aggregator/translations/fr/LC_MESSAGES/messages

# The first Python that is new enough; asked for only when there is no $(VENV) yet.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$python"; break; }; done)

.PHONY: demo run test install translations docs pictures gallery clean

demo: install
	$(BIN)/veille demo

run: install
	$(BIN)/veille serve

test: $(VENV)/.installed-dev
	.ci/check

install: $(VENV)/.installed $(CATALOGUE).mo

translations: $(VENV)/.installed-dev
	$(BIN)/python .ci/translations.py update

docs: $(VENV)/.installed-dev
	for page in docs/make_*.py; do \
		case $$page in */make_pictures.py | */make_gallery.py | */make_icons.py) ;; *) $(BIN)/python "$$page" || exit 1 ;; esac; done

gallery: $(VENV)/.installed-dev $(CATALOGUE).mo
	$(BIN)/python -m docs.make_gallery

pictures: $(VENV)/.installed-dev $(CATALOGUE).mo
	$(BIN)/python docs/make_pictures.py

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find aggregator tests -name __pycache__ -prune -exec rm -rf {} +
	rm -f $(CATALOGUE).mo

$(VENV)/bin/python:
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Veille needs Python 3.11 or newer: install it, or name it: make PYTHON=/path/to/python3"; exit 1; }
	"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Veille into $(VENV), once."
	$(PIP) -e .
	touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Veille and its tools into $(VENV), once."
	$(PIP) -e '.[dev]'
	touch $(VENV)/.installed $@

# Installing compiles it too; this is for a catalogue that changed since.
$(CATALOGUE).mo: $(CATALOGUE).po | $(VENV)/.installed
	$(BIN)/pybabel --quiet compile -d aggregator/translations
