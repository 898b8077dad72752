# make demo     the main job on the embedded territory (TERRITORY=corse on the Corse data, where it is)
# make test     lint, then the whole suite against real servers and a real QGIS
# make install  link this checkout into the user's QGIS profile (QGIS 4's where there is one, else QGIS 3's)
# make package  the zip for plugins.qgis.org
# make pictures the documentation's pictures, in build/screenshots (make test makes them too)
# make docs     the documentation, in build/site
# Each installs what it misses (apt and sudo, or root). CSP_SKIP_SETUP=1 leaves the system alone.

SHELL := /bin/bash
PYTHON ?= /usr/bin/python3
VENV := .venv
QT6 := .venv-qt6
DOCS := .venv-docs
PY := $(VENV)/bin/python
PROFILES := $(HOME)/.local/share/QGIS
PROFILE ?= $(firstword $(wildcard $(PROFILES)/QGIS4/profiles/default) $(PROFILES)/QGIS3/profiles/default)
TERRITORY ?= demo
export QT_QPA_PLATFORM ?= offscreen

.PHONY: demo test lint gate torture test-core test-qgis test-ui install uninstall package registry clean setup-demo setup-test translations pictures docs servers test-matrix

demo: setup-demo translations
	$(PYTHON) scripts/demo.py --territory $(TERRITORY)

registry: setup-demo
	$(PYTHON) scripts/registry.py $(if $(GEOPACKAGE),--geopackage "$(GEOPACKAGE)")

test: setup-test lint servers test-core test-qgis test-ui

lint: $(VENV)/ready $(QT6)/ready gate
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	mkdir -p build/python && ln -sfn "$(CURDIR)" build/python/carto_services_publics
	@if grep -q '^numpy==1\.' $(VENV)/constraints.txt; then echo mypy; $(VENV)/bin/mypy; \
	else echo "mypy was not run: the types are checked against numpy 1, as QGIS 3.22 has it (the bookworm lane)."; fi
	$(VENV)/bin/codespell $$(git ls-files 'core/*.py' 'processing/*.py' 'ui/*.py')
	$(PYTHON) scripts/translations.py check
	$(PYTHON) scripts/qt6check/rules.py
	$(PYTHON) scripts/qt6check/qgis_tool.py
	$(QT6)/bin/pyright -p scripts/qt6check

# The suite in the QGIS of Debian 12 (3.22), 13 (3.40) and testing, and on Qt 6: RELEASES="trixie qt6" for some of them.
test-matrix:
	scripts/matrix.sh $(RELEASES)

# The domain, with no QGIS in sight. Tests run on two processes; PROCESSES=0 for one, as a debugger wants it.
PROCESSES ?= 2
BESIDE = -n $(PROCESSES) --dist worksteal --durations 12
test-core: $(VENV)/ready translations
	$(PY) -m pytest $(BESIDE) tests/core -p no:pytest_qgis

# What the tests start or compare with and that no distribution packages; a test whose part is missing says so.
servers: $(VENV)/ready
	$(PY) tests/servers/valhalla.py || echo "Valhalla could not be installed: its tests are skipped."
	$(VENV)/bin/pip install -q -c $(VENV)/constraints.txt -r requirements-compare.txt \
	    || echo "spopt, OR-Tools, rapidfuzz or numba could not be installed: comparisons with them are skipped."

# Processing, servers and desktop, with the real QGIS; then the interface, in processes of its own.
test-qgis: $(VENV)/ready translations
	$(PY) -m pytest $(BESIDE) tests --ignore tests/core --ignore tests/ui

test-ui: $(VENV)/ready translations
	$(PY) -m pytest $(BESIDE) tests/ui

setup-demo:
	@[ -n "$(CSP_SKIP_SETUP)" ] || scripts/setup.sh demo

setup-test:
	@[ -n "$(CSP_SKIP_SETUP)" ] || scripts/setup.sh test

# numpy stays the one QGIS's GDAL was built with, pyproj the one whose PROJ is QGIS's own: two in one process crash.
$(VENV)/ready: requirements-dev.txt
	$(PYTHON) -m venv --system-site-packages $(VENV)
	$(PYTHON) -c "import numpy, pyproj; print('numpy==' + numpy.__version__); print('pyproj==' + pyproj.__version__)" \
	    > $(VENV)/constraints.txt
	mkdir -p $(VENV)/share && ln -sfn /usr/share/proj $(VENV)/share/proj
	$(VENV)/bin/pip install -q -c $(VENV)/constraints.txt -r requirements-dev.txt
	touch $@

# PyQt6's stubs alone, away from the Qt that runs: every Qt name used must exist there too.
$(QT6)/ready: requirements-qt6.txt
	$(PYTHON) -m venv $(QT6)
	$(QT6)/bin/pip install -q "pyright[nodejs]==1.1.414"
	$(QT6)/bin/pip install -q --no-deps -r requirements-qt6.txt
	touch $@

# The pictures of the documentation, made by the desktop tests.
pictures: $(VENV)/ready translations
	$(PY) -m pytest tests/e2e

docs: $(DOCS)/ready translations
	$(PYTHON) scripts/build_docs.py
	$(DOCS)/bin/mkdocs build --quiet

$(DOCS)/ready: requirements-docs.txt
	$(PYTHON) -m venv $(DOCS)
	$(DOCS)/bin/pip install -q -r requirements-docs.txt
	touch $@

translations:
	@for source in i18n/*.ts; do \
	    [ -e "$$source" ] || continue; \
	    lrelease=$$(command -v lrelease || ls /usr/lib/qt5/bin/lrelease /usr/lib/qt6/bin/lrelease 2>/dev/null | head -1); \
	    if [ -z "$$lrelease" ]; then echo "No lrelease (qttools5-dev-tools): the plugin speaks English."; break; fi; \
	    "$$lrelease" -silent "$$source" -qm "$${source%.ts}.qm"; \
	done

install: translations
	mkdir -p "$(PROFILE)/python/plugins"
	ln -sfn "$(CURDIR)" "$(PROFILE)/python/plugins/carto_services_publics"
	@echo "Linked into $(PROFILE); enable it in QGIS: Plugins > Manage and Install Plugins."

uninstall:
	rm -f "$(PROFILE)/python/plugins/carto_services_publics"

package: $(VENV)/ready translations
	$(PY) scripts/package.py

# The campaign: every algorithm on drawn dirty input, kills, full disks, damage, cancels; SECONDS for each kind of attack.
# A case is made again with the seed that is printed: CSP_TORTURE_SEED=…
SECONDS ?= 300
torture: $(VENV)/ready translations
	rm -rf build/torture
	CSP_HYPOTHESIS=random CSP_TORTURE_SEED=$${CSP_TORTURE_SEED:-0} CSP_TORTURE_SECONDS=$(SECONDS) $(PY) -m pytest tests/torture -s
	CSP_HYPOTHESIS=random $(PY) -m pytest tests/core -p no:pytest_qgis -k "hypothesis or property or wire or letter or hours or identifiers"
	$(PYTHON) scripts/reliability_page.py

# What plugins.qgis.org checks in an uploaded zip (bandit, detect-secrets, flake8, files), all levels.
gate: $(VENV)/ready translations
	$(PY) scripts/site_gate.py

clean:
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis .qgis-settings
