"""What the producers' lists are worth, as a page: one HTML file that needs nothing else. Its readers are French."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ..identifiers import normal_code
from ..progress import Progress
from ..registry import geopackage as gpkg
from ..report.charts import LINES, share_chart
from ..report.page import templates
from ..report.picture import Picture
from . import store
from .bridge import written_whole
from .closed import closed_establishments
from .to_correct import CLOSED, EMPTY, KINDS, OTHER, PLACE, TWICE, counts, to_correct

_FIELDS = {
    "position": "Position",
    "nom": "Nom",
    "categorie": "Catégorie",
    "siret": "SIRET",
    "adresse": "Adresse",
    "code_postal": "Code postal",
    "commune": "Commune",
    "code_insee": "Code INSEE",
    "telephone": "Téléphone",
    "courriel": "Courriel",
    "site_web": "Site web",
    "horaires": "Horaires",
    "modalite": "Modalité",
    "accessibilite": "Accessibilité",
    "precision_position": "Précision de la position",
    "date_maj": "Date de mise à jour",
    "url": "Page publique",
}
_KINDS = {
    EMPTY: "champs vides que d'autres remplissent",
    OTHER: "valeurs que le référentiel ne retient pas",
    PLACE: "positions douteuses qu'un autre a à l'adresse",
    TWICE: "fiches en double",
    CLOSED: "établissements fermés",
}
_OF_RECORDS = "% des fiches"
_BY_PRODUCER = (
    ("moins_d_un_an", "Fraîcheur", "Part des fiches mises à jour depuis moins d'un an.", _OF_RECORDS),
    (
        "position_douteuse",
        "Positions douteuses",
        "Sans position, à la commune près, ou hors commune.",
        _OF_RECORDS,
    ),
    ("doublons_internes", "Doublons chez un producteur", "Part des fiches qui en répètent une autre.", _OF_RECORDS),
    ("seul_a_connaitre", "Seul à connaître", "Part des lieux d'un producteur que lui seul a.", "% de ses lieux"),
)


class QualityLine(NamedTuple):
    """A line of the table `qualite`. ``part`` is a share between 0 and 1."""

    mesure: str
    champ: str
    producteur: str
    nombre: float
    total: float
    part: float
    valeur: str


class QualityPage(NamedTuple):
    """What the page says of one edition.

    Attributes:
        completeness: field's label → producer → share; None where it has no records.
        shared: places that several producers know.
        closed: establishments closed by Sirene, by producer; None where no file was given.
        to_correct: producer → what is to be corrected → how many corrections.
    """

    title: str
    date: str
    services: int
    records: int
    to_review: int
    producers: Mapping[str, int]
    dates: Mapping[str, str]
    completeness: Mapping[str, Mapping[str, float]]
    shared: QualityLine | None
    charts: list[Picture]
    closed: Mapping[str, int] | None
    to_correct: Mapping[str, Mapping[str, int]]


def quality_page(
    path: Path, title: str, *, closed: Mapping[str, str] | None = None, progress: Progress = Progress()
) -> str:
    """The page of a referential's last edition, as HTML.

    ``closed``: SIRET → day, by `closed_establishments`. Raises `NotAReferential`.
    """
    return templates().get_template("quality.html").render(page=read_quality(path, title, closed, progress))


def write_quality(
    path: Path, page: Path, title: str, sirene: Path | None = None, progress: Progress = Progress()
) -> dict[str, str] | None:
    """Write the page of a referential; gives what ``sirene`` has as closed (`closed_establishments`), None without.

    What was there stays until the page is whole. Raises `InvalidInput`, `NotAReferential`, `BridgeNotWritten`,
    `Cancelled`.
    """
    reading = progress.part(0.0, 0.5)
    closed = closed_establishments(sirene, sirets_of(path), reading) if sirene is not None else None
    text = quality_page(path, title, closed=closed, progress=progress.part(0.5, 1.0))
    with written_whole(page) as part:
        part.write_text(text, encoding="utf-8")
    return closed


def sirets_of(path: Path) -> set[str]:
    """The SIRET of the records of the last edition, without the spaces of people."""
    with store.reading(path) as database:
        date = _last(database)[0]
        rows = database.execute("SELECT DISTINCT siret FROM enregistrements WHERE vu_le = ? AND siret > ''", (date,))
        return {normal_code(siret) for (siret,) in rows}


def read_quality(
    path: Path, title: str, closed: Mapping[str, str] | None = None, progress: Progress = Progress()
) -> QualityPage:
    """What the page says. Raises `NotAReferential`."""
    with store.reading(path) as database:
        date, services, records, to_review = _last(database)
        columns = ", ".join(column.partition(":")[0] for column in store.TABLES[store.QUALITY])
        measures = [
            QualityLine(*row) for row in database.execute(gpkg.sql("SELECT", columns, "FROM qualite ORDER BY fid"))
        ]
    found = counts(to_correct(path, closed=closed, progress=progress))
    fresh = {one.producteur: one for one in measures if one.mesure == "moins_d_un_an"}
    producers = {producer: int(one.total) for producer, one in fresh.items()}
    complete: dict[str, dict[str, float]] = {}
    for one in measures:
        if one.mesure == "completude":
            complete.setdefault(_FIELDS.get(one.champ, one.champ), {})[one.producteur] = one.part
    called_for = {
        producer: {_KINDS[kind]: found[producer, kind] for kind in KINDS if found[producer, kind]}
        for producer in producers
    }
    return QualityPage(
        title=title,
        date=date,
        services=services,
        records=records,
        to_review=to_review,
        producers=producers,
        dates={producer: one.valeur[:10] for producer, one in fresh.items()},
        completeness=complete,
        shared=next((one for one in measures if one.mesure == "plusieurs_producteurs"), None),
        charts=list(_charts(measures)),
        closed=None if closed is None else {producer: found[producer, CLOSED] for producer in producers},
        to_correct={producer: kinds for producer, kinds in called_for.items() if kinds},
    )


def _last(database: sqlite3.Connection) -> tuple[str, int, int, int]:
    row = database.execute(
        "SELECT date, services, enregistrements, a_verifier FROM editions ORDER BY date DESC LIMIT 1"
    ).fetchone()
    return (row[0], *map(int, row[1:])) if row else ("", 0, 0, 0)


def _charts(measures: list[QualityLine]) -> Iterator[Picture]:
    means: dict[str, list[float]] = {}
    for one in measures:
        if one.mesure == "completude":
            means.setdefault(one.producteur, []).append(one.part)
    mean = {producer: sum(shares) / len(shares) for producer, shares in means.items()}
    words = "Part moyenne des champs remplis."
    yield from _chart("Complétude", words, mean, "% des champs", 0)
    for number, (measure, title, words, of) in enumerate(_BY_PRODUCER, start=1):
        shares = {one.producteur: one.part for one in measures if one.mesure == measure}
        yield from _chart(title, words, shares, of, number)
    conflicts = {_FIELDS.get(one.champ, one.champ): one.part for one in measures if one.mesure == "conflits"}
    words = "Par champ, part des lieux que plusieurs fiches décrivent où elles ne disent pas la même chose."
    yield from _chart("Conflits", words, conflicts, "% de ces lieux", 5)


def _chart(title: str, words: str, shares: Mapping[str, float], of: str, colour: int) -> Iterator[Picture]:
    if shares:
        drawn = share_chart(list(shares), list(shares.values()), LINES[colour % len(LINES)], of)
        yield Picture(title, words, svg=drawn)
