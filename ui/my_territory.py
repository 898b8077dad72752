"""« Mon territoire »: her territory typed, what will be fetched said, one button to the first answer."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from qgis.core import QgsApplication, QgsProcessingFeedback, QgsSettings, QgsVectorLayer
from qgis.PyQt.QtCore import QDate, QLocale, Qt, QTimer
from qgis.PyQt.QtWidgets import QComboBox, QFormLayout, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from ..core.errors import CartoError
from ..core.territory import Dropped, Wish, is_begun, read_wish, recognise_file, source_rows
from ..core.territory.announce import Announced, announce
from ..core.territory.datasets import BUILDINGS, CELLS, COMMUNES, ROADS
from ..core.wfs import SERVER, Wfs
from ..i18n import number, tr, translate_message
from ..processing import settings
from ..processing.base import FeedbackProgress
from ..processing.connections import ANNUAIRE, all_connections, data_folder
from ..processing.transport import open_session
from .access_question import profile_labels
from .answer_label import Sentence
from .background import FunctionTask, in_background
from .basemap import add_basemap
from .looks import give_keys, is_agreed, let_shrink
from .progress_row import ProgressRow
from .runner import Run
from .territory_layers import bring_back, copy_aside, drop_copy, hold, layers_of, set_aside, territory_layers
from .territory_picker import REMEMBERED, TerritoryPicker

USUAL_CATEGORIES = ("france_services", "mairie")
"""Services of the first answer, where none is ticked."""
THRESHOLDS = "10,20"
HALO = 20.0
_ASK_LATER_MS = 400
_NAMED = 6
"""Territories that the file's name tells; beyond, it tells them apart."""


class Asked(NamedTuple):
    """What is being fetched, whatever is chosen meanwhile: the file, the territory in words, the connection of the
    services, how one travels."""

    path: Path
    place: str
    source: str
    profile: str


class Ready(NamedTuple):
    """The layers of a prepared territory and its network, for the page of access; ``kept``: earlier files."""

    layers: dict[str, QgsVectorLayer]
    network: str
    profile: str
    kept: tuple[str, ...] = ()


def type_labels() -> dict[str, str]:
    """What the types of the source are called on the screen."""
    return {
        ROADS.name: tr("Roads (BD TOPO)"),
        CELLS.name: tr("Inhabitants (cells of 200 m)"),
        BUILDINGS.name: tr("Buildings (BD TOPO)"),
        COMMUNES.name: tr("Communes (ADMIN EXPRESS)"),
    }


def _day(edition: str) -> str:
    """The date of an edition as the user's country writes it; what is no whole date stays as it is."""
    day = QDate.fromString(edition, Qt.DateFormat.ISODate)
    return QLocale().toString(day, QLocale.FormatType.ShortFormat) if day.isValid() else edition


