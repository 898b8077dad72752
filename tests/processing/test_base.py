"""What every algorithm gets from the shared base."""

from __future__ import annotations

import re
import signal
import sys

import pytest
from carto_services_publics.core.errors import Cancelled, InvalidInput
from carto_services_publics.processing.base import HELP, CartoAlgorithm
from qgis.core import Qgis, QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingException, QgsProcessingFeedback


class Counting(CartoAlgorithm):
    """Writes three rows, then stops as `MODE` says."""

    ID = "counting"

    def displayName(self):
        return "Counting"

    def initAlgorithm(self, configuration=None):
        self.add_enum("MODE", "mode", ["time", "distance", "broken", "cancelled"], "time")
        self.add_output("OUTPUT", "rows")
        self.add_output("FAILED", "rows not counted", by_default=False)

    def compute(self, asked):
        table = asked.table("OUTPUT", (("rang", "int"),))
        assert not asked.table("FAILED", (("raison", "text"),)).wanted
        for rank in range(3):
            table.add([rank])
        mode = asked.choice("MODE")
        if mode == "broken":
            raise InvalidInput("{count} rows are broken.", count=3)
        if mode == "cancelled":
            raise Cancelled
        return {"MODE": mode}


def run(algorithm, **parameters):
    context = QgsProcessingContext()
    parameters = {"OUTPUT": "memory:", **parameters}
    accepted, why = algorithm.checkParameterValues(parameters, context)
    assert accepted, why
    results, done = algorithm.run(parameters, context, QgsProcessingFeedback(), catchExceptions=False)
    assert done
    return results, context


@pytest.mark.parametrize(("given", "read"), [("distance", "distance"), (1, "distance"), ("0", "time")])
def test_an_enumeration_is_given_by_its_string_or_its_position(qgis_app, given, read):
    algorithm = Counting()
    algorithm.initAlgorithm()
    results, _ = run(algorithm, MODE=given)
    assert results["MODE"] == read


@pytest.mark.parametrize("given", ["days", 9, -1])
def test_an_enumeration_refuses_what_it_does_not_list(qgis_app, given):
    algorithm = Counting()
    algorithm.initAlgorithm()
    assert not algorithm.checkParameterValues({"MODE": given, "OUTPUT": "memory:"}, QgsProcessingContext())[0]


def test_an_error_of_the_domain_ends_the_run_with_its_sentence(qgis_app):
    algorithm = Counting()
    algorithm.initAlgorithm()
    with pytest.raises(QgsProcessingException, match="3 rows are broken"):
        run(algorithm, MODE="broken")


def test_rows_written_before_a_cancel_are_kept(qgis_app):
    algorithm = Counting()
    algorithm.initAlgorithm()
    results, context = run(algorithm, MODE="cancelled")
    assert context.getMapLayer(results["OUTPUT"]).featureCount() == 3


def test_every_algorithm_of_the_provider_has_its_name_help_and_icon(provider):
    for algorithm in provider.algorithms():
        assert algorithm.displayName() and algorithm.group(), algorithm.name()
        assert len(algorithm.shortHelpString()) > 200, f"{algorithm.name()} has no help"
        for language in ("fr", "en"):
            assert (HELP / f"{algorithm.name()}.{language}.md").is_file(), algorithm.name()


@pytest.mark.skipif(not hasattr(QgsProcessingAlgorithm, "documentationFlags"), reason="QGIS adds to the help from 3.40")
def test_qgis_says_of_those_that_make_layers_that_their_rows_are_numbered_anew(provider):
    anew = Qgis.ProcessingAlgorithmDocumentationFlag.RegeneratesPrimaryKey
    said = {algorithm.name(): bool(algorithm.documentationFlags() & anew) for algorithm in provider.algorithms()}
    assert said["isochrones"] and said["coveragegaps"] and not said["accessreport"], said


def test_a_help_page_is_bold_where_its_author_meant_and_says_its_title_once(qgis_app):
    from carto_services_publics.processing.base import help_as_html

    shown = help_as_html(
        "# Title\n\nWords.\n\n- **Gaps**: one polygon an area.\n- **`cost` is NULL** when nobody gets there.\n"
    )
    assert "Title" not in shown and "white-space" not in shown and "**" not in shown
    assert '<li style=" font-weight' not in shown
    assert "\n" not in shown, "the pane would end the list there"
    assert re.search(r'<span style="[^"]*font-weight:[67]00[^"]*">Gaps</span>: one polygon', shown)


def test_a_full_disk_is_said_in_words_and_not_as_a_trace(qgis_app):
    class Full(Counting):
        def compute(self, asked):
            raise OSError(28, "No space left on device", "/there/services.gpkg")

    algorithm = Full()
    algorithm.initAlgorithm()
    with pytest.raises(QgsProcessingException, match=r"/there/services.gpkg – The disk is full"):
        run(algorithm)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_a_disk_that_is_full_when_the_result_is_saved_is_said(run, draw, road, tmp_path):
    import resource

    rows = [(f"POINT({10 * number} 0)", f"place {number} {'.' * 90}") for number in range(3000)]
    many = draw("Point", "code:string", rows)
    one = draw("Point", "code:string", [("POINT(0 0)", "there")])
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (250_000, limits[1]))  # the empty file fits, the rows do not
    try:
        with pytest.raises(QgsProcessingException, match="could not be written: .*disk"):
            given = {"ORIGINS": many, "ORIGIN_ID": "code", "DESTINATIONS": one}
            run("odmatrix", **given, NETWORK=road, OUTPUT=str(tmp_path / "costs.gpkg"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, heard)
