"""Vector files from outside, opened as what their content shows them to be: a file is data.

GDAL picks a driver by content, and some of its formats are instructions: a VRT under any name reads other files and
addresses, a service description makes requests, an SQLite file may hold tables that are programs. Here the first
bytes say what kind of file it is; GDAL is given the drivers of that kind only; what could lead elsewhere is refused.
"""

from __future__ import annotations

import codecs
import html
import os
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from osgeo import gdal, ogr

from .damaged import UNREADABLE
from .errors import CartoError
from .parquet_files import parquet_dataset, reads_parquet

MOST_UNFOLDED = 1 << 30
"""Bytes of the parts of a spreadsheet, unfolded: GDAL keeps its rows in memory."""
MOST_NAMED = 10
"""Columns that a sentence names."""

_HEAD = 1 << 16
_PROLOGUE = 1 << 20
_SQLITE = b"SQLite format 3\x00"
_WIDE = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_LOCAL_ARCHIVES = ("/vsizip/", "/vsigzip/", "/vsitar/")


class UnsafeFile(CartoError):
    """A file that leads to others, to addresses or to programs, or of a kind that is not read."""


class Kind(NamedTuple):
    """A kind of file: GDAL's drivers for it, and how they are held to the file itself."""

    drivers: tuple[str, ...]
    options: tuple[str, ...] = ()
    prefix: str = ""


_PARQUET = Kind(("Parquet",))
_BY_MAGIC = (
    (b"fgb\x03", Kind(("FlatGeobuf",))),
    (b"\x00\x00\x27\x0a", Kind(("ESRI Shapefile",))),
    (b"\xd0\xcf\x11\xe0", Kind(("XLS",))),
    (b"PAR1", _PARQUET),
    (b"ARROW1", Kind(("Arrow",))),
)
_BY_ROOT = {
    "kml": Kind(("LIBKML", "KML")),
    "gpx": Kind(("GPX",)),
    "osm": Kind(("OSM",)),
    "featurecollection": Kind(("GML",), ("DOWNLOAD_SCHEMA=NO", "WRITE_GFS=NO")),
}
_BY_SUFFIX = {
    ".dbf": Kind(("ESRI Shapefile",)),
    ".shx": Kind(("ESRI Shapefile",)),
    ".pbf": Kind(("OSM",)),
    ".dxf": Kind(("DXF",)),
    ".csv": Kind(("CSV",)),
    ".tsv": Kind(("CSV",)),
    ".txt": Kind(("CSV",)),
}
_IN_ARCHIVES = {
    ".zip": "ESRI Shapefile",
    ".shp": "ESRI Shapefile",
    ".fgb": "FlatGeobuf",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".csv": "CSV",
}
_SHEETS = {"xl/workbook.xml": "XLSX", "content.xml": "ODS"}
_SPREADSHEETS = frozenset(_SHEETS.values())
_NO_WAY_OUT = {
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "OGR_SQLITE_LIST_VIRTUAL_OGR": "NO",
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "GDAL_HTTP_PROXY": "http://127.0.0.1:9",
    "GDAL_HTTP_MAX_RETRY": "0",
}
"""GDAL's settings under which nothing beyond the file is reached, should one of its drivers try."""

_set_option = getattr(gdal, "SetThreadLocalConfigOption", gdal.SetConfigOption)

# What stays inside the file: indexes, full text, SpatiaLite's own views of its indexes.
_HARMLESS_MODULES = re.compile(
    r"\b(rtree|rtree_i32|fts[345]|virtualspatialindex|virtualelementary|virtualknn2?)\b", re.I
)
_COLUMN_WORDS = re.compile(r"(text|n?varchar|blob|check|key|unique|decimal|numeric|references|always)$")
"""What stands before a bracket in the definition of a table without being a function."""

_PLAIN_FUNCTIONS = re.compile(
    r"(abs|avg|cast|ceil|changes|char|coalesce|count|date|datetime|exists|floor|format|glob|group_concat|hex|ifnull|iif"
    r"|in|instr|json|json_array|json_extract|json_object|julianday|length|like|lower|ltrim|max|min|nullif|over|printf"
    r"|quote|random|replace|round|row_number|rtrim|sign|sqrt|strftime|substr|substring|sum|time|total|trim|typeof"
    r"|unicode|unixepoch|upper|using|values|as|on|and|or|not|select|from|where|then|when|else|join|by|having|limit"
    r"|st_(area|buffer|centroid|geometrytype|intersects|isempty|isvalid|length|[mM](ax|in)[xy]|point|srid)"
    r"|st_(transform|x|y)"
    r"|makepoint|setsrid|casttopoint|casttomultipoint)$"
)
"""Functions and words of SQL that stay inside a file."""


