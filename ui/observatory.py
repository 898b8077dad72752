"""« Observatoire »: answers kept year after year in one file, the series of each zone, the map that follows time."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

from qgis.core import QgsDateTimeRange, QgsProject, QgsProviderRegistry, QgsVectorLayer
from qgis.gui import QgsFileWidget
from qgis.PyQt.QtCore import QDate, QDateTime, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QDateEdit,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..core.errors import CartoError
from ..core.observatory import (
    DatePoint,
    Kept,
    MeasureKept,
    NewMeasure,
    Series,
    Terms,
    Trend,
    Zone,
    days_of_roads_unsaid,
    figures_of,
    forget,
    in_series,
    keep,
    kept_measures,
    people_words,
    say_population,
    series_kept,
    trend_of,
    zone_names,
)
from ..core.population_columns import counts_inhabitants
from ..i18n import counted, number, tr, translate_message
from ..processing.observatory import in_time, roads_doubt, roads_in_words
from ..processing.population_groups import in_words
from ..processing.styling.renderers import category_label
from .answer_label import Sentence
from .background import in_background
from .layer_boxes import Given, add_results
from .looks import is_agreed, let_shrink, show_rows, to_be_read
from .plain import as_plain
from .result_groups import result_groups
from .series_chart import Line, SeriesChart, shown_date
from .welcome import is_demonstration

PROJECT = "CartoServicesPublics"
FILE_NAME = "observatoire.gpkg"
ROWS_SHOWN = 4


class Asked(NamedTuple):
    """The series that is spoken of: terms, service, threshold in minutes."""

    terms: Terms
    category: str
    threshold: float


class Observatory(QWidget):
    """A button; then the file, the day and « Keep », the measures kept, and the series of what is answered."""

    keep_asked = pyqtSignal()
    """The answer is to be kept: its figures are to be given to `keep`."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: Asked | None = None
        self._series = Series((), {}, 0)
        self._offered: list[Terms] = []
        self._roads_unsaid = 0
        self._measures: list[MeasureKept] = []
        self._busy = False
        self._make_file()
        self._make_list()
        self._make_series()
        self._lay_out()
        self.body.hide()
        QgsProject.instance().cleared.connect(self._leave_project)
        QgsProject.instance().readProject.connect(self._take_up_project)

    # -- what the page gives ------------------------------------------------------------------------------------------

    def show_answer(self, terms: Terms, category: str, threshold: float) -> None:
        """Speak of the series of this answer."""
        if self._asked is None or self._asked.terms != terms:
            self.people.clear()
        self._asked = Asked(terms, category, threshold)
        self._be_today()
        if not self.body.isHidden():
            self._read()

    def forget_answer(self) -> None:
        """No answer any more: the list of measures stays."""
        self._asked = None
        self._turn_buttons()
        self._show_series()

    def suggest_file(self, *layers: QgsVectorLayer | None) -> None:
        """A file beside the project, or beside the first of the layers that is a file of the user's."""
        if self.file.filePath():
            return
        folders = [_folder_of(layer) for layer in layers if layer is not None]
        project = QgsProject.instance().absolutePath()
        folder = project or next(filter(None, folders), "")
        if folder:
            self.file.setFilePath(str(Path(folder) / FILE_NAME))

    def keep(self, measure: NewMeasure, zones: list[Zone], crs: str) -> None:
        """Write a measure; the list and the series follow."""
        self._busy = True
        self._turn_buttons()
        self.word.setText(tr("Keeping the measure…"))
        path = Path(self.file.filePath())
        QgsProject.instance().writeEntry(PROJECT, "observatory", str(path))
        work = partial(keep, path, measure, zones, crs)
        in_background(
            tr("Keeping the measure…"), lambda _feedback: work(), partial(self._kept, measure), self._failed, self
        )

    def day(self) -> str:
        """The day of the measure, ISO 8601."""
        return self.date.date().toString(Qt.DateFormat.ISODate)

    def say(self, words: str) -> None:
        """Why nothing is kept."""
        self.word.setText(words)

    def _kept(self, measure: NewMeasure, kept: Kept) -> None:
        self._busy = False
        self.people.clear()
        self._read()
        words = tr("Kept, {date}: {count} figure.|Kept, {date}: {count} figures.")
        said = counted(words, len(measure.figures), date=shown_date(measure.date))
        if kept.replaced:
            again = tr(
                "{count} of them takes the place of one of the same day."
                "|{count} of them take the place of those of the same day."
            )
            said = f"{said} {counted(again, kept.replaced)}"
        self.word.setText(said)

    def _failed(self, words: str) -> None:
        self._busy = False
        self._turn_buttons()
        self.word.setText(words)

    # -- reading ------------------------------------------------------------------------------------------------------

    def _turn(self, wanted: bool) -> None:
        self.body.setVisible(wanted)
        if wanted:
            self._be_today()
            self._read()

    def _be_today(self) -> None:
        """The day of the measure is that of today, in a QGIS opened yesterday too, unless another is chosen."""
        is_latest = self.date.date() == self.date.maximumDate()
        self.date.setMaximumDate(QDate.currentDate())
        if is_latest:
            self.date.setDate(QDate.currentDate())

    def _read(self, _path: str = "") -> None:
        """The measures of the file, and the series of the answer."""
        path, self._measures = Path(self.file.filePath()), []
        self.word.clear()
        if self.file.filePath() and path.exists():
            try:
                self._measures = kept_measures(path)
            except CartoError as error:
                self.word.setText(translate_message(error))
        self._fill_list()
        self._show_series()

    def _fill_list(self) -> None:
        self.list.setRowCount(len(self._measures))
        several = len({measure.question.population for measure in self._measures}) > 1
        other_roads = len({measure.question.roads for measure in self._measures}) > 1
        for row, measure in enumerate(self._measures):
            services = ", ".join(map(category_label, measure.categories))
            population = measure.question.population
            people = in_words(people_words(population))
            roads = roads_in_words(measure.question.roads)
            lines = [measure.words]
            lines += [people] if several or not counts_inhabitants(population) else []
            lines += [roads] if other_roads else []
            for column, text in enumerate(("\n".join(lines), shown_date(measure.date))):
                cell = QTableWidgetItem(text)
                cell.setToolTip(as_plain("\n".join((measure.words, people, roads, services, *measure.inputs))))
                self.list.setItem(row, column, cell)
        self.list.resizeRowsToContents()
        self.list.setVisible(bool(self._measures))
        show_rows(self.list, ROWS_SHOWN)
        self._turn_buttons()

    def _forget(self) -> None:
        """The measures chosen in the list leave the file, for ever: the user is asked first."""
        chosen = self._chosen()
        question = tr("Remove {count} measure from the file for ever?|Remove {count} measures from the file for ever?")
        if not is_agreed(self, self.forget_button.text(), counted(question, len(chosen))):
            return
        said = counted(tr("{count} measure removed.|{count} measures removed."), len(chosen))
        try:
            for measure in chosen:
                forget(Path(self.file.filePath()), measure.measure)
        except CartoError as error:
            said = translate_message(error)
        self._read()
        self.word.setText(said)

    def _say_people(self) -> None:
        """The measures chosen that do not say whom they count counted those of the answer."""
        if self._asked is None:
            return
        population, unsaid = self._asked.terms.population, _unsaid(self._chosen())
        try:
            count = say_population(Path(self.file.filePath()), [each.measure for each in unsaid], population)
        except CartoError as error:
            self.word.setText(translate_message(error))
            return
        self.people.clear()
        self._read()
        words = tr("{count} measure now counts: {people}.|{count} measures now count: {people}.")
        said = [counted(words, count, people=in_words(people_words(population)))]
        if count < len(unsaid):
            words = tr(
                "{count} stays as it was: the same day has a measure of these people."
                "|{count} stay as they were: the same days have measures of these people."
            )
            said.append(counted(words, len(unsaid) - count))
        self.word.setText(" ".join(said))

    def _chosen(self) -> list[MeasureKept]:
        """Those chosen in the list."""
        return [self._measures[row] for row in sorted({index.row() for index in self.list.selectedIndexes()})]

    def _turn_buttons(self) -> None:
        chosen = self._chosen()
        self.keep_button.setEnabled(not self._busy)
        self.forget_button.setVisible(bool(self._measures))
        self.forget_button.setEnabled(bool(chosen) and not self._busy)
        self.say_button.setVisible(self._asked is not None and bool(_unsaid(self._measures)))
        self.say_button.setEnabled(bool(_unsaid(chosen)) and not self._busy)
        if self._asked is not None:
            words = tr("The measures chosen whose population is not said counted, as this answer does: {people}")
            people = in_words(people_words(self._asked.terms.population))
            self.say_button.setToolTip(as_plain(words.format(people=people)))

    # -- the series ---------------------------------------------------------------------------------------------------

    def _shown(self) -> Asked | None:
        """The answer's question, of the series that is shown: its own, unless another was chosen."""
        row = self.people.currentIndex()
        if self._asked is None or row < 0:
            return self._asked
        return self._asked._replace(terms=self._offered[row])

    def _offer_series(self, kept: list[Terms]) -> None:
        """That of the answer, and the others of its question; the one chosen stays.

        Measures that do not say how the roads were read go on with those that do: they are no series then.
        """
        row = self.people.currentIndex()
        chosen = self._offered[row] if row >= 0 else None
        every = list(dict.fromkeys([self._asked.terms, *kept])) if self._asked is not None else []
        said = {each.population for each in every if each.roads}
        self._offered = [each for each in every if each.roads or each == every[0] or each.population not in said]
        self.people.clear()
        other_people = len({each.population for each in self._offered}) > 1
        for each in self._offered:
            words = [in_words(people_words(each.population))] if other_people or not self._other_roads() else []
            words += [roads_in_words(each.roads)] if self._other_roads() else []
            self.people.addItem(" · ".join(words))
        self.people.setCurrentIndex(self._offered.index(chosen) if chosen in self._offered else 0)
        self.people.setVisible(self.people.count() > 1)

    def _other_roads(self) -> bool:
        """Whether series of the same people are apart, by how the roads were read."""
        return len({each.population for each in self._offered}) < len(self._offered)

    def _show_series(self, _row: int = 0) -> None:
        """Read the series of the answer, offer its zones, and draw it."""
        self._series, self._roads_unsaid, names = Series((), {}, 0), 0, {}
        path = Path(self.file.filePath())
        try:
            kept = series_kept(path, *self._asked) if self._asked is not None and self._measures else []
            self._offer_series(kept)
            shown = self._shown()
            if shown is not None and kept:
                self._series = in_series(figures_of(path, *shown))
                self._roads_unsaid = len(days_of_roads_unsaid(path, *shown))
                names = zone_names(path)
        except CartoError as error:
            self._offer_series([])
            self.word.setText(translate_message(error))
        chosen = self.zone.currentData()
        self.zone.blockSignals(True)
        self.zone.clear()
        self.zone.addItem(tr("the whole territory"), None)
        for zone_id in sorted(self._series.zones, key=lambda zone: names.get(zone, zone)):
            self.zone.addItem(names.get(zone_id, "") or zone_id or tr("outside the zones"), zone_id)
        if isinstance(chosen, str):
            self.zone.setCurrentIndex(max(self.zone.findData(chosen), 0))
        self.zone.blockSignals(False)
        self._draw()

    def _draw(self, _row: int = 0) -> None:
        """The chart and the trend of the zone chosen."""
        zone = self.zone.currentData()
        chosen = self._series.zones.get(zone, ()) if isinstance(zone, str) else self._series.points
        words = self._trend_in_words(self.zone.currentText(), chosen)
        lines = [
            Line(zone_id, self.zone.itemText(self.zone.findData(zone_id)), points)
            for zone_id, points in self._series.zones.items()
            if any(point.served.population > 0 for point in points)
        ]
        self.chart.show_lines([*lines, Line(None, self.zone.itemText(0), self._series.points)], zone, words)
        self.trend.setText(words)
        self.series.setVisible(bool(self._series.zones) or self.people.count() > 1)
        self.map_button.setEnabled(len({p.date for points in self._series.zones.values() for p in points}) > 1)

    def _trend_in_words(self, zone: str, points: tuple[DatePoint, ...]) -> str:
        shown = self._shown()
        if shown is None or (not self._series.zones and self.people.count() < 2):
            return ""
        return " ".join([*self._figures_in_words(zone, shown, trend_of(points)), *self._people_in_words(shown)])

    def _people_in_words(self, shown: Asked) -> list[str]:
        """Whom the series counts where it is not plain, that there are others, and what may join them."""
        people = {terms: self.people.itemText(row) for row, terms in enumerate(self._offered)}
        unsaid = "" in {terms.population for terms in people}
        own = people.pop(shown.terms)
        said = []
        if people or not counts_inhabitants(shown.terms.population):
            said.append(tr("This series: {people}.").format(people=own))
        if people:
            words = tr(
                "Another series of this question: {people}; choose it above."
                "|Other series of this question: {people}; choose one above."
            )
            said.append(counted(words, len(people), people=" / ".join(people.values())))
        if not self.say_button.isHidden() and unsaid:
            words = tr("Measures that do not say whom they count: choose them in the list, then “{button}”.")
            said.append(words.format(button=self.say_button.text()))
        return said

    def _figures_in_words(self, zone: str, shown: Asked, trend: Trend | None) -> list[str]:
        if not self._series.zones:
            return [tr("No measure of this answer is kept yet.")]
        if trend is None and shown == self._asked:
            return [tr("Only one date is kept of this answer: the series begins with the next.")]
        if trend is None:
            return [tr("Only one date is kept of this series.")]
        said = [_change_in_words(zone, shown, trend)]
        if trend.yearly is not None:
            said.append(tr("On all dates: {points} a year.").format(points=_points(100 * trend.yearly)))
        if self._series.aside and zone == self.zone.itemText(0):
            words = tr(
                "{count} zone was not measured at every date and is left out."
                "|{count} zones were not measured at every date and are left out."
            )
            said.append(counted(words, self._series.aside))
        if self._roads_unsaid:
            said.append(translate_message(roads_doubt(self._roads_unsaid)))
        return said

    def _choose(self, zone_id: str) -> None:
        self.zone.setCurrentIndex(max(self.zone.findData(zone_id), 0))

    def _show_map(self) -> None:
        """A layer of the zones at each date, for the temporal controller."""
        shown = self._shown()
        if shown is None:
            return
        service = category_label(shown.category)
        title = tr("{service}: through the years").format(service=service)
        layer = in_time(Path(self.file.filePath()), self._series, title)
        circumstances = [service, tr("> {minutes} min").format(minutes=number(shown.threshold))]
        if not counts_inhabitants(shown.terms.population):
            circumstances.append(in_words(people_words(shown.terms.population)))
        if self._other_roads():
            circumstances.append(roads_in_words(shown.terms.roads))
        # The figures of today's answer would be read as those of the date that is shown.
        for group in result_groups():
            group.setItemVisibilityChecked(False)
        add_results(Given(tr("Observatory"), {"OUTPUT": layer}), ("OUTPUT",), circumstances=" · ".join(circumstances))
        first = min(points[0].date for points in self._series.zones.values())
        begin = QDateTime.fromString(f"{first}T00:00:00", Qt.DateFormat.ISODate)
        span = QgsDateTimeRange(begin, QDateTime.currentDateTime())
        QgsProject.instance().timeSettings().setTemporalRange(span)
        self.word.setText(
            tr("On the map: QGIS's temporal controller goes through the dates. Other results are not drawn meanwhile.")
        )

    # -- widgets ------------------------------------------------------------------------------------------------------

    def _make_file(self) -> None:
        self.button = QPushButton(tr("Observatory…"))
        self.button.setCheckable(True)
        self.button.setToolTip(tr("Keep this answer, and see how it changes from one year to the next."))
        self.button.toggled.connect(self._turn)
        self.file = QgsFileWidget()
        self.file.setStorageMode(QgsFileWidget.StorageMode.SaveFile)
        if hasattr(self.file, "setConfirmOverwrite"):
            self.file.setConfirmOverwrite(False)  # measures are added to what is there
        self.file.setFilter(tr("Measures kept (*.gpkg)"))
        self.file.lineEdit().setPlaceholderText(tr("file of the measures"))
        self.file.fileChanged.connect(self._read)
        self.date = QDateEdit(QDate.currentDate())
        self.date.setCalendarPopup(True)
        self.date.setMaximumDate(QDate.currentDate())
        self.date.setAccessibleName(tr("Date of the measure"))
        self.date.setToolTip(tr("Of the data, when they are not of today"))
        self.keep_button = QPushButton(tr("Keep this answer"))
        self.keep_button.clicked.connect(self.keep_asked)
        self.word = Sentence()

    def _make_list(self) -> None:
        self.list = QTableWidget(0, 2)
        self.list.setAccessibleName(tr("Measures kept"))
        self.list.setHorizontalHeaderLabels([tr("Question"), tr("Date")])
        self.list.verticalHeader().hide()
        to_be_read(self.list)
        self.list.itemSelectionChanged.connect(self._turn_buttons)
        self.forget_button = QPushButton(tr("Remove"))
        self.forget_button.setToolTip(tr("Take the measures chosen out of the file"))
        self.forget_button.clicked.connect(self._forget)
        self.say_button = QPushButton(tr("Say whom they count"))
        self.say_button.clicked.connect(self._say_people)

    def _make_series(self) -> None:
        self.people = QComboBox()
        self.people.setAccessibleName(tr("Series shown"))
        let_shrink(self.people)
        self.people.activated.connect(self._show_series)
        self.zone = QComboBox()
        self.zone.setAccessibleName(tr("Zone of the series"))
        let_shrink(self.zone)
        self.zone.currentIndexChanged.connect(self._draw)
        self.trend = Sentence()
        self.chart = SeriesChart()
        self.chart.zone_chosen.connect(self._choose)
        self.map_button = QPushButton(tr("On the map"))
        self.map_button.setToolTip(tr("The zones at each date, for QGIS's temporal controller"))
        self.map_button.clicked.connect(self._show_map)

    def _lay_out(self) -> None:
        self.body, self.series = QWidget(), QWidget()
        form = QFormLayout()
        form.addRow(tr("File"), self.file)
        row = QHBoxLayout()
        row.addWidget(self.date, 1)
        row.addWidget(self.keep_button, 1)
        form.addRow(tr("Date"), row)
        foot = QHBoxLayout()
        foot.addWidget(self.word, 1)
        foot.addWidget(self.forget_button)
        choice = QHBoxLayout()
        choice.addWidget(self.zone, 1)
        choice.addWidget(self.map_button)
        series = QVBoxLayout(self.series)
        series.setContentsMargins(0, 0, 0, 0)
        series.addWidget(self.people)
        series.addLayout(choice)
        series.addWidget(self.trend)
        series.addWidget(self.chart)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(self.list)
        column.addWidget(self.say_button, 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(foot)
        column.addWidget(self.series)
        top = QHBoxLayout()
        top.addWidget(self.button)
        top.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(top)
        whole.addWidget(self.body)

    def _leave_project(self) -> None:
        """A new project is another territory's: its measures do not go into the file of the last one."""
        self.file.setFilePath("")

    def _take_up_project(self, _document: object = None) -> None:
        """The file of the project."""
        self.file.setFilePath(observatory_of_project())


def observatory_of_project() -> str:
    """The file of measures that the project remembers; empty where there is none any more."""
    path = QgsProject.instance().readEntry(PROJECT, "observatory")[0]
    return path if path and Path(path).is_file() else ""


def _change_in_words(zone: str, asked: Asked, trend: Trend) -> str:
    words = tr(
        "{zone}: {share} % more than {minutes} min from {service} on {date}, {change} since {first} "
        "({people} inhabitant){latest}."
        "|{zone}: {share} % more than {minutes} min from {service} on {date}, {change} since {first} "
        "({people} inhabitants){latest}."
    )
    if not counts_inhabitants(asked.terms.population):
        words = tr(
            "{zone}: {share} % more than {minutes} min from {service} on {date}, {change} since {first} "
            "({people} beyond){latest}."
        )
    people, latest = round(trend.people), ""
    if trend.before.date != trend.first.date:
        before = tr(", {change} since {before}")
        latest = before.format(change=_signed(100 * trend.latest), before=shown_date(trend.before.date))
    return counted(
        words,
        abs(people),
        zone=zone[:1].upper() + zone[1:],
        share=number(100 * (trend.last.served.share() or 0.0), 1),
        minutes=number(asked.threshold, 0 if asked.threshold.is_integer() else 1),
        service=category_label(asked.category),
        date=shown_date(trend.last.date),
        change=_points(100 * trend.change),
        first=shown_date(trend.first.date),
        people=_signed(people, 0),
        latest=latest,
    )


def _unsaid(measures: list[MeasureKept]) -> list[MeasureKept]:
    """Those of which nobody knows whom they counted."""
    return [each for each in measures if not each.question.population]


def _points(value: float) -> str:
    """« +24.9 points », of a share."""
    return counted(tr("{signed} point|{signed} points"), abs(round(value, 1)), signed=_signed(value))


def _signed(value: float, decimals: int = 1) -> str:
    """With its sign; nought has none."""
    rounded = round(value, decimals)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{number(abs(rounded), decimals)}"


def _folder_of(layer: QgsVectorLayer) -> str:
    """Of a layer that is a file of the user's; empty for any other."""
    if layer.providerType() != "ogr" or is_demonstration(layer):
        return ""
    path = QgsProviderRegistry.instance().decodeUri("ogr", layer.source()).get("path", "")
    return str(Path(path).parent) if path and Path(path).is_file() else ""
