"""What is heard during a consolidation, and what its file holds."""

from __future__ import annotations

import sqlite3

from carto_services_publics.core.progress import Progress


class Hears(Progress):
    def __init__(self):
        self.warnings = []

    def warn(self, message):
        self.warnings.append(str(message))


def rows(edition, query):
    with sqlite3.connect(edition.path) as base:
        return base.execute(query).fetchall()
