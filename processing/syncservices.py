"""A GeoPackage kept as a registry says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsVectorLayer

from ..core.errors import CartoError
from ..core.messages import msg
from ..core.registry.geopackage import CHANGE_COLUMNS, LAYER, opened, plain_errors
from ..core.registry.sync import TooManyRemoved, changes, read_state, sync
from ..i18n import tr
from .correction_followup import follow_handed_over
from .qgis_enums import SourceType
from .registry_inputs import RegistryAlgorithm, RegistryAsked
from .styling import apply_style, keep_style, source_words

MOST_REMOVED = 20.0
"""Percentage of the services that may go at once unless the user says otherwise."""
REFUSED: dict[str, TooManyRemoved] = {}
"""GeoPackages whose last sync would have removed too much: the panel asks, an error's text alone would not tell it."""

CHANGES = tuple((column, "text") for column in CHANGE_COLUMNS)


class SyncServices(RegistryAlgorithm):
    """`cartoservices:syncservices`"""

    ID = "syncservices"

    def displayName(self) -> str:
        return tr("Keep public services up to date")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        self.add_registry()
        self.add_file_output("GEOPACKAGE", tr("GeoPackage, made or brought up to date"), "GeoPackage (*.gpkg)")
        self.add_number("MOST_REMOVED", tr("Most services that may be removed at once (%)"), MOST_REMOVED, most=100)
        self.add_communes()
        self.add_output("CHANGES", tr("Changes"), SourceType.Vector, optional=True)
        self.add_number_outputs(("ADDED", tr("Added")), ("CHANGED", tr("Changed")), ("REMOVED", tr("Removed")))

    def compute(self, asked: RegistryAsked) -> dict[str, Any]:
        connection, query = asked.connection(), asked.query()
        path = Path(asked.destination("GEOPACKAGE"))
        is_new = not path.exists()
        most, outlines = asked.number("MOST_REMOVED"), asked.outlines()
        REFUSED.pop(str(path), None)
        try:
            registry = asked.registry(connection)
            report = sync(path, registry, connection, query, asked.progress, most_removed=most, outlines=outlines)
        except TooManyRemoved as refusal:
            REFUSED[str(path)] = refusal
            raise
        _sign(path)
        if is_new:
            store_style(path)
        table = asked.table("CHANGES", CHANGES)
        for change in changes(path) if table.wanted else ():
            table.add(change)
        follow_handed_over(path, asked.progress)
        asked.progress.info(
            msg(
                "Services: {added} added, {changed} changed, {removed} removed. Records rejected: {rejected}.",
                **{name: getattr(report, name) for name in ("added", "changed", "removed", "rejected")},
            )
        )
        figures = {"ADDED": report.added, "CHANGED": report.changed, "REMOVED": report.removed}
        return {"GEOPACKAGE": str(path), **figures}


def kept_facts(path: Path) -> dict[str, Any]:
    """Where and when the services of a GeoPackage were read, as `apply_style` takes it."""
    state = read_state(path)
    return {**state["source"], "source": state["source"]["title"], "read_on": state["read_on"]}


def shown_facts(path: Path) -> dict[str, Any]:
    """`kept_facts` for the interface: nothing where another program holds the file, or it tells nothing."""
    try:
        return kept_facts(path)
    except CartoError:
        return {}


def store_style(path: Path) -> None:
    """Keep the plugin's style of services in the GeoPackage, as the one QGIS opens the layer with."""
    layer = QgsVectorLayer(f"{path}|layername={LAYER}", LAYER, "ogr")
    apply_style(layer, "services", shown_facts(path))
    keep_style(layer, LAYER)


def _sign(path: Path) -> None:
    """Where and when the services were read, as the description that QGIS shows and reports cite."""
    facts = kept_facts(path)
    words = " ".join(filter(None, (source_words(facts), facts["licence"])))
    with plain_errors(path), opened(path) as database:
        database.execute("UPDATE gpkg_contents SET description = ? WHERE table_name = ?", (words, LAYER))
