"""The GeoPackage of an observatory: each measure with its question, the editions of its inputs, its figures by zone.

Tables: `mesures` (a row a measure), `entrees` (a line an input of it), `chiffres` (measure × zone × category ×
threshold), and the layer `zones` with the latest outline of each. One file is of one territory.

The columns `population` and `lecture_routes` of `mesures` are younger than the others: a file may lack them until
something is written, and a version that does not know them leaves them NULL. Either is read as empty. Earlier versions
kept `departs` as it was typed: it is read as `DepartureWindow.words` has it, and written so with what is written next.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from osgeo import gdal, ogr, osr

from ..access.coverage import Served
from ..access.opening import DAYS_EN, WeekMoment, parse_moment
from ..errors import CartoError, InvalidInput
from ..population_columns import of_any_year
from ..registry.geopackage import CannotWrite, is_locked, opened, plain_errors, sql
from ..transit.window import DepartureWindow
from ..vector_files import raising_gdal

ZONES, MEASURES, INPUTS, FIGURES = "zones", "mesures", "entrees", "chiffres"
_TEXT, _REAL, _INTEGER, _DATE = ogr.OFTString, ogr.OFTReal, ogr.OFTInteger64, ogr.OFTDate
_COLUMNS = {
    ZONES: {"zone_id": _TEXT, "nom": _TEXT},
    MEASURES: {
        "date": _DATE,
        "question": _TEXT,
        "deplacement": _TEXT,
        "moment": _TEXT,
        "departs": _TEXT,
        "population": _TEXT,
        "lecture_routes": _TEXT,
    },
    INPUTS: {"mesure": _INTEGER, "entree": _TEXT},
    FIGURES: {
        "mesure": _INTEGER,
        "zone_id": _TEXT,
        "categorie": _TEXT,
        "seuil": _REAL,
        "population": _REAL,
        "pop_non_calculee": _REAL,
        "pop_non_atteinte": _REAL,
        "pop_au_dela": _REAL,
        "part_au_dela": _REAL,
        "cout_moyen": _REAL,
    },
}
_YOUNGER = ("population", "lecture_routes")
_OF_A_SERIES = """
FROM chiffres JOIN mesures ON mesures.fid = chiffres.mesure
WHERE deplacement = ? AND moment = ? AND departs = ? AND coalesce(mesures.population, '') = ?
AND coalesce(lecture_routes, '') IN ('', ?) AND categorie = ? AND seuil = ?"""
_SAY_POPULATION = """
UPDATE mesures SET population = ?1 WHERE fid = ?2 AND coalesce(population, '') = '' AND NOT EXISTS (
    SELECT 1 FROM chiffres AS own
    JOIN chiffres AS theirs USING (zone_id, categorie, seuil)
    JOIN mesures AS other ON other.fid = theirs.mesure
    WHERE own.mesure = mesures.fid AND other.population = ?1
    AND (other.date, other.deplacement, other.moment, other.departs)
        = (mesures.date, mesures.deplacement, mesures.moment, mesures.departs)
    AND coalesce(mesures.lecture_routes, '') IN ('', coalesce(other.lecture_routes, ''))
)"""
# OGC 12-128: header of a geometry (little endian, without bounds), then its WKB.
_HEADER = struct.Struct("<2sBBi")


class NotAnObservatory(CartoError):
    """The file is not a GeoPackage of measures."""


class AnotherTerritory(CartoError):
    """The file holds measures of other zones."""


class Terms(NamedTuple):
    """What figures must have in common to be compared, besides service, threshold and zone.

    Attributes:
        travel: code of the way of travelling.
        moment: the text of OPEN_AT; empty where places count at any time.
        departures: of public transport, when one leaves or arrives; empty by any other way.
        population: who is counted, the column of people as `of_any_year` writes it, or `EACH_PLACE`; empty where
            nobody knows: measures of the versions that did not keep it.
        roads: how the roads were read, as `core.network.reading` writes it; empty where nobody knows. Such measures
            go on with any series, and this is said: most were read alike, and nobody can tell any more.
    """

    travel: str
    moment: str = ""
    departures: str = ""
    population: str = ""
    roads: str = ""


def terms_of(travel: str, open_at: str = "", departures: str = "", population: str = "") -> Terms:
    """The terms of a question; the same moment and the same people are the same text, however they were written.

    ``population``: the column of people. Raises `MomentError`.
    """
    return Terms(travel, _moment_of(open_at), departures, of_any_year(population))


def _moment_of(open_at: str) -> str:
    if not open_at.strip():
        return ""
    moment = parse_moment(open_at)
    if isinstance(moment, WeekMoment):
        hours, minutes = divmod(moment.minute, 60)
        return f"{DAYS_EN[moment.weekday][:2].title()} {hours:02d}:{minutes:02d}"
    return moment.isoformat(timespec="minutes")


class Zone(NamedTuple):
    """A zone: its name and its outline, the WKB of a multipolygon (empty where it has none)."""

    zone_id: str
    name: str
    outline: bytes = b""


class Figure(NamedTuple):
    """One zone, service and threshold (minutes): its people (`Served` of one threshold) and their mean minutes.

    ``date``: ISO 8601, of the measure. ``mean``: None where nobody reaches the service.
    """

    date: str
    zone_id: str
    category: str
    threshold: float
    served: Served
    mean: float | None = None


class NewMeasure(NamedTuple):
    """What is kept at once: the question and its words, a line an input with its edition, figures of one ``date``."""

    date: str
    question: Terms
    words: str
    inputs: Sequence[str]
    figures: Sequence[Figure]


class Kept(NamedTuple):
    """The number of the new measure, and how many figures of the same day and question it took the place of."""

    measure: int
    replaced: int


class MeasureKept(NamedTuple):
    """A row of the list of measures; ``categories``: the services that it has figures of."""

    measure: int
    date: str
    question: Terms
    words: str
    inputs: tuple[str, ...]
    categories: tuple[str, ...]


def keep(path: Path, measure: NewMeasure, zones: Sequence[Zone], crs: str) -> Kept:
    """Add a measure to the file, made where there is none; all of it or nothing.

    Figures of the same day, question, zone, service and threshold are replaced: a measure taken again corrects the
    first. ``crs``: of the outlines, anything that GDAL knows; they are moved to that of the file's first measure.
    Raises `NotAnObservatory`, `AnotherTerritory` or `CannotWrite`.
    """
    fresh = not path.exists()
    try:
        if fresh:
            _create(path, crs)
        return _kept(path, measure, zones, crs)
    except BaseException:
        if fresh:
            path.unlink(missing_ok=True)
        raise


def _kept(path: Path, measure: NewMeasure, zones: Sequence[Zone], crs: str) -> Kept:
    """The same, in a file that is there."""
    placed = _placed(path, zones, crs)
    with _writing(path) as database:
        known = {name for (name,) in database.execute("SELECT zone_id FROM zones")} - {""}
        given = {zone.zone_id for zone in zones} - {""}
        if known and given and not known & given:
            raise AnotherTerritory(
                "“{path}” holds measures of other zones, none of them among these: choose another file for this "
                "territory.",
                path=str(path),
            )
        replaced = _forget_same(database, measure)
        _keep_zones(database, placed)
        return Kept(_keep_measure(database, measure), replaced)


def forget(path: Path, measure: int) -> None:
    """Take a measure out of the file. Raises `NotAnObservatory` or `CannotWrite`."""
    with _writing(path) as database:
        database.execute("DELETE FROM chiffres WHERE mesure = ?", (measure,))
        _forget_empty(database)


def say_population(path: Path, measures: Iterable[int], population: str) -> int:
    """Tell the measures that do not say it whom they counted; of how many that is now said.

    A measure stays as it is where the same day, question, zone, service and threshold has figures of these people
    already. Raises `NotAnObservatory` or `CannotWrite`.
    """
    with _writing(path) as database:
        before = database.total_changes
        database.executemany(_SAY_POPULATION, [(population, measure) for measure in measures])
        return database.total_changes - before


def kept_measures(path: Path) -> list[MeasureKept]:
    """The measures by date, the latest first. Raises `NotAnObservatory`."""
    with _reading(path) as database:
        inputs, categories = (
            _by_measure(database.execute(asked))
            for asked in (
                "SELECT mesure, entree FROM entrees ORDER BY fid",
                "SELECT DISTINCT mesure, categorie FROM chiffres ORDER BY categorie",
            )
        )
        rows = database.execute(
            "SELECT fid, date, question, deplacement, moment, departs, coalesce(population, ''),"
            " coalesce(lecture_routes, '') FROM mesures ORDER BY date DESC, fid DESC"
        ).fetchall()
    return [
        MeasureKept(fid, date, Terms(*question), words, inputs.get(fid, ()), categories.get(fid, ()))
        for fid, date, words, *question in rows
    ]


def series_kept(path: Path, question: Terms, category: str, threshold: float) -> list[Terms]:
    """The series that have figures of a question, service and threshold, the latest measured first.

    Raises `NotAnObservatory`.
    """
    with _reading(path) as database:
        rows = database.execute(
            "SELECT coalesce(mesures.population, ''), coalesce(lecture_routes, '')"
            " FROM chiffres JOIN mesures ON mesures.fid = chiffres.mesure"
            " WHERE deplacement = ? AND moment = ? AND departs = ? AND categorie = ? AND seuil = ?"
            " GROUP BY 1, 2 ORDER BY max(date) DESC, 1, 2",
            (*question[:3], category, threshold),
        ).fetchall()
    return [question._replace(population=population, roads=roads) for population, roads in rows]


def days_of_roads_unsaid(path: Path, question: Terms, category: str, threshold: float) -> list[str]:
    """The days of a series (see `figures_of`) of which no measure says how the roads were read, growing.

    Raises `NotAnObservatory`.
    """
    with _reading(path) as database:
        rows = database.execute(
            sql(
                "SELECT date", _OF_A_SERIES, "GROUP BY date HAVING max(coalesce(lecture_routes, '')) = '' ORDER BY date"
            ),
            (*question, category, threshold),
        ).fetchall()
    return [day for (day,) in rows]


def figures_of(path: Path, question: Terms, category: str, threshold: float) -> list[Figure]:
    """The figures of a question, service and threshold, by date.

    Measures that do not say how the roads were read are among them; of one day, before those that do, which hold.
    Raises `NotAnObservatory`.
    """
    with _reading(path) as database:
        rows = database.execute(
            sql(
                "SELECT date, zone_id, chiffres.population,",
                "pop_non_calculee, pop_non_atteinte, pop_au_dela, cout_moyen",
                _OF_A_SERIES,
                "ORDER BY date, coalesce(lecture_routes, '')",
            ),
            (*question, category, threshold),
        ).fetchall()
    return [
        Figure(date, zone_id, category, threshold, Served(population, lost, unreached, (beyond,)), mean)
        for date, zone_id, population, lost, unreached, beyond, mean in rows
    ]


def zone_names(path: Path) -> dict[str, str]:
    """What each zone is called. Raises `NotAnObservatory`."""
    with _reading(path) as database:
        return dict(database.execute("SELECT zone_id, nom FROM zones"))


# -- the file ---------------------------------------------------------------------------------------------------------


def _create(path: Path, crs: str) -> None:
    """An observatory without measures."""
    with raising_gdal():
        try:
            reference = _system(crs)
            source = ogr.GetDriverByName("GPKG").CreateDataSource(str(path), options=["ADD_GPKG_OGR_CONTENTS=NO"])
            for name, columns in _COLUMNS.items():
                options = ["FID=fid", "GEOMETRY_NAME=geom", "SPATIAL_INDEX=NO"]
                if name != ZONES:
                    options = ["FID=fid", "ASPATIAL_VARIANT=GPKG_ATTRIBUTES"]
                kind = ogr.wkbMultiPolygon if name == ZONES else ogr.wkbNone
                layer = source.CreateLayer(name, reference if name == ZONES else None, kind, options)
                for column, type_ in columns.items():
                    layer.CreateField(ogr.FieldDefn(column, type_))
            source.ExecuteSQL("CREATE INDEX chiffres_une_fois ON chiffres (mesure, zone_id, categorie, seuil)")
            source.ExecuteSQL("CREATE UNIQUE INDEX zones_une_fois ON zones (zone_id)")
            layer = source = None
        except (RuntimeError, AttributeError) as error:
            gdal.ErrorReset()
            raise CannotWrite(
                "“{path}” cannot be written: {cause}.", path=str(path), cause=str(error) or "GDAL"
            ) from error


def _placed(path: Path, zones: Sequence[Zone], crs: str) -> Sequence[Zone]:
    """The zones with their outlines in the file's CRS."""
    _check(path)
    with raising_gdal():
        try:
            source = gdal.OpenEx(str(path), gdal.OF_VECTOR, allowed_drivers=["GPKG"])
            own, given = source.GetLayerByName(ZONES).GetSpatialRef(), _system(crs)
            for reference in (own, given):
                reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
            if own.IsSame(given):
                return zones
            return [zone._replace(outline=_moved(zone.outline, given, own)) for zone in zones]
        except (RuntimeError, AttributeError) as error:
            raise CannotWrite(
                "“{path}” cannot be written: {cause}. What it held before is kept.", path=str(path), cause=str(error)
            ) from error


