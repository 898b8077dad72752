"""Reading public services from registries and producers' files, all as one stream of `Service`."""

from __future__ import annotations

import requests

from .connection import (
    KINDS,
    Connection,
    Incomplete,
    Provenance,
    Query,
    Registry,
    RegistryError,
    UnknownKind,
    guess_connection,
)

__all__ = [
    "KINDS",
    "Connection",
    "Incomplete",
    "Provenance",
    "Query",
    "Registry",
    "RegistryError",
    "UnknownKind",
    "guess_connection",
    "open_registry",
]


def open_registry(connection: Connection, session: requests.Session) -> Registry:
    """The registry a connection names. Network traffic goes through ``session``, which carries any credentials.

    Raises `core.http.Refused` for an address unfit for credentials, `UnknownKind`.
    """
    if connection.kind == "ogcapi":
        from .ogcapi import OgcApi

        return OgcApi(connection, session)
    if connection.kind == "annuaire":
        from .annuaire import Annuaire

        return Annuaire(connection, session)
    if connection.kind == "fichier":
        from .fichier import Fichier

        return Fichier(connection, session)
    raise UnknownKind(
        "“{kind}” is not a kind of registry; use one of {kinds}.", kind=connection.kind, kinds=", ".join(KINDS)
    )