def open_vector(path: str | os.PathLike, options: tuple[str, ...] = ()) -> gdal.Dataset:
    """The dataset of a local file, read only, by GDAL's drivers for its kind.

    A file inside a local archive (`/vsizip/…`) is taken by GDAL's drivers for plain files; Parquet is read by pyarrow
    where GDAL has no driver. Raises `UnsafeFile` for what leads elsewhere and for a KML file that this GDAL would read
    without its columns, `NoParquet`, `OSError` when there is no such file, `RuntimeError` with GDAL's words when it
    cannot be opened.
    """
    name = os.fspath(path)
    kind = _archived(name) if name.startswith("/vsi") else kind_of(Path(name))
    if kind == _PARQUET and not reads_parquet():
        return parquet_dataset(name)
    with _held(kind):
        dataset = gdal.OpenEx(
            kind.prefix + name,
            gdal.OF_VECTOR | gdal.OF_READONLY | gdal.OF_VERBOSE_ERROR,
            allowed_drivers=list(kind.drivers),
            open_options=[*kind.options, *options],
        )
        if dataset is None:  # where nobody made GDAL raise
            raise RuntimeError(gdal.GetLastErrorMsg() or "unknown format")
        if _SPREADSHEETS.intersection(kind.drivers):  # read now, while the settings hold
            for number in range(dataset.GetLayerCount()):
                dataset.GetLayer(number).GetFeatureCount()
    if dataset.GetDriver().ShortName == "KML":
        _check_columns(dataset, Path(name))
    return dataset


def _check_columns(dataset: gdal.Dataset, path: Path) -> None:
    """GDAL's older driver for KML, the only one without LIBKML, reads names and descriptions, and no other column."""
    text = re.sub(r"<!--.*?-->", "", _decoded(path.read_bytes()), flags=re.DOTALL)
    columns = dict.fromkeys(re.findall(r"<(?:[\w.-]+:)?(?:Simple)?Data\s[^>]*?\bname\s*=\s*[\"']([^\"']*)", text))
    definitions = [dataset.GetLayer(number).GetLayerDefn() for number in range(dataset.GetLayerCount())]
    read = {each.GetFieldDefn(i).GetName().lower() for each in definitions for i in range(each.GetFieldCount())}
    lost = [html.unescape(column) for column in columns if html.unescape(column).lower() not in read]
    if lost:
        raise UnsafeFile(
            "“{name}” is not opened: the GDAL of this QGIS, built without LIBKML, would lose {count} of its columns"
            " ({columns}). Get the same data as a GeoPackage, a GeoJSON or a CSV file.",
            name=path.name,
            count=len(lost),
            columns=", ".join(lost[:MOST_NAMED]) + (", …" if len(lost) > MOST_NAMED else ""),
        )


@contextmanager
def raising_gdal() -> Iterator[None]:
    """GDAL raises errors and keeps its warnings to itself."""
    modules = [module for module in (gdal, ogr) if not module.GetUseExceptions()]
    for module in modules:
        module.UseExceptions()
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    finally:
        gdal.PopErrorHandler()
        for module in reversed(modules):
            module.DontUseExceptions()


def is_layer(path: Path) -> bool:
    """Whether a file's first bytes are those of a vector file that is no text (nor text in an archive)."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError:
        return False
    if head.startswith(b"PK"):
        return _sheet_driver(path) is not None
    return head.startswith(_SQLITE) or any(head.startswith(magic) for magic, _kind in _BY_MAGIC)


def kind_of(path: Path) -> Kind:
    """What kind of file it is, by its first bytes. Raises `UnsafeFile`, `OSError`."""
    if path.is_dir():
        if path.suffix.lower() == ".gdb":
            return Kind(("OpenFileGDB",))
        raise _unknown(path)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for magic, kind in _BY_MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(_SQLITE):
        return _database(path)
    if head.startswith(b"PK"):
        return _sheet(path)
    return _text(path, head)


def _text(path: Path, head: bytes) -> Kind:
    text = _decoded(head).lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        return _markup(path)
    if text[:1] in ("{", "["):
        return Kind(("GeoJSON", "GeoJSONSeq", "TopoJSON", "ESRIJSON"))
    if re.match(r"!table\b", text, re.I):
        if re.search(r"IsSeamless|create\s+view|type\s+(linked|odbc|ado|access)", text, re.I):
            raise _leads_elsewhere(path)
        return Kind(("MapInfo File",))
    if re.match(r"version\s+\d+\s", text, re.I) and path.suffix.lower() == ".mif":
        return Kind(("MapInfo File",))
    kind = _BY_SUFFIX.get(path.suffix.lower())
    if kind is None:
        raise _unknown(path)
    return kind


def _markup(path: Path) -> Kind:
    """XML is known by its outermost element; a document type, which may name other files, is refused."""
    with path.open("rb") as file:
        text = _decoded(file.read(_PROLOGUE)).lstrip("\ufeff \t\r\n")
    declared = re.match(r"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", text)
    if declared and not re.fullmatch(r"utf-?8|utf-?16|us-ascii|iso-8859-1?\d|windows-125\d", declared[1], re.I):
        raise _unknown(path)
    text = re.sub(r"\A(?:\s+|<\?.*?\?>|<!--.*?-->)*", "", text, flags=re.DOTALL)
    root = re.match(r"<(?:[\w.-]+:)?([\w.-]+)", text)
    kind = _BY_ROOT.get(root[1].lower()) if root else None
    if kind is None or "<!ENTITY" in text or "<!DOCTYPE" in text:
        raise _leads_elsewhere(path)
    return kind


def _decoded(head: bytes) -> str:
    for mark, encoding in _WIDE:
        if head.startswith(mark):
            return head[: len(head) // 2 * 2].decode(encoding, "replace")
    return head.decode("utf-8", "replace")


def _database(path: Path) -> Kind:
    """A GeoPackage or SQLite file without tables, views or columns that are programs."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            objects = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
            is_geopackage = any(name.lower() == "gpkg_contents" for _kind, name, _sql in objects)
    except sqlite3.Error as error:
        raise RuntimeError(str(error)) from error
    if any(_runs_something(kind, sql) for kind, _name, sql in objects):
        raise _leads_elsewhere(path)
    return Kind(("GPKG",)) if is_geopackage else Kind(("SQLite",))


