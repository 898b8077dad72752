"""From a territory's codes to its GeoPackage: services, roads with a halo, communes, EPCI, inhabitants, sources.

It is filled beside its place. Stopped at any moment, it goes on where it was; once whole it takes its place, and what
was there before stays as a dated copy.
"""

from __future__ import annotations

import os
import shutil
import struct
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import requests
from shapely import wkb
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from ..coordinates import Box
from ..errors import CartoError, InvalidInput
from ..http import shown_url
from ..messages import Message, msg
from ..progress import Progress
from ..registry import Connection, Query, Registry
from ..registry import geopackage as services_file
from ..registry.connection import RegistryError, UnknownKind
from ..registry.geopackage import copied, plain_errors, sql
from ..registry.sync import OtherRegistry, SyncReport, read_state, sync
from ..registry.web import AccessDenied
from ..territories import communes_of, find, present_commune
from ..wfs import Selection, Wfs, WfsRefusal, read_tiles
from . import inhabitants
from .area import Area, as_multipolygon, names_of, polygons, projection_of, rough_box, rough_shape
from .datasets import BUILDINGS, CELLS, COMMUNES, EPCI, LICENCE, PEOPLE_COLUMNS, ROADS, TURN_BANS, ZONES, Dataset
from .files import Dropped, reach_of, rows_of
from .shapes import geopackage_blob, point_blob, shape_of, wkb_in
from .store import LayerLedger, Store, insert, read_fact, read_wish

POPULATIONS = ("filosofi", "communes")
SERVICES = services_file.LAYER
_BATCH = 2000
_SYNC_TRIES = 5
_NOT_A_SHAPE = (ValueError, KeyError, TypeError, IndexError, struct.error, AttributeError, ShapelyError)
_BUILDINGS = "batiments"
_STORABLE = frozenset({str, int, float, bool, type(None)})
_IN_SERVICE = "En service"
_FEW = 100
"""Roads in a tile for which it is not worth while to look at its squares."""
_READING = {
    COMMUNES.layer: msg("Reading communes (ADMIN EXPRESS)…"),
    EPCI.layer: msg("Reading intercommunalities (ADMIN EXPRESS)…"),
    ROADS.layer: msg("Reading roads (BD TOPO)…"),
    TURN_BANS.layer: msg("Reading bans of turning (BD TOPO)…"),
    ZONES.layer: msg("Reading zones of activity or interest (BD TOPO)…"),
    CELLS.layer: msg("Reading inhabitants (INSEE's cells of 200 m)…"),
    _BUILDINGS: msg("Reading buildings (BD TOPO)…"),
}
_SHORT_OF = 2.0
"""Kilometres without any road that need no word: the last road is seldom at the edge."""


class Wish(NamedTuple):
    """What is to be prepared. ``territory``: codes; ``halo``: kilometres; ``population``: one of `POPULATIONS`."""

    territory: tuple[str, ...]
    halo: float = 20.0
    categories: tuple[str, ...] = ()
    population: str = "filosofi"

    def as_facts(self) -> dict[str, Any]:
        """As it is kept with the file."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in self._asdict().items()}


class Access(NamedTuple):
    """By which ways: the WFS, the registry of services, sessions for other addresses, files in place of the service."""

    wfs: Wfs
    registry: Registry
    connection: Connection
    new_session: Callable[[str], requests.Session]
    geoapi: str = inhabitants.GEOAPI
    melodi: str = inhabitants.MELODI
    files: tuple[Dropped, ...] = ()


class Failure(NamedTuple):
    """A part that could not be read: what, where (in ``crs``), why."""

    what: str
    box: Box
    reason: Message


class Prepared(NamedTuple):
    """What was made. ``renewed``: what was read now; ``old``: where the earlier file went."""

    path: Path
    crs: str
    roads: int
    population: float
    failed: list[Failure]
    renewed: tuple[str, ...] = ()
    old: Path | None = None


def prepare(path: Path, wish: Wish, access: Access, progress: Progress = Progress()) -> Prepared:
    """Make or bring up to date the GeoPackage of a territory.

    Raises `NotATerritory` when ``path`` is something else's, `InvalidInput`, `UnknownTerritory`, `WfsUnreachable` and
    `Cancelled`; a later call then goes on where this one stopped.
    """
    if wish.population not in POPULATIONS:
        raise InvalidInput("“{value}” is no source of inhabitants.", value=wish.population)
    return _Preparation(Path(path), wish, access, progress).run()


def is_begun(path: Path, wish: Wish) -> bool:
    """Whether an earlier call for the same wish stopped before its end, or left parts unread: the next one goes on."""
    facts = wish.as_facts()
    for file, key in ((_work_of(path), "wish"), (path, "failed")):
        if file.is_file() and read_fact_or_none(file, "wish") == facts and read_fact_or_none(file, key):
            return True
    return False


def _work_of(path: Path) -> Path:
    """The file that is filled beside a territory's."""
    return path.with_name(f".{path.stem}.en-cours.gpkg")


