"""Page « Accès »: services, people, roads, thresholds; a button each for isochrones and gaps, the answer in words."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

from qgis.core import (
    QgsApplication,
    QgsExpression,
    QgsFeature,
    QgsFeatureRequest,
    QgsFieldProxyModel,
    QgsMapLayer,
    QgsProject,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.gui import QgsCheckableComboBox, QgsFieldComboBox, QgsFileWidget, QgsMapLayerComboBox
from qgis.PyQt.QtCore import QLocale, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..core.access.coverage import Served
from ..core.access.opening import opening_at, parse_moment
from ..core.access.sentences import (
    TRAVELS,
    between_sentence,
    beyond_sentence,
    circumstances,
    group_sentence,
    not_computed_sentence,
)
from ..core.categories import UnknownCategory, by_code
from ..core.messages import Message, msg
from ..core.population_columns import group_label, known_groups, proposed_groups
from ..i18n import counted, number, tr, translate_message
from ..processing import settings as preferences
from ..processing.access_inputs import moment_in_words
from ..processing.attributes import as_text
from ..processing.coverage_layer import (
    GroupBeyond,
    group_shares,
    intervals_by_category,
    served_by_category,
    thresholds_of,
)
from ..processing.network_input import FIELDS_REPORT, PROFILES, ROAD_FIELDS
from ..processing.qgis_enums import FeatureRequestFlag, LayerFilter
from ..processing.styling import apply_style
from ..processing.styling.renderers import category_label
from .answer_label import AnswerLabel
from .layer_boxes import add_results, categories_of, field_box, has_field, layer_box
from .looks import give_keys, let_shrink, show_rows
from .map_tools import is_result, services_layers
from .plain import PlainLabel, as_plain
from .progress_row import ProgressRow
from .road_fields import RoadFields
from .runner import Run
from .transit_fields import DEFAULT_WINDOW, TransitFields

SETTINGS = "carto_services_publics/access"
TRANSIT = "transit"
"""The way of travelling that a timetable answers for."""
ROADS_ALONE = msg(
    "This follows roads alone: on the page Access, choose a way of travelling other than public transport."
)
PROJECT = "CartoServicesPublics"
"""Where a project keeps what was chosen."""
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MAPS = {"DEMAND_OUT": "costs", "OUTPUT": "coverage", "GAPS": "gaps"}
"""Results of `coveragegaps` that are maps, from the lowest to the one on top, with their styles."""
ROWS_SHOWN = 8
"""Of the table, without scrolling."""
POPULATION_NAMES = ("population", "pop", "pmun", "poids", "ind", "p21_pop")


def profile_labels() -> dict[str, str]:
    """Ways of travelling, as the page names them."""
    return {code: translate_message(TRAVELS[code]) for code in PROFILES}


class AccessPage(QWidget):
    """Every button runs the Processing algorithm of the same name with what the page says."""

    service_changed = pyqtSignal(str)
    """The code of the service that is spoken of now."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._iface = iface
        self._found: list[GapFigures] = []
        self._layers: dict[str, str] = {}
        self._groups: list[GroupBeyond] = []
        self._moment = ""
        self._how = circumstances("car")
        self._unknown: dict[str, UnknownHours] = {}
        self._moment_of_isochrones = ""
        self._make_widgets()
        self._lay_out()
        self._remember_last_choices()
        self._by_hand: set[QWidget] = set()
        """What the user chose: not to be guessed any more."""
        for box in self._chosen_layers().values():
            box.activated.connect(lambda _row, chosen=box: self._by_hand.add(chosen))
        self._begin()
        self._guess_layers()
        # A bound method of a widget is disconnected with it; a lambda would not be.
        QgsProject.instance().layersAdded.connect(self._guess_layers)
        QgsProject.instance().cleared.connect(self._begin)
        QgsProject.instance().readProject.connect(self._take_up_project)

    # -- what the algorithms are given --------------------------------------------------------------------------------

    def gap_parameters(self) -> dict[str, Any]:
        """For `coveragegaps`."""
        zones, groups = self.zones.currentLayer(), self.groups.checkedItemsData()
        return {
            "DEMAND": self.demand.currentLayer(),
            "DEMAND_WEIGHT": self.weight.currentField(),
            "SERVICES": self.services.currentLayer(),
            "CATEGORY_FIELD": "categorie" if has_field(self.services.currentLayer(), "categorie") else None,
            **self.roads_parameters(),
            "THRESHOLDS": self.thresholds.text(),
            "ZONES": zones,
            "ZONE_ID": self.zone_id.currentField() if zones is not None else None,
            "OPEN_AT": self.open_at(),
            **({"GROUPS": groups, "GROUPS_OUT": "TEMPORARY_OUTPUT"} if groups else {}),
            **dict.fromkeys(("OUTPUT", "GAPS", "DEMAND_OUT", "FAILED"), "TEMPORARY_OUTPUT"),
        }

    def isochrone_parameters(self) -> dict[str, Any]:
        """For `isochrones`, by the engine of the options: an area a category and threshold, of what counts."""
        services, moment = self.services.currentLayer(), self.open_at()
        engine = "local" if self.by_transit() else preferences.ENGINE.value()
        by_category = {"DISSOLVE_FIELD": "categorie"} if len(categories_of(services)) > 1 else {}
        return {
            **by_category,
            "INPUT": sites_that_count(services, moment) if moment else services,
            "ENGINE": engine,
            **self.roads_parameters(),
            **({} if engine == "local" else {"NETWORK": None}),
            "METRIC": "time",
            "CUTOFFS": self.thresholds.text(),
            "DIRECTION": "arrival",
            "OVERLAP": "dissolved",
            **dict.fromkeys(("OUTPUT", "FAILED"), "TEMPORARY_OUTPUT"),
        }

    def roads_path(self) -> str | QgsVectorLayer | None:
        """The network file if one is given, else the layer of roads."""
        return self.network_file.filePath() or self.roads.currentLayer()

    def roads_parameters(self) -> dict[str, Any]:
        """What every algorithm that travels is given: the roads, their fields, how one travels."""
        fields = dict.fromkeys(ROAD_FIELDS) if self.network_file.filePath() else self.road_fields.chosen()
        timetable = self.transit.chosen() if self.by_transit() else {}
        return {"NETWORK": self.roads_path(), "PROFILE": self.road_profile(), **fields, **timetable}

    def by_transit(self) -> bool:
        """Whether people take public transport; they walk to it."""
        return self.profile.currentData() == TRANSIT

    def road_profile(self) -> str:
        """How people travel on the roads themselves."""
        return "foot" if self.by_transit() else self.profile.currentData()

    def open_at(self) -> str:
        """Weekday and hour, when only places open then count."""
        return f"{self.weekday.currentData()} {self.hour.currentText()}" if self.only_open.isChecked() else ""

    def moment_in_words(self) -> str:
        """« le samedi à 10:00 », when only places open then count."""
        return moment_in_words(self.open_at())

    def choose(
        self,
        services: QgsVectorLayer,
        demand: QgsVectorLayer,
        zones: QgsVectorLayer,
        roads: QgsVectorLayer,
        profile: str,
        thresholds: str,
    ) -> None:
        """Fill the page in."""
        for box, layer in (
            (self.services, services),
            (self.demand, demand),
            (self.zones, zones),
            (self.roads, roads),
        ):
            box.setLayer(layer)
        self.network_file.setFilePath("")
        self.profile.setCurrentIndex(self.profile.findData(profile))
        self.thresholds.setText(thresholds)

    # -- running ------------------------------------------------------------------------------------------------------

    def run_gaps(self) -> None:
        """Who is badly served, by zone and as areas."""
        if self._ready(True, self.services, self.demand):
            self._found, self._layers, self._moment = [], {}, self.moment_in_words()
            self._how = circumstances(self.profile.currentData(), self._moment)
            self._unknown = unknown_hours(self.services.currentLayer(), self.open_at()) if self._moment else {}
            self._fill_table()
            self.answer.clear()
            run = self._start("coveragegaps", self.gap_parameters(), tr("Looking for gaps…"))
            run.ended.connect(self._show_gaps)

    def run_isochrones(self) -> None:
        """What lies within reach of the services."""
        if self._ready(self.by_transit() or preferences.ENGINE.value() == "local", self.services):
            self._moment_of_isochrones = self.moment_in_words()
            run = self._start("isochrones", self.isochrone_parameters(), tr("Drawing isochrones…"))
            run.ended.connect(self._show_isochrones)

    def _ready(self, on_roads: bool, *boxes: QgsMapLayerComboBox) -> bool:
        lacking = [box.accessibleName() for box in boxes if box.currentLayer() is None]
        if on_roads and not self.roads_path():
            lacking.append(self.roads.accessibleName())
        if self.by_transit() and self.transit.lacking():
            lacking.append(self.transit.lacking())
        if lacking:
            self._found, self._layers = [], {}
            self._fill_table()
            self.progress.word.clear()
            self.answer.setText(tr("Choose first: {lacking}.").format(lacking=", ".join(lacking)))
        return not lacking and self.progress.run is None

    def _start(self, algorithm: str, parameters: dict[str, Any], words: str) -> Run:
        self._remember_choices()
        registry = QgsApplication.processingRegistry()
        run = Run(registry.createAlgorithmById(f"cartoservices:{algorithm}"), {**parameters, FIELDS_REPORT: True})
        run.ended.connect(self._show_fields)
        return self.progress.follow(run, words)

    def _show_fields(self, run: Run) -> None:
        """Which fields gave speeds and directions to how many roads, also when the network was made before."""
        report = run.results.get(FIELDS_REPORT, "")
        self.fields_report.setText(report)
        self.fields_report.setVisible(bool(report))

    # -- the current service ------------------------------------------------------------------------------------------

    def current_service(self) -> str:
        """The code of the service that all pages speak of; empty: each service, the worst served first."""
        return self.category.currentData() or ""

    def choose_service(self, code: str) -> None:
        """Speak of a service from now on, on every page; of every one where the layer does not have it."""
        self.category.setCurrentIndex(max(self.category.findData(code), 0))

    def _fill_services(self, _layer: QgsMapLayer | None = None) -> None:
        """Those of the layer chosen; the current one stays where it has it."""
        chosen = self.current_service()
        self.category.blockSignals(True)
        self.category.clear()
        self.category.addItem(tr("each service"), "")
        for code in categories_of(self.services.currentLayer()):
            self.category.addItem(category_label(code), code)
        self.category.setCurrentIndex(max(self.category.findData(chosen), 0))
        self.category.blockSignals(False)

    def _service_chosen(self, _row: int = 0) -> None:
        """Maps, answer and the other pages turn to it."""
        self.service_changed.emit(self.current_service())
        if self._found:
            self._show_service(self._answered())

    def _answered(self) -> GapFigures:
        """The figures of the current service, else of the worst served."""
        return next((each for each in self._found if each.category == self.current_service()), self._found[0])

    def _show_service(self, figures: GapFigures, threshold: str = "") -> None:
        """The answer and the maps of one service and threshold, the longest by default."""
        threshold = threshold or list(figures.thresholds)[-1]
        self.answer.setText(self._sentence(figures, threshold))
        self.more.setText(self._more(figures, threshold))
        self.more.setVisible(bool(self.more.text()))
        facts = {"category": figures.category, "threshold": figures.thresholds[threshold], "unit": "min"}
        for name, layer in self._layers.items():
            shown = QgsProject.instance().mapLayer(layer)
            if shown is not None:
                apply_style(shown, MAPS[name], facts)

    def _show_gaps(self, run: Run) -> None:
        """The answer on the current service, else on the worst served; a cell of the table gives others.

        A run that was stopped gives its layers, and no answer: it would be too small.
        """
        if not run.succeeded or "OUTPUT" not in run.layers:
            return
        if not run.cancelled:
            self._found = sorted(read_gaps(run.layers["OUTPUT"], self._how), key=self._nothing_known)
            self._layers = {name: run.layers[name].id() for name in MAPS if name in run.layers}
            self._groups = group_shares(run.layers["GROUPS_OUT"]) if "GROUPS_OUT" in run.layers else []
        self._fill_table()
        add_results(run, tuple(MAPS), circumstances=self._moment)
        if not run.cancelled and self._found:
            self._show_service(self._answered())
            self.service_changed.emit(self._answered().category)

    def _show_isochrones(self, run: Run) -> None:
        """On the map; the places that have none are counted in words."""
        areas = run.layers.get("OUTPUT")
        if areas is not None and self.current_service():
            apply_style(areas, "isochrones", {"category": self.current_service()})
        add_results(run, ("OUTPUT",), circumstances=self._moment_of_isochrones)
        failed = run.layers.get("FAILED")
        if run.succeeded and not run.cancelled and failed is not None and failed.featureCount():
            words = tr(
                "{count} place has no isochrone; the layer “{name}” says why."
                "|{count} places have no isochrone; the layer “{name}” says why."
            )
            self.progress.word.setText(counted(words, failed.featureCount(), name=failed.name()))

    def _fill_table(self) -> None:
        """Share of the people beyond each threshold, a category a row."""
        thresholds = list(self._found[0].thresholds) if self._found else []
        self.table.setVisible(len(self._found) * len(thresholds) > 1)
        self.table.setColumnCount(len(thresholds))
        self.table.setRowCount(len(self._found))
        self.table.setHorizontalHeaderLabels([f"> {_shown_threshold(threshold)} min" for threshold in thresholds])
        self.table.setVerticalHeaderLabels([_category_label(figures.category) for figures in self._found])
        for row, figures in enumerate(self._found):
            for position, threshold in enumerate(thresholds):
                percent = None if self._nothing_known(figures) else figures.percent(threshold)
                share = "–" if percent is None else f"{number(percent, 1)} %"
                cell = QTableWidgetItem(share)
                cell.setToolTip(as_plain(self._sentence(figures, threshold)))
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, position, cell)
        show_rows(self.table, ROWS_SHOWN)

    def _show_cell(self, row: int, column: int) -> None:
        """One service and threshold: its answer in words, and the maps turned to it."""
        figures = self._found[row]
        self.choose_service(figures.category)
        self._show_service(figures, list(figures.thresholds)[column])

    def _nothing_known(self, figures: GapFigures) -> bool:
        """Whether no place of this category has known hours, so that nobody can say who is far from an open one."""
        unknown = self._unknown.get(figures.category)
        return unknown is not None and unknown.places == unknown.total

    def _sentence(self, figures: GapFigures, threshold: str) -> str:
        if self._nothing_known(figures):
            words = tr("The hours of no place are known for: {category}. Who is far from one open {moment} is unknown.")
            return words.format(category=_category_label(figures.category), moment=self._moment)
        sentence = gap_sentence(figures, threshold)
        unknown = self._unknown.get(figures.category)
        if unknown is not None and unknown.places:
            words = tr(
                "{sentence}; {count} place of {total}, whose hours are unknown, counts as closed"
                "|{sentence}; {count} places of {total}, whose hours are unknown, count as closed"
            )
            sentence = counted(words, unknown.places, sentence=sentence, total=number(unknown.total))
        lacking = not_computed_sentence(figures.served.not_computed)
        return f"{sentence}. {translate_message(lacking)}" if lacking is not None else sentence

    def _more(self, figures: GapFigures, threshold: str) -> str:
        """The interval of the answer, and the groups of people against all."""
        if self._nothing_known(figures):
            return ""
        rank = list(figures.thresholds).index(threshold)
        said = [between_sentence(*figures.intervals[rank])] if figures.intervals else []
        limit, service = figures.thresholds[threshold], _category_label(figures.category)
        for group in self._groups:
            if (group.category, group.threshold) == (figures.category, limit):
                words = group_label(group.column)
                said.append(group_sentence(words, group.share, group.everyone, limit, "min", service))
        return "\n".join(map(translate_message, said))

    # -- widgets ------------------------------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.answer = AnswerLabel("CartoServicesPublicsAnswer")
        self.more = PlainLabel()
        self.more.setWordWrap(True)
        self.more.setAccessibleName(tr("Interval of the answer, and groups of people"))
        self.more.hide()
        self.table = QTableWidget()
        self.table.setAccessibleName(tr("Share of people beyond each threshold"))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setToolTip(tr("A click on a figure shows it on the map."))
        self.table.cellClicked.connect(self._show_cell)
        self.table.cellActivated.connect(self._show_cell)
        self.table.hide()
        self.services = layer_box(tr("Services"), LayerFilter.PointLayer)
        self.category = QComboBox()
        self.category.setAccessibleName(tr("Service"))
        self._fill_services()
        self.services.layerChanged.connect(self._fill_services)
        self.category.currentIndexChanged.connect(self._service_chosen)
        self.demand = layer_box(tr("People (demand)"), LayerFilter.VectorLayer)
        self.weight = field_box(tr("Population column"), QgsFieldProxyModel.Filter.Numeric)
        self.groups = QgsCheckableComboBox()
        self.groups.setAccessibleName(tr("Groups of people"))
        self.groups.setDefaultText(tr("none"))
        self.demand.layerChanged.connect(self._take_demand)
        self.zones = layer_box(tr("Zones of the table"), LayerFilter.PolygonLayer)
        self.zones.setAllowEmptyLayer(True)
        self.zone_id = field_box(tr("Identifier of the zones"))
        self.zones.layerChanged.connect(self._take_zones)
        self._make_travel_widgets()
        self.gaps = QPushButton(tr("Who is badly served"))
        self.gaps.setDefault(True)
        self.gaps.clicked.connect(self.run_gaps)
        self.isochrones = QPushButton(tr("Isochrones"))
        self.isochrones.setToolTip(
            tr("Computed on the roads, or by the server chosen in Settings ▸ Options ▸ Carto Services Publics.")
        )
        self.isochrones.clicked.connect(self.run_isochrones)
        self.progress = ProgressRow()
        let_shrink(self.profile, self.category)
        give_keys(self, self.gaps, self.progress.stop)

    def _make_travel_widgets(self) -> None:
        """Roads, means of travel, thresholds and when."""
        self.roads = layer_box(tr("Roads"), LayerFilter.LineLayer)
        self.network_file = QgsFileWidget()
        self.network_file.setFilter(tr("Road network (*.network);;All files (*)"))
        self.network_file.lineEdit().setPlaceholderText(tr("or a network file already built"))
        self.fields_report = PlainLabel()
        self.fields_report.setWordWrap(True)
        self.fields_report.setAccessibleName(tr("What the fields of the roads gave"))
        self.fields_report.hide()
        self.profile = QComboBox()
        self.profile.setAccessibleName(tr("Travelling"))
        for code, label in profile_labels().items():
            self.profile.addItem(label, code)
        self.profile.addItem(translate_message(TRAVELS[TRANSIT]), TRANSIT)
        self.transit = TransitFields()
        self.transit.build_asked.connect(self._build_timetable)
        self.road_fields = RoadFields()
        self.roads.layerChanged.connect(self._take_roads)
        self.network_file.fileChanged.connect(self._take_roads)
        self.profile.currentIndexChanged.connect(self._take_roads)
        self.thresholds = QLineEdit("10,20,30")
        self.thresholds.setAccessibleName(tr("Thresholds (minutes)"))
        self.only_open = QCheckBox(tr("Only what is open on"))
        self.weekday = QComboBox()
        for rank, code in enumerate(WEEKDAYS, start=1):
            self.weekday.addItem(QLocale().dayName(rank), code)
        self.hour = QComboBox()
        self.hour.addItems([f"{hour:02d}:00" for hour in range(7, 22)])
        self.hour.setCurrentText("10:00")

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(tr("Services"), self.services)
        form.addRow(tr("Service"), self.category)
        form.addRow(tr("People"), self.demand)
        form.addRow(tr("counted by"), self.weight)
        form.addRow(tr("and groups"), self.groups)
        form.addRow(tr("Zones"), self.zones)
        form.addRow(tr("known by"), self.zone_id)
        form.addRow(tr("Roads"), self.roads)
        form.addRow("", self.network_file)
        form.addRow("", self.road_fields)
        form.addRow("", self.fields_report)
        form.addRow(tr("Travelling"), self.profile)
        form.addRow("", self.transit)
        form.addRow(tr("Thresholds (min)"), self.thresholds)
        form.addRow(self.only_open, _row(self.weekday, self.hour))
        column = QVBoxLayout(self)
        column.addWidget(self.answer)
        column.addWidget(self.more)
        column.addWidget(self.table)
        column.addLayout(form)
        column.addLayout(_row(self.gaps, self.isochrones))
        column.addWidget(self.progress)
        column.addStretch()

    def _begin(self) -> None:
        """No question was asked yet of this project."""
        self._by_hand.clear()
        self._found, self._layers, self._groups = [], {}, []
        self.more.hide()
        self._fill_table()
        self.answer.setText(tr("Choose services, people and roads, then ask who is badly served."))

    def _take_up_project(self, _document: object = None) -> None:
        """Choose the layers and columns that were chosen when the project was saved."""
        for name, box in self._chosen_layers().items():
            layer = QgsProject.instance().mapLayer(QgsProject.instance().readEntry(PROJECT, name)[0])
            if layer is not None:
                box.setLayer(layer)
                self._by_hand.add(box)
        for name, box in self._chosen_columns().items():
            column = QgsProject.instance().readEntry(PROJECT, name)[0]
            if has_field(box.layer(), column):
                box.setField(column)

    def _chosen_layers(self) -> dict[str, QgsMapLayerComboBox]:
        return {"services": self.services, "people": self.demand, "zones": self.zones, "roads": self.roads}

    def _chosen_columns(self) -> dict[str, QgsFieldComboBox]:
        return {
            "population": self.weight,
            "zone_id": self.zone_id,
            "speed": self.road_fields.speed,
            "direction": self.road_fields.direction,
        }

    def _guess_layers(self, _added: object = None) -> None:
        """Choose what is obviously meant among the project's layers, when nothing better is chosen."""
        found = services_layers()
        if found and self.services.currentLayer() not in found and self.services not in self._by_hand:
            self.services.setLayer(found[0])
        if not _population_field(self.demand.currentLayer()) and self.demand not in self._by_hand:
            layers = QgsProject.instance().mapLayers().values()
            peopled = (layer for layer in layers if _population_field(layer) and not is_result(layer))
            self.demand.setLayer(next(peopled, self.demand.currentLayer()))
        self._take_demand(self.demand.currentLayer())
        self._take_zones(self.zones.currentLayer())
        self._take_roads()

    def _take_demand(self, layer: QgsMapLayer | None) -> None:
        """Columns of another layer; those of the same one stay as they were chosen."""
        if layer is not None and self.weight.layer() is layer:
            return
        self.weight.setLayer(layer)
        self.weight.setField(_population_field(layer))
        self.groups.clear()
        names = layer.fields().names() if isinstance(layer, QgsVectorLayer) else []
        first = proposed_groups(names)
        for column, words in known_groups(names).items():
            state = Qt.CheckState.Checked if column in first else Qt.CheckState.Unchecked
            self.groups.addItemWithCheckState(translate_message(words), state, column)

    def _take_zones(self, layer: QgsMapLayer | None) -> None:
        if layer is not None and self.zone_id.layer() is layer:
            return
        self.zone_id.setLayer(layer)
        self.zone_id.setField(next((name for name in ("code_insee", "insee", "code") if has_field(layer, name)), ""))

    def _take_roads(self, _changed: object = None) -> None:
        """Columns of the roads chosen; a network file has its own."""
        layer = None if self.network_file.filePath() else self.roads.currentLayer()
        self.road_fields.follow(layer, self.road_profile())
        self.transit.setVisible(self.by_transit())

    def _build_timetable(self) -> None:
        """In QGIS's own window of the algorithm; what it makes is the timetable from then on."""
        import processing

        made = processing.execAlgorithmDialog("cartoservices:buildtransit", {"NETWORK": self.roads_path()})
        if made.get("OUTPUT"):
            self.transit.file.setFilePath(made["OUTPUT"])

    def _remember_choices(self) -> None:
        settings = QgsSettings()
        settings.setValue(f"{SETTINGS}/profile", self.profile.currentData())
        settings.setValue(f"{SETTINGS}/thresholds", self.thresholds.text())
        settings.setValue(f"{SETTINGS}/network_file", self.network_file.filePath())
        settings.setValue(f"{SETTINGS}/timetable", self.transit.file.filePath())
        settings.setValue(f"{SETTINGS}/window", self.transit.departures.text())
        settings.setValue(f"{SETTINGS}/arrive_by", self.transit.arrive.isChecked())
        for name, box in self._chosen_layers().items():
            QgsProject.instance().writeEntry(PROJECT, name, box.currentLayer().id() if box.currentLayer() else "")
        for name, box in self._chosen_columns().items():
            QgsProject.instance().writeEntry(PROJECT, name, box.currentField())

    def _remember_last_choices(self) -> None:
        settings = QgsSettings()
        self.profile.setCurrentIndex(max(self.profile.findData(settings.value(f"{SETTINGS}/profile", "car")), 0))
        self.thresholds.setText(str(settings.value(f"{SETTINGS}/thresholds", "10,20,30")))
        self.network_file.setFilePath(str(settings.value(f"{SETTINGS}/network_file", "")))
        self.transit.file.setFilePath(str(settings.value(f"{SETTINGS}/timetable", "")))
        self.transit.departures.setText(str(settings.value(f"{SETTINGS}/window", DEFAULT_WINDOW)))
        self.transit.arrive.setChecked(settings.value(f"{SETTINGS}/arrive_by", False, type=bool))


