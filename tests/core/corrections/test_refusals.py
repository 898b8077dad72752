"""What the sender does with each answer a registry can give. A fake one: no real server can be made to say it all."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import logging
import random
from dataclasses import replace
from types import SimpleNamespace
from unittest import mock

import pytest
import requests
from carto_services_publics.core.corrections import Outbox, Sender, new_correction, of_edit
from carto_services_publics.core.corrections.conflicts import three_ways
from carto_services_publics.core.corrections.sender import LONGEST_WAIT, Patience
from carto_services_publics.core.errors import Cancelled
from carto_services_publics.core.http import Refused
from carto_services_publics.core.messages import msg
from carto_services_publics.core.progress import Progress
from carto_services_publics.core.services import Service
from carto_services_publics.tests.servers.faults import Answer, stub
from hypothesis import given
from hypothesis import strategies as st

MAIRIE = Service(
    id="m1", nom="Mairie", categorie="mairie", producteur="dila", telephone="01", version="v1", lon=7.0, lat=43.0
)


class FakeRegistry:
    """Holds one service; `answers` are given to `POST`s one after the other, then 201."""

    def __init__(self) -> None:
        self.service = {"id": "m1", "nom": "Mairie", "telephone": "01", "version": "v1"}
        self.answers: list[Answer] = []
        self.held: dict[str, dict] = {}
        self.requests: list[tuple[str, str, dict, bytes]] = []
        self.geometry = None
        self.filters = True
        self.keeps_before_answering = False

    @property
    def posts(self):
        return [request for request in self.requests if request[0] == "POST"]

    def __call__(self, handler, body: bytes) -> Answer:
        self.requests.append((handler.command, handler.path, dict(handler.headers), body))
        return self._answer(handler, body)

    def _answer(self, handler, body: bytes) -> Answer:
        if handler.command == "POST":
            return self._post(handler, body)
        path, _, query = handler.path.partition("?")
        if path.endswith("/services/items"):
            service = {**_feature(self.service), "geometry": self.geometry}
            return _json({"type": "FeatureCollection", "features": [service], "numberMatched": 1})
        if path.endswith("/corrections/items"):
            uuid = query.partition("uuid=")[2].partition("&")[0]
            found = [_feature(held) for key, held in self.held.items() if key == uuid or not self.filters]
            return _json({"type": "FeatureCollection", "features": found, "numberMatched": len(found)})
        return Answer(404, [], b"")

    def _post(self, handler, body: bytes) -> Answer:
        feature = json.loads(body)
        answer = self.answers.pop(0) if self.answers else None
        if answer is None or self.keeps_before_answering:
            self.held[feature["properties"]["uuid"]] = feature["properties"]
        return answer or Answer(201, [("Location", f"{handler.path}/{feature['id']}")], b"")


def _feature(properties):
    return {"type": "Feature", "id": properties.get("uuid", "1"), "geometry": None, "properties": properties}


def _json(document, status=200) -> Answer:
    return Answer(status, [("Content-Type", "application/json")], json.dumps(document).encode())


class Clock:
    """Time that passes only when someone sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 1_000_000.0, []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture()
def fake():
    return FakeRegistry()


@pytest.fixture()
def registry(fake):
    with stub(fake) as url:
        yield SimpleNamespace(url=url, authcfg="")


@pytest.fixture()
def clock():
    return Clock()


@pytest.fixture()
def sender(registry, outbox, session, clock):
    return Sender(session, registry, outbox, clock=clock, sleep=clock.sleep, chance=random.Random(1))


def edit(**changes):
    return of_edit(MAIRIE, replace(MAIRIE, **(changes or {"telephone": "02"})))


def sent_one(sender, outbox, registry, correction=None):
    outbox.add(correction or edit(), registry.url)
    [entry] = sender.send_all()
    return entry


