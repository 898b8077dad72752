"""What a form checks as it is typed: SIRET, FINESS, INSEE code, postcode, phone, e-mail, web address, category, hours.

`check_…` gives what is wrong with a text, as a sentence for the person who types, or None; an empty text is never
wrong: what must be given is for the form to say. `normal_…` gives the form in which a right text is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Callable, Optional
from urllib.parse import urlsplit

from .categories import UnknownCategory, by_code
from .errors import CartoError
from .hours import HoursError, parse
from .messages import Message, msg
from .territories import UnknownTerritory, departement_of, is_known

Check = Callable[[str], Optional[Message]]
_LA_POSTE = "356000000"
_OVERSEAS = "262|508|590|594|596"  # their numbers also have the form 0262 … inside France


def check_siret(text: str) -> Message | None:
    """14 digits whose Luhn sum is a multiple of 10; for sites of La Poste the plain sum may be one of 5 instead.

    La Poste (SIREN 356 000 000) has more sites than there are Luhn keys for, hence INSEE's exception.
    """
    value = normal_code(text)
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{14}", value):
        return msg("A SIRET has 14 digits; this one has {count}.", count=_digits(value))
    if _luhn(value) or (value.startswith(_LA_POSTE) and sum(map(int, value)) % 5 == 0):
        return None
    return msg("This SIRET has a wrong digit: its key does not match.")


def check_siren(text: str) -> Message | None:
    """9 digits whose Luhn sum is a multiple of 10."""
    value = normal_code(text)
    if not value:
        return None
    if not re.fullmatch(r"[0-9]{9}", value):
        return msg("A SIREN has 9 digits; this one has {count}.", count=_digits(value))
    return None if _luhn(value) else msg("This SIREN has a wrong digit: its key does not match.")


def check_finess(text: str) -> Message | None:
    """9 characters that begin with a département; the last digit is a Luhn key (not checked for 2A and 2B)."""
    value = normal_code(text)
    if not value or re.fullmatch(r"2[AB][0-9]{7}", value):
        return None
    if not re.fullmatch(r"[0-9]{9}", value):
        return msg("A FINESS number has 9 characters, like 010780054 or 2A0000014.")
    return None if _luhn(value) else msg("This FINESS number has a wrong digit: its key does not match.")


def check_insee(text: str) -> Message | None:
    """A commune of the official code: 5 characters, Corsica's 2A and 2B, leading zeros kept."""
    value = normal_code(text)
    if not value:
        return None
    try:
        departement_of(value)
    except UnknownTerritory as error:
        return error.message
    return None if is_known(value) else msg("No commune of 2026 has the INSEE code {code}.", code=value)


def check_postcode(text: str) -> Message | None:
    """5 digits, the first two a département or overseas."""
    value = normal_code(text)
    if not value or re.fullmatch(r"(?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}", value):
        return None
    return msg("A postcode has 5 digits, like 48000.")


def normal_code(text: str) -> str:
    """Without spaces, dots and hyphens, letters in capitals."""
    return re.sub(r"[\s.\-]+", "", text).upper()


_PHONE = re.compile(
    r"0[1-9][0-9]{8}"
    r"|3[0-9]{3}|1[0-9]{1,3}|11[68][0-9]{3}"  # short ones; 116 xxx are the same in all of Europe
    r"|[2-9][0-9]{5}|(?:4[09]|8[5-9])[0-9]{6}"  # as dialled in New Caledonia, Wallis, Saint-Pierre; in Polynesia
    r"|\+[1-9][0-9]{5,14}"
)


def check_phone(text: str) -> Message | None:
    """A number of France or its overseas collectivities, a short one (`3939`, `115`, `116117`) or a foreign `+…`."""
    value = normal_phone(text).replace(" ", "")
    if not value or _PHONE.fullmatch(value):
        return None
    return msg("This is not a phone number of France, like 04 66 49 00 00 or 3939.")


