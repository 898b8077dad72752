"""Preferences, what they change in the work, and what the plugin says of its work in QGIS's log."""

from __future__ import annotations

import sqlite3

import pytest
import requests
from carto_services_publics.core.corrections import Entry, new_correction
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.matching.geocoding import Address, GeocodeCache, GeocodedAddress
from carto_services_publics.core.messages import msg
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.routing.answer_cache import AnswerCache
from carto_services_publics.processing import cache, isochrones, settings
from carto_services_publics.processing.network_input import open_roads
from carto_services_publics.processing.outbox import log_sent
from carto_services_publics.processing.transport import open_session
from qgis.core import (
    QgsApplication,
    QgsFeedback,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelParameter,
    QgsProcessingParameterFeatureSource,
    QgsSettings,
    QgsVectorFileWriter,
)
from routing_fakes import RoutingServer


@pytest.fixture(autouse=True)
def nothing_chosen(qgis_app, monkeypatch):
    """A user who has changed nothing yet."""

    def forget():
        for setting in settings.ALL:
            QgsSettings().remove(f"carto_services_publics/{setting.key}")

    for setting in settings.ALL:
        monkeypatch.delenv(setting.variable, raising=False)
    forget()
    yield
    forget()


@pytest.fixture
def folder(tmp_path):
    """The cache in a folder of the test's own."""
    settings.CACHE_FOLDER.set(str(tmp_path))
    return tmp_path / "carto_services_publics"


@pytest.fixture
def roads(draw, tmp_path):
    """A layer of roads in a file."""
    lines = [(f"LINESTRING({x} 0, {x + 1000} 0)", 50) for x in range(0, 20_000, 1000)]
    path = str(tmp_path / "roads.gpkg")
    layer = draw("LineString", "vitesse:integer", lines)
    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(layer, path, layer.transformContext(), options)
    return path


@pytest.fixture
def logged(qgis_app):
    """What the plugin writes in its tab of the message log."""
    lines = []

    def hear(text, tab, _level):
        if tab == "Carto Services Publics":
            lines.append(text)

    QgsApplication.messageLog().messageReceived.connect(hear)
    yield lines
    QgsApplication.messageLog().messageReceived.disconnect(hear)


# -- what counts ------------------------------------------------------------------------------------------------------


def test_keys_and_variables_are_all_different():
    assert len({setting.key for setting in settings.ALL}) == len(settings.ALL)
    assert len({setting.variable for setting in settings.ALL}) == len(settings.ALL)


def test_the_environment_counts_before_the_user_and_what_means_nothing_does_not_count(monkeypatch):
    settings.ENGINE.set("valhalla")
    monkeypatch.setenv("CARTO_SP_ISOCHRONES_ENGINE", "geoplateforme")
    assert settings.ENGINE.value() == "geoplateforme"
    settings.ENGINE.set("local")  # the user cannot
    monkeypatch.setenv("CARTO_SP_ISOCHRONES_ENGINE", "ign")
    assert settings.ENGINE.value() == "valhalla" and settings.ENGINE.misread() == "ign"


@pytest.mark.parametrize(("text", "meant"), [("true", True), ("1", True), ("FALSE", False), ("no", False)])
def test_yes_and_no_are_understood_as_people_write_them(monkeypatch, text, meant):
    monkeypatch.setenv("CARTO_SP_CORRECTIONS_SEND_AT_ONCE", text)
    assert settings.SEND_AT_ONCE.value() is meant


def test_what_holds_anyway_is_not_written():
    settings.LOG_LEVEL.set("warnings")
    assert not QgsSettings().contains("carto_services_publics/log/level")
    settings.LOG_LEVEL.set("errors")
    settings.LOG_LEVEL.set("warnings")
    assert not QgsSettings().contains("carto_services_publics/log/level")


# -- engines ----------------------------------------------------------------------------------------------------------


