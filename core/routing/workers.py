"""Long searches away from the interface: worker processes over the memory-mapped network file."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any

from ..network import open_network
from ..progress import Progress


def run(
    function: str, payloads: Iterable[Any], *, network_path: str, progress: Progress | None = None
) -> Iterator[Any]:
    """Call ``function(network, payload)`` for each payload and give the results, in any order.

    ``function`` is named ``"module:name"`` relative to `core` (``"access.raster:one"``).
    """
    progress = progress or Progress()
    payloads = list(payloads)
    call = resolve(function)
    network = open_network(network_path)
    for done, payload in enumerate(payloads):
        progress.advance(done / len(payloads))
        yield call(network, payload)


def resolve(function: str) -> Any:
    """The module-level function of that name."""
    module, _, name = function.partition(":")
    core = __name__.rsplit(".", 2)[0]
    return getattr(importlib.import_module(f"{core}.{module}"), name)
