"""Producers as they come: accents put together otherwise, names mistyped in the priorities, identifiers of several."""

from __future__ import annotations

import sqlite3
import unicodedata
from dataclasses import replace

import pytest
from carto_services_publics.core.consolidation import differences, priorities_of, priorities_of_text
from carto_services_publics.core.consolidation.records import gather
from carto_services_publics.core.errors import InvalidInput
from carto_services_publics.core.matching import Decisions
from carto_services_publics.tests.core.consolidation.reading import Hears, rows


def parted(text):
    return unicodedata.normalize("NFD", text)


def test_accents_put_together_otherwise_are_no_difference_between_producers_nor_a_change(edition, halls):
    given = {"nom": "Hôtel de ville", "adresse": "3 place de l'Évêché", "id_producteur": ""}
    first = [replace(one, id_producteur=f"n{number}") for number, one in enumerate(halls("Département", **given))]
    other = [replace(one, id_producteur=f"n{number}") for number, one in enumerate(halls("osm", **given))]

    def otherwise(services):
        return [replace(one, **{name: parted(getattr(one, name)) for name in ("nom", "adresse", "producteur")})
                for one in services]  # fmt: skip

    edition("2026-01-01", first, otherwise(other))
    assert (
        rows(edition, "SELECT champ FROM qualite WHERE mesure = 'conflits' AND nombre AND champ IN ('nom', 'adresse')")
        == []
    )
    report = edition("2026-02-01", otherwise(first), other)
    assert (report.created, report.closed) == (0, 0)
    assert list(differences(edition.path, "2026-01-01", "2026-02-01")) == []
    order = priorities_of({"nom": [parted("Département")]})
    assert order.rank("nom", "Département") == 0


def test_a_row_without_identifier_is_known_by_what_it_says_however_its_accents_are_written(hall):
    one = hall("a", 0, nom="Hôtel de ville", id_producteur="")
    assert gather([("", one)]).services == gather([("", replace(one, nom=parted(one.nom)))]).services


def test_a_producer_in_the_priorities_that_nobody_is_is_said(edition, halls):
    heard = Hears()
    edition("2026-01-01", halls("dila"), halls("sdis"), priorities=priorities_of({"nom": ["DILA", "sdis", "finess"]}),
            progress=heard)  # fmt: skip
    (words,) = heard.warnings
    assert "name DILA," in words and "dila, sdis" in words


def test_a_field_that_comes_twice_in_the_priorities_is_refused():
    with pytest.raises(InvalidInput, match="“nom” comes twice"):
        priorities_of_text('{"nom": ["a"], "position": ["c"], "nom": ["b"]}', "p.json")


def test_what_was_said_of_an_identifier_that_two_producers_give_is_of_neither(edition, hall, tmp_path):
    """Lists numbered 1, 2, 3: the panel's decision on number 1 of one is none on number 1 of the other."""
    decisions = Decisions(tmp_path / "said.sqlite")
    own = hall("own", 0, nom="Accueil", adresse="2 rue Haute", telephone="", lon=3.9)
    meant, other = (replace(hall(*one), id="1") for one in (("dila", 0), ("osm", 5)))
    decisions.say(own, meant, True)
    heard = Hears()
    edition("2026-01-01", [own, meant, other], said=lambda records: decisions.verdicts(records, records, heard))
    assert len(heard.warnings) == 1
    assert len(rows(edition, "SELECT * FROM services")) >= 2
    edition("2026-02-01", [own, meant], said=lambda records: decisions.verdicts(records, records, heard))
    assert len(heard.warnings) == 1 and len(rows(edition, "SELECT * FROM services")) == 1


def test_what_all_say_alike_is_no_conflict_nor_are_the_dates_and_pages_of_records(edition, halls):
    edition("2026-06-01", halls("a", url="https://a.fr"), halls("b", date_maj="2026-02-01", url="https://b.fr"))
    assert rows(edition, "SELECT champ FROM qualite WHERE mesure = 'conflits' AND nombre > 0") == []
    rules = dict(rows(edition, "SELECT champ, regle FROM provenance"))
    assert (rules["precision_position"], rules["date_maj"]) == ("accord", "plus_recent")


def test_a_producer_under_another_name_keeps_its_places_its_decisions_and_what_it_merged(edition, hall, halls):
    """A layer is named after its file, and the file after its month."""

    def living():
        links = rows(edition, "SELECT id, producteur, id_producteur FROM passerelle WHERE au IS NULL")
        return {(producer.rpartition("-")[0], own): identifier for identifier, producer, own in links}

    def list_of(month, changed=()):
        return [hall(f"liste-{month}", n, id_producteur=f"n{n}", **({"telephone": "3939"} if n in changed else {}))
                for n in range(8)]  # fmt: skip

    other = halls("autre-liste", [0, 1])
    edition("2026-01-01", list_of(1), other)
    with sqlite3.connect(edition.path) as base:
        base.execute("INSERT INTO decisions (producteur_a, id_producteur_a, producteur_b, id_producteur_b, decision) "
                     "VALUES ('liste-1', 'n3', 'liste-1', 'n4', 'meme_lieu')")  # fmt: skip
    edition("2026-02-01", list_of(1), other)
    before, heard = living(), Hears()
    report = edition("2026-03-01", list_of(2, changed=(1, 5)), other, progress=heard)
    assert (report.created, report.closed) == (0, 0) and living() == before
    assert heard.warnings == ["liste-2 is liste-1 under another name: its records say the same."]
    anew = [replace(one, id_producteur=f"other {one.id_producteur}") for one in list_of(3, changed=(1, 5))]
    assert edition("2026-04-01", anew, other).created == 0
    assert set(living().values()) == set(before.values())


def test_another_list_that_comes_when_one_goes_is_another_producer(edition, hall, halls):
    edition("2026-01-01", halls("dila"), halls("osm", [0]))
    heard = Hears()
    few = [hall("one of its records", 3)]
    edition("2026-02-01", halls("sdis", telephone="18", categorie="pompiers"), halls("osm", [0]), few, progress=heard)
    assert [words.partition(" any more")[0] for words in heard.warnings] == ["No layer holds records of dila"]
