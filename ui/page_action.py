"""Page « Agir »: where to open, how many, and what it would change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsFieldProxyModel,
    QgsMapLayer,
    QgsProject,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ..core.access.sentences import circumstances, not_computed_sentence
from ..core.siting.problem import FEASIBLE, INFEASIBLE, NO_DEMAND, OPTIMAL, UNDECIDED
from ..core.travel_modes import TRANSIT
from ..i18n import counted, number, tr, translate_message
from ..processing.atlas_layout import open_in_project
from ..processing.attributes import is_null
from ..processing.diagnostic import Choices
from ..processing.network_input import ROAD_FIELDS
from ..processing.qgis_enums import Aggregate, LayerFilter
from ..processing.styling.renderers import category_label
from .access_question import ROADS_ALONE
from .answer_label import AnswerLabel, Sentence
from .candidates import can_be_candidates, offer
from .curve_chart import CurveChart, knee_sentence, read_curve
from .diagnostic_dialog import DiagnosticDialog
from .layer_boxes import add_results, categories_of, field_box, has_field, layer_box, may_be_none
from .looks import ScrolledPage, give_keys, let_shrink
from .page_access import AccessPage
from .places_table import PlacesTable
from .progress_row import ProgressRow
from .runner import Run
from .scenario_panel import ScenarioPanel
from .service_sites import sites_that_count

SETTINGS = "carto_services_publics/action"
EVERY_SERVICE = ""


def model_labels() -> dict[str, str]:
    """What one may seek, as the page asks it."""
    return {
        "mclp": tr("reach the most people within the time"),
        "lscp": tr("reach everyone within the time, with the fewest sites"),
        "pmedian": tr("make all journeys shortest on the whole"),
        "pcenter": tr("make the longest journey shortest"),
    }


class ActionPage(ScrolledPage):
    """Demand, roads and existing services are those of the page Access."""

    def __init__(self, iface, access: AccessPage, territory: Callable[[], str]) -> None:
        super().__init__()
        self._iface, self._access, self._territory = iface, access, territory
        self._asked: dict[str, Any] = {}
        self._asked_category = ""
        self._proposed = ""
        self._moment = ""
        self._make_widgets()
        self._lay_out()
        self._remember_last_choices()
        self._show_what_concerns_model()
        self._fill_categories()
        access.services.layerChanged.connect(self._fill_categories)
        access.service_changed.connect(self._take_service)
        self.category.activated.connect(lambda _row: access.choose_service(self.category.currentData() or ""))
        self._begin()
        self._offer_candidates()
        QgsProject.instance().layersAdded.connect(self._offer_candidates)
        QgsProject.instance().cleared.connect(self._begin)

    # -- what the algorithm is given ----------------------------------------------------------------------------------

    def parameters(self) -> dict[str, Any]:
        """For `proposesites`."""
        gaps = self._access.gap_parameters()
        candidates = self.candidates.currentLayer()
        return {
            **{name: gaps[name] for name in ("DEMAND", "DEMAND_WEIGHT")},
            **self._access.roads_parameters(),
            "EXISTING": self._existing(gaps["SERVICES"]),
            "CANDIDATES": candidates,
            "CAPACITY_FIELD": (self.capacity.currentField() or None) if candidates is not None else None,
            "ROLE_FIELD": (self.role.currentField() or None) if candidates is not None else None,
            "MODEL": self.model.currentData(),
            "SITES": self.sites.value(),
            "THRESHOLD": self.threshold.value(),
            **dict.fromkeys(("OUTPUT", "ASSIGNMENT", "CURVE", "FAILED"), "TEMPORARY_OUTPUT"),
        }

    def _existing(self, services: QgsVectorLayer | None) -> QgsVectorLayer | None:
        """The sites already open of the service chosen, at the moment of the page Access; None when there are none."""
        category, moment = self.category.currentData(), self._access.open_at()
        if services is None or not (category or moment):
            return services
        chosen = sites_that_count(services, moment, category or None)
        return chosen if chosen.featureCount() else None

    def open_diagnostic(self) -> None:
        """The whole chain and its report, on what the page Access says."""
        access = self._access
        refused = translate_message(ROADS_ALONE) if access.by_transit() else access.contradiction()
        if refused:
            self.answer.setText(refused)
            return
        road_fields = tuple(access.roads_parameters()[name] or "" for name in ROAD_FIELDS)
        choices = Choices(
            services=access.services.currentLayer(),
            demand=access.demand.currentLayer(),
            weight=access.weight.currentField(),
            zones=access.zones.currentLayer(),
            zone_id=access.zone_id.currentField(),
            roads=access.roads_path(),
            profile=access.road_profile(),
            road_fields=road_fields,
            groups=tuple(access.group_columns()),
            thresholds=access.thresholds.text(),
            open_at=access.open_at(),
            category=self.category.currentData() or "",
        )
        if not all((choices.services, choices.demand, choices.zones, choices.roads)):
            self.answer.setText(tr("Fill in the page Access first: services, people, zones and roads."))
            return
        self.diagnostic = DiagnosticDialog(choices, self._territory(), self._iface.mainWindow())
        self.diagnostic.layout_asked.connect(self.open_layout)
        self.diagnostic.show()

    def open_layout(self, services: int) -> None:
        """Open the atlas's print layout, which the report follows, in QGIS's own window."""
        layout = open_in_project(QgsProject.instance(), services, self._iface.mapCanvas().extent())
        self._iface.openLayoutDesigner(layout)

    # -- running ------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Ask for the places that serve most."""
        if self.progress.run is not None:
            return
        asked = ((tr("People"), self._access.demand.currentLayer()), (tr("Roads"), self._access.roads_path()))
        lacking = [name for name, value in asked if not value]
        if self._access.by_transit() and self._access.transit.lacking():
            lacking.append(self._access.transit.lacking())  # without it the journeys would be on foot
        refused = tr("Choose first: {lacking}.").format(lacking=", ".join(lacking)) if lacking else ""
        refused = refused or self._access.contradiction()
        self._clear()
        if refused:
            self.answer.setText(refused)
            return
        self._remember_choices()
        # Kept: what was asked names the answer, and the layers live as long as the run reads them.
        self._asked, self._moment = self.parameters(), self._access.moment_in_words()
        self._asked_category = self.category.currentData() or ""
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:proposesites")
        run = self.progress.follow(Run(algorithm, self._asked), tr("Looking for the best places…"))
        run.ended.connect(self._show)

    def ask_for(self, sites: int) -> None:
        """The same question for another number of sites, one that the curve shows."""
        if sites and self.progress.run is None:
            self.sites.setValue(sites)
            self.run()

    def _show(self, run: Run) -> None:
        if not run.succeeded or run.cancelled:
            return
        curve = read_curve(run.layers["CURVE"]) if "CURVE" in run.layers else None
        curve = curve if curve is not None and curve.points else None
        places = run.layers.get("OUTPUT")
        count = int(places.featureCount()) if places is not None else 0
        computed = run.results.get("COMPUTED") or 0.0
        total = _people_served(run) if self._asked["MODEL"] == "pmedian" else computed
        sentence = _gain_sentence(self._asked, run.results, count, total)
        how = translate_message(
            circumstances(TRANSIT if self._asked.get("TRANSIT") else self._asked["PROFILE"], self._moment)
        )
        if self._asked_category:
            how = tr("{service}, {how}").format(service=category_label(self._asked_category), how=how)
        sentence = tr("{sentence} – {how}").format(sentence=sentence, how=how)
        lacking = not_computed_sentence(run.results.get("NOT_COMPUTED") or 0.0)
        if lacking is not None:
            sentence = f"{sentence}. {translate_message(lacking)}"
        self.answer.setText(sentence)
        self.proof.setText(_proof_sentence(run.results))
        add_results(run, ("ASSIGNMENT", "OUTPUT"), circumstances=self._moment)
        if places is not None:
            self.places.show_places(places, self._access.zones.currentLayer(), _gain_title(self._asked["MODEL"]))
            self._proposed = places.id()
            self.take_up.setVisible(count > 0)
        self.chart.is_choosable = self._asked["MODEL"] != "lscp"  # which says itself how many
        self.chart.show_curve(curve, count)
        self.bend.setText(knee_sentence(curve) if self.chart.curve is not None and len(curve.points) > 1 else "")
        QgsProject.instance().setDirty(True)

    def take_up_places(self) -> None:
        """Put the places proposed into a scenario: the one that is followed, else a new one."""
        layer = QgsProject.instance().mapLayer(self._proposed)
        if layer is not None:
            self.scenario.take_up(layer, self._asked_category)

    def _begin(self) -> None:
        """No question was asked yet of this project."""
        self._clear()
        self.answer.setText(tr("Choose the service, then ask where to open it."))

    def _clear(self) -> None:
        self.answer.clear()
        self.proof.clear()
        self.bend.clear()
        self.places.show_places(None, None, "")
        self.take_up.hide()
        self.chart.show_curve(None, 0)

    # -- widgets ------------------------------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.answer = AnswerLabel("CartoServicesPublicsActionAnswer")
        self.proof, self.bend = Sentence(name="CartoServicesPublicsProof"), Sentence(name="CartoServicesPublicsBend")
        self.category = QComboBox()
        self.category.setAccessibleName(tr("Service to open"))
        self.candidates = layer_box(tr("Candidate places"), LayerFilter.VectorLayer)
        may_be_none(self.candidates, tr("anywhere people live"))
        self.candidates.layerChanged.connect(self._take_candidates)
        self.capacity = field_box(tr("Capacity column"), QgsFieldProxyModel.Filter.Numeric)
        self.role = field_box(tr("Column of what must be or cannot be"), QgsFieldProxyModel.Filter.String)
        self.columns = QWidget()
        row = QFormLayout(self.columns)
        row.setContentsMargins(0, 0, 0, 0)
        row.addRow(tr("Capacity"), self.capacity)
        row.addRow(tr("Role"), self.role)
        row.labelForField(self.role).setToolTip(tr("Values: obligatoire (must be), exclu (cannot be), empty."))
        self.model = QComboBox()
        self.model.setAccessibleName(tr("What is sought"))
        for code, label in model_labels().items():
            self.model.addItem(label, code)
        self.model.currentIndexChanged.connect(self._show_what_concerns_model)
        self.sites = QSpinBox()
        self.sites.setAccessibleName(tr("Sites to open"))
        self.sites.setRange(1, 500)
        self.sites.setValue(3)
        self.threshold = QDoubleSpinBox()
        self.threshold.setAccessibleName(tr("Within"))
        self.threshold.setRange(1, 240)
        self.threshold.setDecimals(0)
        self.threshold.setValue(20)
        self.threshold.setSuffix(" min")
        self.run_button = QPushButton(tr("Where to open"))
        self.run_button.setDefault(True)
        self.run_button.clicked.connect(self.run)
        self.diagnostic_button = QPushButton(tr("Complete diagnosis and report…"))
        self.diagnostic_button.clicked.connect(self.open_diagnostic)
        self.progress = ProgressRow()
        self.places = PlacesTable(self._iface.mapCanvas())
        self.take_up = QPushButton(tr("Take these places up in a scenario"))
        self.take_up.clicked.connect(self.take_up_places)
        self.take_up.hide()
        self.chart = CurveChart()
        self.chart.chosen.connect(self.ask_for)
        let_shrink(self.category, self.model)
        give_keys(self, self.run_button, self.progress.stop)
        self.scenario = ScenarioPanel(self._iface, self._access, self.threshold.value)
        self.threshold.valueChanged.connect(self.scenario.follow_threshold)

    def _lay_out(self) -> None:
        candidates = QVBoxLayout()
        candidates.addWidget(self.candidates)
        candidates.addWidget(self.columns)
        form = QFormLayout()
        form.addRow(tr("Service"), self.category)
        form.addRow(tr("Candidates"), candidates)
        form.addRow(tr("I want to"), self.model)
        form.addRow(tr("Sites to open"), self.sites)
        form.addRow(tr("Within"), self.threshold)
        column = self.column
        for widget in (self.answer, self.proof, self.places, self.take_up, self.chart, self.bend):
            column.addWidget(widget)
        column.addLayout(form)
        column.addWidget(self.progress.word)  # it may be long: it scrolls
        column.addWidget(self.scenario)
        column.addWidget(self.diagnostic_button)
        column.addStretch()
        self.foot.addWidget(self.progress)
        self.foot.addWidget(self.run_button)
        self._take_candidates(None)

    def _offer_candidates(self, _added: object = None) -> None:
        """Points and areas that no computation gave."""
        offer(self.candidates, can_be_candidates)

    def _take_candidates(self, layer: QgsMapLayer | None) -> None:
        """Capacity and role are columns of a layer: without one there is nothing to ask."""
        for box in (self.capacity, self.role):
            box.setLayer(layer)
        self.columns.setVisible(layer is not None)
        self.capacity.setField("capacite" if has_field(layer, "capacite") else "")
        self.role.setField("role" if has_field(layer, "role") else "")

    def _fill_categories(self, _layer: QgsMapLayer | None = None) -> None:
        """The services of the layer chosen on the page Access; the one chosen stays."""
        layer = self._access.services.currentLayer()
        chosen = self.category.currentData() or QgsSettings().value(f"{SETTINGS}/category", EVERY_SERVICE)
        found = categories_of(layer)
        self.category.clear()
        self.category.addItem(tr("whatever the service"), EVERY_SERVICE)
        for code in found:
            self.category.addItem(category_label(code), code)
        # One service alone is what is meant; among several the last one chosen, else the first.
        position = self.category.findData(chosen) if chosen else min(len(found), 1)
        self.category.setCurrentIndex(max(position, 0))

    def _take_service(self, code: str) -> None:
        """The service that the page Access speaks of."""
        position = self.category.findData(code)
        if position >= 0:
            self.category.setCurrentIndex(position)

    def _show_what_concerns_model(self, _row: int = 0) -> None:
        self.sites.setEnabled(self.model.currentData() != "lscp")

    def _remember_choices(self) -> None:
        settings = QgsSettings()
        settings.setValue(f"{SETTINGS}/model", self.model.currentData())
        settings.setValue(f"{SETTINGS}/sites", self.sites.value())
        settings.setValue(f"{SETTINGS}/threshold", self.threshold.value())
        settings.setValue(f"{SETTINGS}/category", self.category.currentData())

    def _remember_last_choices(self) -> None:
        settings = QgsSettings()
        self.model.setCurrentIndex(max(self.model.findData(settings.value(f"{SETTINGS}/model", "mclp")), 0))
        self.sites.setValue(settings.value(f"{SETTINGS}/sites", 3, type=int))
        self.threshold.setValue(settings.value(f"{SETTINGS}/threshold", 20.0, type=float))


