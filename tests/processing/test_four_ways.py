"""The panel, the Processing dialog, the Modeler and the command line answer the same question alike.

What a script is answered (`processing.run`) is what each of the four is held against: all rows, attributes and
geometries, whatever their order, those that could not be computed included.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from carto_services_publics.core.network import BuildOptions, build_network
from carto_services_publics.core.network.source import RoadSource
from carto_services_publics.processing.attributes import plain
from carto_services_publics.processing.diagnostic import RESULTS
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsLayerTreeModel,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProject,
    QgsSettings,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt import sip
from qgis.PyQt.QtWidgets import QTextEdit

PATIENCE = 60_000


class Question(NamedTuple):
    """What one asks; what is not said stays as it is proposed. Texts that name a layer of the fixture stand for it."""

    algorithm: str
    asked: dict[str, Any]
    outputs: tuple[str, ...]


QUESTIONS = {
    "isochrones": Question(
        "isochrones",
        {"INPUT": "poste", "NETWORK": "network", "PROFILE": "foot", "CUTOFFS": [5, 10], "OVERLAP": "dissolved"},
        ("OUTPUT", "FAILED"),
    ),
    "gaps": Question(
        "coveragegaps",
        {
            "DEMAND": "demande",
            "DEMAND_WEIGHT": "population",
            "SERVICES": "services",
            "CATEGORY_FIELD": "categorie",
            "NETWORK": "network",
            "PROFILE": "foot",
            "THRESHOLDS": [5, 7.5, 10],
            "ZONES": "communes",
            "ZONE_ID": "code_insee",
        },
        ("OUTPUT", "GAPS", "DEMAND_OUT", "FAILED"),
    ),
    "sites": Question(
        "proposesites",
        {
            "DEMAND": "demande",
            "DEMAND_WEIGHT": "population",
            "EXISTING": "poste",
            "NETWORK": "network",
            "PROFILE": "foot",
            "MODEL": "mclp",
            "SITES": 2,
            "THRESHOLD": 10,
        },
        ("OUTPUT", "ASSIGNMENT", "CURVE", "FAILED"),
    ),
    "scores": Question(
        "accessibilityscore",
        {
            "DEMAND": "demande",
            "DEMAND_WEIGHT": "population",
            "SUPPLY": "services",
            "NETWORK": "network",
            "PROFILE": "foot",
            "METHOD": "2sfca",
            "MAX_COST": 15,
        },
        ("OUTPUT", "FAILED"),
    ),
}
WRONG = Question("coveragegaps", {**QUESTIONS["gaps"].asked, "THRESHOLDS": "dix"}, ("OUTPUT",))


# -- the territory ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def paths(qgis_app, demo_gpkg, tmp_path_factory) -> dict[str, str]:
    """The demonstration territory as files, with one service that has no place and one far from every road."""
    folder = tmp_path_factory.mktemp("four_ways")
    network = folder / "à pied.network"
    build_network(RoadSource(str(demo_gpkg), "routes"), BuildOptions(profile="foot"), network)
    given = {"network": str(network)}
    for name in ("demande", "communes"):
        given[name] = f"{demo_gpkg}|layername={name}"
    for name, categories in (("poste", "'la_poste'"), ("services", "'la_poste', 'pharmacie'")):
        given[name] = str(folder / f"{name}.gpkg")
        stored = QgsVectorLayer(f"{demo_gpkg}|layername=services", name, "ogr")
        chosen = stored.materialize(QgsFeatureRequest().setFilterExpression(f"categorie IN ({categories})"))
        for identifier, place in (("nowhere", None), ("at sea", "POINT(8 43)")):
            feature = QgsFeature(chosen.fields())
            feature["id"], feature["categorie"] = identifier, "la_poste"
            if place:
                feature.setGeometry(QgsGeometry.fromWkt(place))
            chosen.dataProvider().addFeatures([feature])
        saving = QgsVectorFileWriter.SaveVectorOptions()
        QgsVectorFileWriter.writeAsVectorFormatV3(chosen, given[name], chosen.transformContext(), saving)
    return given


@pytest.fixture
def layers(paths, provider, qgis_iface, qgis_new_project) -> dict[str, QgsVectorLayer]:
    """The same territory as layers of the project."""
    found = {name: QgsVectorLayer(path, name, "ogr") for name, path in paths.items() if name != "network"}
    QgsProject.instance().addMapLayers(list(found.values()))
    return found


def content(layer: QgsVectorLayer) -> Counter:
    """All that a result says, whatever the order of its rows and columns; GeoPackage's own numbers are left out.

    Outlines are read to the millimetre: their last digits, too, depend on where in memory they are computed.
    """
    names = [name for name in layer.fields().names() if name != "fid"]
    return Counter(
        (
            frozenset((name, written(feature[name])) for name in names),
            feature.geometry().asWkt(3) if feature.hasGeometry() else "",
        )
        for feature in layer.getFeatures()
    )


def written(value: Any) -> Any:
    """A value without the last digits of its sums, which depend on where in memory a process adds them up."""
    value = plain(value)
    return float(f"{value:.12g}") if isinstance(value, float) else value


# -- the four ways, and that of scripts -------------------------------------------------------------------------------


def by_script(question: Question, paths: dict[str, str]) -> dict[str, Counter]:
    import processing

    results = processing.run(
        f"cartoservices:{question.algorithm}",
        {**by_path(question, paths), **dict.fromkeys(question.outputs, "TEMPORARY_OUTPUT")},
        feedback=QgsProcessingFeedback(),
    )
    return {name: content(results[name]) for name in question.outputs}


def by_path(question: Question, paths: dict[str, str]) -> dict[str, Any]:
    return {
        name: paths.get(value, value) if isinstance(value, str) else value for name, value in question.asked.items()
    }


def as_typed(value: Any, in_french: bool = False) -> str:
    """A list as one writes it in a field: ``5,7.5,10``, or ``5;7,5;10``."""
    if not isinstance(value, list):
        return str(value)
    return ";".join(map(str, value)).replace(".", ",") if in_french else ",".join(map(str, value))


class Panel:
    """The pages Access and Act, filled in by hand."""

    def __init__(self, qgis_iface, qtbot, layers, paths) -> None:
        from carto_services_publics.ui.access_question import SETTINGS
        from carto_services_publics.ui.page_access import AccessPage
        from carto_services_publics.ui.page_action import SETTINGS as OF_ACTION
        from carto_services_publics.ui.page_action import ActionPage

        for settings in (SETTINGS, OF_ACTION):
            QgsSettings().remove(settings)
        self._qtbot, self._layers = qtbot, layers
        self.access = AccessPage(qgis_iface)
        self.action = ActionPage(qgis_iface, self.access, lambda: "")
        for page in (self.access, self.action):
            qtbot.addWidget(page)
        self.access.network_file.setFilePath(paths["network"])

    def fill(self, question: Question) -> None:
        asked, access = question.asked, self.access
        services = next(asked[name] for name in ("INPUT", "SERVICES", "EXISTING") if name in asked)
        access.services.setLayer(self._layers[services])
        access.demand.setLayer(self._layers["demande"])
        access.zones.setLayer(self._layers["communes"])
        access.profile.setCurrentIndex(access.profile.findData(asked["PROFILE"]))
        access.thresholds.setText(as_typed(asked.get("THRESHOLDS") or asked.get("CUTOFFS") or "10", in_french=True))
        if question.algorithm == "proposesites":
            self.action.model.setCurrentIndex(self.action.model.findData(asked["MODEL"]))
            self.action.sites.setValue(asked["SITES"])
            self.action.threshold.setValue(asked["THRESHOLD"])

    def press(self, question: Question):
        """Click the button that asks, and wait for the run to end."""
        page = self.action if question.algorithm == "proposesites" else self.access
        button = {
            "isochrones": self.access.isochrones,
            "coveragegaps": self.access.gaps,
            "proposesites": self.action.run_button,
        }[question.algorithm]
        button.click()
        run = page.progress.run
        assert run is not None, page.answer.text()
        self._qtbot.waitUntil(lambda: page.progress.run is None, timeout=PATIENCE)
        return run

    def answer(self, question: Question) -> dict[str, Counter]:
        self.fill(question)
        run = self.press(question)
        return {name: content(run.layers[name]) for name in question.outputs}

    def refusal(self, question: Question) -> str:
        self.fill(question)
        self.press(question)
        return self.access.progress.word.text()


class ProcessingDialog:
    """QGIS's own window, its fields filled in."""

    def __init__(self, qgis_iface, qtbot, layers, paths, monkeypatch) -> None:
        from qgis.gui import QgsBrowserGuiModel, QgsLayerTreeView

        self._qtbot, self._layers, self._paths = qtbot, layers, paths
        # What the window asks QGIS's own for, and may take nothing else as.
        self._browser, self._tree = QgsBrowserGuiModel(), QgsLayerTreeView()
        self._tree.setModel(QgsLayerTreeModel(QgsProject.instance().layerTreeRoot()))
        qtbot.addWidget(self._tree)
        monkeypatch.setattr(qgis_iface, "browserModel", lambda: self._browser, raising=False)
        monkeypatch.setattr(qgis_iface, "layerTreeView", lambda: self._tree, raising=False)

    @contextmanager
    def run(self, question: Question):
        """The window after the run: (window, results). It goes before its algorithm, or would stumble over it later."""
        import processing

        dialog = processing.createAlgorithmDialog(f"cartoservices:{question.algorithm}", {})
        try:
            yield dialog, self._results(dialog, question)
        finally:
            dialog.close()
            sip.delete(dialog)

    def _results(self, dialog, question: Question) -> dict[str, Any]:
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        fields = dialog.mainWidget().wrappers
        for name, value in question.asked.items():
            if isinstance(value, str) and value in self._paths:
                value = self._layers[value].id() if value in self._layers else self._paths[value]
            fields[name].setParameterValue(as_typed(value) if isinstance(value, list) else value, context)
        for name in question.outputs:
            fields[name].setParameterValue("TEMPORARY_OUTPUT", context)
        with self._qtbot.waitSignal(dialog.algorithmFinished, timeout=PATIENCE) as finished:
            dialog.runAlgorithm()
        return finished.args[1]

    def answer(self, question: Question) -> dict[str, Counter]:
        with self.run(question) as (_, results):
            return {name: content(QgsProject.instance().mapLayer(results[name])) for name in question.outputs}

    def refusal(self, question: Question) -> str:
        with self.run(question) as (dialog, _):
            return "\n".join(text.toPlainText() for text in dialog.findChildren(QTextEdit))