def sites_that_count(services: QgsVectorLayer, moment: str, category: str = "") -> QgsVectorLayer:
    """In memory: the services of a category, or of all, that are open at a moment, or at any time.

    Those whose hours are not known are closed, as for the algorithms.
    """
    wanted = QgsFeatureRequest()
    if category:
        wanted.setFilterExpression(f'"categorie" = {QgsExpression.quotedString(category)}')
    sites = services.materialize(wanted)
    sites.setName(services.name())
    if moment:
        rows = list(sites.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)))
        is_open = opening_at(_hours(sites, rows), parse_moment(moment)).open
        sites.dataProvider().deleteFeatures([row.id() for row, counts in zip(rows, is_open) if not counts])
    return sites


class UnknownHours(NamedTuple):
    """How many places of a category have hours that say nothing of a moment, and how many there are."""

    places: int
    total: int


def unknown_hours(services: QgsVectorLayer, moment: str) -> dict[str, UnknownHours]:
    """Of each category of the layer ("" for a layer without)."""
    rows = list(services.getFeatures(QgsFeatureRequest().setFlags(FeatureRequestFlag.NoGeometry)))
    codes = [as_text(row["categorie"]) if has_field(services, "categorie") else "" for row in rows]
    unknown = opening_at(_hours(services, rows), parse_moment(moment)).unknown
    lacking = Counter(code for code, is_unknown in zip(codes, unknown) if is_unknown)
    return {code: UnknownHours(lacking[code], total) for code, total in Counter(codes).items()}


