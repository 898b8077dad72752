"""From the columns of anyone's list to those of a service: guessed from headers and content, then applied to rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Callable

from ..categories import categories
from ..codes import CODES, finess_code
from ..hours_sources import from_days, from_osm
from ..identifiers import (
    NORMAL_FORMS,
    check_email,
    check_finess,
    check_insee,
    check_phone,
    check_postcode,
    check_siret,
    normal_code,
)
from ..services import MODALITES, SERVICE_COLUMNS, Service
from .text import name_words, part_address, phones_of, plain

Fields = Mapping[str, Sequence[str]]
"""For each column of a service, the fields of the list that feed it, in order; several are joined by spaces."""

_WORDINGS: Mapping[str, str] = {
    "id": "id|identifiant|uuid|gid|code|ref|reference",
    "producteur": "producteur|source",
    "id_producteur": "id producteur|id source|identifiant producteur",
    "id_fs": "id fs",
    "finess": "finess|nofinesset|no finess|num finess|numero finess|finess et|nofiness",
    "siret": "siret|num siret|numero siret|no siret|pivot",
    "nom": (
        "nom|libelle|name|denomination|intitule|raison sociale|structure|etablissement|"
        "nom structure|nom etablissement|lib fs|enseigne|appellation officielle|lieu|service|"
        "titre|designation"
    ),
    "categorie": "categorie|type|typologie|category|type service|type structure|type equipement|nature",
    "adresse": (
        "adresse|address|adresse postale|adresse complete|voie|rue|nom voie|libelle voie|adresse 1|adr|localisation"
    ),
    "code_postal": "code postal|cp|codepostal|postcode|zip|code post",
    "commune": "commune|ville|nom commune|lib com|libelle commune|localite|municipalite|city",
    "code_insee": ("code insee|insee|insee com|codgeo|code commune|citycode|code insee commune|depcom|com insee"),
    "telephone": "telephone|tel|phone|numero telephone|num tel|contact telephone|tel fixe|telephone 1",
    "courriel": "courriel|email|mail|e mail|adresse mail|adresse courriel|mel|adresse email",
    "site_web": "site web|site|site internet|url|web|siteweb|www|website",
    "horaires": "horaires|horaire|horaires ouverture|opening hours|heures ouverture|ouverture",
    "accessibilite": "accessibilite",
    "modalite": "modalite",
    "precision_position": "precision position",
    "version": "version",
    "url": "url fiche|lien source",
    "lon": "lon|longitude|lng|long|x wgs84|geo lon",
    "lat": "lat|latitude|y wgs84|geo lat",
}
_HEADERS: Mapping[str, tuple[str, ...]] = {column: tuple(said.split("|")) for column, said in _WORDINGS.items()}
COLUMNS = tuple(_HEADERS)
"""What a list may give: columns of a service, `finess` and `id_fs` (numbers there), `lon` and `lat` in degrees."""

_NUMBER_OF = {"finess": "finess", "id_fs": "anct"}
"""Whose identifier the column holds."""

_NUMBERS = ("num voie", "n voie", "numero voie", "no voie", "num", "numero", "numvoie", "numero rue")
_COMPLEMENTS = ("type voie", "typvoie", "typevoie")
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_SAMPLE = 200
_VAGUE = ("code", "ref", "reference")
"""Titles of identifiers, but also of communes and of kinds of services: rows would be taken for one another."""
_DISTINCT_SHARE = 0.9

Test = Callable[[str], bool]
_CONTENTS: Mapping[str, Test] = {
    "siret": lambda text: check_siret(text) is None,
    "courriel": lambda text: check_email(text) is None,
    "telephone": lambda text: len(text) > 8 and check_phone(text) is None,
    "site_web": lambda text: re.match(r"https?://|www\.", text.strip().lower()) is not None,
    "code_insee": lambda text: len(text) == 5 and check_insee(text) is None,
    "code_postal": lambda text: len(text) == 5 and check_postcode(text) is None,
    "finess": lambda text: len(text) == 9 and check_finess(text) is None,
}


def guess_fields(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Which of the fields ``names`` feed each column: by their headers, then by what the first rows hold."""
    headers = {name: re.sub(r"\s+", " ", plain(_unfold(name))) for name in names}
    found: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for rank in range(max(map(len, _HEADERS.values()))):
        for column, wordings in _HEADERS.items():
            wanted = wordings[rank : rank + 1]
            name = next((n for n in names if n not in taken and headers[n] in wanted), None)
            if column == "id" and name is not None and headers[name] in _VAGUE and not _tells_apart(rows, name):
                continue
            if column not in found and name is not None:
                found[column] = (name,)
                taken.add(name)
    _add_parts_of_address(found, taken, names, headers)
    _add_days(found, taken, names, headers)
    _add_by_content(found, taken, names, rows[:_SAMPLE])
    if "nom" not in found:
        _add_longest_header(found, taken, names, headers)
    return found


