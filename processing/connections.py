"""The connections the user has saved, and those ready at first run. Nothing secret is stored: `authcfg` is a name."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication, QgsFeedback, QgsSettings

from ..core.errors import CartoError, InvalidInput
from ..core.private import private_folder
from ..core.registry import Connection, Registry, guess_connection, open_registry
from .transport import open_session

GROUP = "carto_services_publics/connections"
DEMO = Path(__file__).resolve().parent.parent / "resources" / "demo" / "demo.gpkg"
CONNECTION_PROPERTY = "carto_services_publics/connection"
"""Custom property of a layer of services: the connection it was read from."""
ANNUAIRE = "Annuaire (DILA)"
DEMONSTRATION = "Démonstration"
READY = (
    Connection(
        ANNUAIRE,
        "annuaire",
        "https://api-lannuaire.service-public.gouv.fr/api/explore/v2.1/catalog/datasets/api-lannuaire-administration",
    ),
    Connection(DEMONSTRATION, "fichier", f"{DEMO}|layername=services"),
)


class ProfileError(CartoError):
    """The QGIS profile cannot be written."""


def data_folder(*inside: str) -> Path:
    """Where the plugin keeps what it makes for the user, in the QGIS profile. Raises `ProfileError`."""
    folder = Path(QgsApplication.qgisSettingsDirPath(), "carto_services_publics", *inside)
    try:
        private_folder(folder)
    except OSError as error:
        raise ProfileError(
            "The folder {path} of your QGIS profile cannot be written: {cause}.",
            path=str(folder),
            cause=error.strerror,
        ) from error
    return folder


def all_connections() -> list[Connection]:
    """Saved connections by name, then the ready ones that no saved one replaces."""
    settings = QgsSettings()
    settings.beginGroup(GROUP)
    saved = [_read(settings, name) for name in sorted(settings.childGroups(), key=str.casefold)]
    settings.endGroup()
    names = {connection.name for connection in saved}
    return saved + [connection for connection in READY if connection.name not in names]


def find_connection(name_or_url: str, feedback: QgsFeedback | None = None) -> Connection:
    """The connection of that name, else one made from the address or path given.

    With a ``feedback`` an address is asked what it is (never on the main thread); without, its form tells.
    """
    for connection in all_connections():
        if name_or_url in (connection.name, connection.url):
            return connection
    if not name_or_url.strip():
        raise InvalidInput("Choose a connection, or give the address of a registry.")
    return guess_connection(name_or_url, open_session(name_or_url, feedback=feedback) if feedback else None)


def save_connection(connection: Connection) -> None:
    """Create or replace the connection of that name."""
    settings = QgsSettings()
    settings.beginGroup(f"{GROUP}/{_key(connection.name)}")
    settings.remove("")
    settings.setValue("name", connection.name)
    settings.setValue("kind", connection.kind)
    settings.setValue("url", connection.url)
    settings.setValue("authcfg", connection.authcfg)
    for column, field in connection.mapping:
        settings.setValue(f"mapping/{column}", field)
    settings.endGroup()


def remove_connection(name: str) -> None:
    """Forget a saved connection; a ready one it replaced shows again."""
    QgsSettings().remove(f"{GROUP}/{_key(name)}")


def open_connection(connection: Connection, feedback: QgsFeedback | None = None) -> Registry:
    """The registry behind a connection, reached through QGIS's own network settings."""
    return open_registry(connection, open_session(connection.url, connection.authcfg, feedback))


def _key(name: str) -> str:
    """A settings key: slashes would make groups."""
    return name.replace("/", "∕").replace("\\", "∖")


def _read(settings: QgsSettings, key: str) -> Connection:
    settings.beginGroup(key)
    settings.beginGroup("mapping")
    mapping = tuple((column, str(settings.value(column, ""))) for column in settings.childKeys())
    settings.endGroup()
    connection = Connection(
        str(settings.value("name", key)),
        str(settings.value("kind", "ogcapi")),
        str(settings.value("url", "")),
        str(settings.value("authcfg", "")),
        mapping,
    )
    settings.endGroup()
    return connection