def normal_phone(text: str) -> str:
    """`04 66 49 00 00` of `+33 (0)4.66.49.00.00`; what is no such number comes back without its punctuation."""
    value = re.sub(r"[\s.\-()/]+", "", text)
    value = re.sub(r"^(?:\+|00)33(?:0(?=[1-9][0-9]{8}$)|(?=[1-9][0-9]{8}$))", "0", value)
    value = re.sub(rf"^(?:\+|00)(?:{_OVERSEAS})0?(?=[1-9][0-9]{{8}}$)", "0", value)
    value = re.sub(r"^(?:\+|00)508(?=[1-9][0-9]{5}$)", "0508", value)
    value = re.sub(r"^00(?=[1-9])", "+", value)
    if re.fullmatch(r"0[1-9][0-9]{8}", value):
        return " ".join(value[at : at + 2] for at in range(0, 10, 2))
    return value


def check_email(text: str) -> Message | None:
    """One address. The form of the HTML standard's `input type=email`, with a dot wanted in the domain."""
    value = text.strip()
    label = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
    word = r"[\w!#$%&'*+/=?^`{|}~-]+"
    if not value or (len(value) <= 254 and re.fullmatch(rf"{word}(?:\.{word})*@{label}(?:\.{label})+", value)):
        return None
    return msg("This is not an e-mail address, like accueil@commune.fr.")


def normal_email(text: str) -> str:
    """The domain in lower case; the part before it belongs to its owner."""
    name, at, domain = text.strip().rpartition("@")
    return name + at + domain.lower()


def check_url(text: str) -> Message | None:
    """An `http` or `https` address with a host and no password in it."""
    value = normal_url(text)
    if not value:
        return None
    try:
        parts = urlsplit(value)
        host, user, _ = parts.hostname or "", parts.username, parts.port
    except ValueError:
        host, user = "", None
    scheme = value.partition(":")[0].lower()
    named = re.fullmatch(r"(?:[\w-]+\.)+[^\W\d_]{2,}|(?:[\w-]+\.)+xn--[\w-]+|localhost|(?:\d{1,3}\.){3}\d{1,3}", host)
    if scheme in ("http", "https") and user is None and named and not re.search(r"[\s<>\"\\]", value):
        return None
    return msg("This is not a web address, like https://www.commune.fr.")


def normal_url(text: str) -> str:
    """With `https://` before an address that has no scheme."""
    value = text.strip()
    has_scheme = re.match(r"[A-Za-z][A-Za-z0-9+-]*:(?!\d)", value)
    return value if has_scheme or not value else "https://" + value


def check_category(text: str) -> Message | None:
    """A code of the table of categories."""
    return _raised(by_code, text, UnknownCategory)


def check_hours(text: str) -> Message | None:
    """A text of `opening_hours`."""
    return _raised(parse, text, HoursError)


CHECKS: Mapping[str, Check] = {
    "siret": check_siret,
    "code_insee": check_insee,
    "code_postal": check_postcode,
    "telephone": check_phone,
    "courriel": check_email,
    "site_web": check_url,
    "url": check_url,
    "preuve_url": check_url,
    "categorie": check_category,
    "horaires": check_hours,
}
"""The check of each column of a service or of a correction that has one."""

NORMAL_FORMS: Mapping[str, Callable[[str], str]] = {
    "siret": normal_code,
    "code_insee": normal_code,
    "code_postal": normal_code,
    "telephone": normal_phone,
    "courriel": normal_email,
    "site_web": normal_url,
    "url": normal_url,
    "preuve_url": normal_url,
}
"""How each of these columns is kept once its check is passed."""


def _raised(read: Callable[[str], object], text: str, wrong: type[CartoError]) -> Message | None:
    if not text.strip():
        return None
    try:
        read(text.strip())
    except wrong as error:
        return error.message
    return None


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _digits(value: str) -> int:
    return sum(character in "0123456789" for character in value)