def service_of(row: Mapping[str, Any], fields: Fields, number: int, category: str = "") -> Service:
    """The service that a row tells of, as far as it does: an identifier is made from its content when it has none.

    ``category`` is for lists of one kind of service. Values are normalised where their form is known, and kept as
    they are otherwise; ``lon`` and ``lat`` may be numbers or texts with a comma.
    """
    said = {column: _said(row, names) for column, names in fields.items() if column not in ("lon", "lat", "horaires")}
    values = {column: said.get(column, "") for column in SERVICE_COLUMNS}
    for column, producer in _NUMBER_OF.items():
        if said.get(column):
            code = finess_code(said[column]).text if column == "finess" else said[column]
            values["producteur"], values["id_producteur"] = producer, normal_code(code)
    for column, normal in NORMAL_FORMS.items():
        if values.get(column) and column != "telephone" and column not in CODES:
            values[column] = normal(values[column])
    for column, read in CODES.items():
        read_as = read(values[column])
        values[column] = read_as.text if read_as.certain or column != "code_insee" else ""
    place = part_address(values["adresse"])
    if place.postcode:
        values["adresse"] = place.street
        values["code_postal"] = values["code_postal"] or place.postcode
        values["commune"] = values["commune"] or place.commune
    values["telephone"] = _phone(values["telephone"])
    values["horaires"] = _hours(row, fields.get("horaires", ()))
    values["categorie"] = category or category_of(values["categorie"], values["nom"])
    values["modalite"] = values["modalite"] if values["modalite"] in MODALITES else "fixe"
    values["id"] = values["id"] or fingerprint(values["nom"], values["adresse"], values["commune"], str(number))
    lon, lat = (_number(row, fields.get(column, ())) for column in ("lon", "lat"))
    if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90):
        lon = lat = None
    return Service(**values, lon=lon, lat=lat)


def category_of(text: str, name: str = "") -> str:
    """The code of a category given as code, label or producer's code; without any, inferred from the service's name.

    A text that says nothing known gives an empty code: such a row may be any kind of service.
    """
    known = _known_categories()
    code = known.get(plain(text), "")
    if code or not name:
        return code
    words = name_words(name)
    for length in (3, 2, 1):
        code = known.get(" ".join(words[:length]), "")
        if code:
            return code
    return ""


def fingerprint(*texts: str) -> str:
    """12 hexadecimal characters made of texts, so that a row is known again at the next run."""
    content = "\x1f".join(plain(text) for text in texts)
    return hashlib.blake2b(content.encode(), digest_size=6).hexdigest()


def _tells_apart(rows: Sequence[Mapping[str, Any]], name: str) -> bool:
    """Whether nearly all of the first rows say something else."""
    said = [text for text in (_said(row, (name,)) for row in rows[:_SAMPLE]) if text]
    return len(set(said)) >= _DISTINCT_SHARE * len(said)


def _add_parts_of_address(found: dict, taken: set, names: Sequence[str], headers: Mapping[str, str]) -> None:
    if "adresse" not in found:
        return
    parts = [
        next((n for n in names if n not in taken and headers[n] in some), None) for some in (_NUMBERS, _COMPLEMENTS)
    ]
    before = [name for name in parts if name is not None]
    found["adresse"] = (*before, *found["adresse"])
    taken.update(before)


def _add_days(found: dict, taken: set, names: Sequence[str], headers: Mapping[str, str]) -> None:
    days = [next((n for n in names if n not in taken and headers[n].split()[-1:] == [day]), "") for day in _DAYS]
    if "horaires" not in found and sum(map(bool, days)) >= 5:
        found["horaires"] = tuple(days)
        taken.update(days)


def _add_by_content(found: dict, taken: set, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    for column, test in _CONTENTS.items():
        if column in found:
            continue
        shares = {name: _share(test, [_said(row, (name,)) for row in rows]) for name in names if name not in taken}
        best = max(shares, key=lambda name: shares[name], default=None)
        if best is not None and shares[best] >= 0.8:
            found[column] = (best,)
            taken.add(best)


def _add_longest_header(found: dict, taken: set, names: Sequence[str], headers: Mapping[str, str]) -> None:
    """A name hides behind headers like `NOM_DE_LA_STRUCTURE_2024`."""
    for word in ("nom", "libelle", "denomination", "structure", "etablissement"):
        name = next((n for n in names if n not in taken and word in headers[n].split()), None)
        if name is not None:
            found["nom"] = (name,)
            taken.add(name)
            return


def _share(test: Test, texts: Iterable[str]) -> float:
    said = [text for text in texts if text]
    return sum(map(test, said)) / len(said) if said else 0.0


def _unfold(name: str) -> str:
    """`codePostal` → `code Postal`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _said(row: Mapping[str, Any], names: Sequence[str]) -> str:
    return " ".join(filter(None, (_text(row.get(name)) for name in names)))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _phone(text: str) -> str:
    """Numbers in their normal form, parted by a semicolon; what holds no number stays as it is."""
    found = phones_of(text)
    return "; ".join(NORMAL_FORMS["telephone"](digits) for digits in found) if found else text


def _hours(row: Mapping[str, Any], names: Sequence[str]) -> str:
    """`opening_hours` from the forms met; nothing when they cannot be read."""
    if len(names) == len(_DAYS):
        found = from_days([_text(row.get(name)) if name else "" for name in names])
        return "" if found.anomalie else found.horaires
    text = _said(row, names)
    found = from_osm(text)
    return "" if found.anomalie else found.horaires


def _number(row: Mapping[str, Any], names: Sequence[str]) -> float | None:
    try:
        return float(_said(row, names).replace(",", "."))
    except ValueError:
        return None


_CATEGORIES: dict[str, str] = {}


def _known_categories() -> Mapping[str, str]:
    """Codes, labels and producers' codes, in plain words, to our codes; our own come first."""
    if not _CATEGORIES:
        for category in categories().values():
            for text in (category.code, category.libelle_fr, category.libelle_en):
                _CATEGORIES.setdefault(plain(text), category.code)
                _CATEGORIES.setdefault(" ".join(name_words(text)), category.code)
        for category in categories().values():
            for own in (code for codes in category.codes.values() for code in codes if not code.isdigit()):
                _CATEGORIES.setdefault(plain(own), category.code)
    return _CATEGORIES
