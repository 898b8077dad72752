"""A scenario: a copy of the services to change on the map, while the page says what each change does."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsMapLayer,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QEvent, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent, QKeySequence
from qgis.PyQt.QtWidgets import QGroupBox, QHBoxLayout, QPushButton, QVBoxLayout

from ..core.access.opening import Moment, MomentError, opening_at, parse_moment
from ..core.network import shared_network
from ..core.processes.pool import LongLivedWorker
from ..core.siting.live import Effect, People, answer
from ..i18n import tr, translate_message
from ..processing.attributes import as_number, as_text
from ..processing.base import FeedbackProgress
from ..processing.coordinates import project_mover
from ..processing.model_building import Step
from ..processing.network_input import ROAD_FIELDS, open_roads
from ..processing.positions import read_points
from ..processing.roads import given_roads
from ..processing.scenario_changes import changes_layer
from ..processing.styling.renderers import category_label
from .access_question import ROADS_ALONE
from .answer_label import Sentence
from .background import FunctionTask, in_background
from .chain import ChainRun
from .hours_dialog import HoursDialog
from .layer_boxes import Snapshot, add_results, has_field
from .live_scenario import SNAP_DISTANCE, Following, LiveScenario, Site, changed_categories, displaced, effect_sentence
from .map_tools import map_crs, tell_what_to_do
from .page_access import AccessPage
from .plain import PlainLabel
from .progress_row import ProgressRow
from .scenario_acts import add_places, close_place, hours_of, move_place, set_hours
from .scenario_bar import ScenarioBar
from .scenario_changes import ChangesTable
from .scenario_ghosts import Ghosts
from .scenario_layers import (
    ORIGIN,
    SERVICE,
    copy_services,
    free_name,
    identifiers_of,
    last_scenario,
    scenario_name,
    sites_layer,
    zones_layer,
)
from .scenario_roads import ScenarioRoads
from .scenario_tool import ScenarioTool, is_undo_or_redo, what_to_do
from .scenario_view import ScenarioView
from .scenario_zones import read_zones

DEBOUNCE_MS = 300
TODAY, THEN = "avant", "apres"
CHANGES = "changements"
"""The table of what the scenario changes, among the layers of a comparison."""


class Asked(NamedTuple):
    """What the sites of a service, (m, 2) each, change, as it was worked out."""

    sites: tuple[np.ndarray, np.ndarray]
    """Today's and the scenario's."""
    terms: Following
    effect: Effect

    def holds(self, sites: tuple[np.ndarray, np.ndarray], terms: Following) -> bool:
        """Whether it is the answer for these sites too."""
        same = (np.array_equal(mine, its, equal_nan=True) for mine, its in zip(self.sites, sites))
        return self.terms == terms and all(same)


class ScenarioPanel(QGroupBox):
    """Starts a scenario, follows its layer's edits, says what they change, compares by zone."""

    updated = pyqtSignal(float)
    """The words stand; seconds since the edit."""

    def __init__(self, iface, access: AccessPage, threshold: Callable[[], float]) -> None:
        super().__init__(tr("Scenario"))
        self._iface, self._access, self._threshold = iface, access, threshold
        self.layer: QgsVectorLayer | None = None
        self._moment: Moment | None = None
        self._origin, self._known = "", set[str]()
        self._today: dict[int, Site] = {}
        self._now: dict[int, Site] = {}
        self._carried: dict[int, Site] = {}
        """Places that are held over the map and not yet put down."""
        self._effects: dict[str, Asked] = {}
        self._shown = ""
        """The service whose minutes are on the map: the last one that was changed."""
        self._touched: set[int] = set()
        self._tool: ScenarioTool | None = None
        self._ghosts: Ghosts | None = None
        self._live: LiveScenario | None = None
        self._task: FunctionTask | None = None
        self._waiting = False
        self._edited_at = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._update)
        self._asked_on: tuple[Any, ...] = ()
        self._other_question = QTimer(self)
        self._other_question.setSingleShot(True)
        self._other_question.setInterval(DEBOUNCE_MS)
        self._other_question.timeout.connect(self._follow_anew)
        self._make_widgets()
        row = QHBoxLayout()
        row.addWidget(self.start_button)
        row.addWidget(self.compare_button)
        column = QVBoxLayout(self)
        column.addWidget(self.words)
        column.addWidget(self.note)
        column.addWidget(self.go_on_button)
        column.addLayout(row)
        column.addWidget(self.bar)
        column.addWidget(self.roads)
        column.addWidget(self.changes)
        column.addWidget(self.view)
        column.addWidget(self.progress)
        access.changed.connect(self._ask_again)
        access.services.layerChanged.connect(self._offer_to_go_on)
        QgsProject.instance().layersAdded.connect(self._offer_to_go_on)
        QgsProject.instance().layersRemoved.connect(self._offer_to_go_on)
        self._offer_to_go_on()

    def _make_widgets(self) -> None:
        self.words = PlainLabel(tr("Move, add or close sites on the map: the effect shows here as you go."))
        self.words.setObjectName("CartoServicesPublicsScenario")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.start_button = QPushButton(tr("Start a scenario"))
        self.start_button.setToolTip(
            tr(
                "A copy of the services to edit. To go on with the last scenario of these services: the button above; "
                "with another one: choose its layer as services (page Access)."
            )
        )
        self.start_button.clicked.connect(lambda: self.start())
        self.go_on_button = QPushButton()
        self.go_on_button.clicked.connect(self.go_on)
        self.compare_button = QPushButton(tr("Compare"))
        self.compare_button.setToolTip(tr("Who gains and who loses, on the map and by zone"))
        self.compare_button.setEnabled(False)
        self.compare_button.clicked.connect(self.compare)
        self.bar = ScenarioBar()
        self.bar.chosen.connect(self.take_tool)
        self.bar.left.connect(self._put_tool_down)
        self.note = Sentence()
        self.roads = ScenarioRoads(self._iface.mapCanvas())
        self.roads.changed.connect(self._roads_changed)
        self.changes = ChangesTable()
        self.view = ScenarioView(self._iface.mapCanvas())
        self.progress = ProgressRow()

    # -- the layer ----------------------------------------------------------------------------------------------------

    def start(self, scenario: QgsVectorLayer | None = None) -> None:
        """Copy the services, open the copy for editing, and get ready to say what its edits change.

        ``scenario``, or the chosen services where they are a scenario's, goes on instead.
        """
        access = self._access
        services = access.services.currentLayer()
        asked = ((tr("Services"), services), (tr("People"), access.demand.currentLayer()))
        lacking = [name for name, value in (*asked, (tr("Roads"), access.roads_path())) if not value]
        if lacking:
            self.words.setText(tr("Choose first: {lacking}.").format(lacking=", ".join(lacking)))
            return
        refused = translate_message(ROADS_ALONE) if access.by_transit() else access.contradiction()
        if refused:
            self.words.setText(refused)
            return
        try:
            self._moment = parse_moment(access.open_at()) if access.open_at() else None
            getting_ready = self._getting_ready((scenario or services).crs())
        except MomentError as error:
            self.words.setText(translate_message(error))
            return
        except QgsProcessingException as error:
            self.words.setText(str(error))
            return
        layer = scenario or services
        origin = QgsProject.instance().mapLayer(str(layer.customProperty(ORIGIN)))
        is_new = origin is None
        try:
            origin, layer = (services, copy_services(services, free_name())) if is_new else (origin, layer)
        except OSError as error:
            words = tr("{path} cannot be written: {reason}")
            self.words.setText(words.format(path=error.filename, reason=error.strerror))
            return
        self.leave()
        self._asked_on = self._basis()
        if is_new:
            QgsProject.instance().addMapLayer(layer, False)
            QgsProject.instance().layerTreeRoot().insertLayer(0, layer)
        self._origin, self._known = origin.id(), identifiers_of(origin)
        self._today = self._sites(origin)
        self._follow(layer)
        self._iface.setActiveLayer(layer)
        layer.startEditing()
        self.words.setText(tr("Getting ready: roads and people are being read…"))
        self.start_button.setEnabled(False)
        self._task = in_background(tr("Getting a scenario ready"), getting_ready, self._ready, self._not_ready, self)

    def go_on(self) -> None:
        """Take up the last scenario of the chosen services again."""
        scenario = last_scenario(self._access.services.currentLayer())
        if scenario is not None:
            self.start(scenario)

    def _offer_to_go_on(self, _what: object = None) -> None:
        """A scenario of the project that nobody follows, by its name."""
        scenario = None if self.layer is not None else last_scenario(self._access.services.currentLayer())
        self.go_on_button.setVisible(scenario is not None)
        if scenario is not None:
            words = tr("Go on with “{name}”").format(name=scenario_name(scenario))
            self.go_on_button.setText(words.replace("&", "&&"))

    def _basis(self) -> tuple[Any, ...]:
        """What the figures are of besides places and moment: people, zones, roads and how they are travelled."""
        access = self._access
        given: tuple[Any, ...] = (access.demand.currentLayer(), access.zones.currentLayer(), access.roads_path())
        named = (value.id() if isinstance(value, QgsMapLayer) else value for value in given)
        fields = (access.roads_parameters()[name] for name in ROAD_FIELDS)
        return (*named, access.weight.currentField(), access.by_transit(), access.road_profile(), *fields)

    def follow_new_data(self) -> None:
        """Get ready again: services, people or roads hold other data than when the scenario was begun."""
        self._asked_on = ()
        self._follow_anew()

    def _follow_anew(self) -> None:
        """Get ready for what the page Access asks now: figures of what it asked before would be taken for its own."""
        layer, had_roads = self.layer, bool(self.roads.changes)
        if layer is None or self._basis() == self._asked_on:
            return
        self.leave()
        self.compare_button.setEnabled(False)
        self.start_button.setEnabled(True)
        self.start(layer)
        if had_roads:
            self.note.setText(tr("The roads are as they are again: those of the scenario were changed on other ones."))

    def _ask_again(self, _what: object = None) -> None:
        """The page Access may ask of another moment: other places count then, today and in the scenario."""
        origin = QgsProject.instance().mapLayer(self._origin)
        if self.layer is None or origin is None:
            return
        if self._basis() != self._asked_on:
            self._other_question.start()
            return
        try:
            moment = parse_moment(self._access.open_at()) if self._access.open_at() else None
        except MomentError:
            return  # the page Access says what is wrong with it
        if moment != self._moment:
            self._moment = moment
            self.note.clear()
            self._today = self._sites(origin)
            self._read_again()

    def follow_threshold(self, _minutes: float = 0.0) -> None:
        """The words are of another time than « within » says now."""
        if self.layer is not None:
            self._timer.start()

    def _follow(self, layer: QgsVectorLayer) -> None:
        self.layer = layer
        self._offer_to_go_on()
        self.bar.follow(layer)
        self._ghosts = Ghosts(self._iface.mapCanvas(), layer.crs())
        self._read_all()
        for signal, slot in self._followed_signals(layer):
            signal.connect(slot)

    def _followed_signals(self, layer: QgsVectorLayer):
        """Signals of the followed layer, and their slots: bound methods of a widget, gone with it."""
        return (
            (layer.geometryChanged, self._touch),
            (layer.featureAdded, self._touch),
            (layer.featureDeleted, self._touch),
            (layer.attributeValueChanged, self._touch),
            (layer.afterCommitChanges, self._read_again),
            (layer.afterRollBack, self._read_again),
            (layer.willBeDeleted, self._layer_gone),
        )

    def leave(self) -> None:
        """Follow the layer no more: its edits stay in it, nothing of the scenario stays on the map."""
        if self._task is not None:
            self._task.drop()
            self._task = None
        self._timer.stop()
        self._waiting = False
        self._live = None
        self._effects.clear()
        self.view.leave()
        self.roads.leave()
        self.changes.show_rows([])
        self.bar.leave(layer_gone=self.layer is None)  # first: of a layer being deleted nothing may be asked
        self.bar.be_ready(False)
        self._put_tool_down()
        self._carried.clear()
        if self._ghosts is not None:
            self._ghosts.remove()
            self._ghosts = None
        if self.layer is None:
            return
        layer, self.layer = self.layer, None
        for signal, slot in self._followed_signals(layer):
            signal.disconnect(slot)
        self._offer_to_go_on()

    def _layer_gone(self) -> None:
        # Its connections go with it; of a layer being deleted nothing more may be asked.
        self.layer = None
        self.leave()
        self.compare_button.setEnabled(False)
        self.start_button.setEnabled(True)
        self.words.setText(tr("Move, add or close sites on the map: the effect shows here as you go."))

    # -- acts on the map ----------------------------------------------------------------------------------------------

    def take_tool(self, act: str) -> None:
        """From now on the map is clicked to add, move or close places, or to change their hours."""
        tool = self.bar.take(self._iface.mapCanvas(), act)
        tool.added.connect(self.add_place)
        tool.carried.connect(self._carry)
        tool.moved.connect(self.move_place)
        tool.let_go.connect(self._let_go)
        tool.closed.connect(self.close_place)
        tool.hours_asked.connect(self.ask_hours)
        tool.missed.connect(lambda: self.note.setText(tr("There is no place of the scenario here.")))
        self._tool = tool  # the canvas does not keep Python's side of a tool alive
        self._iface.setActiveLayer(self.layer)
        tell_what_to_do(self._iface, tool, what_to_do(act))

    def _put_tool_down(self) -> None:
        if self._tool is not None:
            self._iface.mapCanvas().unsetMapTool(self._tool)
            self._tool = None

    def add_place(self, point: QgsPointXY) -> None:
        """A place of the current service, at a point in the map's CRS."""
        place = self._on_layer(point)
        if place is not None:
            self.add_places([(place, self._access.current_service() or self._only_service(), "")])

    def add_places(self, places: list[tuple[QgsPointXY, str, str]]) -> None:
        """New rows of the scenario: position in its layer's CRS, category, name."""
        add_places(self.layer, places)

    def move_place(self, feature: int, point: QgsPointXY) -> None:
        """A place goes to a point in the map's CRS."""
        self._carried.clear()
        place = self._on_layer(point)
        if place is not None:
            move_place(self.layer, feature, place)
        else:
            self._update()

    def close_place(self, feature: int) -> None:
        """A place is no more."""
        self.note.clear()
        close_place(self.layer, feature)

    def ask_hours(self, feature: int) -> None:
        """Show the hours of a place, to be changed."""
        self.note.clear()
        name = as_text(self.layer.getFeature(feature)["nom"]) if has_field(self.layer, "nom") else ""
        self.hours_dialog = HoursDialog(name, hours_of(self.layer, feature), self)
        self.hours_dialog.chosen.connect(lambda hours: self.set_hours(feature, hours))
        self.hours_dialog.open()

    def set_hours(self, feature: int, hours: str) -> None:
        """Other hours for a place, as an `opening_hours` text."""
        if self.layer is None:  # it was removed while the window was open
            return
        set_hours(self.layer, feature, hours)
        if self._moment is None:
            self.note.setText(tr("Hours count once the page Access asks for a day and an hour."))

    def _carry(self, feature: int, point: QgsPointXY) -> None:
        """A place is held over a point in the map's CRS: say what it would do there."""
        site, place = self._now.get(feature), self._on_layer(point)
        if site is None or place is None:
            return
        self._edited_at = time.monotonic()
        self._shown = site.category
        self._carried = {feature: site._replace(x=place.x(), y=place.y())}
        self._update()

    def _let_go(self) -> None:
        self._carried.clear()
        self._update()

    def _on_layer(self, point: QgsPointXY) -> QgsPointXY | None:
        """A point of the map in the layer's CRS; says so where it has no place there."""
        self.note.clear()
        if self.layer is None:
            return None
        crs = self.layer.crs()
        place = project_mover(map_crs(self._iface.mapCanvas(), crs), crs).point(point)
        if place is None:
            self.note.setText(tr("This is beside the map of the world: show a place on it."))
        return place

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z in the panel is the scenario's, whatever layer QGIS would undo."""
        if event.type() == QEvent.Type.ShortcutOverride and self.layer is not None and is_undo_or_redo(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.bar.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.bar.redo()
        else:
            super().keyPressEvent(event)

    def take_up(self, proposed: QgsVectorLayer, category: str) -> None:
        """Places of another layer, as places of a service: in the scenario that is followed, else in a new one."""
        if self.layer is None:
            self.start()
        if self.layer is None:  # it has said what lacks
            return
        to_layer = project_mover(proposed.crs(), self.layer.crs())
        places = []
        for row in proposed.getFeatures():
            inside = row.geometry().pointOnSurface()
            place = None if inside.isNull() else to_layer.point(inside.asPoint())
            if place is not None:
                name = as_text(row["nom"]) if row.fields().lookupField("nom") >= 0 else ""
                places.append((place, category or self._only_service(), name))
        self.add_places(places)

    def _only_service(self) -> str:
        """The category of the services where they have one alone."""
        found = {site.category for site in self._today.values()}
        return found.pop() if len(found) == 1 else ""

    def _roads_changed(self) -> None:
        """All services are reached otherwise."""
        self._edited_at = time.monotonic()
        self._update()

    # -- edits --------------------------------------------------------------------------------------------------------

    def _touch(self, feature: int, *_what: Any) -> None:
        """A site was moved, added, deleted or described otherwise."""
        if not self._touched:
            self._edited_at = time.monotonic()
        self._touched.add(feature)
        self._timer.start()

    def _read_again(self) -> None:
        """Saved or given up: the sites have other numbers, or are as they were."""
        if not self._touched:
            self._edited_at = time.monotonic()
        self._touched.clear()
        self._read_all()
        self._timer.start()

    def _read_all(self) -> None:
        self._now = self._sites(self.layer)

    def _read_touched(self) -> None:
        before = [self._now.pop(feature, None) for feature in self._touched]
        wanted = QgsFeatureRequest().setFilterFids(list(self._touched))
        now = {feature.id(): self._site(feature) for feature in self.layer.getFeatures(wanted)}
        self._now.update(now)
        self._touched.clear()
        for site in (*before, *now.values()):
            self._shown = self._shown if site is None else site.category

    def _sites(self, layer: QgsVectorLayer) -> dict[int, Site]:
        return {feature.id(): self._site(feature) for feature in layer.getFeatures()}

    def _site(self, feature: QgsFeature) -> Site:
        fields = feature.fields()
        shape = feature.geometry()
        x, y = np.nan, np.nan
        if not shape.isNull() and not shape.isEmpty():
            vertex = shape.vertexAt(0)
            x, y = vertex.x(), vertex.y()
        category = as_text(feature["categorie"]) if fields.lookupField("categorie") >= 0 else ""
        counts = True
        if self._moment is not None:
            hours = as_text(feature["horaires"]) if fields.lookupField("horaires") >= 0 else ""
            # Who adds a place without hours means one that is open when it is needed.
            counts = (not hours and self._is_new(feature)) or bool(opening_at([hours], self._moment).open[0])
        said = (as_text(feature[name]) if fields.lookupField(name) >= 0 else "" for name in ("id", "nom", "horaires"))
        return Site(category, x, y, counts, *said)

    def _is_new(self, feature: QgsFeature) -> bool:
        """Whether a place is the scenario's own: its identifier is not one of today's."""
        return feature.fields().lookupField("id") >= 0 and as_text(feature["id"]) not in self._known

    # -- the effect ---------------------------------------------------------------------------------------------------

    def _getting_ready(
        self, services_crs: QgsCoordinateReferenceSystem
    ) -> Callable[[QgsProcessingFeedback], LiveScenario]:
        """The work of opening the roads and putting the people on them, with all it needs from the interface."""
        access = self._access
        context = QgsProcessingContext()
        context.setTransformContext(QgsProject.instance().transformContext())
        roads = given_roads(access.roads_path(), context)
        profile = access.road_profile()
        road_fields = [access.roads_parameters()[name] or "" for name in ROAD_FIELDS]
        demand, weight = access.demand.currentLayer(), access.weight.currentField()
        places = Snapshot(demand)
        polygons = access.zones.currentLayer()
        zones = None if polygons is None else Snapshot(polygons)

        def work(feedback: QgsProcessingFeedback) -> LiveScenario:
            progress = FeedbackProgress(feedback)
            network = open_roads(roads, profile, progress.part(0.0, 0.5), *road_fields)
            crs = QgsCoordinateReferenceSystem(network.crs)
            rows, xy = read_points(places, crs, context, progress.part(0.5, 0.6))
            lived_in = read_zones(zones, xy, crs, context, progress.part(0.6, 0.7))
            people = np.array([as_number(row[weight]) if weight else 1.0 for row in rows], float)
            followed = People(xy, people, SNAP_DISTANCE, lived_in.of_people, len(lived_in.names))
            asked = LongLivedWorker(answer, resource=shared_network(network), shared=followed)
            asked.ask(None, progress.part(0.7, 1.0))
            return LiveScenario(asked, services_crs, crs, context, xy, lived_in, network)

        return work

    def _ready(self, live: LiveScenario) -> None:
        self._task = None
        self._live = live
        self.view.follow(live)
        self.roads.follow(live)
        self.start_button.setEnabled(True)
        self.compare_button.setEnabled(True)
        self.bar.be_ready(True)
        self.words.setText(
            tr("Ready. Move, add or delete a site of the layer “{name}”.").format(name=scenario_name(self.layer))
        )
        self._update()

    def _not_ready(self, sentence: str) -> None:
        """Nothing follows the layer's edits: it is offered to go on with it, as with one of an earlier day."""
        self.leave()
        self.start_button.setEnabled(True)
        self.words.setText(sentence)

    def _update(self) -> None:
        """Work out what the edits so far change; while that runs, only the last state waits."""
        if self.layer is None or self._live is None:
            return
        if self._task is not None:
            self._waiting = True
            return
        self._waiting = False
        self._read_touched()
        live, terms = self._live, Following(float(self._threshold()), self.roads.path)
        changes = changed_categories(self._today, {**self._now, **self._carried}, every=bool(terms.roads))
        if self._ghosts is not None:
            self._ghosts.show(displaced(self._today, self._now))
        self.changes.show_rows(self._changed_rows())
        if not changes:
            self._said({}, terms.threshold)
            return

        fresh = {
            category: sites
            for category, sites in changes.items()
            if category not in self._effects or not self._effects[category].holds(sites, terms)
        }

        def work(feedback: QgsProcessingFeedback) -> dict[str, Effect]:
            progress = FeedbackProgress(feedback)
            return {category: live.effect_of(category, sites, terms, progress) for category, sites in fresh.items()}

        edited_at = self._edited_at

        def done(effects: dict[str, Effect]) -> None:
            self._task = None
            self._effects.update(
                (category, Asked(fresh[category], terms, effect)) for category, effect in effects.items()
            )
            said = {category: self._effects[category].effect for category in changes}
            # Roads change how every service is reached, and hardly any of them noticeably.
            said = {code: effect for code, effect in said.items() if not terms.roads or effect.matters()}
            self._said(said, terms.threshold)
            self.updated.emit(time.monotonic() - edited_at)
            if self._waiting:
                self._update()

        self._task = in_background(tr("Effect of the scenario"), work, done, self._not_updated, self)

    def _said(self, effects: dict[str, Effect], threshold: float) -> None:
        if effects:
            self.words.setText("\n".join(effect_sentence(code, effects[code], threshold) for code in sorted(effects)))
        elif self._edited_at:
            self.words.setText(tr("The scenario changes nothing so far."))
        shown = self._shown if self._shown in effects else min(effects, default="")
        self.view.show_effect(shown, effects.get(shown))

    def _not_updated(self, sentence: str) -> None:
        self._task = None
        self.words.setText(sentence)
        if self._waiting:
            self._update()

    # -- comparing ----------------------------------------------------------------------------------------------------

    def compare(self) -> None:
        """Layers of who gains and who loses, and a table by zone, for each service that the scenario changes."""
        if self.layer is None or self.progress.run is not None:
            return
        self._read_touched()
        changed = self._changed_services()
        if not changed:
            self.words.setText(tr("The scenario changes nothing so far."))
            return
        steps = [self._comparison(category) for category in changed]
        run = self.progress.follow(ChainRun(scenario_name(self.layer), steps, {}), tr("Comparing…"))
        moment = self._access.moment_in_words()
        run.ended.connect(partial(self._show_comparison, self._changed_rows(), moment))

    def _changed_services(self) -> list[str]:
        """Those whose places change; where roads do, those too that are known to be reached otherwise."""
        own = changed_categories(self._today, self._now)
        if not self.roads.path:
            return list(own)
        every = changed_categories(self._today, self._now, every=True)
        asked = {code: self._effects.get(code) for code in every}
        return [
            code
            for code, known in asked.items()
            if code in own or known is None or known.terms.roads != self.roads.path or known.effect.matters()
        ]

    def _changed_rows(self) -> list[list[Any]]:
        """What the scenario changes itself."""
        return [] if self._live is None else self._live.changes(self._today, self._now, self.roads.links())

    def _comparison(self, category: str) -> Step:
        gaps = self._access.gap_parameters()
        same = ("DEMAND", "DEMAND_WEIGHT", "NETWORK", "PROFILE", *ROAD_FIELDS, "THRESHOLDS", "ZONES", "ZONE_ID")
        sites = sites_layer(self.layer.crs(), category, {TODAY: self._today.values(), THEN: self._now.values()})
        parameters = {
            **{name: gaps[name] for name in same},
            # Only the sites that count at the moment chosen, if any: OPEN_AT is not asked again.
            "BEFORE": sites,
            "SCENARIO_BEFORE": TODAY,
            "AFTER": sites,
            "SCENARIO_AFTER": THEN,
            "NETWORK_AFTER": self.roads.path or None,
        }
        label = _label(category)
        results = {"OUTPUT": label, "SUMMARY": tr("{service}: figures").format(service=label)}
        return Step(category or "services", "cartoservices:comparescenarios", parameters, results)

    def _show_comparison(self, changes: list[list[Any]], moment: str, run: ChainRun) -> None:
        if not run.succeeded or run.cancelled:
            return
        access, shown, places = self._access, [], []
        for name, layer in list(run.layers.items()):
            layer.setName(name.partition(":")[2])
            if name.endswith("FAILED"):
                continue
            if layer.isSpatial():
                places.append(name)
            else:
                layer.setCustomProperty(SERVICE, name.partition(":")[0])
            if not layer.isSpatial() and access.zones.currentLayer() is not None:
                by_zone = zones_layer(access.zones.currentLayer(), access.zone_id.currentField(), layer)
                by_zone.setName(tr("{service}: by zone").format(service=_label(name.partition(":")[0])))
                run.layers[f"{name}:zones"] = by_zone
                shown.append(f"{name}:zones")
            shown.append(name)
        run.layers[CHANGES] = changes_layer(changes)
        shown.append(CHANGES)
        # Where zones say who gains and who loses, the thousands of places would hide them.
        hidden = tuple(places) if len(shown) > 2 * len(places) + 1 else ()
        add_results(run, tuple(shown), hidden=hidden, circumstances=moment)


def _label(category: str) -> str:
    """A category in words; ``services`` names the step of those that have none."""
    return tr("the services") if category in ("", "services") else category_label(category)