def test_the_uuid_is_the_idempotency_key_and_the_body_is_plain_ascii(sender, outbox, registry, fake):
    correction = edit(nom="Mairie d'Èze")
    sent_one(sender, outbox, registry, correction)
    [(_, _, headers, body)] = fake.posts
    assert headers["Idempotency-Key"] == correction.uuid == json.loads(body)["id"]
    assert headers["Content-Type"] == "application/geo+json"
    assert body.isascii()


PROBLEM = {"title": "Invalid", "detail": "Deux champs sont faux.", "errors": [
    {"pointer": "#/properties/changes/telephone", "detail": "Dix chiffres attendus."},
    {"field": "nom", "message": "Trop court."},
]}  # fmt: skip


def test_a_400_shows_its_reasons_beside_the_fields(sender, outbox, registry, fake):
    fake.answers = [_json(PROBLEM, 400)]
    entry = sent_one(sender, outbox, registry)
    assert (entry.state, entry.correction.motif) == ("erreur", "The registry refuses it: Deux champs sont faux.")
    assert entry.field_reasons == {"telephone": "Dix chiffres attendus.", "nom": "Trop court."}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_json([{"code": "Bad request error", "description": "champ inconnu"}], 400), "champ inconnu"),
        (_json({"errors": {"horaires": "illisible"}}, 422), "does not say why"),
        (Answer(400, [], b"<html>" + b"x" * 5000), "does not say why"),
        (Answer(400, [], b'{"detail": {"nested": [1]}}'), "does not say why"),
        (Answer(413, [], b""), "too large"),
        (Answer(415, [], b"null"), "error 415"),
    ],
)
def test_other_refusals_need_the_user_and_are_not_repeated(sender, outbox, registry, fake, answer, words):
    fake.answers = [answer]
    entry = sent_one(sender, outbox, registry)
    assert entry.state == "erreur" and words in entry.correction.motif
    assert not entry.outcome_unknown
    assert sender.send_all() == [] and len(fake.posts) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 405])
def test_a_connection_at_fault_stops_the_line_and_keeps_it(sender, outbox, registry, fake, status):
    fake.answers = [Answer(status, [], b"")] * 3
    outbox.add_all([edit(), edit(), edit()], registry.url)
    first, *others = sender.send_all()
    assert len(fake.posts) == 1
    assert first.state == "en_attente" and str(status) in first.correction.motif
    assert [(entry.state, entry.attempts) for entry in others] == [("en_attente", 0)] * 2


@pytest.mark.parametrize("status", [409, 412])
def test_a_clash_is_a_conflict_that_shows_theirs(sender, outbox, registry, fake, status):
    fake.answers = [Answer(status, [], b"")]
    entry = sent_one(sender, outbox, registry)
    assert entry.state == "conflit" and entry.theirs["properties"]["telephone"] == "01"


def test_a_409_for_one_that_is_already_there_means_that_it_arrived(sender, outbox, registry, fake):
    fake.answers, fake.keeps_before_answering = [Answer(409, [], b"")], True
    assert sent_one(sender, outbox, registry).state == "envoyee"


def test_429_waits_as_long_as_the_registry_asks(sender, outbox, registry, fake, clock):
    fake.answers = [Answer(429, [("Retry-After", "17")], b"")]
    assert sent_one(sender, outbox, registry).state == "envoyee"
    assert sum(clock.slept) == pytest.approx(17)


def test_a_wait_that_is_too_long_is_left_for_a_later_run(sender, outbox, registry, fake, clock):
    fake.answers = [Answer(429, [("Retry-After", "3600")], b"")]
    entry = sent_one(sender, outbox, registry)
    assert entry.state == "en_attente" and entry.next_try == pytest.approx(clock.now + 3600)
    assert clock.slept == []
    [entry] = sender.send_all()
    assert len(fake.posts) == 1, "asked too early"
    clock.now += 3600
    assert [entry.state for entry in sender.send_all()] == ["envoyee"]