def _gain_sentence(asked: dict[str, Any], results: dict[str, Any], count: int, total: float) -> str:
    """What the places proposed bring, as one would say it."""
    objective, gain, newly = results.get("OBJECTIVE") or 0.0, results.get("GAIN"), results.get("NEWLY_SERVED") or 0.0
    model, threshold = asked["MODEL"], number(asked["THRESHOLD"])
    if results.get("STATUS") == NO_DEMAND or not count:
        return tr("No place to propose: nobody is left to gain.")
    if model == "mclp":
        words = tr(
            "{count} place: {gain} more inhabitants within {threshold} min"
            "|{count} places: {gain} more inhabitants within {threshold} min"
        )
        sentence = counted(words, count, gain=number(gain or 0.0), threshold=threshold)
        if not total:
            return sentence
        before, after = 100 * (objective - (gain or 0.0)) / total, 100 * objective / total
        return tr("{sentence} (from {before} % to {after} %)").format(
            sentence=sentence, before=number(before, 1), after=number(after, 1)
        )
    if model == "lscp":
        if results.get("STATUS") == INFEASIBLE:
            words = tr(
                "{count} place reaches everyone who can be reached within {threshold} min"
                "|{count} places reach everyone who can be reached within {threshold} min"
            )
        else:
            words = tr(
                "{count} place is enough to reach everyone within {threshold} min"
                "|{count} places are enough to reach everyone within {threshold} min"
            )
        return counted(words, count, threshold=threshold)
    if model == "pcenter":
        words = tr(
            "{count} place: the longest journey takes {minutes} min"
            "|{count} places: the longest journey takes {minutes} min"
        )
        sentence = counted(words, count, minutes=number(objective, 1))
        less = gain
    else:
        words = tr(
            "{count} place: journeys take {minutes} min on average"
            "|{count} places: journeys take {minutes} min on average"
        )
        sentence = counted(words, count, minutes=number(objective / total if total else 0.0, 1))
        compared = total - newly
        less = None if is_null(gain) or compared <= 0 else gain / compared
    if is_null(less):
        return sentence
    sentence = tr("{sentence}, {less} min less than today").format(sentence=sentence, less=number(less, 1))
    if not newly:
        return sentence
    words = tr(
        "{sentence} for those whom a place serves already; {count} inhabitant whom none serves is newly served"
        "|{sentence} for those whom a place serves already; {count} inhabitants whom none serves are newly served"
    )
    return counted(words, newly, sentence=sentence)


