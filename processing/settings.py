"""Every preference of the plugin, declared once: its key in QGIS's settings, its environment variable, its default.

What counts is, in this order: the environment, what the user chose, the organisation's `qgis_global_settings.ini`
(QGIS reads it wherever the user chose nothing), the default. Last choices that a window remembers are no preferences.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from qgis.core import QgsSettings

ENGINES = ("local", "geoplateforme", "valhalla", "openrouteservice")
SERVERS = ENGINES[1:]
LOG_LEVELS = ("errors", "warnings", "everything")
_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

T = TypeVar("T", str, bool)


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One preference. ``choices``: the only texts it may be."""

    key: str
    """Below `carto_services_publics/`."""
    default: T
    choices: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """The environment variable that imposes it."""
        return "CARTO_SP_" + self.key.replace("/", "_").upper()

    def value(self) -> T:
        """What counts now."""
        imposed = self.imposed()
        return self._saved() if imposed is None else imposed

    def imposed(self) -> T | None:
        """What the environment says; None when it says nothing, or nothing that can be understood."""
        text = os.environ.get(self.variable, "")
        return self._understood(text) if text else None

    def misread(self) -> str:
        """What the environment says and cannot be understood."""
        return os.environ.get(self.variable, "") if self.imposed() is None else ""

    def set(self, value: T) -> None:
        """Keep the user's choice. Nothing is written for what holds anyway: the organisation may change that later."""
        if self.imposed() is not None:
            return
        QgsSettings().remove(self._path)
        if self._saved() != value:
            QgsSettings().setValue(self._path, value)

    @property
    def _path(self) -> str:
        return f"carto_services_publics/{self.key}"

    def _saved(self) -> T:
        understood = self._understood(QgsSettings().value(self._path, self.default))
        return self.default if understood is None else understood

    def _understood(self, raw: Any) -> T | None:
        """The value that a text stands for; files and the environment know nothing but texts."""
        text = str(raw).strip()
        if isinstance(self.default, bool):
            return _TRUTHS.get(text.lower())
        return text if not self.choices or text in self.choices else None


ENGINE = Setting("isochrones/engine", "local", ENGINES)
"""Computes isochrones where nothing else is said."""
SERVER = {name: Setting(f"{name}/server", "") for name in SERVERS}
"""Address of each engine's server; empty for its public one."""
AUTHCFG = {name: Setting(f"{name}/authcfg", "") for name in SERVERS}
"""QGIS's authentication configuration for that address, and for no other."""
CACHE_FOLDER = Setting("cache/folder", "")
"""Where the plugin keeps what it can make again; empty for the user's profile."""
ORGANISATION = Setting("corrections/organisation", "")
EMAIL = Setting("corrections/email", "")
"""Who proposes corrections, as their form begins."""
SEND_AT_ONCE = Setting("corrections/send_at_once", True)
"""Whether a correction leaves as soon as it is proposed, rather than when the user says so."""
GEOCODER = Setting("geocoder/server", "")
"""Address of the geocoder; empty for the Géoplateforme's."""
WFS = Setting("geoplateforme/wfs", "")
"""Address of the WFS that roads, outlines and inhabitants come from; empty for the Géoplateforme's."""
GEOAPI = Setting("geoapi/server", "")
"""Address of the populations of communes; empty for geo.api.gouv.fr."""
MELODI = Setting("melodi/server", "")
"""Address of INSEE's Melodi, asked where the former does not answer; empty for INSEE's."""
TRANSPORT = Setting("transport/server", "")
"""Address of the catalogue of public transport; empty for transport.data.gouv.fr."""
BASEMAP = Setting("basemap/url", "")
"""Address of the WMTS of the base map; empty for the Géoplateforme's Plan IGN."""
CLUSTER = Setting("cluster/address", "")
"""Address of the Dask scheduler to which heavy work goes; empty for the processes of this machine."""
REPORT_TEMPLATE = Setting("report/template", "")
"""Template of the atlas's print layout (.qpt); empty for the plugin's own."""
LOG_LEVEL = Setting("log/level", "warnings", LOG_LEVELS)

ALL: tuple[Setting, ...] = (
    ENGINE,
    *(setting for name in SERVERS for setting in (SERVER[name], AUTHCFG[name])),
    CACHE_FOLDER,
    ORGANISATION,
    EMAIL,
    SEND_AT_ONCE,
    GEOCODER,
    WFS,
    GEOAPI,
    MELODI,
    TRANSPORT,
    BASEMAP,
    CLUSTER,
    REPORT_TEMPLATE,
    LOG_LEVEL,
)