def test_isochrones_are_computed_by_the_engine_and_the_server_of_this_machine(run, rows, draw, folder):
    layer = draw("Point", "id:string", [("POINT(2.3 46.1)", "a")], crs="EPSG:4326")
    with RoutingServer() as server:
        settings.ENGINE.set("valhalla")
        settings.SERVER["valhalla"].set(server.url)
        found, _ = run("isochrones", INPUT=layer, CUTOFFS="5")
        assert any("isochrone" in path for _, path in server.requests)
    assert [row["engine"] for row in rows(found["OUTPUT"])] == ["valhalla"]
    assert (folder / "isochrones.sqlite").is_file()


def test_a_model_without_a_server_takes_that_of_the_machine_it_runs_on(provider, draw, folder):
    source = QgsProcessingModelChildParameterSource
    child = QgsProcessingModelChildAlgorithm("cartoservices:isochrones")
    child.addParameterSources("INPUT", [source.fromModelParameter("points")])
    child.addParameterSources("ENGINE", [source.fromStaticValue("openrouteservice")])
    child.addParameterSources("SERVER", [source.fromStaticValue("")])
    child.addParameterSources("CUTOFFS", [source.fromStaticValue("5")])
    model = QgsProcessingModelAlgorithm("model", "group")
    model.addModelParameter(QgsProcessingParameterFeatureSource("points"), QgsProcessingModelParameter("points"))
    model.addChildAlgorithm(child)
    layer = draw("Point", "id:string", [("POINT(2.3 46.1)", "a")], crs="EPSG:4326")
    with RoutingServer() as server:
        settings.SERVER["openrouteservice"].set(server.url)
        heard = QgsProcessingFeedback()
        _, done = model.create().run({"points": layer}, QgsProcessingContext(), heard, catchExceptions=False)
        assert done, heard.textLog()
        assert [path for _, path in server.requests] == ["/v2/isochrones/driving-car"]


def test_the_authentication_of_the_options_goes_to_the_server_of_the_options_only(monkeypatch, folder):
    asked = []
    monkeypatch.setattr(isochrones, "open_session", lambda *given: asked.append(given[:2]))
    settings.SERVER["openrouteservice"].set("https://ors.exemple.fr")
    settings.AUTHCFG["openrouteservice"].set("abc1234")
    for server, authcfg in (("", ""), ("", "own0000"), ("https://elsewhere.example", ""), ("https://e.example", "x")):
        isochrones.open_engine("openrouteservice", server, authcfg, QgsFeedback())._new_session()
    assert asked == [
        ("https://ors.exemple.fr", "abc1234"),
        ("https://ors.exemple.fr", "own0000"),
        ("https://elsewhere.example", ""),
        ("https://e.example", "x"),
    ]


# -- cache ------------------------------------------------------------------------------------------------------------


def fill(folder, roads):
    """Something of each kind, and files that are none of the plugin's; the network."""
    network = open_roads(roads, "car", Progress())
    answers = AnswerCache(cache.answers_path())
    answers.keep("question", "1", b"x" * 500_000)
    answers.note_sent("https://server.example")
    answers.close()
    addresses = GeocodeCache(cache.addresses_path())
    place = Address("1 rue du Brec", "06360", "Èze", "")
    addresses.keep([(place, GeocodedAddress(7.36, 43.72, 1.0, "adresse"))])
    addresses.close()
    for name in ("notes.txt", "networks/mine.network", "networks/roads.gpkg", "corrections.sqlite"):
        (folder / name).write_text("not the plugin's to delete")
    return network


def test_the_chosen_folder_holds_the_networks_the_plugin_makes(folder, roads):
    network = open_roads(roads, "car", Progress())
    assert network.path.startswith(str(folder / "networks"))
    assert [part.name for part in cache.cache_parts()] == ["road networks"]
    assert cache.cache_parts()[0].size == sum(path.stat().st_size for path in (folder / "networks").iterdir())


def test_emptying_deletes_what_the_plugin_made_and_nothing_else(folder, roads):
    fill(folder, roads)
    emptied = cache.empty_cache()
    assert emptied.in_use == () and emptied.freed > 500_000
    left = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert left == ["corrections.sqlite", "geocodage.sqlite", "isochrones.sqlite", "networks/mine.network",
                    "networks/roads.gpkg", "notes.txt"]  # fmt: skip
    answers = AnswerCache(cache.answers_path())
    assert answers.find("question", "1") is None
    assert len(answers.ages_of_sent("https://server.example", 60)) == 1  # a server's limit counts on
    answers.close()
    again = cache.empty_cache()
    assert again.freed == 0 and again.in_use == ()


