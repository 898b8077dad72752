"""From the name of a territory to a GeoPackage and a network ready to compute on."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from qgis.core import QgsGeometry, QgsProcessingUtils, QgsRectangle

from ..core.messages import msg
from ..core.network import BuildOptions, RoadSource
from ..core.progress import Progress
from ..core.territories import codes_in
from ..core.territory import Access, Dropped, Prepared, Wish, prepare, recognise_file
from ..core.territory.inhabitants import GEOAPI, MELODI
from ..core.territory.prepare import POPULATIONS
from ..core.travel_modes import CAR, PROFILES
from ..core.wfs import SERVER, Wfs
from ..i18n import tr, translate_message
from . import settings
from .address_parameter import AddressParameter
from .connections import ANNUAIRE
from .network_input import build_and_log
from .qgis_enums import SourceType, WkbType
from .registry_inputs import RegistryAlgorithm, RegistryAsked
from .syncservices import store_style
from .transport import Cancel, open_session

FAILED = (("quoi", "text"), ("raison", "text"))


class PrepareTerritory(RegistryAlgorithm):
    """`cartoservices:prepareterritory`"""

    ID = "prepareterritory"

    def displayName(self) -> str:
        return tr("Prepare my territory")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        territory = tr("Territory: names or codes of départements, EPCI, communes (parted by commas)")
        self.add_text("TERRITORY", territory)
        self.add_number("HALO", tr("Roads around the territory (km)"), 20, most=200)
        self.add_text("CATEGORIES", tr("Categories (codes, parted by commas)"), optional=True)
        registry = AddressParameter("REGISTRY", tr("Registry: a connection's name, an address or a file"), ANNUAIRE)
        self.addParameter(registry)
        self.add_enum("POPULATION", tr("Inhabitants"), list(POPULATIONS), POPULATIONS[0])
        self.add_enum("PROFILE", tr("Travelling by"), list(PROFILES), CAR)
        files = tr("Files of IGN or INSEE to use instead of the service (parted by ;)")
        self.add_text("FILES", files, optional=True, advanced=True)
        self.add_file_output("GEOPACKAGE", tr("GeoPackage, made or brought up to date"), "GeoPackage (*.gpkg)")
        network, files = tr("Road network (beside the GeoPackage unless said)"), tr("Road network (*.network)")
        self.add_file_output("NETWORK", network, files, optional=True, by_default=False)
        self.add_output("FAILED", tr("What could not be read"), SourceType.VectorPolygon, optional=True)
        self.add_number_outputs(
            ("ROADS_COUNT", tr("Number of roads")), ("POPULATION_TOTAL", tr("Number of inhabitants"))
        )

    def compute(self, asked: RegistryAsked) -> dict[str, Any]:
        path = Path(asked.destination("GEOPACKAGE"))
        wish = Wish(
            codes_in(asked.column("TERRITORY")), asked.number("HALO"), asked.categories(), asked.choice("POPULATION")
        )
        made = prepare(path, wish, _access(asked), asked.upto(0.85))
        store_style(path)
        network = _network(asked, made)
        table = asked.table("FAILED", FAILED, geometry=WkbType.Polygon, crs=made.crs)
        for failure in made.failed:
            box = QgsGeometry.fromRect(QgsRectangle(*failure.box))
            table.add([failure.what, translate_message(failure.reason)], geometry=box)
        _say(made, asked.progress)
        figures = {"ROADS_COUNT": made.roads, "POPULATION_TOTAL": made.population}
        return {"GEOPACKAGE": str(path), "NETWORK": network, **figures}


def _access(asked: RegistryAsked) -> Access:
    cancel = Cancel(asked.progress)
    connection = asked.connection()
    address = settings.WFS.value() or SERVER
    return Access(
        Wfs(address, partial(open_session, address, feedback=cancel)),
        asked.registry(connection),
        connection,
        partial(open_session, feedback=cancel),
        settings.GEOAPI.value() or GEOAPI,
        settings.MELODI.value() or MELODI,
        _files(asked.column("FILES"), asked.progress),
    )


def _files(text: str, progress: Progress) -> tuple[Dropped, ...]:
    paths = [Path(part.strip()) for part in text.split(";") if part.strip()]
    unfolded = Path(QgsProcessingUtils.tempFolder())
    return tuple(dropped for path in paths for dropped in recognise_file(path, unfolded, progress))


def _network(asked: RegistryAsked, made: Prepared) -> str:
    """The network's file; none where there are no roads."""
    if not made.roads:
        asked.progress.warn(msg("There are no roads: no network was made."))
        return ""
    path = (asked.is_given("NETWORK") and asked.destination("NETWORK")) or str(made.path.with_suffix(".network"))
    options = BuildOptions(preset="bdtopo", profile=asked.choice("PROFILE"))
    build_and_log(RoadSource(str(made.path), "routes"), options, path, asked.upto(1.0))
    return path


def _say(made: Prepared, progress: Progress) -> None:
    if made.old is not None:
        progress.info(msg("What was there before is kept as {path}.", path=str(made.old)))
    if not made.renewed:
        progress.info(msg("Roads, outlines and inhabitants are already those of the newest edition."))
    progress.info(msg("{roads} roads, {people} inhabitants.", roads=made.roads, people=round(made.population)))