class _Preparation:
    def __init__(self, path: Path, wish: Wish, access: Access, progress: Progress) -> None:
        self._path, self._wish, self._access, self._progress = path, wish, access, progress
        self._codes = communes_of(wish.territory)
        if not self._codes:
            raise InvalidInput("Say which territory: a département, an intercommunality or communes.")
        self._crs = projection_of(present_commune(code) for code in self._codes)
        self._srs = int(self._crs.partition(":")[2])
        self._work = _work_of(path)
        self._is_resumed = False
        self._failed: list[Failure] = []
        self._renewed: list[str] = []
        self._shapeless: defaultdict[str, set[str]] = defaultdict(set)
        self._editions: dict[str, str] = {}

    def run(self) -> Prepared:
        with plain_errors(self._path):
            is_update = self._begin()
            self._editions = self._access.wfs.editions(self._types(), self._progress) if self._types() else {}
            self._read_services(self._progress.part(0.0, 0.1))
            self._store = Store(self._work, self._progress)
            self._store.note("wish", self._wish.as_facts())
            if is_update:
                self._let_go_of_older()
            self._read_communes(self._progress.part(0.1, 0.15))
            area = self._area = Area(self._outlines(), self._crs, 1000.0 * self._wish.halo)
            self._read_within(
                ROADS,
                self._road_rows,
                self._progress.part(0.15, 0.7),
                area.bounds,
                area.concerns,
                geometry="LineStringZ",
            )
            self._read_within(
                EPCI, self._epci_rows, self._progress.part(0.7, 0.72), self._inner(), area.concerns_inside
            )
            bans = self._progress.part(0.72, 0.74)
            self._read_within(TURN_BANS, self._ban_rows, bans, area.bounds, area.concerns, geometry="Point")
            zones = self._progress.part(0.74, 0.76)
            self._read_within(ZONES, self._zone_rows, zones, area.bounds, area.concerns)
            self._read_people(self._progress.part(0.76, 0.95))
            self._finish()
            return self._put_in_place(is_update)

    def _types(self) -> tuple[str, ...]:
        """Types asked of the service: those for which no file was given."""
        given = {dropped.dataset.name for dropped in self._access.files}
        people = CELLS if self._wish.population == "filosofi" else BUILDINGS
        kinds = (COMMUNES, EPCI, ROADS, TURN_BANS, ZONES, people)
        return tuple(kind.name for kind in kinds if kind.name not in given)

    # -- beginning, going on, ending ----------------------------------------------------------------------------------

    def _begin(self) -> bool:
        """Find or make the file to fill; whether it is an earlier one to bring up to date."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        there = self._path.exists() and self._path.stat().st_size > 0
        before = read_wish(self._path) if there else None  # raises where the file is somebody else's
        if self._work.exists():
            with suppress(CartoError):
                if read_fact(self._work, "wish") in (None, self._wish.as_facts()):
                    self._is_resumed = True
                    return bool(read_fact(self._work, "update"))
            _remove(self._work)
        if before == self._wish.as_facts():
            copied(self._path, self._work, self._progress)  # with what another program has not written back yet
            whole = not read_fact(self._work, "failed")
            store = Store(self._work, self._progress)
            store.note("update", whole)
            store.note(f"done:{SERVICES}", not whole)
            return whole
        return False

    def _let_go_of_older(self) -> None:
        """Drop what has a newer edition, or one that nobody tells; done once, however often it is stopped after."""
        if self._store.noted("sorted"):
            return
        known = self._store.noted("editions") or {}
        by_layer = {kind.name: kind for kind in (COMMUNES, EPCI, ROADS, TURN_BANS, ZONES, CELLS, BUILDINGS)}
        files = {dropped.dataset.name for dropped in self._access.files}
        for name in {*self._types(), *files}:
            edition = self._editions.get(name, "")
            if name not in files and edition and edition == known.get(name):
                continue
            self._forget(by_layer[name])
        self._store.note("sorted", True)

    def _forget(self, kind: Dataset) -> None:
        self._store.drop_layer(kind.layer)
        LayerLedger(self._store, kind.name, kind.layer, ()).forget()
        self._store.note(f"done:{kind.name}", False)

    def _finish(self) -> None:
        self._store.note("failed", len(self._failed))
        self._store.note("editions", self._editions)
        self._store.note("territory", names_of(self._wish.territory))
        self._store.note("crs", self._crs)
        self._progress.show(0.98)

    def _put_in_place(self, is_update: bool) -> Prepared:
        roads, people = self._store.rows(ROADS.layer), self._population()
        old = None
        if self._path.exists() and self._path.stat().st_size:
            # What was read before a stop is not known here, nor what was edited since in the file that is replaced.
            is_same = is_update and not self._is_resumed
            nothing_new = is_same and not self._renewed and not self._services_changed
            old = None if nothing_new else self._dated_copy()
        if is_update:
            self._store.note("update", False)
            self._store.note("sorted", False)
        with self._work.open("rb+") as file:
            os.fsync(file.fileno())
        self._work.replace(self._path)
        for failure in self._failed:
            self._progress.warn(msg("{what} is not whole: {reason}", what=failure.what, reason=failure.reason))
        return Prepared(self._path, self._crs, roads, people, self._failed, tuple(self._renewed), old)

    def _dated_copy(self) -> Path:
        """The earlier file under the date it was read on."""
        date = str(read_fact(self._path, "read_on") or "")[:10] or "avant"
        copy, number = self._path.with_name(f"{self._path.stem}_{date}.gpkg"), 1
        while copy.exists():
            number += 1
            copy = self._path.with_name(f"{self._path.stem}_{date}_{number}.gpkg")
        shutil.copyfile(self._path, copy)
        return copy

    # -- services -----------------------------------------------------------------------------------------------------

    _services_changed = False

    def _read_services(self, progress: Progress) -> None:
        """The registry's services, as a sync keeps them: `syncservices` can go on with the file."""
        query = Query(self._wish.categories, self._codes)
        registry, connection = self._access.registry, self._access.connection
        if self._work.exists() and read_fact_or_none(self._work, f"done:{SERVICES}"):
            return
        report = self._synced(query, progress)
        self._services_changed = bool(report.added or report.changed or report.removed)
        state = read_state(self._work, progress)
        received = _count_services(self._work)
        store = Store(self._work, self._progress)
        source = state["source"]
        store.sign(
            SERVICES,
            shown_url(source.get("url") or connection.url),
            str(source.get("edition", "") or state["read_on"][:10]),
            source.get("licence", ""),
            _announced(registry, query, progress, received),
            received,
        )
        store.note("read_on", state["read_on"])
        store.note(f"done:{SERVICES}", True)

    def _synced(self, query: Query, progress: Progress) -> SyncReport:
        """The work of `sync`, tried again: all that follows waits for it."""
        for attempt in range(1, _SYNC_TRIES + 1):
            try:
                return sync(self._work, self._access.registry, self._access.connection, query, progress)
            except (OtherRegistry, AccessDenied, UnknownKind):
                raise
            except RegistryError:
                progress.check()
                if attempt == _SYNC_TRIES:
                    raise
        raise AssertionError("the last attempt raises or returns")

    # -- what the service (or a file) has ----------------------------------------------------------------------------

    def _read_within(
        self,
        kind: Dataset,
        rows: Callable[[list[dict[str, Any]], Box], list[tuple]],
        progress: Progress,
        box: Box,
        wanted: Callable[[Box], bool],
        *,
        geometry: str = "MultiPolygon",
        layer: str = "",
        columns: dict[str, str] | None = None,
    ) -> None:
        """Fill a layer with what meets a box; not again what is there already."""
        if self._store.noted(f"done:{kind.name}"):
            return
        layer = layer or kind.layer
        columns = kind.columns if columns is None else columns
        self._begin_again_under_another_edition(kind)
        self._store.add_layer(layer, columns, geometry, self._crs)
        ledger = LayerLedger(self._store, kind.name, layer, tuple(columns))
        progress.info(_READING[layer])
        files = [each for each in self._access.files if each.dataset.name == kind.name]
        address = ", ".join(each.path.name for each in files) or shown_url(self._access.wfs.address)
        failed: list[Failure] = []
        if files:
            announced, received = self._from_files(files, layer, tuple(columns), rows, box, progress)
        else:
            failed = self._from_service(kind, box, ledger, rows, progress, wanted)
            announced, received = ledger.totals()
        self._tell_shapeless(kind)
        self._sign(kind, address, announced, received)
        self._store.finish_layer(layer, f"{kind.name} – {kind.attribution}, {LICENCE}")
        self._failed += failed
        if not failed:
            ledger.forget()
            self._store.note(f"done:{kind.name}", True)
            self._renewed.append(kind.name)

    def _begin_again_under_another_edition(self, kind: Dataset) -> None:
        """Drop what was read of an edition that another has replaced since: a layer is of one edition."""
        edition, key = self._editions.get(kind.name, ""), f"edition:{kind.name}"
        before = self._store.noted(key)
        if edition and before and before != edition:
            self._progress.info(
                msg(
                    "{what}: edition {new} has replaced {old}; it is read anew.",
                    what=kind.name,
                    new=edition,
                    old=before,
                )
            )
            self._forget(kind)
        if edition:
            self._store.note(key, edition)

    def _from_service(
        self,
        kind: Dataset,
        box: Box,
        ledger: LayerLedger,
        rows: Callable[[list[dict[str, Any]], Box], list[tuple]],
        progress: Progress,
        wanted: Callable[[Box], bool],
    ) -> list[Failure]:
        """Read the tiles; what could not be. A type that the service does not have is a failure where it is needed."""
        try:
            reading = read_tiles(self._access.wfs, Selection(kind.kind, box, self._crs, wanted), ledger, rows, progress)
        except WfsRefusal as refusal:
            if kind in (TURN_BANS, ZONES):
                progress.info(refusal.message)
                return []
            return [Failure(kind.name, box, refusal.message)]
        return [Failure(kind.name, tile.box(box), reason) for tile, reason in reading.failed]

    def _sign(self, kind: Dataset, address: str, announced: int, received: int) -> None:
        edition = self._editions.get(kind.name) or self._newest_in(kind)
        self._store.sign(kind.name, address, edition, LICENCE, announced, received)

    def _newest_in(self, kind: Dataset) -> str:
        """The day of the last change in what came: where the source tells no edition."""
        if "date_modification" not in kind.columns or kind is BUILDINGS:
            return ""
        with self._store.database() as database:
            found = database.execute(sql("SELECT max(date_modification) FROM", kind.layer)).fetchone()[0]
        return str(found or "")[:10]

    def _from_files(
        self,
        files: list[Dropped],
        layer: str,
        columns: tuple[str, ...],
        rows: Callable[[list[dict[str, Any]], Box], list[tuple]],
        box: Box,
        progress: Progress,
    ) -> tuple[int, int]:
        """Objects of files, all in one transaction: killed, they are read again from their beginning.

        Those that several files hold (deliveries of neighbours) count once.
        """
        count = 0
        with self._store.database() as database:
            database.execute("BEGIN")
            for dropped in files:
                for batch in _batches(rows_of(dropped, box, self._crs, progress)):
                    kept = [row for _key, row in rows(batch, box) if row is not None]
                    insert(database, layer, columns, kept)
                    count += len(batch)
                    progress.check()
            database.execute("COMMIT")
        count -= self._store.settle(layer, columns[0])
        reach = reach_of(files, self._crs) if files[0].dataset is ROADS else None
        if reach:
            self._tell_short_of(files, reach, box)
        return count, count

    def _tell_short_of(self, files: list[Dropped], reach: Box, box: Box) -> None:
        """Say where files end before the halo does: the delivery of one département stops at its border."""
        west, south, east, north = (reach[0] - box[0], reach[1] - box[1], box[2] - reach[2], box[3] - reach[3])
        missing = max(west, south, east, north) / 1000.0
        if missing > _SHORT_OF:
            self._progress.warn(
                msg(
                    "{names} ends up to {km} km before the edge of the halo: roads are missing there, and ways through"
                    " them. Give the neighbouring deliveries too.",
                    names=", ".join(each.path.name for each in files),
                    km=round(missing),
                )
            )

    # -- rows of each type --------------------------------------------------------------------------------------------

    def _values(self, kind: Dataset, properties: dict[str, Any]) -> list[Any]:
        values = list(map(properties.get, kind.columns))
        if _STORABLE.issuperset(map(type, values)):
            return values
        return [value if type(value) in _STORABLE else str(value) for value in values]

    def _road_rows(self, features: list[dict[str, Any]], bounds: Box) -> list[tuple]:
        """Roads in service that touch the territory or its halo, whole."""
        squares = self._area.around_of(bounds) if len(features) > _FEW else None

        def is_wanted(properties: dict[str, Any], geometry: Any, own: Box) -> bool:
            state = properties.get("etat_de_l_objet") or _IN_SERVICE
            is_in_service = state == _IN_SERVICE or str(state).strip().lower() == _IN_SERVICE.lower()
            return is_in_service and self._area.touches(geometry, own, squares)

        return [self._row(ROADS, feature, is_wanted, _line) for feature in features]

    def _ban_rows(self, features: list[dict[str, Any]], _bounds: Box) -> list[tuple]:
        return [self._row(TURN_BANS, each, self._is_around, _point) for each in features]

    def _is_around(self, _properties: dict[str, Any], geometry: Any, own: Box) -> bool:
        return self._area.touches(geometry, own)

    def _zone_rows(self, features: list[dict[str, Any]], _bounds: Box) -> list[tuple]:
        return [self._row(ZONES, feature, self._is_around, _multipolygon) for feature in features]

    def _commune_rows(self, features: list[dict[str, Any]], _bounds: Box) -> list[tuple]:
        def is_wanted(properties: dict[str, Any], _geometry: Any, _own: Box) -> bool:
            return properties.get("code_insee") in self._codes

        return [self._row(COMMUNES, feature, is_wanted, _multipolygon) for feature in features]

    def _epci_rows(self, features: list[dict[str, Any]], _bounds: Box) -> list[tuple]:
        def is_wanted(properties: dict[str, Any], geometry: Any, _own: Box) -> bool:
            return self._is_of_territory(str(properties.get("code_siren") or ""), geometry)

        return [self._row(EPCI, feature, is_wanted, _multipolygon) for feature in features]

    def _row(
        self,
        kind: Dataset,
        feature: dict[str, Any],
        is_wanted: Callable[[dict[str, Any], Any, Box], bool],
        shaped: Callable[[Any], Any],
    ) -> tuple[Any, tuple | None]:
        """The object's identifier, and its row if it is wanted."""
        properties = feature.get("properties") or {}
        key = properties.get(kind.key)
        try:
            geometry = shaped(feature["geometry"])
            shape = shape_of(geometry)
            if shape is not None:
                is_kept = is_wanted(properties, geometry, shape.bounds)
                return key, (geopackage_blob(shape, self._srs), *self._values(kind, properties)) if is_kept else None
        except _NOT_A_SHAPE:
            pass
        self._shapeless[kind.name].add(str(key))
        return key, None

    def _tell_shapeless(self, kind: Dataset) -> None:
        """Say how many objects came without a usable shape."""
        count = len(self._shapeless.pop(kind.name, ()))
        if count:
            self._progress.warn(
                msg(
                    "{what}: {count} object has no usable shape and is left out."
                    "|{what}: {count} objects have no usable shape and are left out.",
                    what=kind.name,
                    count=count,
                )
            )

    # -- communes -----------------------------------------------------------------------------------------------------

    def _read_communes(self, progress: Progress) -> None:
        box = rough_box(self._codes, self._crs)
        self._read_within(COMMUNES, self._commune_rows, progress, box, lambda _box: True)
        missing = {present_commune(code) for code in self._codes} - self._known_communes()
        asked = {code.upper() for code in self._wish.territory}
        missing = {
            code for code in self._codes if code in asked and find(code).kind in ("arrondissement", "ancienne")
        } or missing
        missing -= self._known_communes()
        rough = rough_shape(missing, self._crs)
        if rough and self._store.noted(f"done:{COMMUNES.name}"):
            self._add_rough(rough)

    def _known_communes(self) -> set[str]:
        with self._store.database() as database:
            return {code for (code,) in database.execute("SELECT code_insee FROM communes")}

    def _add_rough(self, rough: dict[str, BaseGeometry]) -> None:
        """Communes that the source does not have, by the outlines that come with the plugin."""
        self._progress.warn(
            msg(
                "{count} commune is not in the source: its outline is that of the plugin, within 50 m."
                "|{count} communes are not in the source: their outlines are those of the plugin, within 50 m.",
                count=len(rough),
            )
        )
        columns = ("cleabs", "nom_officiel", "code_insee", "population")
        rows = []
        for code, outline in rough.items():
            known = find(code)
            shape = shape_of(as_multipolygon(outline))
            blob = None if shape is None else geopackage_blob(shape, self._srs)
            rows.append((blob, f"contour-{code}", known.name, code, known.population))
        self._store.add_layer("communes", COMMUNES.columns, "MultiPolygon", self._crs)
        self._store.insert("communes", columns, rows)
        self._store.finish_layer("communes", f"{COMMUNES.name} – {COMMUNES.attribution}, {LICENCE}")

    def _outlines(self) -> dict[str, BaseGeometry]:
        with self._store.database() as database:
            rows = database.execute("SELECT code_insee, geom FROM communes WHERE geom IS NOT NULL ORDER BY code_insee")
            found = {code: wkb.loads(wkb_in(blob)) for code, blob in rows}
        if not found:
            raise InvalidInput("No outline of this territory is known: it cannot be prepared.")
        return found

    def _inner(self) -> Box:
        return self._area.shape.bounds

    def _is_of_territory(self, siren: str, geometry: Any) -> bool:
        """Whether an EPCI has a commune of the territory: as its communes say, else as the shapes lie."""
        if not hasattr(self, "_sirens"):
            with self._store.database() as database:
                rows = database.execute("SELECT codes_siren_des_epci FROM communes WHERE codes_siren_des_epci > ''")
                self._sirens = {
                    code for (text,) in rows for code in str(text).replace("/", " ").replace(",", " ").split()
                }
        if self._sirens:
            return siren in self._sirens
        return polygons(geometry).buffer(0).intersection(self._area.shape).area > 1.0

    # -- inhabitants --------------------------------------------------------------------------------------------------

    def _read_people(self, progress: Progress) -> None:
        if self._wish.population == "filosofi":
            self._read_within(
                CELLS,
                self._cell_rows,
                progress,
                self._inner(),
                self._area.concerns_inside,
                geometry="Point",
                columns=_people_columns(),
            )
            if self._has_people() or any(failure.what == CELLS.name for failure in self._failed):
                self._drop_empty_columns()
                return
            self._progress.warn(
                msg("INSEE's cells have nobody there: populations of communes are spread over dwellings instead.")
            )
            self._forget(CELLS)
            self._renewed.remove(CELLS.name) if CELLS.name in self._renewed else None
        self._spread_communes(progress)

    def _has_people(self) -> bool:
        with self._store.database() as database:
            return database.execute("SELECT 1 FROM demande LIMIT 1").fetchone() is not None

    def _population(self) -> float:
        with self._store.database() as database:
            exists = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'demande'").fetchone()
            return float(database.execute("SELECT total(population) FROM demande").fetchone()[0]) if exists else 0.0

    def _cell_rows(self, features: list[dict[str, Any]], _bounds: Box) -> list[tuple]:
        """Cells whose middle lies in the territory, as points."""
        cells = [inhabitants.lowered(feature.get("properties") or {}) for feature in features]
        keys = [inhabitants.cell_key(cell) or str(feature.get("geometry")) for cell, feature in zip(cells, features)]
        centres = inhabitants.cell_centres(keys, self._crs)
        return [
            (key, self._cell_row(key, centre, cell, feature))
            for key, centre, cell, feature in zip(keys, centres, cells, features)
        ]

    def _cell_row(
        self, key: str, centre: tuple[float, float] | None, cell: dict[str, Any], feature: dict[str, Any]
    ) -> tuple | None:
        with suppress(*_NOT_A_SHAPE):
            centre = centre or _middle(feature["geometry"])
            if self._area.holds(*centre):
                blob = point_blob(*centre, self._srs)
                return (blob, key, *inhabitants.people_row(cell))
            return None
        self._shapeless[CELLS.name].add(key)
        return None

    def _drop_empty_columns(self) -> None:
        """Columns that this edition of the source does not have; once."""
        if CELLS.name not in self._renewed:
            return
        with self._store.database() as database:
            counts = ", ".join(f"count({name})" for name in PEOPLE_COLUMNS[1:])
            known = database.execute(sql("SELECT", counts, "FROM demande")).fetchone()
        empty = [name for name, count in zip(PEOPLE_COLUMNS[1:], known) if not count]
        self._store.drop_columns("demande", empty)

    def _spread_communes(self, progress: Progress) -> None:
        if self._store.noted("done:population"):
            return
        columns = {"cleabs": "text", "logements": "real"}
        self._read_within(
            BUILDINGS,
            self._building_rows,
            progress,
            self._inner(),
            self._area.concerns_inside,
            geometry="Point",
            layer=_BUILDINGS,
            columns=columns,
        )
        if not self._store.noted(f"done:{BUILDINGS.name}"):
            return
        with self._store.database() as database:
            known = dict(database.execute("SELECT code_insee, population FROM communes WHERE population IS NOT NULL"))
            rows = database.execute("SELECT geom, cleabs, logements FROM batiments ORDER BY cleabs").fetchall()
        people, what, address = inhabitants.populations(
            self._area.outlines, self._access.geoapi, self._access.melodi, self._access.new_session, known, progress
        )
        xy = np.array([struct.unpack_from("<dd", wkb_in(blob), 5) for blob, *_ in rows]).reshape(-1, 2)
        weights = np.array([row[2] for row in rows], float)
        spread, middles = inhabitants.spread_over_dwellings(people, self._area.outlines, xy, weights, progress)
        made = [(blob, key, count, homes) for (blob, key, homes), count in zip(rows, spread.tolist()) if count > 0]
        made += [(point_blob(*middle, self._srs), code, float(people[code]), None) for code, middle in middles.items()]
        self._write_spread(made)
        if what:
            self._store.sign(what, shown_url(address), "", LICENCE, len(self._area.outlines), len(people))
        self._store.note("done:population", True)

    def _write_spread(self, rows: list[tuple]) -> None:
        self._store.drop_layer("demande")
        columns = {"id": "text", "population": "real", "logements": "real"}
        self._store.add_layer("demande", columns, "Point", self._crs)
        self._store.insert("demande", columns, rows)
        self._store.finish_layer("demande", f"{BUILDINGS.name} – IGN, INSEE, {LICENCE}")
        self._store.drop_layer(_BUILDINGS)

    def _building_rows(self, features: list[dict[str, Any]], _bounds: Box) -> list[tuple]:
        """Buildings where people live, as points, with their dwellings."""
        named = [inhabitants.lowered(feature.get("properties") or {}) for feature in features]
        return [
            (properties.get("cleabs"), self._building_row(properties, feature))
            for properties, feature in zip(named, features)
        ]

    def _building_row(self, properties: dict[str, Any], feature: dict[str, Any]) -> tuple | None:
        if not inhabitants.is_lived_in(properties):
            return None
        key = properties.get("cleabs")
        with suppress(*_NOT_A_SHAPE):
            centre = _middle(feature["geometry"])
            if self._area.holds(*centre):
                return (point_blob(*centre, self._srs), key, inhabitants.dwellings_of(properties))
            return None
        self._shapeless[BUILDINGS.name].add(str(key))
        return None