class Modeler:
    """A model of one step, made in the Modeler's own window, saved, opened again and run."""

    def __init__(self, paths, folder) -> None:
        self._paths, self._file = paths, folder / "question.model3"

    def save(self, question: Question) -> None:
        from processing.modeler.ModelerParametersDialog import ModelerParametersDialog

        model = QgsProcessingModelAlgorithm("Question", "Test", "question")
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"cartoservices:{question.algorithm}")
        dialog = ModelerParametersDialog(algorithm, model)
        fields = dialog.widget.widget.wrappers
        fixed = QgsProcessingModelChildParameterSource.fromStaticValue
        for name, value in by_path(question, self._paths).items():
            fields[name].setWidgetValue(fixed(as_typed(value) if isinstance(value, list) else value))
        for name in question.outputs:
            fields[name].setToModelOutput(name)
        model.addChildAlgorithm(dialog.createAlgorithm())
        sip.delete(dialog)
        assert model.toFile(str(self._file))

    def run(self, question: Question, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        import processing

        self.save(question)
        model = QgsProcessingModelAlgorithm()
        assert model.fromFile(str(self._file))
        # One QGIS calls an output “step:NAME”, another “name”.
        names = [definition.name() for definition in model.destinationParameterDefinitions()]
        called = {name.rpartition(":")[2].upper(): name for name in names}
        assert set(called) == set(question.outputs)
        results = processing.run(model, dict.fromkeys(names, "TEMPORARY_OUTPUT"), feedback=feedback)
        return {output: results[name] for output, name in called.items()}

    def answer(self, question: Question) -> dict[str, Counter]:
        return {name: content(layer) for name, layer in self.run(question, QgsProcessingFeedback()).items()}

    def refusal(self, question: Question) -> str:
        feedback = QgsProcessingFeedback()
        with pytest.raises(QgsProcessingException) as refused:
            self.run(question, feedback)
        return feedback.textLog() + str(refused.value)  # said in the log, and from QGIS 3.40 on by the error itself


class CommandLine:
    """`qgis_process` with KEY=VALUE; the key of a list is repeated."""

    def __init__(self, environment, paths, folder) -> None:
        self._program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
        if self._program is None:
            pytest.skip("qgis_process is not installed")
        self._environment, self._paths, self._folder = environment, paths, folder

    def call(self, *arguments: str):
        return subprocess.run(
            [self._program, *arguments], env=self._environment, capture_output=True, encoding="utf-8", timeout=120
        )

    def run(self, question: Question):
        asked = [
            f"{name}={one}"
            for name, value in by_path(question, self._paths).items()
            for one in (value if isinstance(value, list) else [value])
        ]
        made = [f"{name}={self._file_of(name)}" for name in question.outputs]
        return self.call("--json", "run", f"cartoservices:{question.algorithm}", "--", *asked, *made)

    def _file_of(self, name: str) -> str:
        return str(self._folder / f"{name}.gpkg")

    def answer(self, question: Question) -> dict[str, Counter]:
        done = self.run(question)
        assert done.returncode == 0, done.stderr + done.stdout
        assert set(question.outputs) <= set(json.loads(done.stdout)["results"])
        return {name: content(QgsVectorLayer(self._file_of(name), name, "ogr")) for name in question.outputs}

    def refusal(self, question: Question) -> str:
        done = self.run(question)
        assert done.returncode != 0
        return done.stderr + done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    """A profile of its own, with the plugin enabled, for the command line."""
    return {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path_factory.mktemp("profile")),
        "QGIS_PLUGINPATH": os.environ["PYTHONPATH"].split(os.pathsep)[0],
    }


