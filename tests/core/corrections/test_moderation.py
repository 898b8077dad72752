"""Those who keep a registry decide on corrections, on real registries: one outcome each, which its author reads."""

from __future__ import annotations

from dataclasses import replace

import pytest
from carto_services_publics.core.corrections import Sender, new_correction, of_edit
from carto_services_publics.core.corrections.moderation import Moderator, Verdict, WithoutReason
from carto_services_publics.core.services import Service

pytestmark = [
    pytest.mark.servers,
    # pygeoapi changes no item in part: there a decision replaces the correction as a whole.
    pytest.mark.parametrize(
        "registry", ["qgis_geopackage", "qgis_postgis", "pygeoapi_postgis"], indirect=True, scope="module"
    ),
]

MAIRIE = Service(
    id="m1",
    nom="Mairie d'Èze",
    categorie="mairie",
    producteur="dila",
    telephone="04 92 10 60 60",
    version="v1",
    lon=7.36,
    lat=43.73,
)
SERVICES = [replace(MAIRIE, id=f"m{n}") for n in range(1, 16)]


def edit(service_id, **changes):
    before = replace(MAIRIE, id=service_id)
    return of_edit(before, replace(before, **changes))


@pytest.fixture
def moderator(registry, session):
    moderator = Moderator(session, registry)
    for left in moderator.incoming().received:
        moderator.decide(left, Verdict.REFUSE, "d'un autre essai")
    return moderator


@pytest.fixture
def send(registry, outbox, session, moderator):
    """Sends corrections; gives them as they come in at the registry, in the order given."""

    def send(*corrections):
        outbox.add_all(corrections, registry.url)
        Sender(session, registry, outbox).send_all()
        incoming = {one.correction.uuid: one for one in moderator.incoming().received}
        return [incoming[correction.uuid] for correction in corrections]

    return send


def test_who_may_decide_is_found_without_changing_anything(registry, send, moderator):
    assert moderator.may_decide() is None
    [received] = send(edit("m1", telephone="01"))
    before = registry.correction(received.correction.uuid)
    assert moderator.may_decide() is True
    assert registry.correction(received.correction.uuid) == before
    assert moderator.incoming().received == [received]


def test_what_is_decided_is_what_the_author_reads(registry, outbox, session, send, moderator):
    accepted, refused, asked = send(*(edit(f"m{n}", telephone="04 92 10 60 61") for n in (2, 3, 4)))
    assert moderator.decide(accepted, Verdict.ACCEPT).done
    assert moderator.decide(refused, Verdict.REFUSE, "Numéro d'un particulier.").done
    assert moderator.decide(asked, Verdict.ASK, "Vu où ?").done
    assert [one.correction.uuid for one in moderator.incoming().received] == [asked.correction.uuid]
    Sender(session, registry, outbox).ask_all()
    read = [outbox.get(one.correction.uuid) for one in (accepted, refused, asked)]
    assert [(entry.state, entry.correction.motif) for entry in read] == [
        ("acceptee", ""),
        ("rejetee", "Numéro d'un particulier."),
        ("envoyee", "Vu où ?"),
    ]


def test_the_first_of_two_moderators_decides(send, moderator, registry, session):
    [received] = send(edit("m5", telephone="02"))
    assert moderator.decide(received, Verdict.REFUSE, "non").done
    late = Moderator(session, registry).decide(received, Verdict.ACCEPT)
    assert (late.state, late.done) == ("rejetee", False) and "meanwhile" in str(late.reason)
    assert registry.correction(received.correction.uuid)["motif"] == "non"


def test_of_two_who_have_both_read_that_it_waits_the_second_overwrites_nothing(send, moderator, registry, session):
    [received] = send(edit("m13", telephone="02"))
    late = Moderator(session, registry)
    late._hindrance = lambda _correction: moderator.decide(received, Verdict.REFUSE, "non") and None
    answer = late.decide(received, Verdict.ACCEPT)
    assert (answer.state, answer.done) == ("rejetee", False) and "meanwhile" in str(answer.reason)
    assert registry.correction(received.correction.uuid)["motif"] == "non"


def test_nothing_is_accepted_over_a_newer_version(send, moderator, registry):
    stale, elsewhere = send(edit("m6", telephone="03"), edit("m7", telephone="03"))
    registry.change("m6", telephone="04 99 99 99 99", version="v2")
    registry.change("m7", nom="Hôtel de ville", version="v2")
    assert moderator.sight(stale).conflict and not moderator.sight(elsewhere).conflict
    answer = moderator.decide(stale, Verdict.ACCEPT)
    assert (answer.state, answer.done) == ("conflit", False) and "telephone" in str(answer.reason)
    assert moderator.decide(elsewhere, Verdict.ACCEPT).done
    row = registry.correction(stale.correction.uuid)
    assert row["etat"] == "conflit" and "telephone" in row["motif"]
    assert moderator.sight(stale).theirs["properties"]["telephone"] == "04 99 99 99 99"


def test_a_refusal_and_a_question_say_why(send, moderator, registry):
    [received] = send(edit("m8", telephone="04"))
    for verdict in (Verdict.REFUSE, Verdict.ASK):
        with pytest.raises(WithoutReason):
            moderator.decide(received, verdict, "  ")
    assert registry.correction(received.correction.uuid)["etat"] == "envoyee"


def test_several_at_once_have_each_their_outcome(send, moderator, registry):
    good, stale, gone = send(*(edit(f"m{n}", telephone="05") for n in (9, 10)), new_correction("doublon",
        replace(MAIRIE, id="m11"), duplicate_of="absent"))  # fmt: skip
    registry.change("m10", telephone="06", version="v3")
    answers = moderator.decide_all([good, stale, gone], Verdict.ACCEPT)
    assert [answer.state for _one, answer in answers] == ["acceptee", "conflit", "conflit"]
    assert moderator.incoming().received == []


def test_the_incoming_come_page_by_page(send, moderator, monkeypatch):
    sent = send(*(edit("m12", telephone=f"07 {n}") for n in range(5)))
    monkeypatch.setattr("carto_services_publics.core.corrections.moderation.PAGE", 2)
    assert {one.correction.uuid for one in moderator.incoming().received} == {one.correction.uuid for one in sent}
    monkeypatch.setattr("carto_services_publics.core.corrections.moderation.MOST_INCOMING", 4)
    incoming = moderator.incoming()
    assert (len(incoming.received), incoming.beyond) == (4, 1)
