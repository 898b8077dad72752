"""A registry of as many services as one likes, none of which is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from carto_services_publics.core.progress import Progress
from carto_services_publics.core.registry import Provenance, Query
from carto_services_publics.core.services import Service


class Listed:
    """A registry of the services that it is given; read anew each time."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._services = services
        self.received, self.validators = 0, []

    def source(self) -> Provenance:
        return Provenance("Registre d'essai", "Licence Ouverte")

    def unchanged(self, validators, progress) -> bool:
        return False

    def count(self, query: Query) -> None:
        return None

    def read(self, query: Query, progress: Progress = Progress()) -> Iterator[Service]:
        self.received = 0
        for service in self._services:
            self.received += 1
            progress.check()
            yield service


class Many:
    """So many services of a country; each of those whose number ``changed`` divides has another telephone."""

    def __init__(self, count: int, changed: int = 0) -> None:
        self.count, self.changed = count, changed

    def __iter__(self) -> Iterator[Service]:
        for number in range(self.count):
            other = self.changed and number % self.changed == 0
            yield Service(
                f"service-{number}",
                f"Mairie de la commune {number}",
                "mairie",
                adresse=f"{number % 200} rue de la République",
                telephone="04 66 00 00 01" if other else "04 66 00 00 00",
                lon=-4.0 + number % 4000 / 400,
                lat=42.5 + number // 4000 / 100 % 8,
                version="1",
            )