class MyTerritory(QFrame):
    """Shown when asked for. ``use(ready)`` computes the first answer; ``categories()`` are those ticked by the user."""

    def __init__(self, use: Callable[[Ready], None], categories: Callable[[], list[str]]) -> None:
        super().__init__()
        self.setObjectName("CartoServicesPublicsMyTerritory")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAcceptDrops(True)
        self._use, self._categories = use, categories
        self._files: list[Dropped] = []
        self._was_shown = False
        self._asking: FunctionTask | None = None
        self._copying: FunctionTask | None = None
        self._coming: Iterator[tuple[str, QgsVectorLayer]] = iter(())
        self._make_widgets()
        self._lay_out()
        self._ask_later = QTimer(self)
        self._ask_later.setSingleShot(True)
        self._ask_later.setInterval(_ASK_LATER_MS)
        self._ask_later.timeout.connect(self._ask)
        self.territory.changed.connect(self._choices_changed)
        self.services.currentIndexChanged.connect(self._choices_changed)
        self.people.currentIndexChanged.connect(self._choices_changed)
        self._choices_changed()
        self.hide()

    def _make_widgets(self) -> None:
        self.territory = TerritoryPicker()
        self.services = QComboBox()
        self.services.setAccessibleName(tr("Services"))
        self._fill_services()
        self.people = QComboBox()
        self.people.addItem(tr("INSEE's cells of 200 m, with ages"), "filosofi")
        self.people.addItem(tr("Populations of communes, over dwellings"), "communes")
        self.people.setAccessibleName(tr("Inhabitants"))
        self.profile = QComboBox()
        self.profile.setAccessibleName(tr("Travelling"))
        for code, label in profile_labels().items():
            self.profile.addItem(label, code)
        let_shrink(self.services, self.people, self.profile)
        self.status = Sentence()
        self.without_files = QPushButton(tr("Without these files"))
        self.without_files.setToolTip(tr("Fetch from the service what they would give."))
        self.without_files.clicked.connect(self.forget_files)
        self.prepare = QPushButton()
        self.prepare.setDefault(True)
        self.prepare.clicked.connect(self.run)
        self.basemap = QPushButton(tr("Add the base map"))
        self.basemap.clicked.connect(add_basemap)
        self.progress = ProgressRow()
        give_keys(self, self.prepare, self.progress.stop)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(tr("My territory"), self.territory)
        form.addRow(tr("Services"), self.services)
        form.addRow(tr("Inhabitants"), self.people)
        form.addRow(tr("Travelling"), self.profile)
        buttons = QHBoxLayout()
        buttons.addWidget(self.prepare, 1)
        buttons.addWidget(self.basemap)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.status)
        column.addWidget(self.without_files, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(buttons)
        column.addWidget(self.progress)

    def showEvent(self, event) -> None:
        """The territory of the last time is there again, closing QGIS included; nothing is asked before this shows."""
        super().showEvent(event)
        self._fill_services()
        if not self._was_shown:
            self._was_shown = True
            self.territory.set_codes(QgsSettings().value(REMEMBERED, []) or [])
        elif not self._is_busy():
            self._choices_changed()  # what there is may be newer than the last time it showed

    def geopackage(self) -> Path:
        """Where this territory is kept, in the user's profile: a file to copy."""
        codes, source = sorted(self.territory.codes()), self.source()
        name = "-".join(codes[:_NAMED])
        if len(codes) > _NAMED or source != ANNUAIRE:
            name += "-" + blake2b("\n".join([source, *codes]).encode(), digest_size=4).hexdigest()
        return data_folder("territoires") / f"territoire-{name}.gpkg"

    def source(self) -> str:
        """The connection that the services come from, by its name."""
        return self.services.currentText() or ANNUAIRE

    def _fill_services(self) -> None:
        """Read the connections again, the choice kept; the Annuaire at first."""
        chosen = self.source()
        self.services.blockSignals(True)
        self.services.clear()
        self.services.addItems([connection.name for connection in all_connections()])
        row = self.services.findText(chosen)
        self.services.setCurrentIndex(row if row >= 0 else max(self.services.findText(ANNUAIRE), 0))
        self.services.blockSignals(False)

    def wish(self) -> Wish:
        """What the button would prepare."""
        categories = tuple(self._categories()) or USUAL_CATEGORIES
        return Wish(tuple(self.territory.codes()), HALO, categories, self.people.currentData())

    # -- what will be fetched -----------------------------------------------------------------------------------------

    def _choices_changed(self) -> None:
        if self._asking is not None:
            self._asking.drop()
            self._asking = None
        chosen = bool(self.territory.codes())
        self.without_files.setVisible(bool(self._files))
        self.prepare.setEnabled(chosen and not self._is_busy())
        self.prepare.setText(self._what_the_button_does() if chosen else tr("Fetch, and see who is far"))
        self.status.setText("" if chosen else tr("Type the name of your commune, intercommunality or département."))
        if chosen:
            self.status.setText(self._services_sentence())
            self._ask_later.start()

    def _what_the_button_does(self) -> str:
        if is_begun(self.geopackage(), self.wish()):
            return tr("Go on where it stopped")
        return tr("Bring up to date") if self._is_there() else tr("Fetch, and see who is far")

    def _is_there(self) -> bool:
        path = self.geopackage()
        try:
            return path.is_file() and read_wish(path) == self.wish().as_facts()
        except CartoError:
            return False

    def _services_sentence(self) -> str:
        lines = [tr("Services: {source}, read now.").format(source=self.source())]
        names = ", ".join(dropped.path.name for dropped in self._files)
        return "\n".join(
            [*lines, tr("Files in place of the service: {names}.").format(names=names)] if names else lines
        )

    def _ask(self) -> None:
        """Count at the service, in the background."""
        address, wish = settings.WFS.value() or SERVER, self.wish()

        def count(feedback: QgsProcessingFeedback) -> list[Announced]:
            wfs = Wfs(address, partial(open_session, address, feedback=feedback))
            return announce(wish, wfs, FeedbackProgress(feedback))

        self._asking = in_background(tr("Counting what there is"), count, self._show_announced, self._say, self)

    def _show_announced(self, announced: list[Announced]) -> None:
        words, what = tr("{what}: {count} at most, {producer}, edition {edition}, {licence}."), type_labels()
        mine, lines = self._editions_there(), []
        for each in announced:
            edition = _day(each.edition) or tr("not stated")
            if each.edition and mine.get(each.what) not in (None, "", each.edition):
                edition = tr("{new} (you have {old})").format(new=edition, old=_day(mine[each.what]))
            facts = {"what": what[each.what], "count": number(each.count), "producer": each.producer}
            lines.append(words.format(edition=edition, licence=each.licence, **facts))
        self.status.setText("\n".join([self._services_sentence(), *lines]))

    def _editions_there(self) -> dict[str, str]:
        """The editions that this territory's file holds, by type; none where it is not there."""
        if not self._is_there():
            return {}
        return {row["quoi"]: str(row["edition"] or "") for row in source_rows(self.geopackage())}

    def _say(self, sentence: str) -> None:
        self.status.setText("\n".join((self._services_sentence(), sentence)))

    # -- files --------------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event) -> None:
        self.take_files([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def take_files(self, paths: list[Path]) -> None:
        """Use files of the producers in place of the service; those that are none of theirs are named."""
        unfolded = data_folder("territoires") / "fichiers"

        def look(feedback: QgsProcessingFeedback) -> tuple[list[Dropped], list[str]]:
            found, problems = [], []
            for path in paths:
                try:
                    found += recognise_file(path, unfolded, FeedbackProgress(feedback))
                except CartoError as error:
                    problems.append(translate_message(error))
            return found, problems

        self.progress.word.setText(tr("Looking into the files…"))
        in_background(tr("Looking into the files…"), look, self._take_found, self.progress.word.setText, self)

    def forget_files(self) -> None:
        """Do without the files given: they may be of another territory than the one chosen now."""
        self._files.clear()
        self._choices_changed()

    def _take_found(self, looked: tuple[list[Dropped], list[str]]) -> None:
        found, problems = looked
        self._files += [each for each in found if each not in self._files]
        self._choices_changed()
        self.progress.word.setText("\n".join(problems))

    # -- preparing ----------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Fetch the territory, in the background; go on where an earlier time stopped."""
        if self._is_busy() or not self.territory.codes() or not self._edits_are_saved():
            return
        path, wish = self.geopackage(), self.wish()
        asked = Asked(path, self.territory.name(), self.source(), self.profile.currentData())
        QgsSettings().setValue(REMEMBERED, list(wish.territory))
        files = list(dict.fromkeys(str(dropped.path) for dropped in self._files))
        if not layers_of(path) or not path.is_file():
            self._fetch(asked, wish, files)
            return
        hold(path)
        self.prepare.setEnabled(False)
        words = tr("Setting aside what the map shows meanwhile…")
        self.progress.word.setText(words)
        fetch, stop = partial(self._fetch_beside, asked, wish, files), partial(self._not_set_aside, path)
        self._copying = in_background(words, partial(copy_aside, path), fetch, stop, self)

    def _is_busy(self) -> bool:
        return self.progress.run is not None or self._copying is not None

    def _edits_are_saved(self) -> bool:
        """Leave the editing of the territory's layers; whether the user agrees to save what is not."""
        editing = [layer for layer in layers_of(self.geopackage()) if layer.isEditable()]
        changed = [layer for layer in editing if layer.isModified()]
        if changed:
            names = ", ".join(layer.name() for layer in changed)
            question = tr(
                "Edits that are not saved: {names}. They are saved first; where the services or a newer edition say"
                " otherwise, that takes their place, and the file as it was is kept under its date."
            )
            if not is_agreed(self, tr("Save, and bring up to date"), question.format(names=names)):
                return False
        for layer in editing:
            if layer.isModified() and not layer.commitChanges():
                self.progress.word.setText("\n".join(layer.commitErrors()))
                return False
            if layer.isEditable():
                layer.rollBack()
        return True

    def _fetch_beside(self, asked: Asked, wish: Wish, files: list[str], _copied: None) -> None:
        self._copying = None
        if layers_of(asked.path):
            set_aside(asked.path)
            self._fetch(asked, wish, files)
        else:
            self._not_set_aside(asked.path, tr("Stopped: another project was opened."))

    def _not_set_aside(self, path: Path, sentence: str) -> None:
        self._copying = None
        deque(bring_back(path), maxlen=0)
        self._choices_changed()
        self.progress.word.setText(sentence)

    def _fetch(self, asked: Asked, wish: Wish, files: list[str]) -> None:
        self._copies = set(_copies_of(asked.path))
        algorithm = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:prepareterritory")
        run = Run(
            algorithm,
            {
                "TERRITORY": ",".join(wish.territory),
                "HALO": wish.halo,
                "CATEGORIES": ",".join(wish.categories),
                "REGISTRY": asked.source,
                "POPULATION": wish.population,
                "PROFILE": asked.profile,
                "FILES": ";".join(files),
                "GEOPACKAGE": str(asked.path),
                "FAILED": "TEMPORARY_OUTPUT",
            },
        )
        self.prepare.setEnabled(False)
        words = tr("Fetching {place}…").format(place=asked.place)
        run.said.connect(lambda said: self.progress.word.setText(f"{words}\n{said}"))
        self.progress.follow(run, words)
        run.ended.connect(partial(self._made, asked))

    def _made(self, asked: Asked, run: Run) -> None:
        self._choices_changed()
        if run.project_gone:
            drop_copy(asked.path)
            return
        if not asked.path.is_file():
            return
        kept = tuple(sorted(set(_copies_of(asked.path)) - self._copies))
        ready = Ready({}, str(run.results.get("NETWORK") or ""), asked.profile, kept)
        self._coming = chain(bring_back(asked.path), territory_layers(asked.path, asked.place, asked.source))
        missing = run.layers.get("FAILED")
        is_whole = run.succeeded and not run.cancelled and not (missing is not None and missing.featureCount())
        self._ready, self._is_whole = ready, is_whole
        self._show_next()

    def _show_next(self) -> None:
        """One layer more, and back to the interface: opening five at once is felt."""
        added = next(self._coming, None)
        if added is not None:
            self._ready.layers.update([added])
            QTimer.singleShot(0, self._show_next)
        elif self._is_whole:
            self.hide()
            self._use(self._ready)


def _copies_of(path: Path) -> list[str]:
    """The dated copies of a territory's file, by name."""
    return [copy.name for copy in path.parent.glob(f"{path.stem}_*.gpkg")]