def _hours(layer: QgsVectorLayer, rows: list[QgsFeature]) -> list[str]:
    return [as_text(row["horaires"]) if has_field(layer, "horaires") else "" for row in rows]


class GapFigures(NamedTuple):
    """The figures of one category; the texts and minutes of its thresholds; how one travels and when."""

    category: str
    served: Served
    thresholds: dict[str, float]
    how: Message
    intervals: list[tuple[float, float]] | None = None

    def percent(self, threshold: str) -> float | None:
        """Of the people computed, those beyond a threshold; None where none is."""
        share = self.served.share(list(self.thresholds).index(threshold))
        return None if share is None else 100 * share


def read_gaps(coverage: QgsVectorLayer, how: Message) -> list[GapFigures]:
    """Each category of a coverage layer, the worst served first (at the longest threshold)."""
    thresholds = thresholds_of(coverage)
    intervals = intervals_by_category(coverage)
    found = [
        GapFigures(code, served, thresholds, how, intervals.get(code))
        for code, served in served_by_category(coverage).items()
    ]
    return sorted(found, key=lambda figures: -figures.served.beyond[-1])


def gap_sentence(figures: GapFigures, threshold: str) -> str:
    """« 8 214 people (10.7 %) are more than 20 min from: France services – by car, places open … »"""
    rank = list(figures.thresholds).index(threshold)
    label = _category_label(figures.category)
    said = beyond_sentence(figures.served, rank, figures.thresholds[threshold], label, figures.how)
    return translate_message(said).rstrip(".")


def _shown_threshold(threshold: str) -> str:
    return threshold.replace("_", QLocale().decimalPoint())


def _category_label(code: str) -> str:
    try:
        return by_code(code).label(QLocale().name())
    except UnknownCategory:
        return code or tr("the services")


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget, 1)
    return row


def _population_field(layer: QgsMapLayer | None) -> str:
    if not isinstance(layer, QgsVectorLayer):
        return ""
    return next((name for name in layer.fields().names() if name.lower() in POPULATION_NAMES), "")
