"""A value in a file whose arrays are mapped, not read: what one process has prepared serves all others as it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from .wire import packed, unpacked

_ALIGN = 64
_HEAD = 16
"""Bytes of the two numbers that a file begins with: how many the text has, how many buffers follow it."""


def write_mapped(path: str | os.PathLike, value: Any) -> None:
    """Write what `wire.packed` takes at ``path``, for `read_mapped`. For files that end with their work."""
    text, buffers = packed(value)
    sizes = np.array([len(text), len(buffers), *(buffer.nbytes for buffer in buffers)], "<i8")
    with open(path, "wb") as out:
        parts: list[bytes | memoryview] = [sizes.tobytes(), text, *buffers]
        for part in parts:
            out.write(part)
            out.write(b"\0" * (-out.tell() % _ALIGN))


def read_mapped(path: str | os.PathLike) -> Any:
    """The value at ``path``. Its arrays are parts of the file: what is written to them is this process's own."""
    data = np.asarray(np.memmap(path, np.uint8, mode="c"))
    text, count = data[:_HEAD].view("<i8").tolist()
    sizes = data[_HEAD : _HEAD + 8 * count].view("<i8").tolist()
    parts = list(_parts(data, [_HEAD + 8 * count, text, *sizes]))
    return unpacked(bytes(parts[1]), parts[2:])


def _parts(data: np.ndarray, sizes: list[int]) -> Iterator[np.ndarray]:
    begin = 0
    for size in sizes:
        yield data[begin : begin + size]
        begin += -(-size // _ALIGN) * _ALIGN
