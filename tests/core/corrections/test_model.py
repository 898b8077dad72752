"""What a correction is: made from edits, carried as GeoJSON, checked before it leaves."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from carto_services_publics.core.corrections import (
    Change,
    NotACorrection,
    as_feature,
    from_feature,
    new_correction,
    of_edit,
)
from carto_services_publics.core.corrections.bulk import (
    CorrectionRow,
    Proposal,
    preview,
    proposals_of_corrections,
    proposals_of_edits,
)
from carto_services_publics.core.corrections.conflicts import conflict_of, resolved, three_ways
from carto_services_publics.core.corrections.model import CHANGEABLE, TYPES, Correction, from_properties, to_send
from carto_services_publics.core.corrections.validation import check
from carto_services_publics.core.services import SERVICE_COLUMNS, Service
from carto_services_publics.core.versions import content_version
from hypothesis import example, given
from hypothesis import strategies as st

MAIRIE = Service(
    id="m1", nom="Mairie", categorie="mairie", producteur="dila", telephone="01", version="v1", lon=7.0, lat=43.0
)
trimmed = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(str.strip)


@given(
    st.dictionaries(st.sampled_from(CHANGEABLE), st.tuples(trimmed, trimmed), max_size=4),
    st.sampled_from(TYPES),
    trimmed,
    st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
)
def test_a_correction_comes_back_from_geojson_as_it_went(changes, type, commentaire, place):
    lon, lat = place or (None, None)
    changes = {name: Change(*pair) for name, pair in changes.items()}
    correction = new_correction(type, MAIRIE, changes, commentaire=commentaire, lon=lon, lat=lat)
    assert from_feature(json.loads(json.dumps(as_feature(correction)))) == correction
    sent = from_feature(json.loads(to_send(correction)))
    assert replace(sent, etat=correction.etat) == correction


@given(st.sampled_from(CHANGEABLE), trimmed.filter(bool))
@example("nom", MAIRIE.nom)
@example("telephone", MAIRIE.telephone)
def test_an_edit_says_what_changed_and_nothing_else(name, text):
    correction = of_edit(MAIRIE, replace(MAIRIE, **{name: f"  {text} "}))
    if text == getattr(MAIRIE, name):
        assert correction is None
    else:
        assert correction.type == "modification"
        assert correction.changes == {name: (getattr(MAIRIE, name), text)}
        assert (correction.service_id, correction.version, correction.producteur) == ("m1", "v1", "dila")


def test_a_move_by_less_than_a_centimetre_is_none():
    assert of_edit(MAIRIE, replace(MAIRIE, lon=7.00000001)) is None
    assert of_edit(MAIRIE, replace(MAIRIE, lon=7.001)).type == "deplacement"


def test_what_the_registry_decides_is_not_sent():
    sent = json.loads(to_send(replace(new_correction("alerte", MAIRIE), etat="acceptee", motif="x", ref_serveur="y")))
    assert sent["properties"]["etat"] == "envoyee"
    assert not {"motif", "ref_serveur"} & set(sent["properties"])


def test_a_row_without_uuid_has_always_the_same():
    row = {"type": "fermeture", "service_id": "m1"}
    assert from_properties(row).uuid == from_properties({**row, "uuid": None}).uuid
    assert from_properties(row).uuid != from_properties({**row, "service_id": "m2"}).uuid


@pytest.mark.parametrize(
    "row",
    [
        {"type": "autre"},
        {"type": "fermeture", "uuid": "42"},
        {"type": "modification", "changes": "{"},
        {"type": "modification", "changes": "[1]"},
        {"type": "modification", "changes": '{"nom": "x"}'},
        {"type": "modification", "changes": "[" * 100_000},
    ],
)
def test_a_row_that_is_no_correction_says_why(row):
    with pytest.raises(NotACorrection):
        from_properties(row)


@pytest.mark.parametrize("place", [(200, 0), ("x", "y"), (float("nan"), 1), (645_000, 6_860_000)])
def test_a_position_that_is_not_in_degrees_is_refused(place):
    with pytest.raises(NotACorrection, match="degrees"):
        from_properties({"type": "alerte"}, *place)


# -- checks -----------------------------------------------------------------------------------------------------------


def changed(**values):
    return Correction("u", "modification", "m1", changes={name: Change("", value) for name, value in values.items()})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("telephone", "04 92"),
        ("courriel", "no"),
        ("site_web", "javascript:alert(1)"),
        ("siret", "12345678901234"),
        ("code_insee", "99999"),
        ("horaires", "tous les jours"),
        ("categorie", "nothing"),
        ("modalite", "volant"),
        ("accessibilite", "OUI"),
        ("nom", " "),
        ("nom", "x" * 3000),
        ("id", "m2"),
        ("position", [645_000, 6_860_000]),
    ],
)
def test_a_wrong_value_is_told_beside_its_field(name, value):
    assert set(check(changed(**{name: value}))) == {name}


def test_right_values_pass_and_a_field_may_be_emptied():
    right = changed(
        telephone="04 92 10 60 60", horaires="Mo-Fr 09:00-12:00", code_insee="2A004", accessibilite="", siret="",
        site_web="https://exemple.fr", position=[7.1, 43.1],
    )  # fmt: skip
    assert check(right) == {}


@pytest.mark.parametrize(
    ("correction", "field"),
    [
        (Correction("u", "fermeture"), "service_id"),
        (Correction("u", "doublon", "m1"), "duplicate_of"),
        (Correction("u", "doublon", "m1", "m1"), "duplicate_of"),
        (Correction("u", "modification", "m1"), "changes"),
        (Correction("u", "alerte", "m1"), "commentaire"),
        (Correction("u", "deplacement", "m1"), "position"),
        (Correction("u", "confirmation", "m1", preuve_url="ftp:x"), "preuve_url"),
        (Correction("u", "confirmation", "m1", courriel="x"), "courriel"),
        (Correction("u", "confirmation", "m1", commentaire="x" * 3000), "commentaire"),
    ],
)
def test_each_type_has_what_it_needs(correction, field):
    assert set(check(correction)) == {field}


def test_a_new_place_needs_a_name_a_category_and_a_position():
    assert set(check(Correction("u", "creation"))) == {"nom", "categorie", "position"}


# -- conflicts --------------------------------------------------------------------------------------------------------


def feature(**properties):
    values = {name: getattr(MAIRIE, name) for name in SERVICE_COLUMNS}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [7.0, 43.0]},
        "properties": {**values, **properties},
    }


def test_the_three_way_view_shows_read_theirs_and_mine():
    mine = of_edit(MAIRIE, replace(MAIRIE, telephone="02", nom="Hôtel de ville", lon=7.5))
    theirs = feature(telephone="03", version="v2")
    assert conflict_of(mine, theirs).reason.values == {"fields": "telephone"}
    assert three_ways(mine, theirs) == [
        ("nom", "Mairie", "Mairie", "Hôtel de ville"),
        ("telephone", "01", "03", "02"),
        ("position", [7.0, 43.0], [7.0, 43.0], [7.5, 43.0]),
    ]


def test_a_conflict_settled_field_by_field_is_proposed_against_the_record_as_it_is_now():
    mine = of_edit(MAIRIE, replace(MAIRIE, telephone="02", nom="Hôtel de ville"))
    theirs = feature(telephone="03", version="v2")
    settled = resolved(mine, theirs, {"telephone": "03", "nom": "Hôtel de ville"})
    assert settled.changes == {"nom": ("Mairie", "Hôtel de ville")}
    assert (settled.uuid, settled.version) == (mine.uuid, "v2")
    assert conflict_of(settled, theirs) is None
    assert resolved(mine, theirs, {"telephone": "03", "nom": "Mairie"}) is None


def test_without_a_version_of_the_registrys_own_the_content_tells():
    read = replace(MAIRIE, version=content_version(vars(MAIRIE), 7.0, 43.0))
    mine = of_edit(read, replace(read, telephone="02"))
    assert conflict_of(mine, feature(version="")) is None
    assert conflict_of(mine, feature(version="", telephone="09")) is not None


# -- many at once -----------------------------------------------------------------------------------------------------


def row(service, **changes):
    service = replace(service, **changes)
    return CorrectionRow({name: getattr(service, name) for name in SERVICE_COLUMNS}, service.lon, service.lat)


def test_an_edited_copy_costs_a_request_only_for_the_rows_that_were_edited():
    read = replace(MAIRIE, version=content_version(vars(MAIRIE), 7.0, 43.0))
    asked = []

    def current(service_id):
        asked.append(service_id)
        return feature(version=read.version)

    rows = [
        row(read),
        row(read, telephone="04 92 10 60 60"),
        row(read, id="", nom="Nouveau", telephone=""),
        row(read, lat=43.2),
    ]
    proposals = proposals_of_edits(rows, current, {"auteur_organisation": "CC"})
    assert [p.correction and p.correction.type for p in proposals] == [None, "modification", "creation", "deplacement"]
    assert len(asked) == 2
    assert {p.correction.auteur_organisation for p in proposals[1:]} == {"CC"}
    seen = preview(proposals)
    assert (seen.unchanged, seen.unusable) == (1, 0)
    assert seen.by_type == {"modification": 1, "creation": 1, "deplacement": 1}


def test_a_record_that_changed_since_the_copy_is_refused():
    [changed_since] = proposals_of_edits([row(MAIRIE, telephone="02")], lambda _: feature(version="v2"), {})
    assert changed_since.correction is None and "load it again" in str(changed_since.reason)
    [gone] = proposals_of_edits([row(MAIRIE, telephone="02")], lambda _: None, {})
    assert "no service" in str(gone.reason)


def test_what_was_sent_before_is_left_alone_and_figures_add_up():
    rows = [
        CorrectionRow({"type": "fermeture", "service_id": "m1", "etat": "acceptee"}),
        CorrectionRow({"type": "fermeture", "service_id": "m2"}),
        CorrectionRow({"type": "x"}),
        CorrectionRow({"type": "alerte", "service_id": "m2"}),
    ]
    proposals = proposals_of_corrections(rows)
    assert [bool(p.reason) for p in proposals] == [True, False, True, True]
    seen = preview([*proposals, Proposal(None)])
    assert (sum(seen.by_type.values()), seen.unusable, seen.unchanged) == (1, 3, 1)


def test_a_registry_that_keeps_its_key_out_of_the_properties_still_gets_the_service_named():
    """As pygeoapi does."""
    read = feature(telephone="01")
    read["id"] = read["properties"].pop("id")
    [proposal] = proposals_of_edits([row(MAIRIE, telephone="04 92 10 60 60", version="")], lambda _: read, {})
    assert proposal.correction.service_id == MAIRIE.id and proposal.reason is None


def test_a_row_copied_with_its_uuid_and_then_edited_is_not_taken_for_the_first():
    uuid = "5f8f2c9e-0a54-4b0e-9d6c-0f6b8f0f2a11"
    first = {"uuid": uuid, "type": "alerte", "service_id": "m1", "commentaire": "Fermé le samedi."}
    rows = [CorrectionRow(first), CorrectionRow(first), CorrectionRow({**first, "service_id": "m2"})]
    same, again, other = proposals_of_corrections(rows)
    assert (same.reason, again.reason) == (None, None)
    assert "uuid" in str(other.reason) and preview([same, other]).unusable == 1


@pytest.mark.parametrize("old", ["x", [1], {"a": 1}, [None, None], ["1", "2"]])
def test_a_position_among_the_changes_is_two_numbers_or_the_row_is_refused(old):
    with pytest.raises(NotACorrection):
        from_properties({"type": "deplacement", "changes": {"position": {"old": old, "new": [1, 2]}}}, 1, 2)


scalars = st.none() | st.booleans() | st.floats() | st.text()
names = st.sampled_from(["geometry", "coordinates", "properties", "id", "version"])
documents = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(names, inner))


@given(documents)
def test_whatever_a_registry_answers_about_a_service_it_can_be_compared(theirs):
    theirs = theirs if isinstance(theirs, dict) else {"properties": theirs}
    moved = of_edit(MAIRIE, replace(MAIRIE, lon=7.5, nom="Autre"))
    conflict_of(moved, theirs)
    assert {way.field for way in three_ways(moved, theirs)} == {"nom", "position"}
    resolved(moved, theirs, {way.field: way.mine for way in three_ways(moved, theirs)})


@pytest.mark.parametrize("text", ['{"telephone": {"old": NaN, "new": "1"}}', '{"nom": {"old": "", "new": Infinity}}'])
def test_a_change_that_no_registry_could_read_as_json_is_refused(text):
    """And NaN, which equals nothing, would look changed each time it is read."""
    for changes in (text, json.loads(text)):
        with pytest.raises(NotACorrection):
            from_properties({"type": "modification", "service_id": "m1", "changes": changes})


def test_the_same_edited_copy_sent_again_is_the_same_corrections():
    rows = [row(MAIRIE, telephone="04 92 10 60 60"), row(MAIRIE, id="", nom="Nouveau", telephone="")]
    by = [{}, {"auteur_organisation": "CC"}]
    first, again = (proposals_of_edits(rows, lambda _: feature(version="v1"), words) for words in by)
    assert [p.correction.uuid for p in first] == [p.correction.uuid for p in again]
    [other] = proposals_of_edits([row(MAIRIE, telephone="04 92 10 60 61")], lambda _: feature(version="v1"), {})
    assert other.correction.uuid != first[0].correction.uuid
