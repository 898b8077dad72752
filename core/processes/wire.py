"""What worker processes say to each other: JSON, and after it the raw numbers of the arrays.

Nothing that is read here can run code: a record is made only of a NamedTuple or dataclass of this package, by its own
constructor. Arrays are neither copied nor turned into text on either side.
"""

from __future__ import annotations

import dataclasses
import importlib
import json
import struct
from collections.abc import Sequence
from io import BufferedReader
from typing import Any, BinaryIO, NamedTuple, Union

import numpy as np

_HEAD = struct.Struct("<QQ")
"""Bytes of the JSON, and how many buffers follow it."""
_SIZE = struct.Struct("<Q")
_PLAIN = (type(None), bool, int, float, str)
_PACKAGE = __name__.rsplit(".", 3)[0]
_MOST_TEXT = 1 << 31
Buffer = Union[bytearray, np.ndarray]
"""Bytes of an array: received, or mapped from a file."""


class Packet(NamedTuple):
    """A value ready to be sent: its JSON, and the buffers that it names by number."""

    text: bytes
    buffers: list[memoryview]


def packed(value: Any) -> Packet:
    """``value`` made ready: text, numbers, bytes, arrays, records of this package, and what holds them.

    Raises `TypeError` for anything else. Arrays are not copied: they must not change before the packet is sent.
    """
    buffers: list[memoryview] = []
    text = json.dumps(_written(value, buffers), separators=(",", ":")).encode("ascii")
    return Packet(text, buffers)


def send(stream: BinaryIO, packet: Packet) -> None:
    stream.write(_HEAD.pack(len(packet.text), len(packet.buffers)))
    stream.write(packet.text)
    for buffer in packet.buffers:
        stream.write(_SIZE.pack(buffer.nbytes))
        stream.write(buffer)
    stream.flush()


def receive(stream: BufferedReader) -> Any:
    """The next value of the stream. Raises `EOFError` where it ends, `ValueError` for what is no packet."""
    size, count = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if size > _MOST_TEXT:
        raise ValueError("This is not a packet of a worker.")
    text = _exactly(stream, size)
    return unpacked(text, [_exactly(stream, *_SIZE.unpack(_exactly(stream, _SIZE.size))) for _ in range(count)])


def unpacked(text: bytes | bytearray, buffers: Sequence[Buffer]) -> Any:
    """The value of a `Packet`; its arrays are views of the buffers. Raises `ValueError` for what is no packet."""
    try:
        return _read(json.loads(text), buffers)
    except (KeyError, TypeError, IndexError, AttributeError, ImportError) as error:
        raise ValueError("This is not a packet of a worker.") from error


def _exactly(stream: BufferedReader, size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while len(view):
        got = stream.readinto(view)
        if not got:
            raise EOFError
        view = view[got:]
    return data


def _written(value: Any, buffers: list[memoryview]) -> Any:
    """JSON of a value: itself when it is plain, otherwise a list that begins with its kind."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list or kind is tuple:
        return [kind.__name__, *(_written(part, buffers) for part in value)]
    if kind is dict:
        return ["dict", *(_written(part, buffers) for pair in value.items() for part in pair)]
    if kind is np.ndarray:
        return ["array", *_array(value, buffers)]
    if isinstance(value, np.generic):
        return ["scalar", *_array(np.asarray(value), buffers)]
    if kind in (bytes, bytearray, memoryview):
        return ["bytes", _kept(memoryview(value), buffers)]
    if _is_record(kind):
        names = [field.name for field in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else kind._fields
        parts = (_written(getattr(value, name), buffers) for name in names)
        return ["record", f"{kind.__module__}:{kind.__qualname__}", *parts]
    raise TypeError(f"{kind.__module__}.{kind.__qualname__} cannot be sent to another process.")


def _array(array: np.ndarray, buffers: list[memoryview]) -> tuple[str, list[int], int]:
    if array.dtype.kind not in "biufcUSMm":
        raise TypeError(f"An array of {array.dtype} cannot be sent to another process.")
    flat = np.ascontiguousarray(array).reshape(-1)
    return array.dtype.str, list(array.shape), _kept(flat.view(np.uint8).data, buffers)


def _kept(view: memoryview, buffers: list[memoryview]) -> int:
    buffers.append(view)
    return len(buffers) - 1


def _read(written: Any, buffers: Sequence[Buffer]) -> Any:
    if not isinstance(written, list):
        return written
    kind, *parts = written
    return _READERS[kind](parts, buffers)


def _read_all(parts: list, buffers: Sequence[Buffer]) -> list:
    return [_read(part, buffers) for part in parts]


def _read_dict(parts: list, buffers: Sequence[Buffer]) -> dict:
    flat = _read_all(parts, buffers)
    return dict(zip(flat[::2], flat[1::2]))


def _read_array(parts: list, buffers: Sequence[Buffer]) -> np.ndarray:
    dtype, shape, number = parts
    if not len(buffers[number]):
        return np.empty(shape, dtype)
    return np.frombuffer(buffers[number], dtype).reshape(shape)


def _read_record(parts: list, buffers: Sequence[Buffer]) -> Any:
    name, *fields = parts
    return _record(name)(*_read_all(fields, buffers))


_READERS = {
    "list": _read_all,
    "tuple": lambda parts, buffers: tuple(_read_all(parts, buffers)),
    "dict": _read_dict,
    "array": _read_array,
    "scalar": lambda parts, buffers: _read_array(parts, buffers)[()],
    "bytes": lambda parts, buffers: bytes(buffers[parts[0]]),
    "record": _read_record,
}


def _is_record(kind: Any) -> bool:
    """Whether it is a NamedTuple or a dataclass of this package."""
    inside = isinstance(kind, type) and f"{kind.__module__}.".startswith(f"{_PACKAGE}.")
    return inside and (dataclasses.is_dataclass(kind) or (issubclass(kind, tuple) and hasattr(kind, "_fields")))


def _record(name: str) -> Any:
    """The record of that name. Raises `ValueError` for any other class, of whatever module."""
    module, _, kind = name.partition(":")
    found = getattr(importlib.import_module(module), kind, None) if f"{module}.".startswith(f"{_PACKAGE}.") else None
    if not _is_record(found):
        raise ValueError(f"{name} is not a record of this plugin.")
    return found
