"""The network file: a header in JSON, then plain arrays, memory-mapped when read.

Layout (little endian): 8 bytes of magic, u4 version, u4 length of the header, u4 CRC-32 of the header, u4 zero,
the header, then each array at a multiple of 64 bytes. The header names every array with its dtype, shape, offset,
and the CRC-32 of its content. Opening checks the header, the size and both ends of every array;
`Network.verify` checks every byte.
"""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from .errors import NetworkFileBusy, NetworkFileInvalid

MAGIC = b"CARTONET"
VERSION = 3
_PREFIX = np.dtype([("magic", "S8"), ("version", "<u4"), ("length", "<u4"), ("crc", "<u4"), ("spare", "<u4")])
_ALIGN = 64
_ENDS = 4096
_DTYPES = ("<f8", "<f4", "<i8", "<i4", "|u1")


def write_arrays(path: str | os.PathLike, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """Write ``arrays`` under ``header`` at ``path``, whole or not at all (a temporary file beside it, then renamed).

    Raises `NetworkFileBusy`.
    """
    path = Path(path)
    arrays = {name: _plain(array) for name, array in arrays.items()}
    table = {name: _describe(array) for name, array in arrays.items()}
    room = len(_encode(header, table)) + len(str(sum(a.nbytes for a in arrays.values()))) * 2 * len(arrays)
    offset = _aligned(_PREFIX.itemsize + room)
    for name, array in arrays.items():
        table[name]["offset"] = offset
        offset = _aligned(offset + array.nbytes)
    text = _encode(header, table).ljust(room)
    prefix = np.array((MAGIC, VERSION, len(text), zlib.crc32(text), 0), _PREFIX)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as out:
            out.write(prefix.tobytes() + text)
            for name, array in arrays.items():
                out.write(b"\0" * (table[name]["offset"] - out.tell()))
                out.write(memoryview(array).cast("B") if array.size else b"")
            out.write(b"\0" * (offset - out.tell()))
        os.replace(temporary, path)
    except PermissionError as error:
        raise NetworkFileBusy("{path} cannot be written: it is in use, or protected.", path=str(path)) from error
    finally:
        temporary.unlink(missing_ok=True)


def read_arrays(path: str | os.PathLike) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and read-only arrays of the file, mapped, not loaded. Raises `NetworkFileInvalid`."""
    try:
        data = np.memmap(path, np.uint8, mode="r")
    except (OSError, ValueError) as error:
        raise NetworkFileInvalid(
            "The network file {path} cannot be opened: {error}.", path=str(path), error=str(error)
        ) from error
    header, table = _read_header(path, data)
    arrays = {}
    for name, entry in table.items():
        dtype, offset, size = np.dtype(entry["dtype"]), entry["offset"], entry["bytes"]
        if entry["dtype"] not in _DTYPES or offset + size > len(data):
            raise _damaged(path)
        raw = data[offset : offset + size]
        if _crc_of_ends(raw) != entry["ends"]:
            raise _damaged(path)
        arrays[name] = raw.view(dtype).reshape(entry["shape"])
    return header, arrays


def verify_arrays(path: str | os.PathLike) -> None:
    """Check every byte of the file against its checksums. Raises `NetworkFileInvalid`."""
    data = np.memmap(path, np.uint8, mode="r")
    for entry in _read_header(path, data)[1].values():
        if zlib.crc32(data[entry["offset"] : entry["offset"] + entry["bytes"]]) != entry["crc"]:
            raise _damaged(path)


def read_header(path: str | os.PathLike) -> dict[str, Any]:
    """The header alone. Raises `NetworkFileInvalid`."""
    try:
        data = np.memmap(path, np.uint8, mode="r")
    except (OSError, ValueError) as error:
        raise NetworkFileInvalid(
            "The network file {path} cannot be opened: {error}.", path=str(path), error=str(error)
        ) from error
    return _read_header(path, data)[0]


def is_network_file(path: str | os.PathLike) -> bool:
    """Whether the file begins like a network file."""
    try:
        with open(path, "rb") as source:
            return source.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def _read_header(path: str | os.PathLike, data: np.ndarray) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    if len(data) < _PREFIX.itemsize or data[: len(MAGIC)].tobytes() != MAGIC:
        raise NetworkFileInvalid(
            "{path} is not a network file; make one with the algorithm « buildnetwork ».", path=str(path)
        )
    prefix = data[: _PREFIX.itemsize].view(_PREFIX)[0]
    if prefix["version"] != VERSION:
        raise NetworkFileInvalid(
            "{path} was made by another version of the plugin (format {found}, not {expected}); build it again.",
            path=str(path),
            found=int(prefix["version"]),
            expected=VERSION,
        )
    text = data[_PREFIX.itemsize : _PREFIX.itemsize + int(prefix["length"])].tobytes()
    if len(text) != prefix["length"] or zlib.crc32(text) != prefix["crc"]:
        raise _damaged(path)
    content = json.loads(text)
    return content["header"], content["arrays"]


def _damaged(path: str | os.PathLike) -> NetworkFileInvalid:
    return NetworkFileInvalid("The network file {path} is damaged; build the network again.", path=str(path))


def _plain(array: np.ndarray) -> np.ndarray:
    array = np.ascontiguousarray(array)
    array = array.view(np.uint8) if array.dtype == bool else array.astype(array.dtype.newbyteorder("<"), copy=False)
    if array.dtype.str not in _DTYPES:
        raise TypeError(f"a network file holds plain numbers, not {array.dtype}")
    return array


def _describe(array: np.ndarray) -> dict[str, Any]:
    raw = array.reshape(-1).view(np.uint8)
    return {
        "dtype": array.dtype.str,
        "shape": list(array.shape),
        "bytes": array.nbytes,
        "offset": 0,
        "crc": zlib.crc32(raw),
        "ends": _crc_of_ends(raw),
    }


def _crc_of_ends(raw: np.ndarray) -> int:
    return zlib.crc32(raw[-_ENDS:].tobytes(), zlib.crc32(raw[:_ENDS].tobytes()))


def _encode(header: dict[str, Any], table: dict[str, dict[str, Any]]) -> bytes:
    return json.dumps({"header": header, "arrays": table}, allow_nan=False).encode()


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGN) * _ALIGN
