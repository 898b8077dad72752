"""A program that sends an outbox and can be killed at any moment: `sending_process.py OUTBOX URL TIMEOUT SEED`."""

from __future__ import annotations

import random
import sys
from types import SimpleNamespace

import requests
from carto_services_publics.core.corrections import Outbox, Sender
from carto_services_publics.core.corrections.sender import Patience


def main() -> None:
    path, url, timeout, seed = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4]
    session = requests.Session()
    session.trust_env = False
    Sender(
        session,
        SimpleNamespace(url=url, authcfg=""),
        Outbox(path),
        timeout=(timeout, timeout),
        first_wait=0.002,
        patience=Patience(failures=10_000, longest_wait=10.0),
        chance=random.Random(seed),
    ).send_all()


if __name__ == "__main__":
    main()
