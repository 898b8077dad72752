"""Page « Accès »: the question, its answer in words, then tables and maps that show what the words say."""

from __future__ import annotations

from functools import partial
from typing import Any

from qgis.core import QgsApplication, QgsMapLayer, QgsProcessingContext, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QTableWidget, QTableWidgetItem

from ..core.access.sentences import Beyond, circumstances, group_sentence, interval_sentence, not_computed_sentence
from ..core.messages import NO_BREAK
from ..core.observatory import NewMeasure, Terms
from ..core.population_columns import group_label
from ..i18n import counted, number, percent, tr, translate_message
from ..processing import settings as preferences
from ..processing.coordinates import crs_text
from ..processing.coverage_layer import GroupBeyond, group_shares, roads_read
from ..processing.network_input import FIELDS_REPORT
from ..processing.observatory import figures_in, zones_in
from ..processing.qgis_enums import GeometryType
from ..processing.report_sources import sources_of
from ..processing.roads import given_roads
from ..processing.styling import apply_style
from ..processing.styling.renderers import CLOSE
from ..processing.week_by_zone import WEEK_BY_ZONE, read_week
from .access_figures import GapFigures, gap_sentence, read_gaps, service_label, shown_threshold
from .access_question import Question, in_line
from .answer_label import AnswerLabel, Sentence
from .answers import Said, tell
from .communes_table import CommunesTable
from .folding import Folding
from .ground import lay_ground
from .kept_answers import KeptAnswers
from .layer_boxes import add_results
from .looks import give_keys, let_shrink, show_rows
from .observatory import Observatory
from .plain import PlainLabel, as_plain
from .progress_row import ProgressRow
from .runner import Run
from .service_sites import UnknownHours, sites_that_count, unknown_hours
from .week_map import WeekMap

MAPS = {"DEMAND_OUT": "costs", "OUTPUT": "coverage", "GAPS": "gaps"}
"""Results of `coveragegaps` that are maps, from the lowest to the one on top, with their styles."""
ROWS_SHOWN = 8
"""Of the table, without scrolling."""


