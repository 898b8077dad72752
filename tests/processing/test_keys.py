"""A key in an address is written down nowhere."""

from __future__ import annotations

import os

import pytest
from carto_services_publics.processing.address_parameter import AddressParameter, without_key
from carto_services_publics.processing.connections import data_folder
from carto_services_publics.tests.servers.faults import as_json, stub
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterString,
    QgsProcessingUtils,
)

KEY = "s3cret"


def registry(handler, _body):
    """Three services, for who knows the key."""
    rows = [
        {"type": "Feature", "id": f"s{i}", "geometry": {"type": "Point", "coordinates": [3.5, 44.5]},
         "properties": {"nom": f"n{i}", "categorie": "mairie"}}
        for i in range(3)
    ]  # fmt: skip
    items = {"links": [], "type": "FeatureCollection", "features": rows}
    document = items if "/items" in handler.path else {"links": []}
    return as_json(document, 200 if KEY in handler.path else 401, ("ETag", '"1"'))


@pytest.fixture
def address():
    with stub(registry) as url:
        yield f"{url}/api?token={KEY}"


class Heard(QgsProcessingFeedback):
    def __init__(self):
        super().__init__(False)
        self.said = []

    def pushInfo(self, info):
        self.said.append(info)

    def pushWarning(self, warning):
        self.said.append(warning)

    def reportError(self, error, fatalError=False):
        self.said.append(error)


def run(name, parameters):
    algorithm = QgsApplication.processingRegistry().algorithmById(f"cartoservices:{name}").create()
    context, heard = QgsProcessingContext(), Heard()
    logged = []
    QgsApplication.messageLog().messageReceived.connect(lambda *told: logged.append(str(told)))
    results, ok = algorithm.run(parameters, context, heard)
    assert ok, heard.said
    written = algorithm.asPythonCommand(parameters, context)
    return results, context, "\n".join([written, *heard.said, *logged])


def test_a_layer_of_services_says_its_source_without_the_key(provider, address):
    results, context, said = run("loadservices", {"REGISTRY": address, "OUTPUT": "memory:"})
    layer = QgsProcessingUtils.mapLayerFromString(results["OUTPUT"], context)
    metadata = layer.metadata()
    known = [layer.source(), layer.name(), *layer.customPropertyKeys(), *map(str, metadata.rights())]
    known += [metadata.title(), metadata.abstract(), *(link.url for link in metadata.links()), said]
    known += [str(layer.customProperty(name)) for name in layer.customPropertyKeys()]
    assert layer.featureCount() == 3 and "127.0.0.1" in said
    assert KEY not in "\n".join(known)


def test_a_synced_file_keeps_no_key_and_asks_again_with_it(provider, address, tmp_path):
    path = tmp_path / "s.gpkg"
    parameters = {"REGISTRY": address, "GEOPACKAGE": str(path), "CHANGES": "memory:"}
    for added in (3, 0):
        results, _context, said = run("syncservices", parameters)
        assert results["ADDED"] == added and KEY not in said
    assert all(KEY.encode() not in one.read_bytes() for one in tmp_path.iterdir())


def test_every_parameter_that_takes_an_address_hides_its_key(provider):
    """Of every algorithm, also those to come: what takes an address is named so, or its label says so."""
    taken = {}
    for algorithm in provider.algorithms():
        for one in algorithm.parameterDefinitions():
            told = one.type() == "string" and "address" in one.description().lower()
            if told or one.name() in ("REGISTRY", "SERVER", "GEOCODER", "FEEDS"):
                taken[algorithm.name(), one.name()] = one
    for where, one in taken.items():
        for parameter in (one, one.clone()):
            assert isinstance(parameter, AddressParameter), where
            for value in (
                f"https://x.fr/a?k={KEY}",
                f"https://x.fr/a?k={KEY};b.zip",
                f"/a/b.zip; https://u:{KEY}@x.fr/c",
            ):
                for name in {"valueAsPythonString", "valueAsJsonObject"} & set(dir(QgsProcessingParameterString)):
                    assert KEY not in str(getattr(parameter, name)(value, QgsProcessingContext())), (where, value)
    assert {
        *((name, "REGISTRY") for name in ("loadservices", "syncservices", "submitcorrections", "correctionstatus")),
        ("isochrones", "SERVER"), ("matchservices", "GEOCODER"), ("buildtransit", "FEEDS"),
    } <= set(taken)  # fmt: skip


def test_several_addresses_lose_their_keys_each():
    assert without_key(f"https://x.fr/a?k={KEY};/a/b.zip;https://y.fr/c") == "https://x.fr/a?…;/a/b.zip;https://y.fr/c"
    for end in ("", "/b", ";/a/b.zip"):
        assert KEY not in without_key(f"https://x.fr/a?v=1;k={KEY}{end}")
    assert without_key([f"https://x.fr/a?k={KEY}"]) == ["https://x.fr/a?…"]


def test_what_is_no_address_is_as_it_was():
    for value in ("Annuaire (DILA)", "/home/a?b.csv", 5, None, "https://x.fr/a"):
        assert without_key(value) == value
    assert without_key(f"https://u:p@x.fr/a?k={KEY}") == "https://x.fr/a?…"


@pytest.mark.skipif(os.name != "posix", reason="permissions of another kind")
def test_what_the_plugin_keeps_is_the_user_s_alone(qgis_app):
    assert data_folder().stat().st_mode & 0o077 == 0
