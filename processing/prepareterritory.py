"""From the name of a territory to a GeoPackage and a network ready to compute on."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
    QgsRectangle,
)

from ..core.categories import by_code
from ..core.messages import msg
from ..core.network import BuildOptions, RoadSource
from ..core.network.presets.rules import PROFILES
from ..core.progress import Progress
from ..core.territories import codes_in
from ..core.territory import Access, Dropped, Prepared, Wish, prepare, recognise_file
from ..core.territory.inhabitants import GEOAPI, MELODI
from ..core.territory.prepare import POPULATIONS
from ..core.wfs import SERVER, Wfs
from ..i18n import tr, translate_message
from . import settings
from .access_inputs import put, row_of
from .address_parameter import AddressParameter
from .base import make_fields
from .connections import ANNUAIRE, find_connection, open_connection
from .network_input import build_network
from .qgis_enums import NumberType, SourceType, WkbType
from .registry_inputs import Cancel, RegistryAlgorithm
from .syncservices import store_style
from .transport import open_session

FAILED_FIELDS = make_fields(("quoi", "text"), ("raison", "text"))


class PrepareTerritory(RegistryAlgorithm):
    """`cartoservices:prepareterritory`"""

    ID = "prepareterritory"

    def displayName(self) -> str:
        return tr("Prepare my territory")

    def initAlgorithm(self, configuration=None) -> None:
        self.addParameter(
            QgsProcessingParameterString(
                "TERRITORY", tr("Territory: names or codes of départements, EPCI, communes (parted by commas)")
            )
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                "HALO", tr("Roads around the territory (km)"), NumberType.Double, 20, minValue=0, maxValue=200
            )
        )
        self.addParameter(
            QgsProcessingParameterString("CATEGORIES", tr("Categories (codes, parted by commas)"), optional=True)
        )
        registry = AddressParameter("REGISTRY", tr("Registry: a connection's name, an address or a file"), ANNUAIRE)
        self.addParameter(registry)
        self.add_enum("POPULATION", tr("Inhabitants"), list(POPULATIONS), POPULATIONS[0])
        self.add_enum("PROFILE", tr("Travelling by"), list(PROFILES), "car")
        files = tr("Files of IGN or INSEE to use instead of the service (parted by ;)")
        self.add_advanced(QgsProcessingParameterString("FILES", files, optional=True))
        self.addParameter(
            QgsProcessingParameterFileDestination(
                "GEOPACKAGE", tr("GeoPackage, made or brought up to date"), fileFilter="GeoPackage (*.gpkg)"
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(
                "NETWORK",
                tr("Road network (beside the GeoPackage unless said)"),
                tr("Road network (*.network)"),
                optional=True,
                createByDefault=False,
            )
        )
        self.add_output("FAILED", tr("What could not be read"), SourceType.VectorPolygon, optional=True)
        self.addOutput(QgsProcessingOutputNumber("ROADS_COUNT", tr("Number of roads")))
        self.addOutput(QgsProcessingOutputNumber("POPULATION_TOTAL", tr("Number of inhabitants")))

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        path = Path(self.parameterAsFileOutput(parameters, "GEOPACKAGE", context))
        wish = self._wish(parameters, context)
        made = prepare(path, wish, self._access(parameters, context, progress), progress.part(0.0, 0.85))
        store_style(path)
        network = self._network(parameters, context, made, progress.part(0.85, 1.0))
        self._write_failed(parameters, context, made)
        _tell(made, progress)
        return {
            "GEOPACKAGE": str(path),
            "NETWORK": network,
            "ROADS_COUNT": made.roads,
            "POPULATION_TOTAL": made.population,
        }

    def _wish(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Wish:
        text = self.parameterAsString(parameters, "CATEGORIES", context)
        categories = tuple(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))
        for code in categories:
            by_code(code)
        return Wish(
            codes_in(self.parameterAsString(parameters, "TERRITORY", context)),
            self.parameterAsDouble(parameters, "HALO", context),
            categories,
            self.parameterAsEnumString(parameters, "POPULATION", context),
        )

    def _access(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> Access:
        cancel = Cancel(progress)
        connection = find_connection(self.parameterAsString(parameters, "REGISTRY", context), cancel)
        address = settings.WFS.value() or SERVER
        return Access(
            Wfs(address, partial(open_session, address, feedback=cancel)),
            open_connection(connection, cancel),
            connection,
            partial(open_session, feedback=cancel),
            settings.GEOAPI.value() or GEOAPI,
            settings.MELODI.value() or MELODI,
            self._files(parameters, context),
        )

    def _files(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[Dropped, ...]:
        text = self.parameterAsString(parameters, "FILES", context) or ""
        paths = [Path(part.strip()) for part in text.split(";") if part.strip()]
        return tuple(dropped for path in paths for dropped in recognise_file(path))

    def _network(
        self, parameters: dict[str, Any], context: QgsProcessingContext, made: Prepared, progress: Progress
    ) -> str:
        """The network's file; none where there are no roads."""
        if not made.roads:
            progress.warn(msg("There are no roads: no network was made."))
            return ""
        chosen = self.parameterAsFileOutput(parameters, "NETWORK", context) if parameters.get("NETWORK") else ""
        path = chosen or str(made.path.with_suffix(".network"))
        options = BuildOptions(preset="bdtopo", profile=self.parameterAsEnumString(parameters, "PROFILE", context))
        build_network(RoadSource(str(made.path), "routes"), options, path, progress)
        return path

    def _write_failed(self, parameters: dict[str, Any], context: QgsProcessingContext, made: Prepared) -> None:
        crs = QgsCoordinateReferenceSystem(made.crs)
        sink = self.add_sink(parameters, "FAILED", context, FAILED_FIELDS, WkbType.Polygon, crs)
        for failure in made.failed if sink is not None else ():
            row = row_of(FAILED_FIELDS, [failure.what, translate_message(failure.reason)])
            row.setGeometry(QgsGeometry.fromRect(QgsRectangle(*failure.box)))
            put(sink, [row])


def _tell(made: Prepared, progress: Progress) -> None:
    if made.old is not None:
        progress.info(msg("What was there before is kept as {path}.", path=str(made.old)))
    if not made.renewed:
        progress.info(msg("Roads, outlines and inhabitants are already those of the newest edition."))
    progress.info(msg("{roads} roads, {people} inhabitants.", roads=made.roads, people=round(made.population)))
