"""The parameters that algorithms where demand meets services share."""

from __future__ import annotations

from ..core.travel_modes import DIRECTIONS, METRICS
from ..i18n import tr
from .access_asked import AccessAsked
from .access_inputs import thresholds_parameter
from .asked import Asked
from .network_input import NetworkAlgorithm
from .qgis_enums import SourceType


class AccessAlgorithm(NetworkAlgorithm):
    """An algorithm where demand and services meet on a road network."""

    ASKED: type[Asked] = AccessAsked

    def add_demand(self, weight: bool = True, identified: bool = False, as_table: bool = False) -> None:
        """DEMAND, with DEMAND_WEIGHT, and DEMAND_ID where it is ``identified``; ``as_table``: it needs no geometry."""
        kind = SourceType.Vector if as_table else SourceType.VectorAnyGeometry
        self.add_layer("DEMAND", tr("Demand (places where people live)"), kind)
        if identified:
            self.add_field("DEMAND_ID", tr("Identifier of each place"), "DEMAND")
        if weight:
            self.add_field("DEMAND_WEIGHT", tr("Population of each place"), "DEMAND", number=True)

    def add_services(self, identified: bool = False) -> None:
        """SERVICES and CATEGORY_FIELD, and SERVICE_ID where they are ``identified``."""
        self.add_layer("SERVICES", tr("Services"))
        self.add_field("CATEGORY_FIELD", tr("Category of each service"), "SERVICES")
        if identified:
            self.add_field("SERVICE_ID", tr("Identifier of each service"), "SERVICES")

    def add_zones(self) -> None:
        """ZONES and ZONE_ID, which may be left empty."""
        self.add_layer("ZONES", tr("Zones"), SourceType.VectorPolygon, optional=True)
        self.add_field("ZONE_ID", tr("Identifier of each zone"), "ZONES")

    def add_open_at(self) -> None:
        """OPEN_AT."""
        self.add_text("OPEN_AT", tr("Only places open at (such as “samedi 10:00”)"), optional=True)

    def add_opening(self) -> None:
        """OPEN_AT, UNKNOWN_HOURS and HOURS_FIELD."""
        self.add_open_at()
        label = tr("Places of unknown hours count as")
        self.add_enum("UNKNOWN_HOURS", label, ["closed", "open"], "closed", optional=True)
        self.add_hours_field()

    def add_hours_field(self) -> None:
        """HOURS_FIELD."""
        self.add_field(
            "HOURS_FIELD", tr("Opening hours of each service"), "SERVICES", default="horaires", advanced=True
        )

    def add_metric(self) -> None:
        """METRIC."""
        label = tr("Measured in (time: minutes; distance: metres)")
        self.add_enum("METRIC", label, list(METRICS), "time", optional=True)

    def add_direction(self) -> None:
        """DIRECTION."""
        label = tr("Direction (departure: towards the service; arrival: from it)")
        self.add_enum("DIRECTION", label, list(DIRECTIONS), "departure", optional=True)

    def add_max_cost(self) -> None:
        """MAX_COST."""
        self.add_number("MAX_COST", tr("Farthest cost (minutes or metres)"), optional=True)

    def add_thresholds(self, label: str, default: str, name: str = "THRESHOLDS") -> None:
        """A list of thresholds."""
        self.addParameter(thresholds_parameter(name, label, default))

    def add_matrix(self) -> None:
        """MATRIX."""
        label = tr("Table of costs (instead of the network: origin_id, destination_id, cout)")
        self.add_layer("MATRIX", label, SourceType.Vector, optional=True)

    def add_failed(self) -> None:
        """FAILED."""
        self.add_output("FAILED", tr("What could not be computed"), SourceType.Vector, optional=True)