def test_a_registry_that_stays_down_is_asked_more_and_more_rarely_then_left_alone(
    sender, outbox, registry, fake, clock
):
    fake.answers = [Answer(503, [], b"")] * 50
    entry = sent_one(sender, outbox, registry)
    assert (entry.state, entry.attempts, entry.outcome_unknown) == ("en_attente", 6, True)
    bounds = [2.0**attempt for attempt in range(1, 6)]
    assert sum(bounds) / 2 <= sum(clock.slept) <= sum(bounds)


def test_waits_are_drawn_by_chance_and_bounded(registry, outbox, session, clock):
    def waits(seed):
        sender = Sender(session, registry, outbox, clock=clock, sleep=clock.sleep, chance=random.Random(seed))
        return [sender._back_off(attempts) for attempts in range(40)]

    assert waits(1) != waits(2)
    assert max(waits(3)) <= LONGEST_WAIT and waits(3)[-1] >= LONGEST_WAIT / 2


def test_a_500_after_which_the_registry_has_it_is_not_repeated(sender, outbox, registry, fake):
    fake.answers, fake.keeps_before_answering = [Answer(500, [], b"")], True
    assert sent_one(sender, outbox, registry).state == "envoyee"
    assert len(fake.posts) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, [("Content-Type", "text/html")], b"<html>Log in to the wifi"),
        Answer(204, [], b""),
        Answer(201, [], b""),
        Answer(201, [("Location", "https://elsewhere.example.org/1")], b""),
        Answer(302, [("Location", "/login")], b""),
    ],
)
def test_only_a_201_that_names_the_item_counts_as_sent(sender, outbox, registry, fake, answer):
    fake.answers = [answer]
    entry = sent_one(sender, outbox, registry)
    assert entry.state == "envoyee" and len(fake.posts) == 2


def test_when_it_cannot_be_known_whether_it_arrived_the_user_is_asked(sender, outbox, registry, fake):
    fake.filters, fake.held = False, {"other": {"uuid": "other"}}
    fake.answers = [Answer(500, [], b"")]
    entry = sent_one(sender, outbox, registry)
    assert (entry.state, entry.outcome_unknown) == ("erreur", True)
    assert "cannot be known" in entry.correction.motif and len(fake.posts) == 1
    outbox.retry(entry.uuid, surely_not_received=True)
    assert [entry.state for entry in sender.send_all()] == ["envoyee"]


def test_one_that_the_registry_always_fails_on_is_shown_in_the_end(registry, outbox, session, fake, clock):
    fake.answers = [Answer(500, [], b"")] * 100
    sender = Sender(session, registry, outbox, clock=clock, sleep=clock.sleep, patience=Patience(100, 1000.0))
    entry = sent_one(sender, outbox, registry)
    assert entry.state == "erreur" and "12 times" in entry.correction.motif


def test_results_are_per_item(sender, outbox, registry, fake):
    fake.answers = [_json(PROBLEM, 400)]
    outbox.add_all([edit(), edit(), new_correction("alerte", MAIRIE)], registry.url)
    assert [entry.state for entry in sender.send_all()] == ["erreur", "envoyee", "envoyee"]


def test_only_those_asked_for_are_sent(sender, outbox, registry, fake):
    wanted, other = edit(), edit()
    outbox.add_all([wanted, other], registry.url)
    assert [entry.uuid for entry in sender.send_all([wanted.uuid])] == [wanted.uuid]
    assert outbox.get(other.uuid).state == "en_attente"


def test_a_cancel_stops_at_once_and_the_state_stays_true(sender, outbox, registry, fake):
    class Stopped(Progress):
        def cancelled(self):
            return len(fake.posts) >= 1

    outbox.add_all([edit(), edit()], registry.url)
    with pytest.raises(Cancelled):
        sender.send_all(progress=Stopped())
    assert outbox.counts() == {"envoyee": 1, "en_attente": 1}


