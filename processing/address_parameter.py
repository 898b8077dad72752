"""A parameter that takes an address: what QGIS writes down of it has no key."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingParameterString

from ..core.http import shown_url


class AddressParameter(QgsProcessingParameterString):
    """A text that may be an address with a key in it (`?token=…`).

    QGIS puts the values of parameters into its history, its log and exported scripts: there the query is left out.
    """

    def clone(self) -> AddressParameter:
        copy = AddressParameter(self.name(), self.description(), self.defaultValue())
        copy.setFlags(self.flags())
        return copy

    def valueAsPythonString(self, value: Any, context: QgsProcessingContext) -> str:
        return super().valueAsPythonString(without_key(value), context)

    def valueAsString(self, value: Any, context: QgsProcessingContext, ok: bool = True) -> Any:
        return super().valueAsString(without_key(value), context)

    def valueAsJsonObject(self, value: Any, context: QgsProcessingContext) -> Any:
        return super().valueAsJsonObject(without_key(value), context)


def without_key(value: Any) -> Any:
    """An address without user name, password and query; `?…` stands where a query was. Other values as they are."""
    if not isinstance(value, str) or "://" not in value:
        return value
    return shown_url(value) + ("?…" if "?" in value else "")