@pytest.fixture
def panel(qgis_iface, qtbot, layers, paths):
    return Panel(qgis_iface, qtbot, layers, paths)


@pytest.fixture
def processing_dialog(qgis_iface, qtbot, layers, paths, monkeypatch):
    return ProcessingDialog(qgis_iface, qtbot, layers, paths, monkeypatch)


@pytest.fixture
def modeler(qgis_iface, layers, paths, tmp_path):
    return Modeler(paths, tmp_path)


@pytest.fixture
def command_line(environment, paths, tmp_path):
    called = CommandLine(environment, paths, tmp_path)
    called.call("plugins", "enable", "carto_services_publics")
    return called


@pytest.fixture(scope="module")
def expected(provider, paths):
    """The answer to a question by name, as a script gets it; asked once."""
    known: dict[str, dict[str, Counter]] = {}

    def answer(name: str) -> dict[str, Counter]:
        if name not in known:
            known[name] = by_script(QUESTIONS[name], paths)
        return known[name]

    return answer


# -- they agree -------------------------------------------------------------------------------------------------------

WAYS = ("panel", "processing_dialog", "modeler", "command_line")
ON_PANEL = ("isochrones", "gaps", "sites")
ASKED = [(way, name) for name in QUESTIONS for way in WAYS if way != "panel" or name in ON_PANEL]