def test_a_moderators_words_are_kept_while_waiting_and_a_state_of_fantasy_is_not(sender, outbox, registry, fake):
    entry = sent_one(sender, outbox, registry)
    fake.held[entry.uuid].update(etat="acceptee!<script>", motif="<img src=x onerror=alert(1)>")
    sender.ask_all()
    entry = outbox.get(entry.uuid)
    assert (entry.state, entry.correction.motif) == ("envoyee", "<img src=x onerror=alert(1)>")


def test_in_the_background_the_registry_is_asked_more_and_more_rarely(registry, tmp_path, session, fake, clock):
    outbox = Outbox(tmp_path / "timed.sqlite", clock=clock)
    sender = Sender(session, registry, outbox, clock=clock, sleep=clock.sleep)
    sent_one(sender, outbox, registry)

    def questions(minutes):
        before = len(fake.requests)
        for _ in range(minutes):
            clock.now += 60
            sender.ask_all(due_only=True)
        return len(fake.requests) - before

    first_hour, second_day = questions(60), questions(24 * 60) and questions(24 * 60)
    assert 20 <= first_hour <= 45 and second_day <= 12
    before = len(fake.requests)
    sender.ask_all()
    assert len(fake.requests) == before + 1, "the user who asks gets an answer now"


@pytest.mark.parametrize("suffix", ["/", "?f=json", "/collections/services", "/collections/services/items"])
def test_a_connection_may_name_the_root_or_the_collection(registry, outbox, session, fake, suffix):
    connection = SimpleNamespace(url=registry.url + suffix, authcfg="")
    outbox.add(edit(), connection.url)
    assert [entry.state for entry in Sender(session, connection, outbox).send_all()] == ["envoyee"]
    assert fake.posts[0][1] == "/collections/corrections/items"


# -- secrets ----------------------------------------------------------------------------------------------------------


def test_credentials_never_follow_a_redirect_to_another_origin(outbox):
    heard = []

    def thief(handler, body):
        heard.append((handler.command, dict(handler.headers), body))
        return Answer(200, [], b"{}")

    with stub(thief) as elsewhere:

        def traitor(handler, body):
            return Answer(307, [("Location", elsewhere + handler.path)], b"")

        with stub(traitor) as url:
            session = requests.Session()
            session.trust_env, session.auth = False, ("agent", "s3cret")
            session.headers["X-API-Key"] = "k3y"
            outbox.add(edit(), url)
            outbox.add(replace(edit(), service_id="", type="creation"), url)
            first, _ = Sender(session, SimpleNamespace(url=url, authcfg="abc"), outbox, patience=Patience(1)).send_all()
    assert heard == []
    assert first.state == "en_attente" and "points to another one" in first.correction.motif


@pytest.mark.parametrize(
    "url", ["http://registre.example.org/ogc", "http://127.0.0.1.example.org/", "ftp://127.0.0.1/"]
)
def test_credentials_are_not_sent_unencrypted_beyond_this_machine(outbox, session, url):
    with pytest.raises(Refused):
        Sender(session, SimpleNamespace(url=url, authcfg="abc"), outbox)


def test_a_password_in_the_address_is_refused_and_not_repeated(outbox, session):
    with pytest.raises(Refused) as refused:
        Sender(session, SimpleNamespace(url="https://agent:s3cret@registre.example.org/", authcfg=""), outbox)
    assert "s3cret" not in str(refused.value)


def test_logs_and_reasons_hold_no_secret_no_email_and_no_comment(registry, outbox, fake, clock, caplog):
    caplog.set_level(logging.DEBUG)
    session = requests.Session()
    session.trust_env, session.auth = False, ("agent", "s3cret")
    fake.answers = [Answer(500, [], b"s3cret agent@exemple.fr"), _json({"detail": "no"}, 400)]
    told = []

    class Telling(Progress):
        def info(self, message):
            told.append(str(message))

        warn = info

    words = {"commentaire": "la gardienne s'appelle Odette", "courriel": "agent@exemple.fr"}
    outbox.add(replace(edit(), **words), registry.url)
    sender = Sender(session, registry, outbox, clock=clock, sleep=clock.sleep)
    [entry] = sender.send_all(progress=Telling())
    said = caplog.text + " ".join(told) + entry.correction.motif
    assert entry.state == "erreur" and fake.posts
    for secret in ("s3cret", "agent@exemple.fr", "Odette", "YWdlbnQ6czNjcmV0"):
        assert secret not in said


