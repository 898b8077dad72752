"""All figures of a report as one open-document workbook, a sheet a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Union
from uuid import uuid4

from osgeo import gdal, ogr

from ..errors import CartoError
from ..spreadsheets import as_cell
from .french import seuil

if TYPE_CHECKING:
    from .content import Report

Cell = Union[str, float, None]


class Sheet(NamedTuple):
    """A table: its name, the titles of its columns, its rows. Columns hold texts, or numbers (None: not known)."""

    name: str
    titles: Sequence[str]
    rows: Sequence[Sequence[Cell]]


class WorkbookNotWritten(CartoError):
    """GDAL could not write the workbook."""


CAUSES = ("temps à ± (part)", "horaires inconnus", "à la commune près")
"""What makes an interval wide, as `Width` gives it."""


def sheets_of(report: Report) -> list[Sheet]:
    """Services, zones, groups, the week and the places proposed; only those that the report has."""
    limits = [seuil(threshold) for threshold in report.thresholds]
    people = [title for limit in limits for title in (f"à plus de {limit}", f"part à plus de {limit}")]
    label = report.labels
    shares = range(len(limits))
    last = limits[-1]
    counted = f"population : {report.evolution_people}" if report.evolution_people else "habitants"
    found = [
        Sheet(
            "Services",
            ["Service", "habitants", *people, "temps moyen (min)", "temps médian (min)", "sans accès", "non calculés"],
            [
                [
                    label.get(row.category, row.category),
                    row.population,
                    *(value for rank in shares for value in (row.beyond[rank], row.share(rank))),
                    row.mean,
                    row.median,
                    row.unreached,
                    row.not_computed,
                ]
                for row in report.categories
            ],
        ),
        Sheet(
            "Zones",
            ["Code", "Zone", "Service", "habitants", *people, "temps moyen (min)", "sans accès", "non calculés"],
            [
                [
                    row.zone_id,
                    row.name,
                    label.get(row.category, row.category),
                    row.population,
                    *(value for rank in shares for value in (row.beyond[rank], row.share(rank))),
                    row.mean,
                    row.unreached,
                    row.not_computed,
                ]
                for row in report.zones
            ],
        ),
        Sheet(
            "Groupes",
            ["Service", "Groupe", "habitants", f"à plus de {last}", f"part à plus de {last}", "part de tous"],
            [
                [label.get(code, code), row.label, row.population, row.beyond, row.share, row.everyone]
                for code, rows in report.groups.items()
                for row in rows
            ],
        ),
        Sheet(
            "Intervalles",
            ["Service", "au moins", f"à plus de {last}", "au plus", "non calculés", *CAUSES],
            [
                [label.get(row.category, row.category), row.least, row.beyond, row.most, row.not_computed, *row.width]
                for row in report.doubts
            ],
        ),
        Sheet(
            "Territoires semblables",
            [
                "Service",
                "Classe de densité",
                "habitants",
                f"part à plus de {last}",
                "part ailleurs",
                "habitants ailleurs",
            ],
            [
                [label.get(code, code), row.density or "à densité égale", row.people, row.share, row.other, row.others]
                for code, rows in report.similar.items()
                for row in rows
            ],
        ),
        Sheet(
            "Semaine",
            ["Service", "Jour", *report.hours],
            [[label.get(code, code), row.day, *row.shares] for code, rows in report.timetables.items() for row in rows],
        ),
        Sheet(
            "Évolution",
            ["Service", "Date", counted, f"à plus de {last}", f"part à plus de {last}", "non calculés"],
            [
                [label.get(code, code), date, served.population, served.beyond[0], served.share(), served.not_computed]
                for code, evolution in report.evolution.items()
                for date, served in evolution.points
            ],
        ),
        _scenario(report),
        _scenario_changes(report),
        Sheet(
            "Lieux",
            ["Lieu", "rang", report.gains.title],
            [[site.name, site.rank, site.gain] for site in report.sites],
        ),
    ]
    return [sheet for sheet in found if sheet.rows]


def _scenario(report: Report) -> Sheet:
    """All people and each zone, before and after."""
    figures = report.scenario
    rows = [] if figures is None else [figures.whole._replace(name="Ensemble"), *figures.zones]
    thresholds = [seuil(threshold, figures.unit) for threshold in figures.thresholds] if figures else []
    moments = ("avant", "après")
    mean, unit = (figures.mean, figures.unit) if figures else ("", "")
    return Sheet(
        "Scénario",
        [
            *("Zone", "habitants", "plus près", "plus loin"),
            *(f"{mean} {moment} ({unit})" for moment in moments),
            *(f"à plus de {text} {moment}" for moment in moments for text in thresholds),
            "non calculés",
        ],
        [
            [
                *(row.name, row.population, row.gaining, row.losing, row.before, row.after),
                *(*row.beyond_before, *row.beyond_after, row.not_computed),
            ]
            for row in rows
        ],
    )


def _scenario_changes(report: Report) -> Sheet:
    """The places and roads that it changes."""
    changes = report.scenario.changes if report.scenario is not None else ()
    return Sheet(
        "Scénario, changements", ["Ce que le scénario change", "avant", "après"], [list(row) for row in changes]
    )


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as an ODS file. Raises `WorkbookNotWritten`.

    Texts that a spreadsheet would take for a formula stay texts; what is not known is an empty cell.
    """
    path = f"/vsimem/{uuid4().hex}.ods"
    driver = ogr.GetDriverByName("ODS")
    source = driver.CreateDataSource(path) if driver is not None else None
    if source is None:
        raise WorkbookNotWritten("This GDAL cannot write open-document workbooks.")
    for sheet in sheets:
        _write(source, sheet)
    source = None  # closed: the file is written now
    file = gdal.VSIFOpenL(path, "rb")
    if file is None:
        raise WorkbookNotWritten("The workbook of the figures could not be written.")
    size = gdal.VSIStatL(path).size
    content = gdal.VSIFReadL(1, size, file)
    gdal.VSIFCloseL(file)
    gdal.Unlink(path)
    return bytes(content)


def _write(source: ogr.DataSource, sheet: Sheet) -> None:
    layer = source.CreateLayer(sheet.name)
    for column, title in enumerate(sheet.titles):
        is_text = any(isinstance(row[column], str) for row in sheet.rows)
        layer.CreateField(ogr.FieldDefn(title, ogr.OFTString if is_text else ogr.OFTReal))
    for row in sheet.rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        for column, value in enumerate(row):
            if isinstance(value, str):
                feature.SetField(column, as_cell(value))
            elif value is not None and math.isfinite(value):
                feature.SetField(column, float(value))
        layer.CreateFeature(feature)
