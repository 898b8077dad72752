"""A parameter that takes an address: what QGIS writes down of it has no key."""

from __future__ import annotations

import re
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
    """An address without user name, password and query; `?…` stands where a query was. Other values as they are.

    Several addresses are parted by `;`, or are a list.
    """
    if isinstance(value, (list, tuple)):
        return [without_key(one) for one in value]
    if not isinstance(value, str) or "://" not in value:
        return value
    if re.search(r";\s*\"?[^;]*(://|\.zip|[/\\])", value):
        parts = value.split(";")  # one with “=” and no address may be the end of a query
        return ";".join("…" if "=" in part and "://" not in part else without_key(part) for part in parts)
    return shown_url(value.strip(' "')) + ("?…" if "?" in value else "")
