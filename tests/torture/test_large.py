"""What is large: a million services, three thousand isochrones of a server with quotas. Nothing lost, memory flat."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from campaign import FULL, Campaign
from carto_services_publics.core.registry import Connection, Query
from carto_services_publics.core.registry.sync import sync
from carto_services_publics.core.routing.answer_cache import AnswerCache
from carto_services_publics.core.routing.engines import Request, TravelMode
from carto_services_publics.core.routing.geoplateforme import Geoplateforme
from carto_services_publics.core.routing.online import Limit
from carto_services_publics.core.routing.openrouteservice import OpenRouteService
from carto_services_publics.core.routing.valhalla import Valhalla
from million import Listed, Many
from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback
from routing_fakes import RoutingServer

SERVICES = 1_000_000 if FULL else 10_000
POINTS = 3000 if FULL else 120
MOST_MEGABYTES = 1500
CHANGED = 1000
"""One service in so many changes between the two syncs."""


def test_a_million_services_are_synced_twice_and_loaded(provider, tmp_path):
    campaign, path = Campaign("million-de-services"), tmp_path / "services.gpkg"
    connection = Connection("c", "ogcapi", "https://r.example")
    with campaign.memory():
        first = sync(path, Listed(Many(SERVICES)), connection, Query())
        second = sync(path, Listed(Many(SERVICES, CHANGED)), connection, Query())
    print(f"syncs: {campaign.megabytes} MB more")
    campaign.tried = SERVICES
    campaign.lost += SERVICES - first.added
    campaign.wrong += (second.added, second.changed, second.removed) != (0, SERVICES // CHANGED, 0)
    with closing(sqlite3.connect(path)) as database:
        kept, distinct = database.execute("SELECT count(*), count(DISTINCT id) FROM services").fetchone()
    campaign.lost += SERVICES - distinct
    campaign.doubled += kept - distinct
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("cartoservices:loadservices")
    given = {"REGISTRY": f"{path}|layername=services", "OUTPUT": str(tmp_path / "loaded.gpkg")}
    with campaign.memory():
        results, done = algorithm.run(given, QgsProcessingContext(), QgsProcessingFeedback(False))
    campaign.lost += SERVICES - results["COUNT"] if done else SERVICES
    campaign.keep()
    assert campaign.megabytes < MOST_MEGABYTES


@pytest.mark.parametrize("engine", [Geoplateforme, Valhalla, OpenRouteService])
def test_isochrones_under_quotas_are_resumed_day_after_day(engine, tmp_path, monkeypatch):
    """429, faults of the server, a quota that ends each day: each point once, however many days it takes."""
    monkeypatch.setattr("carto_services_publics.core.routing.online._FIRST_BACKOFF", 0.01)
    campaign = Campaign(f"isochrones-quotas-{engine.__name__}")
    limited = type(engine.__name__, (engine,), {"limit": Limit(40, 0.05)})
    points = [Request(n, 2.0 + n / 10_000, 46.0, (5.0,)) for n in range(POINTS)]
    a_day = POINTS // (10 if engine is OpenRouteService else 3)
    with RoutingServer(limit=(40, 0.05), faults=0.1, daily_quota=a_day, seed=campaign.seed) as server:
        done: dict[int, bytes] = {}
        for _day in campaign.cases(count=30, seconds=0):
            server._count_of_day = 0
            for answer in limited(server.url, cache=AnswerCache(tmp_path / "answers")).isochrones(points, TravelMode()):
                if answer.polygons:
                    campaign.wrong += done.setdefault(answer.key, answer.polygons[5.0]) != answer.polygons[5.0]
                campaign.said += bool(answer.failures)
            if len(done) == POINTS:
                break
    days = campaign.tried
    print(f"{engine.__name__}: {POINTS} points in {days} days, {len(server.requests)} requests")
    campaign.tried, campaign.lost = POINTS, POINTS - len(done)
    campaign.doubled = sum(times - 1 for times in server.answered.values())
    campaign.keep()
    assert days > 1 and server.beyond_limit == 0
