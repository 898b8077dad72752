"""Makes the checkout importable as the package QGIS knows, whatever its folder is called."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# The same cases at each run, whatever else the machine does: a red run is a change of the code.
# `CSP_HYPOTHESIS=random` looks for new cases.
SLOW = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=SLOW)
hypothesis.settings.register_profile("random", derandomize=False, deadline=None)
hypothesis.settings.load_profile(os.environ.get("CSP_HYPOTHESIS", "steady"))

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "carto_services_publics"

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Numba may come with what tests need, and is not in QGIS: it is tried where a test says so.
os.environ.setdefault("CARTO_SP_NUMBA", "0")

# `build/python/carto_services_publics` → the checkout. The checkout itself must not be on the path: its own
# `processing/` would hide QGIS's.
LINKS = ROOT / "build" / "python"
LINKS.mkdir(parents=True, exist_ok=True)
if not (LINKS / PACKAGE).exists():
    (LINKS / PACKAGE).symlink_to(ROOT, target_is_directory=True)
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != ROOT]
sys.path.insert(0, str(LINKS))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(LINKS), os.environ.get("PYTHONPATH")]))

from carto_services_publics.tests import real_data  # noqa: E402

QGIS_PLUGINS = Path("/usr/share/qgis/python/plugins")
if QGIS_PLUGINS.is_dir() and str(QGIS_PLUGINS) not in sys.path:
    sys.path.append(str(QGIS_PLUGINS))


AGAIN = "ended by a signal, run again"
_ended_by_a_signal: set[str] = set()


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem, report, sched) -> None:
    """QGIS itself ends by a signal now and then (docs/developpeurs.md): what it was running is run once more, and that
    is said among the results. A test that fails is never run again."""
    if "tests/core/" in crashitem or crashitem in _ended_by_a_signal:
        return
    _ended_by_a_signal.add(crashitem)
    sched.mark_test_pending(crashitem)
    report.outcome = AGAIN


def pytest_report_teststatus(report):
    return (AGAIN, "S", (AGAIN.upper(), {"yellow": True})) if report.outcome == AGAIN else None


@pytest.fixture(autouse=True, scope="module")
def no_layer_outlives_its_module() -> Iterator[None]:
    """A layer held by an exception's frames until QGIS has ended crashes it."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data: the whole files where they are, else the extracts of `tests/data`."""
    return real_data.folder()


@pytest.fixture(scope="session")
def whole_data() -> Path:
    """The whole files, for what no extract can show (`CSP_TEST_DATA`, or beside the checkout)."""
    folder = real_data.whole()
    if folder is None:
        pytest.skip("the whole files of real data are not here (set CSP_TEST_DATA)")
    return folder


@pytest.fixture(scope="session")
def real_layers(shared_data) -> dict:
    """Types of a WFS made of the real extracts (`servers.territory_data`), for tests that do not change them."""
    from carto_services_publics.tests.servers import territory_data

    return territory_data.layers(shared_data)


@pytest.fixture(scope="session")
def demo_gpkg(tmp_path_factory) -> Path:
    """A copy of the demo territory: QGIS leaves its mark in the GeoPackages it opens."""
    return Path(shutil.copy(ROOT / "resources" / "demo" / "demo.gpkg", tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="module")
def provider(qgis_app, qgis_processing):
    """The plugin's provider, registered in a real Processing registry while one module is tested."""
    from carto_services_publics.processing.provider import CartoProvider
    from qgis.core import QgsApplication

    provider = CartoProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    yield provider
    QgsApplication.processingRegistry().removeProvider(provider)
