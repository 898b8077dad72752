"""A road network, read from its file."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from ..processes.outcomes import Resource
from .components import OUTSIDE
from .contraction import Contraction
from .errors import NetworkFileBusy
from .file import FileState, let_go, read_arrays, state_of, verify_arrays
from .presets.rules import AT_SEA, NO_STOPPING, ORDINARY
from .turns import Turns


@dataclass(frozen=True, eq=False)
class Network:
    """Links between nodes, for one profile. Arrays are read-only and mapped from the file: only what is used is loaded.

    Nodes are in Morton order (neighbours in space are neighbours in the arrays), links follow their lower node.
    A link has at least one permitted direction.
    """

    path: str
    crs: str
    """Authority code or WKT of a projected CRS in metres."""
    profile: str
    report: dict[str, Any]
    """What was read, as `BuildReport` tells it."""
    node_xy: np.ndarray
    """(N, 2) f8, metres in `crs`."""
    link_from: np.ndarray
    """(M,) i4."""
    link_to: np.ndarray
    """(M,) i4."""
    minutes_forward: np.ndarray
    """(M,) f8, from `link_from` to `link_to`; inf where forbidden."""
    minutes_backward: np.ndarray
    """(M,) f8, from `link_to` to `link_from`; inf where forbidden."""
    length: np.ndarray
    """(M,) f8, metres."""
    vertices: np.ndarray
    """(V, 2) f8, the lines of the links one after the other, metres in `crs`."""
    vertex_offset: np.ndarray
    """(M + 1,) i8: the line of link i is ``vertices[vertex_offset[i]:vertex_offset[i + 1]]``."""
    link_component: np.ndarray
    """(M,) u1: 1 where the link belongs to a part that people can both reach and leave, 2 where that part is an island
    of less than 10 km of roads (`components`)."""
    link_kind: np.ndarray
    """(M,) u1: `ORDINARY`, `NO_STOPPING` (motorways and slip roads) or `AT_SEA` (ferry lines)."""
    contraction: Contraction
    """The same network contracted for searches."""
    options: dict[str, Any] = field(default_factory=dict)
    """The `BuildOptions` that it was made with; empty where the file does not say."""
    turns: Turns = field(default_factory=Turns.none)
    """Which turns are forbidden. They are in the contraction already; places beside them need to know."""
    derived: dict[Any, Any] = field(default_factory=dict, repr=False)
    """What readers of this network computed from it and wish to find again."""

    @property
    def link_stop(self) -> np.ndarray:
        """(M,) bool: the links along which people stop and live, and that they can both reach and leave."""
        if "link_stop" not in self.derived:
            kind = np.asarray(self.link_kind)
            # A map of motorways alone is one of junctions: they are all there is.
            away = (NO_STOPPING, AT_SEA) if (kind == ORDINARY).any() else (AT_SEA,)
            self.derived["link_stop"] = ~np.isin(kind, away) & (np.asarray(self.link_component) != OUTSIDE)
        return self.derived["link_stop"]

    @property
    def node_count(self) -> int:
        return len(self.node_xy)

    @property
    def link_count(self) -> int:
        return len(self.link_from)

    def line(self, link: int) -> np.ndarray:
        """(n, 2) vertices of one link, from `link_from` to `link_to`."""
        return self.vertices[self.vertex_offset[link] : self.vertex_offset[link + 1]]

    def let_go(self) -> None:
        """Hold no memory for what was read of the file so far: others will read it. Nothing else changes."""
        let_go(self.vertices)

    def verify(self) -> None:
        """Check every byte of the file once more. Raises `NetworkFileInvalid`."""
        verify_arrays(self.path)


_held: WeakValueDictionary[tuple[str, FileState], Network] = WeakValueDictionary()
"""Every network that someone holds, by its file and the state of it."""
_opened: dict[str, Network] = {}
"""The last ones asked for, kept for the next who asks."""
_KEPT_OPEN = 4
_TURNS = "turns_"


_IN_FILE = {name: "folded_" + name.replace("core_", "top_") for name in Contraction._fields}
"""What the arrays of a contraction are called in the network file."""


def contraction_arrays(contracted: Contraction) -> dict[str, np.ndarray]:
    """The arrays of a contraction as the network file names them."""
    return {_IN_FILE[name]: array for name, array in contracted._asdict().items()}


def turn_arrays(turns: Turns) -> dict[str, np.ndarray]:
    """The arrays of turn bans as the network file names them: none where there are none."""
    return {_TURNS + name: array for name, array in zip(Turns._fields, turns)} if len(turns.ban) else {}


def open_network(path: str | os.PathLike, *, checked: bool = False) -> Network:
    """The network in the file at ``path``; the same object again while the file has not changed.

    ``checked``: another process has just found every byte right, and this one need not read them all.
    Raises `NetworkFileInvalid` when it is missing, damaged, or of another version.
    """
    key = str(Path(path).resolve())
    stamp = _stamp(key)
    network = _held.get((key, stamp))
    if network is None:
        header, arrays = read_arrays(path, checked=checked)
        contracted = Contraction._make(arrays.pop(name) for name in _IN_FILE.values())
        turns = Turns.none()
        if _TURNS + Turns._fields[0] in arrays:
            turns = Turns._make(arrays.pop(_TURNS + name) for name in Turns._fields)
        fields: dict[str, Any] = {"link_component": arrays.pop("link_core"), **header["network"], **arrays}
        # Files of earlier versions keep the options of roads in a file alone, beside that file's name.
        options = header.get("options") or (header["recorded"] or {}).get("options") or {}
        network = Network(path=key, contraction=contracted, options=options, turns=turns, **fields)
        _held[key, stamp] = network
    _opened.pop(key, None)
    _opened[key] = network
    while len(_opened) > _KEPT_OPEN:
        _opened.pop(next(iter(_opened)))
    return network


def shared_network(network: Network) -> Resource:
    """The network, for functions that worker processes call: each maps its file, which this process has checked."""
    return Resource(_checked_by_another, network.path)


def _checked_by_another(path: str) -> Network:
    return open_network(path, checked=True)


def forget_network(path: str | os.PathLike) -> None:
    """Let go of the file at ``path``, which is about to be written again: some systems keep open files from that."""
    _opened.pop(str(Path(path).resolve()), None)


def delete_network(path: str | os.PathLike) -> None:
    """Delete the file at ``path``. Raises `NetworkFileBusy` while someone in this process holds its network."""
    key = str(Path(path).resolve())
    forget_network(path)
    try:
        if (key, _stamp(key)) not in _held:
            os.unlink(key)
            return
    except FileNotFoundError:
        return
    except OSError:
        pass  # some systems keep a file that another process has open
    raise NetworkFileBusy("{path} is in use.", path=key)


def _stamp(path: str) -> FileState:
    try:
        return state_of(path)
    except OSError:
        return (0, 0, 0, 0)