# -- while the user goes on working -----------------------------------------------------------------------------------


def once_asked_about_the_service(fake, act):
    """Runs ``act`` when the registry is asked for the service: after the entry was read, before it is sent."""
    answered, waiting = fake._answer, [act]

    def answer(handler, body):
        if "/services/" in handler.path and waiting:
            waiting.pop()()
        return answered(handler, body)

    fake._answer = answer


def test_one_withdrawn_while_it_was_looked_at_does_not_leave_and_the_next_one_does(sender, outbox, registry, fake):
    first, second = edit(), edit(telephone="03")
    outbox.add_all([first, second], registry.url)
    once_asked_about_the_service(fake, lambda: outbox.withdraw(first.uuid))
    assert [(entry.uuid, entry.state) for entry in sender.send_all()] == [(second.uuid, "envoyee")]
    assert list(fake.held) == [second.uuid]


def test_one_rewritten_while_it_was_looked_at_leaves_in_its_new_wording(sender, outbox, registry, fake):
    correction = edit()
    rewritten = replace(edit(telephone="09"), uuid=correction.uuid)
    once_asked_about_the_service(fake, lambda: outbox.replace(rewritten))
    assert sent_one(sender, outbox, registry, correction).state == "envoyee"
    assert [json.loads(held["changes"])["telephone"]["new"] for held in fake.held.values()] == ["09"]
    assert len(fake.posts) == 1


@pytest.mark.parametrize("service", ["v1", "v2"])
def test_one_made_a_draft_again_while_it_was_looked_at_stays_a_draft(sender, outbox, registry, fake, service):
    fake.service |= {"version": service, "telephone": "01" if service == "v1" else "99"}
    correction = edit()
    once_asked_about_the_service(fake, lambda: outbox.replace(correction, draft=True))
    assert sent_one(sender, outbox, registry, correction).state == "brouillon"
    assert fake.posts == []


# -- what no registry should do ---------------------------------------------------------------------------------------


def test_a_201_with_an_address_that_is_none_is_settled_by_asking(sender, outbox, registry, fake):
    fake.answers, fake.keeps_before_answering = [Answer(201, [("Location", "http://[nonsense")], b"")], True
    assert sent_one(sender, outbox, registry).state == "envoyee"
    assert len(fake.posts) == 1


@pytest.mark.parametrize("wait", ["99999999999", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_wait_of_centuries_is_a_day(sender, outbox, registry, fake, clock, wait):
    fake.answers = [Answer(503, [("Retry-After", wait)], b"")]
    assert sent_one(sender, outbox, registry).next_try == pytest.approx(clock.now + 86_400)


def test_a_turn_noted_by_a_clock_that_was_wrong_does_not_keep_a_correction_back(sender, outbox, registry, clock):
    correction = edit()
    outbox.add(correction, registry.url)
    outbox.later(correction.uuid, msg("busy"), clock.now + 20 * 365 * 86_400, outcome_unknown=False)
    assert [entry.state for entry in sender.send_all()] == ["envoyee"]


def test_a_clock_set_back_during_a_wait_does_not_make_it_longer(registry, outbox, session):
    slept = []
    Sender(session, registry, outbox, clock=lambda: 0.0, sleep=slept.append)._wait(3.0, Progress())
    assert sum(slept) == pytest.approx(3.0)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]},
        {"coordinates": "abc"},
        {"coordinates": [1]},
        {"coordinates": [None, None]},
        {"coordinates": [10**400, 1]},
        [1],
        "x",
    ],
)
def test_a_geometry_that_is_no_point_is_a_conflict_of_position_and_nothing_worse(fake, sender, geometry):
    moved = of_edit(MAIRIE, replace(MAIRIE, lon=7.5))
    fake.service |= {"version": "v2"}
    fake.geometry = geometry
    conflict = sender.look(moved)
    assert "position" in str(conflict.reason)
    assert three_ways(moved, conflict.theirs)[0].theirs is None


