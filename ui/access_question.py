"""The question of the page « Accès »: services, people, zones, roads, how and when one travels."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsExpression,
    QgsField,
    QgsFieldProxyModel,
    QgsMapLayer,
    QgsProject,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
)
from qgis.gui import QgsCheckableComboBox, QgsFieldComboBox, QgsFileWidget, QgsMapLayerComboBox
from qgis.PyQt.QtCore import QLocale, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from ..core.messages import msg
from ..core.observatory import EACH_PLACE, Terms, terms_of
from ..core.population_columns import known_groups, proposed_groups, rest_groups
from ..core.travel_modes import MODES, PROFILES, TRANSIT
from ..i18n import counted, tr, translate_message
from ..processing import settings as preferences
from ..processing.access_inputs import moment_in_words
from ..processing.network_input import ROAD_FIELDS
from ..processing.qgis_enums import FIELD_TYPES, GeometryType, LayerFilter
from ..processing.roads import built_for
from ..processing.styling.renderers import category_label
from .candidates import (
    can_be_people,
    can_be_roads,
    can_be_services,
    can_be_zones,
    lie_together,
    offer,
    population_field,
    world_extent,
)
from .layer_boxes import categories_of, field_box, has_field, layer_box
from .looks import ScrolledPage
from .map_tools import services_layers
from .road_fields import RoadFields
from .service_sites import sites_that_count
from .transit_fields import DEFAULT_WINDOW, TransitFields
from .week_table import WeekTable
from .welcome import is_demonstration

SETTINGS = "carto_services_publics/access"
ROADS_ALONE = msg(
    "This follows roads alone: on the page Access, choose a way of travelling other than public transport."
)
PROJECT = "CartoServicesPublics"
"""Where a project keeps what was chosen."""
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def profile_labels() -> dict[str, str]:
    """Ways of travelling, as the page names them."""
    return {code: translate_message(MODES[code].words) for code in PROFILES}


def in_line(way_and_when: tuple[str, ...], minutes: str) -> str:
    """« à pied · 20 min · samedi 10 h »."""
    way, *when = way_and_when
    return " · ".join([way, tr("{minutes} min").format(minutes=minutes), *when])


class Question(ScrolledPage):
    """The fields of the question, what they offer and remember, and the question in one line."""

    changed = pyqtSignal()
    """Something else is asked."""

    def __init__(self) -> None:
        super().__init__()
        self._by_hand: set[QWidget] = set()
        """What the user chose: not to be guessed any more."""
        self._recalled_for = ""
        """The layer of services with which the last network file was last looked for."""
        self._make_question_widgets()
        self._make_travel_widgets()
        self.form = self._laid_out()
        self._remember_last_choices()
        for box in self._chosen_layers().values():
            box.activated.connect(lambda _row, chosen=box: self._by_hand.add(chosen))
        self._tell_changes()
        # A bound method of a widget is disconnected with it; a lambda would not be.
        QgsProject.instance().layersAdded.connect(self._guess_layers)
        QgsProject.instance().readProject.connect(self._take_up_project)

    def in_one_line(self) -> str:
        """« Mairie · à pied · 20 min · samedi 10 h »."""
        service = self.category.currentData()
        codes = categories_of(self.services.currentLayer())
        if service or len(codes) == 1:
            what = category_label(service or codes[0])
        else:
            what = counted(tr("{count} service|{count} services"), len(codes)) if codes else tr("the services")
        return f"{what} · {self.circumstances_in_line()}"

    def circumstances_in_line(self) -> str:
        """« à pied · 20 min · samedi 10 h »."""
        thresholds = ", ".join(part.strip() for part in self.thresholds.text().split(","))
        return in_line(self.way_and_when(), thresholds)

    def way_and_when(self) -> tuple[str, ...]:
        """« à pied », « samedi 10 h »: how one travels first."""
        said = [self.profile.currentText()]
        if self.only_open.isChecked():
            hour = int(self.hour.currentText().partition(":")[0])
            said.append(tr("{day} {hour}:00").format(day=self.weekday.currentText(), hour=hour))
        if self.by_transit():
            said.append(self.transit.as_typed())
        return tuple(said)

    # -- what the algorithms are given --------------------------------------------------------------------------------

    def gap_parameters(self) -> dict[str, Any]:
        """For `coveragegaps`."""
        zones, groups = self.zones.currentLayer(), self.groups.checkedItemsData()
        return {
            "DEMAND": self.people(),
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

    def people(self) -> QgsVectorLayer | None:
        """The demand; a copy with their columns where groups are chosen that are the rest of others."""
        layer = self.demand.currentLayer()
        rests = rest_groups(layer.fields().names()) if isinstance(layer, QgsVectorLayer) else {}
        chosen = {name: rests[name] for name in self.groups.checkedItemsData() if name in rests}
        if not chosen:
            return layer
        copy = layer.clone()
        copy.setMetadata(layer.metadata())
        for name, (everyone, some) in chosen.items():
            quoted = (QgsExpression.quotedColumnRef(column) for column in (everyone, some))
            copy.addExpressionField(f"max(0, {' - '.join(quoted)})", QgsField(name, FIELD_TYPES["float"]))
        return copy

    def group_columns(self) -> list[str]:
        """The groups chosen that are columns of the demand itself."""
        layer = self.demand.currentLayer()
        return [name for name in self.groups.checkedItemsData() if has_field(layer, name)]

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

    def contradiction(self) -> str:
        """What the network file and the way of travelling have against each other, with the way out; else empty."""
        built = built_for(self.network_file.filePath())
        if not built or built == self.road_profile():
            return ""
        words = tr(
            "The network file was built for travelling {built}: choose that way of travelling, a file made for "
            "travelling {asked}, or no file and the layer of roads."
        )
        return words.format(built=profile_labels().get(built, built), asked=profile_labels()[self.road_profile()])

    def open_at(self) -> str:
        """Weekday and hour, when only places open then count."""
        return f"{self.weekday.currentData()} {self.hour.currentText()}" if self.only_open.isChecked() else ""

    def terms(self) -> Terms:
        """What another answer must have in common with one to this question, to be compared with it."""
        departures = self.transit.words() if self.by_transit() else ""
        people = self.weight.currentField() or EACH_PLACE
        return terms_of(self.profile.currentData(), self.open_at(), departures, people)

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
            if box.currentLayer() is layer:
                box.layerChanged.emit(layer)  # it may hold other rows and columns than when it was chosen
            box.setLayer(layer)
        self.network_file.setFilePath("")
        self.profile.setCurrentIndex(self.profile.findData(profile))
        self.thresholds.setText(thresholds)

    # -- widgets ------------------------------------------------------------------------------------------------------

    def _make_question_widgets(self) -> None:
        """Of what, for whom, by which zones."""
        self.services = layer_box(tr("Services"), LayerFilter.PointLayer)
        self.category = QComboBox()
        self.category.setAccessibleName(tr("Service"))
        self._fill_services()
        self.services.layerChanged.connect(self._fill_services)
        self._columns_of_people: list[str] = []
        self.demand = layer_box(tr("People (demand)"), LayerFilter.PointLayer | LayerFilter.PolygonLayer)
        self.weight = field_box(tr("Population column"), QgsFieldProxyModel.Filter.Numeric)
        self.groups = QgsCheckableComboBox()
        self.groups.setAccessibleName(tr("Groups of people"))
        self.groups.setDefaultText(tr("none"))
        self.demand.layerChanged.connect(self._take_demand)
        self.zones = layer_box(tr("Zones of the table"), LayerFilter.PolygonLayer)
        self.zones.setAllowEmptyLayer(True)
        self.zone_id = field_box(tr("Identifier of the zones"))
        self.zones.layerChanged.connect(self._take_zones)

    def _make_travel_widgets(self) -> None:
        """Roads, means of travel, thresholds and when."""
        self.roads = layer_box(tr("Roads"), LayerFilter.LineLayer)
        self.network_file = QgsFileWidget()
        self.network_file.setFilter(tr("Road network (*.network);;All files (*)"))
        self.network_file.lineEdit().setPlaceholderText(tr("or a network file already built"))
        self.profile = QComboBox()
        self.profile.setAccessibleName(tr("Travelling"))
        for code, label in profile_labels().items():
            self.profile.addItem(label, code)
        self.profile.addItem(translate_message(MODES[TRANSIT].words), TRANSIT)
        self.transit = TransitFields()
        self.transit.build_asked.connect(self._build_timetable)
        self.transit.week_asked.connect(self._ask_for_the_week)
        self.road_fields = RoadFields()
        self.roads.layerChanged.connect(self._take_roads)
        self.network_file.fileChanged.connect(self._take_network)
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

    def _laid_out(self) -> QWidget:
        body = QWidget()
        form = QFormLayout(body)
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
        form.addRow(tr("Travelling"), self.profile)
        form.addRow("", self.transit)
        form.addRow(tr("Thresholds (min)"), self.thresholds)
        moment = QHBoxLayout()
        moment.addWidget(self.weekday, 1)
        moment.addWidget(self.hour, 1)
        form.addRow(self.only_open, moment)
        return body

    def _tell_changes(self) -> None:
        """Every field that is part of the question says when it says something else."""
        for box in (self.category, self.profile, self.weekday, self.hour):
            box.currentIndexChanged.connect(self._say_changed)
        for box in self._chosen_layers().values():
            box.layerChanged.connect(self._say_changed)
        self.thresholds.textChanged.connect(self._say_changed)
        self.only_open.toggled.connect(self._say_changed)
        for column in self._chosen_columns().values():
            column.fieldChanged.connect(self._say_changed)
        self.groups.checkedItemsChanged.connect(self._say_changed)
        for file in (self.network_file, self.transit.file):
            file.fileChanged.connect(self._say_changed)
        self.transit.departures.textChanged.connect(self._say_changed)
        self.transit.arrive.toggled.connect(self._say_changed)

    def _say_changed(self, _what: object = None) -> None:
        self.changed.emit()

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

    # -- what is offered, guessed and remembered ----------------------------------------------------------------------

    def _chosen_layers(self) -> dict[str, QgsMapLayerComboBox]:
        return {"services": self.services, "people": self.demand, "zones": self.zones, "roads": self.roads}

    def _chosen_columns(self) -> dict[str, QgsFieldComboBox]:
        return {
            "population": self.weight,
            "zone_id": self.zone_id,
            "speed": self.road_fields.speed,
            "direction": self.road_fields.direction,
        }

    def _offer_candidates(self) -> None:
        """Only layers that can be what is asked for; a layer that somebody chose stays whatever it is."""
        for box, fits in (
            (self.services, can_be_services),
            (self.demand, can_be_people),
            (self.zones, can_be_zones),
            (self.roads, can_be_roads),
        ):
            offer(box, fits)

    def _guess_layers(self, _added: object = None) -> None:
        """Choose what is obviously meant among the project's layers, when nothing better is chosen.

        The user's own territory goes before the demonstration, and the layers lie where the services do.
        """
        self._offer_candidates()
        found = sorted(services_layers(), key=is_demonstration)
        current = self.services.currentLayer()
        if found and self.services not in self._by_hand:
            lacking = current not in found
            if lacking or (is_demonstration(current) and not is_demonstration(found[0])):
                self.services.setLayer(found[0])
        place = self.services.currentLayer()
        self._guess(self.demand, place, _goodness_of_people)
        self._guess(self.zones, place, lambda layer: len(zone_column(layer)) > 0)
        self._guess(self.roads, place, lambda _layer: 1)
        self._take_demand(self.demand.currentLayer())
        self._take_zones(self.zones.currentLayer())
        self._recall_network()
        self._take_roads()

    def _guess(
        self, box: QgsMapLayerComboBox, place: QgsMapLayer | None, goodness: Callable[[QgsMapLayer], int]
    ) -> None:
        """Take a good layer, one that lies where ``place`` does first; the one chosen stays when none is better."""
        if box in self._by_hand:
            return

        def rank(layer: QgsMapLayer | None) -> int:
            return 0 if layer is None or not goodness(layer) else goodness(layer) + 4 * lie_together(layer, place)

        best = max((box.layer(row) for row in range(box.count())), key=rank, default=None)
        if rank(best) > rank(box.currentLayer()):
            box.setLayer(best)

    def _recall_network(self) -> None:
        """The network file of the last question goes with the territory it was asked of, and with no other.

        It is looked for once: who does without it then shall not have it back.
        """
        settings, services = QgsSettings(), self.services.currentLayer()
        if services is None or services.id() == self._recalled_for:
            return
        self._recalled_for = services.id()
        path = str(settings.value(f"{SETTINGS}/network_file", ""))
        known = str(settings.value(f"{SETTINGS}/network_place", "")).split(",")
        if len(known) != 4:
            return
        is_here = QgsRectangle(*map(float, known)).intersects(world_extent(services))
        given = self.network_file.filePath()
        if not given and is_here and Path(path).is_file():
            self.network_file.setFilePath(path)
        elif given == path and not is_here:
            self.network_file.setFilePath("")

    def _take_demand(self, layer: QgsMapLayer | None) -> None:
        """Columns of another layer; those of the same one stay as they were chosen."""
        names = layer.fields().names() if isinstance(layer, QgsVectorLayer) else []
        if layer is not None and self.weight.layer() is layer and names == self._columns_of_people:
            return
        self._columns_of_people = names
        self.weight.setLayer(layer)
        self.weight.setField(population_field(layer))
        self.groups.clear()
        names = [*names, *rest_groups(names)]
        first = proposed_groups(names)
        for column, words in known_groups(names).items():
            state = Qt.CheckState.Checked if column in first else Qt.CheckState.Unchecked
            self.groups.addItemWithCheckState(translate_message(words), state, column)

    def _take_zones(self, layer: QgsMapLayer | None) -> None:
        if layer is not None and self.zone_id.layer() is layer:
            return
        self.zone_id.setLayer(layer)
        self.zone_id.setField(zone_column(layer))

    def _take_network(self, path: str) -> None:
        """One travels on a network file as it was built for."""
        built = built_for(path)
        if built and built != self.road_profile():
            self.profile.setCurrentIndex(self.profile.findData(built))
        self._take_roads()

    def _take_roads(self, _changed: object = None) -> None:
        """Columns of the roads chosen; a network file has its own."""
        layer = None if self.network_file.filePath() else self.roads.currentLayer()
        self.road_fields.follow(layer, self.road_profile())
        self.transit.setVisible(self.by_transit())

    def _ask_for_the_week(self, feeds: str) -> None:
        """In QGIS's own window of « Living without a car », with what the page knows; then the week as a table."""
        import processing

        known = self.gap_parameters()
        names = ("DEMAND", "DEMAND_WEIGHT", "SERVICES", "CATEGORY_FIELD", "NETWORK", "ZONES", "ZONE_ID")
        given = {name: known[name] for name in names}
        asked = {**given, **({"FEEDS": feeds} if feeds else {})}
        made = processing.execAlgorithmDialog("cartoservices:withoutcar", asked)
        week = QgsProject.instance().mapLayer(str(made.get("WEEK", "")))
        if isinstance(week, QgsVectorLayer):
            self.week_table = WeekTable(week, self)
            self.week_table.show()

    def _build_timetable(self, feeds: str) -> None:
        """In QGIS's own window of the algorithm; what it makes is the timetable from then on."""
        import processing

        known = {"NETWORK": self.roads_path(), **({"FEEDS": feeds} if feeds else {})}
        made = processing.execAlgorithmDialog("cartoservices:buildtransit", known)
        if made.get("OUTPUT"):
            self.transit.file.setFilePath(made["OUTPUT"])

    def _remember_choices(self) -> None:
        """For the next session what is the user's, for the project what is its own."""
        settings, services = QgsSettings(), self.services.currentLayer()
        for name, value in (
            ("profile", self.profile.currentData()),
            ("thresholds", self.thresholds.text()),
            ("network_file", self.network_file.filePath()),
            ("network_place", "" if services is None else _as_text(world_extent(services))),
            ("timetable", self.transit.file.filePath()),
            ("window", self.transit.departures.text()),
            ("arrive_by", self.transit.arrive.isChecked()),
        ):
            settings.setValue(f"{SETTINGS}/{name}", value)
        project = QgsProject.instance()
        for name, box in self._chosen_layers().items():
            project.writeEntry(PROJECT, name, box.currentLayer().id() if box.currentLayer() else "")
        for name, field in self._chosen_columns().items():
            project.writeEntry(PROJECT, name, field.currentField())
        for name, text in (
            ("network", self.network_file.filePath()),
            ("profile", self.profile.currentData()),
            ("thresholds", self.thresholds.text()),
            ("service", self.current_service()),
            ("open_at", self.open_at()),
        ):
            project.writeEntry(PROJECT, name, text)

    def _remember_last_choices(self) -> None:
        settings = QgsSettings()
        self.profile.setCurrentIndex(max(self.profile.findData(settings.value(f"{SETTINGS}/profile", "car")), 0))
        self.thresholds.setText(str(settings.value(f"{SETTINGS}/thresholds", "10,20,30")))
        self.transit.file.setFilePath(str(settings.value(f"{SETTINGS}/timetable", "")))
        self.transit.departures.setText(str(settings.value(f"{SETTINGS}/window", DEFAULT_WINDOW)))
        self.transit.arrive.setChecked(settings.value(f"{SETTINGS}/arrive_by", False, type=bool))

    def _take_up_project(self, _document: object = None) -> None:
        """Ask again what was asked when the project was saved."""
        project = QgsProject.instance()
        for name, box in self._chosen_layers().items():
            layer = project.mapLayer(project.readEntry(PROJECT, name)[0])
            if layer is not None:
                box.setLayer(layer)
                self._by_hand.add(box)
        if project.readEntry(PROJECT, "zones") == ("", True):
            self.zones.setCurrentIndex(0)  # none
            self._by_hand.add(self.zones)
        network, was_asked = project.readEntry(PROJECT, "network")
        if was_asked:
            self.network_file.setFilePath(network if Path(network).is_file() else "")
        thresholds = project.readEntry(PROJECT, "thresholds")[0]
        if thresholds:
            self.thresholds.setText(thresholds)
        for box, name in ((self.profile, "profile"), (self.category, "service")):
            row = box.findData(project.readEntry(PROJECT, name)[0])
            box.setCurrentIndex(row if row >= 0 else box.currentIndex())
        self._take_up_columns(project, has_own_columns=bool(network))  # those of roads go with the way of travelling
        day, _, hour = project.readEntry(PROJECT, "open_at")[0].partition(" ")
        self.only_open.setChecked(bool(hour))
        if hour:
            self.weekday.setCurrentIndex(self.weekday.findData(day))
            self.hour.setCurrentText(hour)

    def _take_up_columns(self, project: QgsProject, *, has_own_columns: bool) -> None:
        """Those of the layers that were asked of, none where none was chosen; a network file has columns of its own."""
        layers = {"population": "people", "zone_id": "zones", "speed": "roads", "direction": "roads"}
        for name, field in self._chosen_columns().items():
            column, was_asked = project.readEntry(PROJECT, name)
            layer = project.mapLayer(project.readEntry(PROJECT, layers[name])[0])
            may_be_none = was_asked and layer is not None and field.layer() == layer
            is_none = may_be_none and not column and not (layers[name] == "roads" and has_own_columns)
            if is_none or has_field(field.layer(), column):
                field.setField(column)


def _goodness_of_people(layer: QgsVectorLayer) -> int:
    """0 without a number of people; places say more than areas, where everybody is in the middle."""
    return (2 if layer.geometryType() == GeometryType.Point else 1) if population_field(layer) else 0


def zone_column(layer: QgsMapLayer | None) -> str:
    """The column that names the zones of a layer; empty where none is obvious."""
    return next((name for name in ("code_insee", "insee", "code") if has_field(layer, name)), "")


def _as_text(box: QgsRectangle) -> str:
    return ",".join(f"{bound:.4f}" for bound in (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()))
