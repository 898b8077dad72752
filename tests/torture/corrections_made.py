"""Corrections for the outbox, and what became of them."""

from __future__ import annotations

import uuid
from collections import Counter
from pathlib import Path

from campaign import Campaign
from carto_services_publics.core.corrections import Outbox
from carto_services_publics.core.corrections.model import Change, Correction

KEPT = "kept "
"""Before each uuid that a window says: QGIS says things of its own there."""


def correction(number: int) -> Correction:
    changes = {"nom": Change("a", f"b{number}")}
    key = str(uuid.uuid4())
    return Correction(key, "modification", f"s{number}", changes=changes, cree_le="2026-01-01T00:00:00Z")


def compare(campaign: Campaign, path: Path, said: list[str]) -> None:
    """Count what was said to be kept and is not there, or is there twice."""
    there = Counter(entry.uuid for entry in Outbox(path).entries())
    campaign.lost += sum(1 for key in said if not there[key])
    campaign.doubled += sum(count - 1 for count in there.values())