def read_fact_or_none(path: Path, key: str) -> Any:
    """A fact kept with a file that may not be filled yet."""
    with suppress(CartoError):
        return read_fact(path, key)
    return None


def _people_columns() -> dict[str, str]:
    return {"id": "text", "population": "real", **dict.fromkeys(PEOPLE_COLUMNS[1:], "real")}


def _line(geometry: Any) -> Any:
    """A line; a single part of several is one, several parts stay as they are."""
    if geometry and geometry["type"] == "MultiLineString" and len(geometry["coordinates"]) == 1:
        return {"type": "LineString", "coordinates": geometry["coordinates"][0]}
    return geometry


def _point(geometry: Any) -> Any:
    return geometry


def _multipolygon(geometry: Any) -> Any:
    if geometry and geometry["type"] == "Polygon":
        return {"type": "MultiPolygon", "coordinates": [geometry["coordinates"]]}
    return geometry


def _middle(geometry: Any) -> tuple[float, float]:
    """The middle of a shape's first ring: cells are squares, buildings are small."""
    if geometry["type"] == "Point":
        return tuple(geometry["coordinates"][:2])
    middle = polygons(geometry).centroid
    return middle.x, middle.y


def _batches(features: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch = []
    for feature in features:
        batch.append(feature)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _announced(registry: Registry, query: Query, progress: Progress, received: int) -> int | None:
    with suppress(CartoError, requests.RequestException):
        return registry.count(query)
    progress.check()
    return received


def _count_services(path: Path) -> int:
    with services_file.opened(path) as database:
        return database.execute("SELECT count(*) FROM services").fetchone()[0]


def _remove(path: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