class AccessPage(Question):
    """Every button runs the Processing algorithm of the same name with what the page says."""

    service_changed = pyqtSignal(str)
    """The code of the service that is spoken of now."""

    def __init__(self, iface) -> None:
        super().__init__()
        self._iface = iface
        self._found: list[GapFigures] = []
        self._layers: dict[str, str] = {}
        self._groups: list[GroupBeyond] = []
        self._asked, self._moment, self._basis = ("", ""), "", dict[str, Any]()
        self._terms = Terms("")
        self._way_and_when: tuple[str, ...] = ("",)
        self._how = circumstances("car")
        self._unknown: dict[str, UnknownHours] = {}
        self._moment_of_isochrones = self._shown = ""
        self._week_of = "", ""
        self._make_widgets()
        self._lay_out()
        self._begin()
        self._guess_layers()
        self.category.currentIndexChanged.connect(self._service_chosen)
        self.changed.connect(self._say_question)
        QgsProject.instance().cleared.connect(self._begin)

    # -- running ------------------------------------------------------------------------------------------------------

    def run_gaps(self) -> None:
        """Who is badly served, by zone and as areas."""
        if self._ready(True, self.services, self.demand):
            self._forget_answer()
            self._moment = self.moment_in_words()
            self._how = circumstances(self.profile.currentData(), self._moment)
            self._unknown = unknown_hours(self.services.currentLayer(), self.open_at()) if self._moment else {}
            self._way_and_when = self.way_and_when()
            self._asked, self._basis, self._terms = self._asking(), self._figures_basis(), self.terms()
            run = self._start("coveragegaps", self.gap_parameters(), tr("Looking for gaps…"))
            run.ended.connect(self._show_gaps)

    def run_isochrones(self) -> None:
        """What lies within reach of the services."""
        if self._ready(self.by_transit() or preferences.ENGINE.value() == "local", self.services):
            self._moment_of_isochrones = self.moment_in_words()
            run = self._start("isochrones", self.isochrone_parameters(), tr("Drawing isochrones…"))
            run.ended.connect(self._show_isochrones)

    def run_week(self) -> None:
        """Who is far from an open place of the service that is answered, at each hour of the week."""
        if not self._found or not self._ready(True, self.services, self.demand):
            self.week.clear()
            return
        if self._basis != self._figures_basis():
            self.week.clear()
            self.week.words.setText(
                tr("The question was changed after this answer: ask who is badly served again first.")
            )
            return
        figures = self._answered()
        parameters = {
            **self.gap_parameters(),
            "SERVICES": sites_that_count(self.services.currentLayer(), "", figures.category),
            "THRESHOLDS": self._shown.replace("_", "."),
            "OPEN_AT": "",
            "GROUPS": [],
            WEEK_BY_ZONE: True,
        }
        travel = translate_message(circumstances(self.profile.currentData()))
        run = self._start("coveragegaps", parameters, tr("Working out the week…"))
        run.ended.connect(partial(self._show_week, figures.category, self._shown, travel))

    def keep_measure(self) -> None:
        """The answer into the observatory, with where its inputs come from."""
        coverage = QgsProject.instance().mapLayer(self._layers.get("OUTPUT", ""))
        changed = (self._asked, self._basis) != (self._asking(), self._figures_basis())
        if coverage is None or changed:
            self.observatory.say(tr("The question was changed after this answer: ask who is badly served again first."))
        elif self.zones.currentLayer() is None:
            self.observatory.say(tr("Choose zones first: measures are kept zone by zone."))
        elif not self.observatory.file.filePath():
            self.observatory.say(tr("Choose first: {lacking}.").format(lacking=tr("file of the measures")))
        else:
            figures = figures_in(coverage, self.observatory.day())
            measure = NewMeasure(self.observatory.day(), self._terms, self._asked[0], self._inputs(coverage), figures)
            self.observatory.keep(measure, zones_in(coverage), crs_text(coverage.crs()))

    def _inputs(self, coverage: QgsVectorLayer) -> list[str]:
        """A line an input: producer, edition and day of reading, where they are known."""
        layers = {"SERVICES": self.services.currentLayer(), "DEMAND": self.demand.currentLayer(), "COVERAGE": coverage}
        lines = sources_of(layers, given_roads(self.roads_path(), QgsProcessingContext()))
        return [*lines, *([self.transit.file.filePath()] if self.by_transit() else [])]

    def _show_week(self, category: str, threshold: str, travel: str, run: Run) -> None:
        coverage = QgsProject.instance().mapLayer(self._layers.get("OUTPUT", ""))
        text = run.results.get(WEEK_BY_ZONE, "")
        if not run.succeeded or run.cancelled or coverage is None or not text:
            self.week.clear()
            return
        self._week_of = category, threshold
        said = service_label(category), shown_threshold(threshold), travel
        self.week.show_week(read_week(text), coverage, *said)
        self._lay_ground(run)

    def _ready(self, on_roads: bool, *boxes: QgsMapLayerComboBox) -> bool:
        lacking = [box.accessibleName() for box in boxes if box.currentLayer() is None]
        if on_roads and not self.roads_path():
            lacking.append(self.roads.accessibleName())
        if self.by_transit() and self.transit.lacking():
            lacking.append(self.transit.lacking())
        refused = tr("Choose first: {lacking}.").format(lacking=", ".join(lacking)) if lacking else ""
        refused = refused or (self.contradiction() if on_roads else "")
        if refused:
            self._forget_answer()
            self.progress.word.clear()
            self.answer.setText(refused)
            self.folding.fold(False)
            self.bring_into_sight(self.answer)
        return not refused and self.progress.run is None

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
        if (figures.category, threshold) != self._week_of:
            self.week.leave()
        self._shown = threshold
        self.answer.setText(self._sentence(figures, threshold))
        self.more.setText(self._more(figures, threshold))
        self.communes.show_service(figures.category, list(figures.thresholds).index(threshold))
        self.observatory.show_answer(self._terms, figures.category, figures.thresholds[threshold])
        facts = {"category": figures.category, "threshold": figures.thresholds[threshold], "unit": "min"}
        for name, layer in self._layers.items():
            shown = QgsProject.instance().mapLayer(layer)
            if shown is not None:
                apply_style(shown, MAPS[name], facts)
        tell(self._layers.get("OUTPUT", ""), self._said(figures, threshold))
        self.kept.show_beside(self._layers.get("OUTPUT", ""))

    def _said(self, figures: GapFigures, threshold: str) -> Said:
        """What the answer's group of layers keeps of it, to stand beside another; no figure where nobody knows it."""
        minutes, served = figures.thresholds[threshold], figures.served
        beyond = 0.0 if self._nothing_known(figures) else served.beyond[list(figures.thresholds).index(threshold)]
        computed = 0.0 if self._nothing_known(figures) else served.computed
        question = f"{service_label(figures.category)} · {in_line(self._way_and_when, shown_threshold(threshold))}"
        return Said(question, self._sentence(figures, threshold), Beyond(beyond, computed, minutes))

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
            self._terms = self._terms._replace(roads=roads_read(run.layers["OUTPUT"]))
        self._fill_table()
        add_results(run, tuple(MAPS), self._under_zones(run), self._moment)
        self._lay_ground(run)
        if not run.cancelled and self._found:
            self.observatory.suggest_file(self.zones.currentLayer(), self.services.currentLayer())
            self.communes.show_zones(run.layers["OUTPUT"], self.zones.currentLayer(), self.zone_id.currentField())
            self._show_service(self._answered())
            self.folding.fold()
            self._say_question()
            self.bring_into_sight(self.folding)
            self.service_changed.emit(self._answered().category)

    def _show_isochrones(self, run: Run) -> None:
        """On the map; the places that have none are counted in words."""
        areas = run.layers.get("OUTPUT")
        if areas is not None and self.current_service():
            apply_style(areas, "isochrones", {"category": self.current_service()})
        add_results(run, ("OUTPUT",), circumstances=self._moment_of_isochrones)
        self._lay_ground(run)
        failed = run.layers.get("FAILED")
        if run.succeeded and not run.cancelled and failed is not None and failed.featureCount():
            words = tr(
                "{count} place has no isochrone; the layer “{name}” says why."
                "|{count} places have no isochrone; the layer “{name}” says why."
            )
            self.progress.word.setText(counted(words, failed.featureCount(), name=failed.name()))

    def _under_zones(self, run: Run) -> tuple[str, ...]:
        """People under zones are not read with them: areas of people are off, places are for close looks."""
        demand = run.layers.get("DEMAND_OUT")
        if demand is None or self.zones.currentLayer() is None:
            return ()
        if demand.geometryType() == GeometryType.Polygon:
            return ("DEMAND_OUT",)
        demand.setScaleBasedVisibility(True)
        demand.setMinimumScale(CLOSE)
        return ()

    def _lay_ground(self, run: Run) -> None:
        if not run.project_gone:
            lay_ground(self.zones.currentLayer(), self.roads.currentLayer())

    def _fill_table(self) -> None:
        """Share of the people beyond each threshold, a category a row."""
        if not self._found:
            self.communes.clear()
            self.week.leave()
            self.observatory.forget_answer()
            self.kept.show_beside("")
        self.week.setVisible(bool(self._found))
        self.observatory.setVisible(bool(self._found))
        thresholds = list(self._found[0].thresholds) if self._found else []
        self.table.setVisible(len(self._found) * len(thresholds) > 1)
        self.table.setColumnCount(len(thresholds))
        self.table.setRowCount(len(self._found))
        titles = [f"> {shown_threshold(threshold)}{NO_BREAK}min" for threshold in thresholds]
        self.table.setHorizontalHeaderLabels(titles)
        self.table.setVerticalHeaderLabels([service_label(figures.category) for figures in self._found])
        for row, figures in enumerate(self._found):
            for position, threshold in enumerate(thresholds):
                part = None if self._nothing_known(figures) else figures.percent(threshold)
                share = "–" if part is None else percent(part, 1)
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
            return words.format(category=service_label(figures.category), moment=self._moment)
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
        known = figures.intervals if figures.served.computed else None
        said = [interval_sentence(figures.served, *known.ends[rank], known.width)] if known else []
        limit, service = figures.thresholds[threshold], service_label(figures.category)
        for group in self._groups:
            if (group.category, group.threshold) == (figures.category, limit):
                words = group_label(group.column)
                said.append(group_sentence(words, group.share, group.everyone, limit, "min", service))
        return "\n".join(map(translate_message, said))

    # -- widgets ------------------------------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.folding = Folding(self.form, "")
        self.other_question = Sentence()
        self.answer = AnswerLabel("CartoServicesPublicsAnswer")
        self.more = Sentence()
        self.more.setAccessibleName(tr("Interval of the answer, and groups of people"))
        self.kept = KeptAnswers(self._iface.mapCanvas())
        self._make_table()
        self.communes = CommunesTable(self._iface.mapCanvas())
        self.week = WeekMap()
        self.week.asked.connect(self.run_week)
        self.observatory = Observatory()
        self.observatory.keep_asked.connect(self.keep_measure)
        self.fields_report = PlainLabel()
        self.fields_report.setWordWrap(True)
        self.fields_report.setAccessibleName(tr("What the fields of the roads gave"))
        self.fields_report.hide()
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

    def _make_table(self) -> None:
        """Of services by thresholds."""
        self.table = QTableWidget()
        self.table.setAccessibleName(tr("Share of people beyond each threshold"))
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setToolTip(tr("A click on a figure shows it on the map."))
        self.table.cellClicked.connect(self._show_cell)
        self.table.cellActivated.connect(self._show_cell)
        self.table.hide()

    def _lay_out(self) -> None:
        """Question, answer, tables; the buttons and what runs stay in sight."""
        answer = (self.folding, self.other_question, self.answer, self.more, self.kept)
        for part in (*answer, self.table, self.week, self.communes, self.observatory):
            self.column.addWidget(part)
        self.column.addWidget(self.fields_report)
        self.column.addWidget(self.progress.word)  # it may be long: it scrolls
        self.column.addStretch()
        buttons = QHBoxLayout()
        buttons.addWidget(self.gaps, 1)
        buttons.addWidget(self.isochrones, 1)
        self.foot.addWidget(self.progress)
        self.foot.addLayout(buttons)

    def _begin(self) -> None:
        """No question was asked yet of this project."""
        self._by_hand.clear()
        self.network_file.setFilePath("")
        self._asked, self._basis = ("", ""), {}
        self._forget_answer()
        self.folding.fold(False)
        self._say_question()

    def _forget_answer(self) -> None:
        """Its sentences and tables go; its layers stay in the project."""
        self._found, self._layers, self._groups = [], {}, []
        self.answer.clear()
        self.more.clear()
        self._fill_table()

    def _asking(self) -> tuple[str, str]:
        """How and when one travels, and of which layers, columns and files: an answer holds for every service of it."""
        boxes = self._chosen_layers().values()
        layers = [box.currentLayer().id() for box in boxes if box.currentLayer() is not None]
        columns = [field.currentField() for field in self._chosen_columns().values()]
        timetable = self.transit.file.filePath() if self.by_transit() else ""
        given = [*layers, *columns, *self.groups.checkedItemsData(), self.network_file.filePath(), timetable]
        return self.circumstances_in_line(), "\n".join(given)

    def _figures_basis(self) -> dict[str, Any]:
        """What the week of an answer must have in common with it: all that is asked but the moment and thresholds."""
        aside = ("OPEN_AT", "THRESHOLDS", "GROUPS", "GROUPS_OUT", "DEMAND")
        asked = {name: value for name, value in self.gap_parameters().items() if name not in aside}
        asked["DEMAND"] = self.demand.currentLayer()
        return {name: value.id() if isinstance(value, QgsMapLayer) else value for name, value in asked.items()}

    def _say_question(self) -> None:
        """The question in one line; an answer to an earlier one says which."""
        is_invited = not self._found and self.services.currentLayer() is None
        invitation = tr("Choose services, people and roads, then ask who is badly served.")
        self.folding.line.setText(invitation if is_invited else self.in_one_line())
        asking = self._asking()
        words = tr("The answer is still to: {question}").format(question=self._asked[0])
        if self._asked[0] == asking[0]:
            words = tr("The answer is still to the layers, columns and groups chosen before.")
        self.other_question.setText(words if self._found and self._asked != asking else "")
