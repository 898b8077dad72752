"""One's own list against the referential."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qgis.core import QgsFeatureSource, QgsGeometry

from ..core.corrections import Correction
from ..core.corrections.model import PROPERTIES, as_feature, changes_text, differences
from ..core.matching import SURE, Alone, Matching, match, proposals
from ..core.messages import Message, msg
from ..core.progress import Progress
from ..core.services import Service
from ..i18n import tr, translate_message
from .address_parameter import AddressParameter
from .asked import Asked
from .base import CartoAlgorithm
from .coordinates import WGS84
from .matching_inputs import ListRead, find_positions, read_list, read_reference, say_fields, user_decisions
from .qgis_enums import SourceType, WkbType
from .registry_inputs import point_at
from .styling.columns import alias

MATCHES = (
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
ALONE = (("ressemble_a", "text"), ("raison", "text"))
PROPOSALS = tuple((name, "text") for name in PROPERTIES)

MAPPED = (
    *("id", "nom", "categorie", "adresse", "code_postal", "commune", "code_insee", "telephone", "courriel", "site_web"),
    *("siret", "finess", "producteur", "id_producteur", "horaires"),
)
"""Columns that a field of the list may feed."""
SEVERAL = ("adresse", "horaires")
"""Columns that several fields may feed together."""


def mapped_columns() -> dict[str, str]:
    """The columns that a field may feed, and their names on the screen."""
    own = {
        "id": tr("Identifier of the row"),
        "adresse": tr("Address (several: joined)"),
        "finess": tr("FINESS number"),
        "horaires": tr("Opening hours (one, or seven from Monday)"),
    }
    return {column: own.get(column) or alias(column) for column in MAPPED}


class MatchServices(CartoAlgorithm):
    """`cartoservices:matchservices`"""

    ID = "matchservices"
    GROUP = "corrections"

    def displayName(self) -> str:
        return tr("Match services")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for name, label in (("LOCAL", tr("My list")), ("REFERENCE", tr("Referential"))):
            self.add_layer(name, label, SourceType.Vector)
        distance = tr("Farthest that two positions of one place may be (metres; 0: by category)")
        self.add_number("MAX_DISTANCE", distance, 0)
        self.add_text("CATEGORY", tr("Category of my whole list (code)"), optional=True)
        self.add_flag("GEOCODE", tr("Place rows without position by their address"), True)
        for column, what in mapped_columns().items():
            label = tr("Field of my list: {what} (guessed when empty)").format(what=what)
            self.add_field(field_parameter(column), label, "LOCAL", several=column in SEVERAL, advanced=True)
        self.add_advanced(AddressParameter("GEOCODER", tr("Geocoder (address of the service)"), optional=True))
        self.add_output("MATCHES", tr("Pairs"))
        self.add_output("ONLY_LOCAL", tr("Only in my list"), optional=True)
        self.add_output("ONLY_REFERENCE", tr("Only in the referential"), optional=True)
        self.add_output("PROPOSALS", tr("Proposed corrections"), optional=True)

    def compute(self, asked: Asked) -> None:
        own_source, source = asked.source("LOCAL"), asked.source("REFERENCE")
        chosen = {column: asked.columns(field_parameter(column)) for column in mapped_columns()}
        given = {column: names for column, names in chosen.items() if names}
        own = read_list(own_source, "LOCAL", given, asked.text("CATEGORY"), asked.context, asked.upto(0.1))
        say_fields(own.fields, asked.progress)
        theirs = read_reference(source, asked.context, asked.upto(0.2))
        if asked.flag("GEOCODE"):
            own = own._replace(services=find_positions(own.services, asked.text("GEOCODER"), asked.upto(0.5)))
        matching = match(
            own.services,
            theirs.services,
            max_distance=asked.number("MAX_DISTANCE"),
            verdicts=user_decisions().verdicts(own.services, theirs.services),
            progress=asked.upto(0.8),
        )
        known, progress = theirs.columns, asked.upto(0.9)
        proposed = proposals(own.services, theirs.services, matching, own.columns, progress, known=known)
        _say(matching, proposed, asked.progress)
        _write_matches(asked, own, theirs, matching)
        _write_alone(asked, "ONLY_LOCAL", own_source, own, theirs, matching.only_local)
        _write_alone(asked, "ONLY_REFERENCE", source, theirs, own, matching.only_reference)
        table = asked.table("PROPOSALS", PROPOSALS, geometry=WkbType.Point, crs=WGS84, style="corrections")
        for correction in proposed:
            properties = as_feature(correction)["properties"]
            table.add([properties[name] or None for name in PROPERTIES], geometry=point_of(correction))


def _write_matches(asked: Asked, own: ListRead, theirs: ListRead, matching: Matching) -> None:
    table = asked.table("MATCHES", MATCHES, geometry=WkbType.Point, crs=WGS84, style="matches")
    for pair in matching.pairs:
        mine, other = own.services[pair.local], theirs.services[pair.reference]
        values = [
            mine.id,
            other.id,
            pair.zone,
            round(pair.score, 3),
            round(pair.distance, 1),
            in_words(pair.reasons),
            other.categorie,
            mine.nom,
            other.nom,
            address_of(mine),
            address_of(other),
            changes_text(_differences(other, mine, own.columns)) or None,
        ]
        table.add(values, geometry=point_of(other) or point_of(mine))


def _write_alone(
    asked: Asked, name: str, source: QgsFeatureSource, rows: ListRead, others: ListRead, alone: Sequence[Alone]
) -> None:
    """The rows as they were read, with what they resemble and why they are alone."""
    table = asked.table(name, ALONE, like=source, style="problems")
    for one in alone:
        resembles = others.services[one.resembles].id if one.resembles >= 0 else None
        table.add([resembles, in_words(one.reasons)], rows.features[one.row])


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
    return point_at(service.lon, service.lat)


def _differences(before: Service, after: Service, columns: set[str]) -> dict[str, Any]:
    """What my list says otherwise, to the letter; what it leaves empty is no difference."""
    return {name: change for name, change in differences(before, after).items() if name in columns and change.new}


def _say(matching: Matching, proposed: Sequence[Correction], progress: Progress) -> None:
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
