"""What can go wrong between a layer of roads and a network file."""

from __future__ import annotations

from ..errors import InvalidInput


class SourceUnreadable(InvalidInput):
    """The roads cannot be read."""


class FieldMissing(InvalidInput):
    """A field was named that the layer does not have."""


class NoRoads(InvalidInput):
    """Nothing in the source can be used by the profile."""


class NetworkFileInvalid(InvalidInput):
    """The file is not a network, is damaged, or was made by another version."""


class NetworkFileVersion(NetworkFileInvalid):
    """The file is of another version; `recorded` says what it was made of, when that could be read."""

    recorded: dict | None = None


class NetworkFileBusy(InvalidInput):
    """The file cannot be written where it should be."""
