"""The outbox: nothing typed is lost, and what it says is so."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from carto_services_publics.core.corrections import Change, NotACorrection, Outbox, new_correction, of_edit
from carto_services_publics.core.corrections.model import as_feature, renewed
from carto_services_publics.core.corrections.outbox import (
    _MIGRATIONS,
    SCHEMA_VERSION,
    AlreadySending,
    DiskFull,
    NotNow,
    OutboxError,
    OutboxTooNew,
    Standing,
)
from carto_services_publics.core.messages import msg
from carto_services_publics.core.services import Service

MAIRIE = Service(id="m1", nom="Mairie", categorie="mairie", producteur="dila", version="v1", lon=7.0, lat=43.0)
REGISTRY = "https://registre.example.org/ogc"


def correction(**words):
    return of_edit(MAIRIE, replace(MAIRIE, telephone="04 92 10 60 60"), commentaire="Où ? « ici » \U0001f600", **words)


def test_what_is_kept_comes_back_as_it_was(outbox):
    kept = correction(courriel="agent@exemple.fr", preuve_url="https://exemple.fr/a?b=c")
    assert outbox.add(kept, REGISTRY)
    outbox.close()
    again = Outbox(outbox.path)
    assert again.get(kept.uuid).correction == replace(kept, etat="en_attente")
    again.close()


def test_the_same_correction_is_kept_once(outbox):
    kept = correction()
    assert outbox.add(kept, REGISTRY) and not outbox.add(kept, REGISTRY)
    assert outbox.counts() == {"en_attente": 1}


def test_many_are_kept_together_or_not_at_all(outbox):
    def broken():
        yield correction()
        raise RuntimeError("the layer went away")

    with pytest.raises(RuntimeError):
        outbox.add_all(broken(), REGISTRY)
    assert outbox.counts() == {}


def test_a_draft_is_kept_and_not_sent_until_it_is_finished(outbox):
    kept = correction()
    outbox.add(kept, REGISTRY, draft=True)
    assert outbox.entries("en_attente") == []
    outbox.replace(replace(kept, commentaire="complet"))
    [entry] = outbox.entries("en_attente")
    assert entry.correction.commentaire == "complet"


def test_what_may_have_reached_the_registry_is_neither_withdrawn_nor_rewritten(outbox):
    kept = correction()
    outbox.add(kept, REGISTRY)
    outbox.leaving(outbox.get(kept.uuid))
    with pytest.raises(NotNow, match="may already have reached"):
        outbox.withdraw(kept.uuid)
    with pytest.raises(NotNow):
        outbox.replace(kept)
    outbox.sent(kept.uuid, f"{REGISTRY}/1")
    with pytest.raises(NotNow, match="envoyee"):
        outbox.withdraw(kept.uuid)


def test_sending_again_keeps_the_doubt_unless_the_user_has_checked(outbox):
    kept = correction()
    outbox.add(kept, REGISTRY)
    outbox.leaving(outbox.get(kept.uuid))
    outbox.failed(kept.uuid, msg("nobody knows"), outcome_unknown=True)
    outbox.retry(kept.uuid)
    assert outbox.get(kept.uuid).outcome_unknown
    outbox.retry(kept.uuid, surely_not_received=True)
    assert not outbox.get(kept.uuid).outcome_unknown


def test_one_of_which_nobody_can_tell_may_be_forgotten(outbox):
    kept = correction()
    outbox.add(kept, REGISTRY)
    outbox.leaving(outbox.get(kept.uuid))
    outbox.failed(kept.uuid, msg("nobody knows"), outcome_unknown=True)
    outbox.withdraw(kept.uuid)
    assert outbox.counts() == {}


def test_a_conflict_keeps_theirs_for_the_three_way_view_until_it_is_settled(outbox):
    kept = correction()
    outbox.add(kept, REGISTRY)
    theirs = {"type": "Feature", "properties": {"telephone": "09"}}
    outbox.conflict(kept.uuid, msg("Someone changed this meanwhile: {fields}.", fields="telephone"), theirs)
    entry = outbox.get(kept.uuid)
    assert (entry.state, entry.theirs) == ("conflit", theirs)
    assert entry.correction.motif == "Someone changed this meanwhile: telephone."
    outbox.replace(kept)
    assert outbox.get(kept.uuid).theirs is None


def test_an_answer_is_news_once(outbox):
    kept = correction()
    outbox.add(kept, REGISTRY)
    outbox.sent(kept.uuid, "ref")
    assert outbox.answered(kept.uuid, "rejetee", msg("{words}", words="non"))
    assert not outbox.answered(kept.uuid, "rejetee", msg("{words}", words="non"))


def test_what_the_registry_has_decided_on_is_proposed_anew_under_another_uuid(outbox):
    kept = correction()
    outbox.add(kept, REGISTRY)
    outbox.sent(kept.uuid, "ref")
    outbox.answered(kept.uuid, "conflit", msg("{words}", words="entre-temps"))
    for forbidden in (outbox.retry, lambda uuid: outbox.replace(kept)):
        with pytest.raises(NotNow):
            forbidden(kept.uuid)
    again = renewed(outbox.get(kept.uuid).correction)
    assert outbox.add(again, REGISTRY)
    assert again.uuid != kept.uuid and again.changes == kept.changes
    outbox.withdraw(kept.uuid)
    assert [entry.uuid for entry in outbox.entries()] == [again.uuid]


def test_the_layer_for_the_map_has_neither_email_nor_comment(outbox):
    outbox.add(correction(courriel="agent@exemple.fr"), REGISTRY)
    shown = str(outbox.as_geojson())
    assert "agent@exemple.fr" not in shown and "ici" not in shown
    assert "agent@exemple.fr" in str(outbox.as_geojson(with_private=True))


def test_two_windows_that_make_the_file_wait_for_each_other(tmp_path):
    for number in range(60):
        path, together = tmp_path / f"{number}.sqlite", threading.Barrier(4)

        def opened(path=path, together=together) -> bool:
            together.wait()
            with contextlib.closing(Outbox(path)) as outbox:
                return outbox.add(correction(), REGISTRY)

        with ThreadPoolExecutor(4) as windows:
            kept = [window.result() for window in [windows.submit(opened) for _ in range(4)]]
        assert kept == [True] * 4


def test_only_one_window_sends_at_a_time(outbox):
    other = Outbox(outbox.path)
    with outbox.sending(REGISTRY), pytest.raises(AlreadySending), other.sending(REGISTRY):
        pass
    with other.sending(REGISTRY), outbox.sending("https://another.example.org"):
        pass
    other.close()


def test_the_right_to_send_ends_with_the_process_that_had_it(outbox):
    code = (
        "import sys, time\nfrom carto_services_publics.core.corrections import Outbox\n"
        "with Outbox(sys.argv[1]).sending(sys.argv[2]):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", code, str(outbox.path), REGISTRY], stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(AlreadySending), outbox.sending(REGISTRY):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with outbox.sending(REGISTRY):
        pass


def test_threads_and_windows_write_at_once_without_losing_anything(outbox):
    other = Outbox(outbox.path)

    def write(box):
        for _ in range(25):
            box.add(correction(), REGISTRY)

    threads = [threading.Thread(target=write, args=(box,)) for box in (outbox, outbox, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert outbox.counts() == {"en_attente": 75}


def test_a_kill_in_the_middle_of_writing_leaves_whole_corrections(tmp_path):
    path = tmp_path / "corrections.sqlite"
    code = (
        "import sys\nfrom carto_services_publics.core.corrections import Outbox, new_correction\n"
        "from carto_services_publics.core.services import Service\n"
        "box = Outbox(sys.argv[1])\nservice = Service('m1', 'Mairie', 'mairie')\n"
        "while True:\n    c = new_correction('alerte', service, commentaire='x' * 5000)\n"
        "    box.add(c, 'r')\n    print(c.uuid, flush=True)\n"
    )
    for pause in (0.05, 0.11, 0.17):
        writer = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
        said = [writer.stdout.readline().strip()]
        time.sleep(pause)
        os.kill(writer.pid, signal.SIGKILL)
        said += [line.strip() for line in writer.stdout if line.endswith("\n")]
        writer.wait()
        writer.stdout.close()
        with contextlib.closing(Outbox(path)) as outbox:
            for uuid in said:
                assert len(outbox.get(uuid).correction.commentaire) == 5000


def test_a_full_disk_is_told_in_clear_and_loses_nothing_that_was_saved(outbox):
    first = correction()
    outbox.add(first, REGISTRY)
    outbox._database.execute("PRAGMA max_page_count = 12")
    large = new_correction("alerte", MAIRIE, commentaire="x" * 200_000)
    with pytest.raises(DiskFull, match="full: this was not saved"):
        outbox.add(large, REGISTRY)
    assert [entry.uuid for entry in outbox.entries()] == [first.uuid]


def test_a_file_that_is_no_outbox_is_named(tmp_path):
    path = tmp_path / "corrections.sqlite"
    path.write_bytes(b"this is not a database" * 100)
    with pytest.raises(OutboxError, match=r"corrections\.sqlite"):
        Outbox(path)


def test_an_outbox_of_a_later_version_is_left_alone(outbox):
    outbox._database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    outbox.close()
    with pytest.raises(OutboxTooNew, match="update the plugin"):
        Outbox(outbox.path)


def test_an_outbox_of_the_first_version_keeps_everything_and_knows_how_each_stands(tmp_path):
    path = tmp_path / "corrections.sqlite"
    refused, waiting = correction(), correction()
    with contextlib.closing(sqlite3.connect(path)) as database:
        for statement in _MIGRATIONS[0]:
            database.execute(statement)
        insert = (
            "INSERT INTO entries (uuid, connection, state, feature, server_ref, changed_at) VALUES (?, ?, ?, ?, ?, 1)"
        )
        for kept, state, address in ((waiting, "en_attente", ""), (refused, "erreur", "https://a/1")):
            database.execute(insert, (kept.uuid, REGISTRY, state, json.dumps(as_feature(kept)), address))
        database.execute("PRAGMA user_version = 1")
        database.commit()
    outbox = Outbox(path)
    assert [outbox.at([rank])[rank].uuid for rank in outbox.ranks()] == [refused.uuid, waiting.uuid]
    assert outbox.get(waiting.uuid).correction == replace(waiting, etat="en_attente")
    assert outbox.standings() == {
        Standing(REGISTRY, "en_attente", False, False, False): 1,
        Standing(REGISTRY, "erreur", False, True, True): 1,
    }


def test_what_is_counted_without_reading_is_what_reading_counts(outbox):
    """Whatever happened to each, the standings and the order of the list are those of the entries."""
    acts = (
        lambda uuid: None,
        lambda uuid: outbox.sent(uuid, f"https://a/{uuid}"),
        lambda uuid: outbox.failed(uuid, msg("No."), outcome_unknown=True),
        lambda uuid: outbox.later(uuid, msg("Later."), time.time() + 3600, outcome_unknown=False),
        lambda uuid: outbox.conflict(uuid, msg("Changed."), None),
        lambda uuid: outbox.handed_over([uuid]),
        lambda uuid: (outbox.handed_over([uuid]), outbox.answered(uuid, "transmise", msg("Remind."))),
        lambda uuid: (outbox.failed(uuid, msg("No.")), outbox.retry(uuid)),
        lambda uuid: (outbox.sent(uuid, "https://a/x"), outbox.answered(uuid, "rejetee", msg("No."))),
    )
    for number in range(3 * len(acts)):
        one = correction()
        outbox.add(one, f"{REGISTRY}/{number % 2}", draft=number == 3 * len(acts) - len(acts))
        acts[number % len(acts)](one.uuid)
    entries = {outbox.rank(entry.uuid): entry for entry in outbox.entries()}
    assert outbox.standings() == Counter(entry.standing for entry in entries.values())
    some = list(entries)[::2]
    assert outbox.standings(some) == Counter(entries[rank].standing for rank in some)
    assert outbox.ranks() == sorted(entries, key=lambda r: (not entries[r].needs_user, -entries[r].changed_at, r))
    assert outbox.at(some) == {rank: entries[rank] for rank in some}
    assert outbox.connections("conflit") == sorted({e.connection for e in entries.values() if e.state == "conflit"})
    outbox.try_now()
    assert all(entry.next_try <= time.time() for entry in outbox.entries("en_attente"))
    with pytest.raises(NotNow):
        outbox.withdraw(*(entry.uuid for entry in entries.values()))
    assert len(outbox.entries()) == len(entries), "all or none"


def test_tries_are_counted_and_begin_again_when_the_user_asks(outbox):
    outbox.add(one := correction(), REGISTRY)
    assert outbox.get(one.uuid).attempts == 0
    for tries in (1, 2):
        assert outbox.leaving(outbox.get(one.uuid))
        outbox.failed(one.uuid, msg("No."))
        assert outbox.get(one.uuid).attempts == tries
    outbox.retry(one.uuid)
    assert outbox.get(one.uuid).attempts == 0
    outbox.leaving(outbox.get(one.uuid))
    outbox.sent(one.uuid, "https://a/1")
    assert outbox.get(one.uuid).attempts == 1


def test_connections_are_those_of_one_state(outbox):
    for number, state in enumerate(("conflit", "erreur", "en_attente", "envoyee")):
        outbox.add(one := correction(), f"{REGISTRY}/{number}")
        if state == "conflit":
            outbox.conflict(one.uuid, msg("Changed."), None)
        if state == "erreur":
            outbox.failed(one.uuid, msg("No."))
        if state == "envoyee":
            outbox.sent(one.uuid, "https://a/1")
    for number, state in enumerate(("conflit", "erreur", "en_attente", "envoyee")):
        assert outbox.connections(state) == [f"{REGISTRY}/{number}"], state


def test_an_empty_file_becomes_an_outbox_of_this_version(tmp_path):
    path = tmp_path / "corrections.sqlite"
    path.touch()
    Outbox(path).close()
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_nobody_else_on_the_machine_can_read_it(outbox):
    outbox.add(correction(), REGISTRY)
    files = [path for path in outbox.path.parent.iterdir() if path.name.startswith(outbox.path.name)]
    assert len(files) >= 2
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


@pytest.mark.parametrize("place", [(190.0, 45.0), (7.0, float("nan")), (7.0, 1e300)])
def test_one_that_could_not_be_read_again_is_refused_and_the_others_stay_in_sight(outbox, place):
    kept = correction()
    outbox.add(kept, REGISTRY)
    lost = new_correction("creation", None, {"position": Change(None, list(place))})
    with pytest.raises(NotACorrection):
        outbox.add(lost, REGISTRY, draft=True)
    with pytest.raises(NotACorrection):
        outbox.replace(replace(lost, uuid=kept.uuid), draft=True)
    assert [entry.correction.changes for entry in outbox.entries()] == [kept.changes]


def test_a_folder_that_cannot_hold_the_mark_of_sending_is_said(outbox, monkeypatch):
    def refuse(*_arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OutboxError, match="Permission denied"), outbox.sending(REGISTRY):
        pass


def test_what_has_not_left_follows_its_connection_to_its_new_address(outbox):
    waiting, maybe, sent, other = correction(), correction(), correction(), correction()
    outbox.add_all([waiting, maybe, sent], REGISTRY)
    outbox.add(other, "https://autre.example.org")
    outbox.later(waiting.uuid, msg("The registry does not take corrections."), 9e9, outcome_unknown=False)
    outbox.leaving(outbox.get(maybe.uuid))
    outbox.sent(sent.uuid, f"{REGISTRY}/1")
    assert outbox.readdress(REGISTRY, "https://new.example.org") == 1
    moved = outbox.get(waiting.uuid)
    assert (moved.connection, moved.next_try) == ("https://new.example.org", 0)
    assert {outbox.get(one.uuid).connection for one in (maybe, sent)} == {REGISTRY}
    assert outbox.get(other.uuid).connection == "https://autre.example.org"


def test_it_can_be_read_while_another_window_writes(outbox):
    outbox.add(correction(), REGISTRY)
    with contextlib.closing(sqlite3.connect(outbox.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM sqlite_master").fetchall()
        assert sum(outbox.counts().values()) == 1
        other.execute("ROLLBACK")