def _system(crs: str) -> osr.SpatialReference:
    """The system of outlines. Raises `RuntimeError` where GDAL knows none of that name, whether it raises or not."""
    reference = osr.SpatialReference()
    if reference.SetFromUserInput(crs) != ogr.OGRERR_NONE:
        raise RuntimeError(f"CRS “{crs}”?")
    return reference


def _moved(outline: bytes, source: osr.SpatialReference, target: osr.SpatialReference) -> bytes:
    if not outline:
        return b""
    shape = ogr.CreateGeometryFromWkb(outline)
    shape.Transform(osr.CoordinateTransformation(source, target))
    return bytes(shape.ExportToWkb())


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    """The file's database in one transaction, undone when it fails."""
    _check(path)
    with plain_errors(path), opened(path) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            for name in _lacking(database):
                database.execute(sql("ALTER TABLE mesures ADD COLUMN", name, "TEXT"))
            database.executemany("UPDATE mesures SET departs = ? WHERE fid = ?", _departures_otherwise(database))
            yield database
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    _check(path)
    with plain_errors(path), closing(_read_only(path)) as database:
        lacking, departures = _lacking(database), _departures_otherwise(database)
        if lacking or departures:
            columns = ", ".join(["*", *(f"'' AS {name}" for name in lacking)])
            database.execute(sql("CREATE TEMP TABLE mesures AS SELECT", columns, "FROM main.mesures"))
            database.execute("CREATE UNIQUE INDEX temp.mesures_fid ON mesures (fid)")
            database.executemany("UPDATE temp.mesures SET departs = ? WHERE fid = ?", departures)
        yield database


