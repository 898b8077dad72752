"""What kind of registry an address is, by what answers there."""

from __future__ import annotations

import contextlib
import re

import requests

from ..errors import CartoError
from ..http import TIMEOUT, absolute, asked, asked_bare, check_connection_url, same_origin

_HEAD = 1 << 16
_MOST_REDIRECTS = 5
_ACCEPT = {"Accept": "application/geo+json, application/json;q=0.9, */*;q=0.5"}
_OGC = re.compile(r'"(conformsTo|collections|itemType|links)"\s*:')
_ANNUAIRE = re.compile(r'"(plage_ouverture|code_insee_commune|partenaire_identifiant)"|api-lannuaire-administration')


def kind_answered(address: str, session: requests.Session) -> str:
    """The kind of what answers at an address (a key of `KINDS`); empty when nothing does, or nothing that tells.

    Only the beginning of the answer is read.
    """
    with contextlib.suppress(CartoError, requests.RequestException, ValueError):
        return _kind_of(_beginning(address, session), address)
    return ""


def _beginning(address: str, session: requests.Session) -> str:
    url = address
    for _ in range(_MOST_REDIRECTS + 1):
        if same_origin(url, address):
            response = asked(session, "GET", url, headers=_ACCEPT, timeout=TIMEOUT)
        else:
            check_connection_url(url, has_auth=False)
            response = asked_bare(session, url)
        with contextlib.closing(response):
            if response.status_code in (301, 302, 303, 307, 308) and response.headers.get("Location"):
                url = absolute(url, response.headers["Location"])
                continue
            if response.status_code != 200:
                return ""
            return next(response.iter_content(_HEAD), b"").decode("utf-8", "replace")
    return ""


def _kind_of(text: str, address: str) -> str:
    start = text.lstrip("\ufeff \t\r\n")
    if not start or re.match(r"<(!doctype html|html)", start, re.IGNORECASE):
        return ""
    if start[0] != "{":
        return "fichier"
    if "/api/explore/" in address:
        return "annuaire" if _ANNUAIRE.search(start) else "fichier" if '"results"' in start else ""
    if '"FeatureCollection"' in start or '"features"' in start:
        return "ogcapi" if re.search(r"/collections/[^/]+/items", address) else "fichier"
    return "ogcapi" if _OGC.search(start) else "fichier"