def test_a_network_that_someone_travels_on_stays_until_he_is_done(folder, roads):
    network = fill(folder, roads)
    network.derived["searched"] = [network]  # what a search keeps
    cache.let_go_of_networks()
    assert cache.empty_cache().in_use == ("a road network",)
    assert network.minutes_forward.sum() > 0 and open_roads(roads, "car", Progress()) is network
    del network
    cache.let_go_of_networks()
    assert cache.empty_cache().in_use == ()


def test_answers_that_are_being_written_stay(folder, roads, monkeypatch):
    fill(folder, roads)
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, timeout, **more: connect(path, timeout=0.1, **more))
    busy = connect(cache.answers_path(), isolation_level=None)
    busy.execute("BEGIN IMMEDIATE")
    assert cache.empty_cache().in_use == ("the answers of isochrone servers",)
    busy.close()


@pytest.mark.parametrize("chosen", ["relative/folder", "/proc/nowhere"])
def test_a_folder_that_cannot_be_is_said(chosen):
    settings.CACHE_FOLDER.set(chosen)
    with pytest.raises(InvalidInput, match="options"):
        cache.cache_folder()


def test_a_folder_may_name_a_variable_of_the_user(monkeypatch, tmp_path):
    monkeypatch.setenv("OWN_PLACE", str(tmp_path))
    settings.CACHE_FOLDER.set("$OWN_PLACE/cache")
    assert cache.cache_folder() == tmp_path / "cache" / "carto_services_publics"


# -- log --------------------------------------------------------------------------------------------------------------


def test_a_request_is_logged_without_anything_secret(logged):
    settings.LOG_LEVEL.set("everything")
    with RoutingServer() as server:
        open_session(server.url).get(f"{server.url}/status?api_key=secret", headers={"Authorization": "Basic secret"})
    (line,) = logged
    host = server.url.partition("//")[2]
    assert line.startswith(f"GET {host}/status → 200, ") and line.endswith(" bytes") and " ms, " in line
    assert "secret" not in line


def test_by_default_only_what_went_wrong_is_logged(logged):
    with RoutingServer() as server:
        session = open_session(server.url)
        session.get(f"{server.url}/status")
        session.get(f"{server.url}/elsewhere?key=secret")
    with pytest.raises(requests.exceptions.ConnectionError):
        open_session("http://127.0.0.1:9").get("http://127.0.0.1:9/?key=secret")
    assert [line.partition(" → ")[2].split(",")[0] for line in logged] == ["404", "ConnectionError"]
    assert "secret" not in "".join(logged)
    settings.LOG_LEVEL.set("errors")
    with RoutingServer() as server:
        open_session(server.url).get(f"{server.url}/elsewhere")
    assert len(logged) == 2


def test_networks_built_and_runs_that_fail_are_logged(logged, folder, roads, run, draw):
    settings.LOG_LEVEL.set("everything")
    for _ in range(2):
        open_roads(roads, "foot", Progress())
    assert len(logged) == 1 and logged[0].startswith("Network built in ") and "20 links, profile foot" in logged[0]
    layer = draw("Point", "id:string", [("POINT(0 0)", "a")])
    with pytest.raises(QgsProcessingException):
        run("isochrones", INPUT=layer)
    assert logged[1].startswith("Isochrones – ")


def test_corrections_sent_are_logged_by_what_became_of_them(logged):
    settings.LOG_LEVEL.set("everything")

    def sent(state, reason=None):
        correction = new_correction("fermeture", etat=state)
        return Entry(correction, "https://registre.exemple.fr", reason, {}, None, False, 1, 0.0, 0.0)

    log_sent([sent("envoyee"), sent("erreur", msg("The registry refused it."))])
    assert logged[0].endswith(": envoyee") and logged[1].endswith(": erreur – The registry refused it.")
