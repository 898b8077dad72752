"""Whatever the network and the machine do, each correction is in the registry once, and the outbox tells the truth.

`CSP_CORRECTIONS=1000 pytest -s` on this file runs the whole bar; the seed that is printed,
given as `CSP_SEED`, sets the same faults and kills again.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from carto_services_publics.core.corrections import Outbox, of_edit
from carto_services_publics.core.services import Service
from carto_services_publics.tests.servers import ogcapi, postgis
from carto_services_publics.tests.servers.faults import FaultProxy

COUNT = int(os.environ.get("CSP_CORRECTIONS", "60"))
SEED = int(os.environ.get("CSP_SEED", random.SystemRandom().randrange(10**6)))
TIMEOUT = 1.0
PROGRAM = Path(__file__).resolve().parents[2] / "servers" / "sending_process.py"

pytestmark = pytest.mark.servers


class Restarted:
    """The sending program, started again each time it dies, until it ends by itself."""

    def __init__(self, outbox: Path, check) -> None:
        self._outbox, self._check = outbox, check
        self._process: subprocess.Popen | None = None
        self.kills = 0

    def kill(self) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()

    def run(self, url: str) -> None:
        while True:
            command = [sys.executable, str(PROGRAM), str(self._outbox), url, str(TIMEOUT), str(SEED)]
            self._process = subprocess.Popen(command)
            code = self._process.wait()
            self._check()
            if code == 0:
                return
            assert code == -9, "the sending program failed by itself"
            self.kills += 1


def corrections(count):
    chance = random.Random(SEED)
    for n in range(count):
        before = Service(
            id=f"s{n}", nom=f"Lieu {n}", categorie="mairie", producteur="dila", version="1", lon=7.4, lat=43.7
        )
        phone = f"04 {chance.randrange(10**8):08d}"
        yield of_edit(
            before, replace(before, telephone=phone, nom=f"Lieu « {n} » d'été"), commentaire="été 'quote' \\ ; --"
        )


@pytest.fixture(scope="module")
def database():
    with postgis.cluster() as port:
        database = postgis.make_database(port, "registre")
        database.rows(
            "INSERT INTO services (id, nom, categorie, producteur, geom)"
            " SELECT 's' || n, 'Lieu ' || n, 'mairie', 'dila', ST_SetSRID(ST_Point(7.4, 43.7), 4326)"
            " FROM generate_series(0, %s) AS n",
            (COUNT,),
        )
        yield database


def test_every_correction_arrives_once_and_every_state_is_true(database, tmp_path):
    path = tmp_path / "corrections.sqlite"
    outbox = Outbox(path)

    def states_are_true():
        there = {uuid for (uuid,) in database.rows("SELECT uuid FROM corrections")}
        for entry in outbox.entries():
            if entry.state == "envoyee":
                assert entry.uuid in there, "said to be sent, and is not there"
            elif not entry.outcome_unknown:
                assert entry.uuid not in there, "said not to have left, and is there"

    started = time.monotonic()
    sending = Restarted(path, states_are_true)
    with ogcapi.serve_postgis(database) as upstream:
        proxy = FaultProxy(upstream, SEED, share=0.5, kill_share=0.15, kill=sending.kill, stall_seconds=1.5 * TIMEOUT)
        with proxy:
            wanted = list(corrections(COUNT))
            outbox.add_all(wanted, proxy.url)
            sending.run(proxy.url)
    print(
        f"\nseed {SEED}: {COUNT} corrections, {sum(proxy.seen.values())} exchanges, {sending.kills} kills,"
        f" {time.monotonic() - started:.0f} s; {dict(proxy.seen)}"
    )
    assert outbox.counts() == {"envoyee": COUNT}, f"seed {SEED}"
    rows = database.rows("SELECT uuid, changes, commentaire FROM corrections")
    assert len(rows) == COUNT
    assert {uuid: (json.loads(changes), comment) for uuid, changes, comment in rows} == {
        c.uuid: ({n: change._asdict() for n, change in c.changes.items()}, c.commentaire) for c in wanted
    }