def _gain_title(model: str) -> str:
    """What the gain of a place is counted in."""
    titles = {"pmedian": tr("Minutes × inhabitants saved"), "pcenter": tr("Minutes off the longest journey")}
    return titles.get(model, tr("People gained"))


def _proof_sentence(results: dict[str, Any]) -> str:
    """How good the choice is proven to be."""
    status = results.get("STATUS")
    if status == OPTIMAL:
        return tr("Proven: no other choice does better.")
    if status == FEASIBLE:
        if is_null(results.get("GAP")):
            return tr("A good choice; how far it is from the best could not be proven.")
        return tr("Proven: no other choice does better by more than {gap} %.").format(
            gap=number(100 * results["GAP"], 1)
        )
    if status == INFEASIBLE:
        return tr("Not everyone can be served: the layer of what could not be computed says who and why.")
    if status == UNDECIDED:
        return tr(
            "Not everyone is served; whether other places would serve everyone was not found out in the time given."
        )
    return tr("Nobody lives where a place could serve.")


def _people_served(run: Run) -> float:
    """All who go somewhere."""
    layer = run.layers.get("ASSIGNMENT")
    summed = layer.aggregate(Aggregate.Sum, "poids")[0] if layer is not None else None
    return 0.0 if is_null(summed) else float(summed)
