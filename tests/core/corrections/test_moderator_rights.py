"""Who does not keep the registry decides on nothing; what is proposed, seen on the record."""

from __future__ import annotations

import pytest
from carto_services_publics.core.corrections import Change, new_correction
from carto_services_publics.core.corrections.items import CannotSend
from carto_services_publics.core.corrections.model import as_feature
from carto_services_publics.core.corrections.moderation import Moderator, Verdict, moves, proposed_service
from carto_services_publics.core.registry import Connection
from carto_services_publics.core.services import Service
from carto_services_publics.scripts.registry import CannotServe, Layer, add_corrections_table, serve
from carto_services_publics.tests.servers.ogcapi import correction_rows, make_geopackage
from osgeo import ogr

MAIRIE = Service("m1", "Mairie d'Èze", "mairie", telephone="04 92 10 60 60", version="v1", lon=7.36, lat=43.73)


@pytest.mark.servers
def test_an_account_that_may_only_read_moderates_nothing(tmp_path, session):
    path = make_geopackage(tmp_path / "registry.gpkg", [MAIRIE])
    add_corrections_table(path)
    layer = (source := ogr.Open(str(path), update=1)).GetLayerByName("corrections")
    row = ogr.Feature(layer.GetLayerDefn())
    for name, value in as_feature(new_correction("fermeture", MAIRIE, etat="envoyee"))["properties"].items():
        row[name] = value
    layer.CreateFeature(row)
    del row, layer, source
    layers = [Layer(name, f"{path}|layername={name}") for name in ("services", "corrections")]
    try:
        with serve(layers) as url:
            moderator = Moderator(session, Connection("lecture", "ogcapi", url))
            assert moderator.may_decide() is False
            [received] = moderator.incoming().received
            answer = moderator.decide(received, Verdict.REFUSE, "non")
    except CannotServe as why:
        pytest.skip(str(why))
    assert (answer.state, answer.done) == ("envoyee", False) and "403" in str(answer.reason)
    assert [one["etat"] for one in correction_rows(path)] == ["envoyee"]


def test_a_registry_that_does_not_answer_lets_nobody_decide(session):
    assert Moderator(session, Connection("", "ogcapi", "http://127.0.0.1:9/registre")).may_decide() is False


def test_the_service_proposed_is_that_of_the_registry_with_the_changes():
    correction = new_correction("modification", MAIRIE, {"telephone": Change("04 92 10 60 60", "08")})
    theirs = {"type": "Feature", "properties": {"id": "m1", "nom": "Hôtel de ville", "categorie": "mairie"}}
    service = proposed_service(correction, theirs)
    assert (service.id, service.nom, service.telephone) == ("m1", "Hôtel de ville", "08")
    assert (service.lon, service.lat) == (7.36, 43.73)


def at(lon, lat):
    place = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "geometry": place, "properties": {"id": "m1", "nom": "Mairie", "categorie": "mairie"}}


def test_a_correction_of_a_field_moves_nothing_wherever_the_service_has_moved_since():
    correction = new_correction("modification", MAIRIE, {"telephone": Change("04 92 10 60 60", "08")})
    service = proposed_service(correction, at(7.40, 43.70))
    assert (service.lon, service.lat) == (7.40, 43.70) and not moves(correction, at(7.40, 43.70))
    without_place = new_correction("fermeture", MAIRIE, lon=None, lat=None)
    assert not moves(without_place, at(7.36, 43.73))


@pytest.mark.parametrize("type_", ["deplacement", "modification"])
def test_a_correction_of_the_position_moves_the_service_where_it_says(type_):
    correction = new_correction(type_, MAIRIE, {"position": Change([7.36, 43.73], [7.37, 43.74])})
    service = proposed_service(correction, at(7.40, 43.70))
    assert (service.lon, service.lat) == (7.37, 43.74) and moves(correction, at(7.40, 43.70))
    assert not moves(correction, at(7.37, 43.74))


class Uncounted(Moderator):
    """Of a registry that gives pages of one correction, and no `numberMatched` that is a number."""

    said: dict = {}

    def _read(self, url, **_params):
        number = int(url.rpartition("=")[2]) if "=" in url else 0
        feature = as_feature(new_correction("fermeture", MAIRIE, etat="envoyee"))
        following = [{"rel": "next", "href": f"http://127.0.0.1:9/next?page={number + 1}"}] if number < 4 else []
        return {"type": "FeatureCollection", "features": [feature], "links": following, **self.said}


@pytest.mark.parametrize("said", [{}, {"numberMatched": "unknown"}, {"numberMatched": None}])
@pytest.mark.parametrize(("most", "expected"), [(3, (3, 1)), (5, (5, 0)), (9, (5, 0))])
def test_where_the_registry_does_not_count_what_is_not_read_is_said(session, monkeypatch, most, expected, said):
    monkeypatch.setattr(Uncounted, "said", said)
    monkeypatch.setattr("carto_services_publics.core.corrections.moderation.MOST_INCOMING", most)
    incoming = Uncounted(session, Connection("", "ogcapi", "http://127.0.0.1:9")).incoming()
    assert (len(incoming.received), incoming.beyond) == expected


def test_a_registry_that_refuses_the_question_is_not_one_without_corrections(session, monkeypatch):
    moderator = Moderator(session, Connection("", "ogcapi", "http://127.0.0.1:9/registre"))
    monkeypatch.setattr(moderator, "_read", lambda url, **params: None)  # 400, 404 or 410
    with pytest.raises(CannotSend, match="does not list"):
        moderator.incoming()
