"""Copies of the field's GeoPackage, read back into the outbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingParameterMultipleLayers

from ..core.corrections import Sender
from ..core.corrections.items import CannotSend
from ..core.corrections.model import changes_text
from ..core.errors import InvalidInput
from ..core.field.copies import FieldCopy, NotAFieldPackage, read_copy
from ..core.field.keeping import keep
from ..core.field.readback import (
    ADDED,
    CONFLICT,
    KNOWN,
    UNUSABLE,
    Present,
    RowOutcome,
    feature_of,
    lines_of,
    name_of,
    read_back,
    services_spoken_of,
    tally,
)
from ..core.messages import msg
from ..core.progress import Progress
from ..core.registry import Connection
from ..core.services import SERVICE_COLUMNS, Service
from ..core.versions import clean
from ..i18n import tr, translate_message
from . import settings
from .address_parameter import AddressParameter
from .asked import Asked
from .base import CartoAlgorithm
from .connections import find_connection
from .coordinates import WGS84
from .correction_rows import SHOWN, read_rows
from .outbox import user_outbox
from .qgis_enums import ParameterFlag, SourceType, WkbType
from .registry_inputs import point_at
from .transport import Cancel, open_session

ROWS = tuple((name, "text") for name in ("copie", "ligne", "resultat", "raison", "nom_service", *SHOWN, "photo"))
CONFLICTS = tuple(
    (name, "text")
    for name in (
        *("copie", "ligne", "uuid", "service_id", "nom_service", "champ"),
        *("au_depart", "aujourd_hui", "terrain", "ailleurs", "raison"),
    )
)


class ReadField(CartoAlgorithm):
    """`cartoservices:readfield`"""

    ID = "readfield"
    GROUP = "corrections"

    def displayName(self) -> str:
        return tr("Read the field back")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        label = tr("GeoPackages brought back (terrain.gpkg, one for each agent)")
        self.addParameter(QgsProcessingParameterMultipleLayers("COPIES", label, SourceType.File))
        registry = AddressParameter("REGISTRY", tr("Registry: a connection's name, or an address"))
        registry.setFlags(registry.flags() | ParameterFlag.Optional)
        self.addParameter(registry)
        now = tr("Services as they are now (a layer kept up to date)")
        self.add_layer("SERVICES", now, SourceType.Vector, optional=True)
        self.add_flag("DRY_RUN", tr("Only look, keep nothing"))
        self.add_output("OUTPUT", tr("What each row became"))
        self.add_output("CONFLICTS", tr("To choose from"), SourceType.Vector, optional=True)
        self.add_number_outputs(
            ("READ", tr("Rows read")),
            ("ADDED", tr("Put in the outbox")),
            ("CONFLICT_COUNT", tr("Conflicts")),
            ("FAILED", tr("Rows that could not be used")),
        )

    def compute(self, asked: Asked) -> dict[str, Any]:
        copies, refused = _read_copies(self.parameterAsFileList(asked.parameters, "COPIES", asked.context))
        connection = _connection(asked.column("REGISTRY"), copies)
        present = _present(asked, copies, connection)
        outbox = user_outbox()
        words = {"auteur_organisation": settings.ORGANISATION.value()}
        outcomes = read_back(copies, present, outbox.entries(), words, outbox.withdrawn())
        _say(copies, refused, outcomes, asked.progress)
        if not asked.flag("DRY_RUN"):
            keep(outcomes, outbox, connection.url)
        _write(asked, outcomes, refused)
        figures = tally(outcomes)
        return {
            "READ": len(outcomes),
            "ADDED": figures[ADDED],
            "CONFLICT_COUNT": figures[CONFLICT],
            "FAILED": figures[UNUSABLE],
        }


# -- reading ----------------------------------------------------------------------------------------------------------


def _read_copies(paths: Sequence[str]) -> tuple[list[FieldCopy], list[tuple[str, NotAFieldPackage]]]:
    """The copies, each once; those that cannot be read with the reason, unless none can. Raises `NotAFieldPackage`."""
    copies, refused = [], []
    for path in dict.fromkeys(paths):
        try:
            copies.append(read_copy(path))
        except NotAFieldPackage as error:
            refused.append((path, error))
    if not copies:
        if refused:
            raise refused[0][1]
        raise InvalidInput("Choose the GeoPackages that were brought back.")
    return copies, refused


def _connection(given: str, copies: Iterable[FieldCopy]) -> Connection:
    """The one named, else the one that the services of all copies came from. Raises `InvalidInput`."""
    known = {copy.facts.get("registre", "") for copy in copies}
    if not given and len(known) == 1 and known != {""}:
        given = known.pop()
    return find_connection(given)


def _present(asked: Asked, copies: Sequence[FieldCopy], connection: Connection) -> Present:
    """The services as they are now: those of the layer given, else of a registry that can be asked; else unknown."""
    wanted = services_spoken_of(copies)
    source = asked.optional_source("SERVICES")
    if source is not None:
        found = {}
        for row in read_rows(source, asked.context, asked.upto(0.3)):
            texts = {column: clean(row.properties.get(column)) for column in SERVICE_COLUMNS}
            found[texts["id"]] = feature_of(Service(**texts, lon=row.lon, lat=row.lat))
        return {service: found.get(service) for service in wanted}
    unknown = msg("The services as they are now are not known: changes made meanwhile will be seen when you send.")
    if connection.kind != "ogcapi":
        asked.progress.warn(unknown)
        return {}
    sender = Sender(open_session(connection.url, connection.authcfg, Cancel(asked.progress)), connection, user_outbox())
    present: dict[str, Mapping[str, Any] | None] = {}
    try:
        for number, service in enumerate(wanted):
            asked.progress.advance(0.1 + 0.6 * number / len(wanted))
            present[service] = sender.service(service)
    except CannotSend as error:
        asked.progress.warn(error.message)
        asked.progress.warn(unknown)
    return present


# -- what came of it --------------------------------------------------------------------------------------------------


def _say(
    copies: Sequence[FieldCopy],
    refused: Sequence[tuple[str, NotAFieldPackage]],
    outcomes: Sequence[RowOutcome],
    progress: Progress,
) -> None:
    """Every row counted, and what no row tells."""
    figures = tally(outcomes)
    progress.info(
        msg(
            "{rows} rows read in {copies} copies: {ajoutee} put in the outbox, {conflit} to choose from, {deja_lue} "
            "read before, {identique} that say the same as another, {deja_a_jour} that the record says already, "
            "{inutilisable} that cannot be used.",
            rows=len(outcomes),
            copies=len(copies),
            **figures,
        )
    )
    otherwise = sum(outcome.result == KNOWN and outcome.reason is not None for outcome in outcomes)
    if otherwise:
        progress.warn(
            msg(
                "{count} row read before is not as your outbox has it, and is left: see “raison” in the table."
                "|{count} rows read before are not as your outbox has them, and are left: see “raison” in the table.",
                count=otherwise,
            )
        )
    for _path, error in refused:
        progress.warn(error.message)
    for copy in copies:
        if copy.left_open:
            progress.warn(
                msg(
                    "“{path}” may have been open when it was copied: if “{log}” was beside it, copy that too, for its "
                    "last rows would be there.",
                    path=str(copy.path),
                    log=f"{copy.path.name}-wal",
                )
            )
        if copy.edited:
            progress.warn(
                msg(
                    "{count} service was changed in “{path}” itself: only its layer of corrections is read."
                    "|{count} services were changed in “{path}” itself: only its layer of corrections is read.",
                    count=copy.edited,
                    path=str(copy.path),
                )
            )
    pictures = [outcome for outcome in outcomes if outcome.photo]
    missing = [outcome.photo for outcome in pictures if not picture_of(outcome).is_file()]
    if missing:
        progress.warn(
            msg(
                "{count} picture did not come along: {names}.|{count} pictures did not come along: {names}.",
                count=len(missing),
                names=", ".join(missing[:10]) + (" …" if len(missing) > 10 else ""),
            )
        )


def picture_of(outcome: RowOutcome) -> Path:
    """Where the picture of a row is, when it came along."""
    path = Path(outcome.row.copy)
    return (path if path.is_dir() else path.parent) / outcome.photo


def _write(asked: Asked, outcomes: Sequence[RowOutcome], refused: Sequence[tuple[str, NotAFieldPackage]]) -> None:
    """One row a row read, and one for each copy that could not be; one for each field of a conflict."""
    rows = asked.table("OUTPUT", ROWS, geometry=WkbType.Point, crs=WGS84, style="corrections", always=True)
    conflicts = asked.table("CONFLICTS", CONFLICTS, style="corrections", always=True)
    for outcome in outcomes:
        reason = translate_message(outcome.reason) if outcome.reason else None
        where = [outcome.row.copy, str(outcome.row.fid)]
        correction = outcome.correction
        shown: list[Any] = [None] * len(SHOWN)
        if correction is not None:
            texts = {name: str(getattr(correction, name)) or None for name in SHOWN}
            shown = list({**texts, "changes": changes_text(correction.changes) or None}.values())
        at = point_at(correction.lon, correction.lat) if correction else point_at(outcome.row.lon, outcome.row.lat)
        picture = str(picture_of(outcome)) if outcome.photo else None
        rows.add([*where, outcome.result, reason, name_of(outcome) or None, *shown, picture], geometry=at)
        if correction is not None and outcome.result == CONFLICT:
            about = [correction.uuid, correction.service_id, name_of(outcome)]
            for line in lines_of(outcome):
                conflicts.add([*where, *about, *line, reason])
    for path, error in refused:
        rest = [None] * (len(SHOWN) + 2)
        rows.add([path, None, UNUSABLE, translate_message(error.message), *rest])