def _runs_something(kind: str, sql: str) -> bool:
    """Whether reading a table or view of this definition may run more than SQL on the file itself."""
    bare = re.sub(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", " ", sql, flags=re.DOTALL)
    virtual = re.match(r"\s*create\s+virtual\s+table\b.*?\busing\s+(.*)", bare, re.I | re.DOTALL)
    if virtual:
        return _HARMLESS_MODULES.match(virtual[1].strip('"` [')) is None
    is_computed = kind == "view" or (kind == "table" and re.search(r"\bas\s*\(", bare, re.I) is not None)
    if not is_computed:
        return False
    inside = bare.partition("(")[2] if kind == "table" else bare
    called = {name.lower() for name in re.findall(r'["`\]]?([\w$]+)["`\]]?\s*\(', inside)}
    plain = (_PLAIN_FUNCTIONS, _COLUMN_WORDS) if kind == "table" else (_PLAIN_FUNCTIONS,)
    return any(not any(words.match(name) for words in plain) for name in called)


def _sheet(path: Path) -> Kind:
    """A spreadsheet; other archives are none of a layer's kinds."""
    driver = _sheet_driver(path)
    if driver is None:
        raise _unknown(path)
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > MOST_UNFOLDED:
            raise UnsafeFile("“{name}” unfolds to more than can be true.", name=path.name)
    return Kind((driver,), prefix="ODS:" if driver == "ODS" else "")  # GDAL knows that one by its name alone


def _sheet_driver(path: Path) -> str | None:
    """GDAL's driver for the spreadsheet that an archive is, None when it is something else, or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = set(archive.namelist())
    except UNREADABLE:
        return None
    return next((driver for part, driver in _SHEETS.items() if part in parts), None)


def _archived(name: str) -> Kind:
    """A plain file inside a local archive, under the drivers for plain files alone."""
    start = next((start for start in _LOCAL_ARCHIVES if name.startswith(start)), None)
    inside = name[len(start) :] if start else ""
    suffix = Path(name).suffix.lower()
    if start is None or "/vsi" in inside or suffix not in _IN_ARCHIVES:
        raise _leads_elsewhere(Path(name))
    return Kind((_IN_ARCHIVES[suffix],))


def _held(kind: Kind) -> AbstractContextManager[None]:
    """GDAL's settings while such a file is opened: sheets have a header, nothing is looked up, no request leaves."""
    headers = {f"OGR_{driver}_HEADERS": "FORCE" for driver in _SPREADSHEETS.intersection(kind.drivers)}
    return gdal_settings({**_NO_WAY_OUT, **headers})


@contextmanager
def gdal_settings(wanted: Mapping[str, str]) -> Iterator[None]:
    """GDAL's settings of this thread meanwhile."""
    before = {option: gdal.GetConfigOption(option) for option in wanted}
    for option, value in wanted.items():
        _set_option(option, value)
    try:
        yield
    finally:
        for option, value in before.items():
            _set_option(option, value)


def _unknown(path: Path) -> UnsafeFile:
    return UnsafeFile("“{name}” is of no kind of file that is read here.", name=path.name)


def _leads_elsewhere(path: Path) -> UnsafeFile:
    return UnsafeFile(
        "“{name}” is not opened: it leads to other files, addresses or programs. Save what it shows as a GeoPackage.",
        name=path.name,
    )
