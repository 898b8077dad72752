"""Work given to workers by the tests."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

from carto_services_publics.core.errors import InvalidInput


def links(network, payload):
    return payload, network.link_count, os.getpid()


def shared(network, payload, table):
    return table[payload]


def counts(network, payload, first):
    network.derived["count"] = network.derived.get("count", first) + payload
    return network.derived["count"]


def printing(network, payload):
    print("noise", flush=True)
    return payload


def slow(network, payload):
    time.sleep(payload)
    return payload


def broken(network, payload):
    return payload / 0


def no_room(network, payload):
    raise OSError(errno.ENOSPC, "No space left on device", payload)


def told(network, payload):
    raise InvalidInput("{count} rows are wrong.", count=payload)


def dies(network, payload):
    os._exit(3)


def dies_once(network, payload):
    if not Path(payload).exists():
        Path(payload).touch()
        os._exit(3)
    return "done"


def is_after_the_first(network, payload, folder):
    """The first, given in words, is slow and may die once; others say whether it is done."""
    done, died = Path(folder) / "done", Path(folder) / "died"
    if not isinstance(payload, str):
        time.sleep(0.01)
        return done.exists()
    time.sleep(0.3)
    if payload == "dies once" and not died.exists():
        died.touch()
        os._exit(3)
    done.touch()
    return "nobody reads this"


def numbered_or_dies_once(network, payload):
    flag, number = payload
    dies_once(network, flag)
    return number