@pytest.mark.parametrize(("way", "name"), ASKED)
def test_every_way_gives_the_same_rows(request, expected, way, name):
    found = request.getfixturevalue(way).answer(QUESTIONS[name])
    for output, rows in expected(name).items():
        assert found[output] == rows, output


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_questions_have_answers_and_rows_that_fail(expected, name):
    answer = expected(name)
    assert all(answer.values()), {output: sum(rows.values()) for output, rows in answer.items()}
    reasons = {dict(attributes)["raison"] for attributes, _ in answer["FAILED"]}
    assert len(reasons) >= 2


@pytest.mark.parametrize("way", WAYS)
def test_every_way_refuses_with_the_same_sentence(request, provider, paths, way):
    with pytest.raises(QgsProcessingException) as refused:
        by_script(WRONG, paths)
    sentence = str(refused.value)
    assert "dix" in sentence
    assert sentence in request.getfixturevalue(way).refusal(WRONG)


def test_the_complete_diagnosis_finds_the_same_gaps(panel, expected, qtbot, tmp_path, monkeypatch):
    panel.fill(QUESTIONS["gaps"])
    panel.action.diagnostic_button.click()
    dialog = panel.action.diagnostic
    qtbot.addWidget(dialog)
    dialog.folder.setFilePath(str(tmp_path))
    chains = []
    monkeypatch.setattr(dialog, "_write_report", chains.append)  # drawn elsewhere; the layers are what matters here
    dialog.run_button.click()
    qtbot.waitUntil(lambda: bool(chains), timeout=PATIENCE)
    for output, rows in expected("gaps").items():
        assert content(chains[0].layers[f"manques:{RESULTS['manques'].get(output, output)}"]) == rows, output