def test_a_registry_that_ignores_the_identifier_asked_for_is_no_proof_that_the_service_is_gone(
    sender, outbox, registry, fake
):
    other = replace(MAIRIE, id="m2")
    assert sent_one(sender, outbox, registry, of_edit(other, replace(other, telephone="02"))).state == "envoyee"


def test_one_that_the_registry_shows_no_more_is_said(sender, outbox, registry, fake):
    correction = edit()
    sent_one(sender, outbox, registry, correction)
    held = fake.held.pop(correction.uuid)
    [entry] = sender.ask_all()
    assert (entry.state, str(entry.reason)) == ("envoyee", "The registry does not show it any more: ask it why.")
    assert sender.ask_all() == [], "it is news once"
    fake.held[correction.uuid] = held
    assert [entry.reason for entry in sender.ask_all()] == [None]


# -- anything at all --------------------------------------------------------------------------------------------------

words = st.sampled_from(["m1", "v1", "v2", "envoyee", "acceptee", "rejetee", "Feature"]) | st.text(max_size=4)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
names = [
    "type",
    "features",
    "properties",
    "geometry",
    "id",
    "uuid",
    "etat",
    "motif",
    "errors",
    "detail",
    "numberMatched",
]
inside = st.fixed_dictionaries({}, optional=dict.fromkeys(names, anything))
documents = anything | st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(names, anything), "properties": inside, "features": st.lists(inside, max_size=2)}
)
statuses = st.sampled_from([200, 201, 202, 204, 301, 303, 400, 401, 404, 409, 410, 412, 413, 422, 429, 500, 503, 599])
headers = st.fixed_dictionaries(
    {},
    optional={
        "Location": st.sampled_from(["/x", "http://[", "https://elsewhere.example.org/1", "", "\\\\"]),
        "Retry-After": st.sampled_from(["0", "-1", "x", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"]),
    },
)


@given(st.lists(st.tuples(statuses, headers, documents), min_size=1, max_size=5))
def test_whatever_the_registry_answers_nothing_is_lost_and_nothing_else_is_raised(tmp_path_factory, answers):
    turns = itertools.cycle(answers)
    said_yes = []

    def answer(self, method, url, **_options):
        status, given_headers, document = next(turns)
        response = requests.Response()
        response.status_code, response.url, response.raw = status, url, io.BytesIO(json.dumps(document).encode())
        response.request = requests.Request(method, url).prepare()
        response.headers.update(given_headers)
        if method == "POST" and status == 201 and given_headers.get("Location") in ("/x", "\\\\"):
            said_yes.append(True)
        return response

    connection = SimpleNamespace(url="https://registre.example.org/api", authcfg="")
    clock, correction = Clock(), edit()
    outbox = Outbox(tmp_path_factory.mktemp("any") / "corrections.sqlite")
    with mock.patch.object(Sender, "_exchange", answer), contextlib.closing(outbox):
        sender = Sender(requests.Session(), connection, outbox, clock=clock, sleep=clock.sleep)
        outbox.add(correction, connection.url)
        sender.send_all()
        entry = outbox.get(correction.uuid)
        assert entry.state in ("en_attente", "envoyee", "conflit", "erreur")
        assert entry.state != "envoyee" or said_yes
        sender.ask_all()
        assert outbox.get(correction.uuid).correction.changes == correction.changes
