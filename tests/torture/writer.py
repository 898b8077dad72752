"""A program that keeps corrections, one after the other, and says each that it has kept: `writer.py OUTBOX COUNT`."""

from __future__ import annotations

import sys
import uuid

from carto_services_publics.core.corrections import Outbox
from carto_services_publics.core.corrections.model import Change, Correction

if __name__ == "__main__":
    outbox = Outbox(sys.argv[1])
    for number in range(int(sys.argv[2])):
        key = str(uuid.uuid4())
        changes = {"nom": Change("a", f"b{number}")}
        outbox.add(Correction(key, "modification", f"s{number}", changes=changes, cree_le="2026-01-01T00:00:00Z"), "r")
        print(key, flush=True)
