"""The setting of a cluster sends the work of an algorithm there; its rows are the same."""

from __future__ import annotations

import pytest
from carto_services_publics.core.access import nearest
from carto_services_publics.processing import settings
from qgis.core import QgsProcessingException

distributed = pytest.importorskip("distributed")
DEMAND = [(f"POINT({x} 20)", f"d{x}", x // 1000) for x in range(0, 50_000, 2_500)]
SERVICES = [("POINT(10000 0)", "s1", "mairie"), ("POINT(42000 0)", "s2", "mairie"), ("POINT(30000 0)", "s3", "poste")]


@pytest.fixture
def layers(draw, road, monkeypatch):
    monkeypatch.setattr(nearest, "WORTH_WORKERS", 0)
    return {
        "DEMAND": draw("Point", "id:string,habitants:integer", DEMAND),
        "DEMAND_WEIGHT": "habitants",
        "SERVICES": draw("Point", "id:string,categorie:string", SERVICES),
        "CATEGORY_FIELD": "categorie",
        "NETWORK": road,
    }


@pytest.mark.parametrize(
    ("algorithm", "output"), [("nearestservice", "OUTPUT"), ("coveragegaps", "OUTPUT"), ("coveragegaps", "DEMAND_OUT")]
)
def test_rows_are_those_computed_here(run, rows, layers, monkeypatch, algorithm, output):
    if algorithm == "nearestservice":
        layers.pop("DEMAND_WEIGHT")
    here, _ = run(algorithm, **layers)
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as made:
        monkeypatch.setenv(settings.CLUSTER.variable, made.scheduler_address)
        there, said = run(algorithm, **layers)
    assert rows(there[output]) == rows(here[output]) and len(rows(here[output])) > 1
    assert "to the cluster at" in str(said)


def test_a_run_may_name_its_own_scheduler_or_none(run, rows, layers, provider, monkeypatch):
    """Every algorithm that goes to a cluster by the setting takes CLUSTER, which counts more than the setting."""
    takes = {each.name() for each in provider.algorithms() if each.parameterDefinition("CLUSTER")}
    assert takes >= {"nearestservice", "isochrones", "odmatrix", "proposesites", "servicebasket", "explainchange"}
    here, _ = run("coveragegaps", **layers)
    monkeypatch.setenv(settings.CLUSTER.variable, "nowhere")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as made:
        there, said = run("coveragegaps", CLUSTER=made.scheduler_address, **layers)
    assert rows(there["OUTPUT"]) == rows(here["OUTPUT"])
    assert f"to the cluster at {made.scheduler_address}" in str(said)
    with pytest.raises(QgsProcessingException, match="elsewhere"):
        run("coveragegaps", CLUSTER="elsewhere", **layers)


def test_a_scheduler_that_does_not_answer_is_a_sentence(run, layers, monkeypatch):
    monkeypatch.setenv(settings.CLUSTER.variable, "nowhere")
    layers.pop("DEMAND_WEIGHT")
    with pytest.raises(QgsProcessingException, match="nowhere"):
        run("nearestservice", **layers)
