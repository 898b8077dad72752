"""One's own list against the referential."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureSource,
    QgsFields,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from ..core.corrections import Correction
from ..core.corrections.model import PROPERTIES, as_feature, changes_text, differences
from ..core.matching import SURE, Alone, Matching, match, proposals
from ..core.messages import Message, msg
from ..core.progress import Progress
from ..core.services import Service
from ..i18n import tr, translate_message
from .access_inputs import fields_with, put, row_of
from .address_parameter import AddressParameter
from .base import CartoAlgorithm, make_fields
from .coordinates import WGS84
from .matching_inputs import ListRead, find_positions, read_list, read_reference, tell_fields, user_decisions
from .qgis_enums import NumberType, SourceType, WkbType

MATCH_FIELDS = make_fields(
    ("local_id", "text"),
    ("reference_id", "text"),
    ("zone", "text"),
    ("score", "float"),
    ("distance_m", "float"),
    ("raisons", "text"),
    ("categorie", "text"),
    ("nom_local", "text"),
    ("nom_reference", "text"),
    ("adresse_local", "text"),
    ("adresse_reference", "text"),
    ("ecarts", "text"),
)
ALONE_FIELDS = make_fields(("ressemble_a", "text"), ("raison", "text"))
PROPOSAL_FIELDS = make_fields(*((name, "text") for name in PROPERTIES))

SEVERAL = ("adresse", "horaires")
"""Columns that several fields may feed together."""


def mapped_columns() -> dict[str, str]:
    """The columns that a field may feed, and their names on the screen."""
    return {
        "id": tr("identifier of the row"),
        "nom": tr("name"),
        "categorie": tr("category"),
        "adresse": tr("address (several: joined)"),
        "code_postal": tr("postcode"),
        "commune": tr("commune"),
        "code_insee": tr("INSEE code"),
        "telephone": tr("telephone"),
        "courriel": tr("e-mail"),
        "site_web": tr("web site"),
        "siret": tr("SIRET"),
        "finess": tr("FINESS number"),
        "producteur": tr("producer"),
        "id_producteur": tr("identifier at the producer"),
        "horaires": tr("opening hours (one, or seven from Monday)"),
    }


class MatchServices(CartoAlgorithm):
    """`cartoservices:matchservices`"""

    ID = "matchservices"
    GROUP = "corrections"

    def displayName(self) -> str:
        return tr("Match services")

    def initAlgorithm(self, configuration=None) -> None:
        for name, label in (("LOCAL", tr("My list")), ("REFERENCE", tr("Referential"))):
            self.addParameter(QgsProcessingParameterFeatureSource(name, label, [SourceType.Vector]))
        self.addParameter(
            QgsProcessingParameterNumber(
                "MAX_DISTANCE",
                tr("Farthest that two positions of one place may be (metres; 0: by category)"),
                NumberType.Double,
                0.0,
                minValue=0,
            )
        )
        self.addParameter(
            QgsProcessingParameterString("CATEGORY", tr("Category of my whole list (code)"), optional=True)
        )
        self.addParameter(
            QgsProcessingParameterBoolean("GEOCODE", tr("Place rows without position by their address"), True)
        )
        for column, label in mapped_columns().items():
            self.add_advanced(
                QgsProcessingParameterField(
                    field_parameter(column),
                    tr("Field of my list: {what} (guessed when empty)").format(what=label),
                    parentLayerParameterName="LOCAL",
                    allowMultiple=column in SEVERAL,
                    optional=True,
                )
            )
        self.add_advanced(AddressParameter("GEOCODER", tr("Geocoder (address of the service)"), optional=True))
        self.add_output("MATCHES", tr("Pairs"))
        self.add_output("ONLY_LOCAL", tr("Only in my list"), optional=True)
        self.add_output("ONLY_REFERENCE", tr("Only in the referential"), optional=True)
        self.add_output("PROPOSALS", tr("Proposed corrections"), optional=True)

    def execute(self, parameters: dict[str, Any], context: QgsProcessingContext, progress: Progress) -> dict[str, Any]:
        own_source, source = (self.source(parameters, name, context) for name in ("LOCAL", "REFERENCE"))
        category = self.parameterAsString(parameters, "CATEGORY", context).strip()
        given = self._given_fields(parameters, context)
        own = read_list(own_source, "LOCAL", given, category, context, progress.part(0.0, 0.1))
        tell_fields(own.fields, progress)
        theirs = read_reference(source, context, progress.part(0.1, 0.2))
        if self.parameterAsBoolean(parameters, "GEOCODE", context):
            server = self.parameterAsString(parameters, "GEOCODER", context).strip()
            own = own._replace(services=find_positions(own.services, server, progress.part(0.2, 0.5)))
        matching = match(
            own.services,
            theirs.services,
            max_distance=self.parameterAsDouble(parameters, "MAX_DISTANCE", context),
            verdicts=user_decisions().verdicts(own.services, theirs.services),
            progress=progress.part(0.5, 0.8),
        )
        proposed = proposals(
            own.services, theirs.services, matching, own.columns, progress.part(0.8, 0.9), known=theirs.columns
        )
        _tell(matching, proposed, progress)
        self._write_matches(parameters, context, own, theirs, matching, progress.part(0.9, 1.0))
        self._write_alone(parameters, "ONLY_LOCAL", context, own_source, own, theirs, matching.only_local)
        self._write_alone(parameters, "ONLY_REFERENCE", context, source, theirs, own, matching.only_reference)
        self._write_proposals(parameters, context, proposed)
        return {}

    def _given_fields(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, list[str]]:
        # An older QGIS has only the one that newer ones call deprecated.
        read = getattr(self, "parameterAsStrings", None) or self.parameterAsFields
        fields = {column: read(parameters, field_parameter(column), context) for column in mapped_columns()}
        return {column: names for column, names in fields.items() if names}

    def _write_matches(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        own: ListRead,
        theirs: ListRead,
        matching: Matching,
        progress: Progress,
    ) -> None:
        crs = QgsCoordinateReferenceSystem(WGS84)
        sink = self.add_sink(parameters, "MATCHES", context, MATCH_FIELDS, WkbType.Point, crs, style="matches")
        for number, pair in enumerate(matching.pairs):
            if number % 1000 == 0:
                progress.advance(number / len(matching.pairs))
            mine, other = own.services[pair.local], theirs.services[pair.reference]
            attributes = [
                mine.id,
                other.id,
                pair.zone,
                round(pair.score, 3),
                None if math.isnan(pair.distance) else round(pair.distance, 1),
                in_words(pair.reasons),
                other.categorie,
                mine.nom,
                other.nom,
                address_of(mine),
                address_of(other),
                changes_text(_differences(other, mine, own.columns)) or None,
            ]
            put(sink, [row_of(MATCH_FIELDS, attributes, point_of(other) or point_of(mine))])

    def _write_alone(
        self,
        parameters: dict[str, Any],
        name: str,
        context: QgsProcessingContext,
        source: QgsFeatureSource,
        rows: ListRead,
        others: ListRead,
        alone: Sequence[Alone],
    ) -> None:
        """The rows as they were read, with what they resemble and why they are alone."""
        fields, kept = fields_with(QgsFields(source.fields()), ALONE_FIELDS)
        sink = self.add_sink(parameters, name, context, fields, source.wkbType(), source.sourceCrs(), style="problems")
        for one in alone:
            read = rows.features[one.row]
            resembles = others.services[one.resembles].id if one.resembles >= 0 else None
            attributes = [*(read.attribute(index) for index in kept), resembles, in_words(one.reasons)]
            put(sink, [row_of(fields, attributes, read.geometry())])

    def _write_proposals(
        self, parameters: dict[str, Any], context: QgsProcessingContext, proposed: Sequence[Correction]
    ) -> None:
        crs = QgsCoordinateReferenceSystem(WGS84)
        sink = self.add_sink(parameters, "PROPOSALS", context, PROPOSAL_FIELDS, WkbType.Point, crs, style="corrections")
        for correction in proposed:
            properties = as_feature(correction)["properties"]
            attributes = [properties[name] or None for name in PROPERTIES]
            put(sink, [row_of(PROPOSAL_FIELDS, attributes, point_of(correction))])


def field_parameter(column: str) -> str:
    """The parameter that names the field of a column: `FIELD_NOM`."""
    return f"FIELD_{column.upper()}"


def in_words(reasons: Sequence[Message]) -> str:
    """Reasons in the user's language, on one line."""
    return "; ".join(map(translate_message, reasons))


def address_of(service: Service) -> str:
    """The address on one line."""
    return " ".join(filter(None, (service.adresse, service.code_postal, service.commune)))


def point_of(service: Service | Correction) -> QgsGeometry | None:
    """The position in degrees, None without."""
    if service.lon is None or service.lat is None:
        return None
    return QgsGeometry.fromPointXY(QgsPointXY(service.lon, service.lat))


def _differences(before: Service, after: Service, columns: set[str]) -> dict[str, Any]:
    """What my list says otherwise, to the letter; what it leaves empty is no difference."""
    return {name: change for name, change in differences(before, after).items() if name in columns and change.new}


def _tell(matching: Matching, proposed: Sequence[Correction], progress: Progress) -> None:
    sure = sum(pair.zone == SURE for pair in matching.pairs)
    progress.info(
        msg(
            "Pairs: {sure} sure, {check} to check. Only in your list: {new}; only in the referential: {missing}. "
            "Corrections proposed: {proposals}.",
            sure=sure,
            check=len(matching.pairs) - sure,
            new=len(matching.only_local),
            missing=len(matching.only_reference),
            proposals=len(proposed),
        )
    )