def _lacking(database: sqlite3.Connection) -> list[str]:
    """The columns that the measures of earlier versions do not have."""
    there = {name for _place, name, *_rest in database.execute("PRAGMA main.table_info(mesures)")}
    return [name for name in _YOUNGER if name not in there]


def _departures_otherwise(database: sqlite3.Connection) -> list[tuple[str, int]]:
    """(hours, measure) of the measures whose hours are not written as they are today."""
    rows = database.execute("SELECT fid, departs FROM main.mesures WHERE departs <> ''").fetchall()
    return [(plain, fid) for fid, text in rows for plain in [_plain_departures(text)] if plain != text]


def _plain_departures(text: str) -> str:
    """As `DepartureWindow.words`; what cannot be read stays."""
    try:
        return DepartureWindow.parse(text.lstrip("→"), arrive_by=text.startswith("→")).words
    except InvalidInput:
        return text


def _check(path: Path) -> None:
    """Raise `NotAnObservatory` for a file that lacks the tables, `CannotWrite` for one that another program holds."""
    try:
        with closing(_read_only(path)) as database:
            there = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.DatabaseError as error:
        if is_locked(error):
            with plain_errors(path):
                raise
        there = set()
    if not set(_COLUMNS) <= there:
        raise NotAnObservatory(
            "“{path}” is not a file of measures kept here: choose another, or a name that is not taken.", path=str(path)
        )


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _by_measure(rows: Iterable[tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for measure, text in rows:
        found[measure] = (*found.get(measure, ()), text)
    return found


# -- one measure ------------------------------------------------------------------------------------------------------


def _forget_same(database: sqlite3.Connection, measure: NewMeasure) -> int:
    """Drop the figures that the measure gives anew, and the measures left without any; how many figures."""
    same = database.execute(
        "SELECT fid FROM mesures WHERE date = ? AND deplacement = ? AND moment = ? AND departs = ?"
        " AND coalesce(population, '') = ? AND coalesce(lecture_routes, '') = ?",
        (measure.date, *measure.question),
    )
    before = database.total_changes
    for (fid,) in same.fetchall():
        database.executemany(
            "DELETE FROM chiffres WHERE mesure = ? AND zone_id = ? AND categorie = ? AND seuil = ?",
            [(fid, figure.zone_id, figure.category, figure.threshold) for figure in measure.figures],
        )
    replaced = database.total_changes - before
    _forget_empty(database)
    return replaced


def _forget_empty(database: sqlite3.Connection) -> None:
    """Drop measures without figures."""
    database.execute("DELETE FROM mesures WHERE fid NOT IN (SELECT mesure FROM chiffres)")
    database.execute("DELETE FROM entrees WHERE mesure NOT IN (SELECT fid FROM mesures)")


def _keep_zones(database: sqlite3.Connection, zones: Sequence[Zone]) -> None:
    """The names and outlines of the zones, the latest ones."""
    (srs,) = database.execute("SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = 'zones'").fetchone()
    header = _HEADER.pack(b"GP", 0, 1, srs)
    database.executemany("DELETE FROM zones WHERE zone_id = ?", [(zone.zone_id,) for zone in zones])
    database.executemany(
        "INSERT INTO zones (geom, zone_id, nom) VALUES (?, ?, ?)",
        [(header + zone.outline if zone.outline else None, zone.zone_id, zone.name) for zone in zones],
    )


def _keep_measure(database: sqlite3.Connection, measure: NewMeasure) -> int:
    new = database.execute(
        "INSERT INTO mesures (date, question, deplacement, moment, departs, population, lecture_routes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (measure.date, measure.words, *measure.question),
    ).lastrowid
    database.executemany("INSERT INTO entrees (mesure, entree) VALUES (?, ?)", [(new, line) for line in measure.inputs])
    database.executemany(
        "INSERT INTO chiffres (mesure, zone_id, categorie, seuil, population, pop_non_calculee, pop_non_atteinte,"
        " pop_au_dela, part_au_dela, cout_moyen) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(new, each.zone_id, each.category, each.threshold, *_columns_of(each)) for each in measure.figures],
    )
    return int(new or 0)


def _columns_of(figure: Figure) -> tuple[float | None, ...]:
    served = figure.served
    return (*served[:3], served.beyond[0], served.share(), figure.mean)
