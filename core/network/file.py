"""The network file: a header in JSON, then plain arrays, memory-mapped when read.

Layout (little endian): 8 bytes of magic, u4 version, u4 length of the header, u4 CRC-32 of the header, u4 zero,
the header, then each array at a multiple of 64 bytes. The header names every array with its dtype, shape, offset,
and the CRC-32 of its content, and the size of the file.

Opening checks every byte, once in a process for each state of a file (its place, size, dates): a damaged file is never
read. It is written beside its place, brought to the disk, then renamed: a power cut leaves the old one or the new one.
"""

from __future__ import annotations

import json
import mmap
import os
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from .errors import NetworkFileBusy, NetworkFileInvalid, NetworkFileVersion

MAGIC = b"CARTONET"
VERSION = 6
_READABLE = (4, 5, VERSION)
"""Version 5 may hold turn bans; without them it is as version 4. Version 6 has two more levels (`hierarchy.ROUNDS`)."""
_PREFIX = np.dtype([("magic", "S8"), ("version", "<u4"), ("length", "<u4"), ("crc", "<u4"), ("spare", "<u4")])
_ALIGN = 64
_BLOCK = 1 << 22
"""Bytes summed at a time: several threads then share the work."""
_DTYPES = ("<f8", "<f4", "<i8", "<i4", "|u1")


def write_arrays(path: str | os.PathLike, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """Write ``arrays`` under ``header`` at ``path``, whole or not at all (a temporary file beside it, then renamed).

    Raises `NetworkFileBusy`.
    """
    path = Path(path)
    arrays = {name: _plain(array) for name, array in arrays.items()}
    with _threads() as pool:
        table = dict(zip(arrays, pool.map(_describe, arrays.values())))
    room = len(_encode(header, table, 0)) + len(str(sum(a.nbytes for a in arrays.values()))) * 2 * (len(arrays) + 1)
    offset = _aligned(_PREFIX.itemsize + room)
    for name, array in arrays.items():
        table[name]["offset"] = offset
        offset = _aligned(offset + array.nbytes)
    text = _encode(header, table, offset).ljust(room)
    prefix = np.array((MAGIC, VERSION, len(text), zlib.crc32(text), 0), _PREFIX)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as out:
            out.write(prefix.tobytes() + text)
            for name, array in arrays.items():
                out.write(b"\0" * (table[name]["offset"] - out.tell()))
                out.write(array.data.cast("B") if array.size else b"")
            out.write(b"\0" * (offset - out.tell()))
            out.flush()
            os.fsync(out.fileno())
        replace_durably(temporary, path)
    except PermissionError as error:
        raise NetworkFileBusy("{path} cannot be written: it is in use, or protected.", path=str(path)) from error
    finally:
        temporary.unlink(missing_ok=True)


def replace_durably(made: Path, path: Path) -> None:
    """Put the file ``made``, which is on the disk, in the place of ``path``; the new name too survives a power cut."""
    os.replace(made, path)
    try:
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError:
        return  # Windows opens no folders; its file systems keep their names in a journal
    try:
        os.fsync(folder)
    except OSError:
        pass  # some shared folders know no such thing
    finally:
        os.close(folder)


def read_arrays(path: str | os.PathLike, *, checked: bool = False) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and read-only arrays of the file, mapped, not loaded, once they are known to be as they were written.

    ``checked``: they are known already. Raises `NetworkFileInvalid`.
    """
    data = _mapped(path)
    header, table = _read_header(path, data)
    try:
        arrays = {name: _array(data, entry) for name, entry in table.items()}
        if not checked:
            _check_once(path, data, table)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path) from error
    return header, arrays


def _array(data: np.ndarray, entry: dict[str, Any]) -> np.ndarray:
    """Raises `ValueError` when the file does not hold what ``entry`` says."""
    begin, end = entry["offset"], entry["offset"] + entry["bytes"]
    if entry["dtype"] not in _DTYPES or not 0 <= begin <= end <= len(data):
        raise ValueError(entry)
    return data[begin:end].view(entry["dtype"]).reshape(entry["shape"])


FileState = tuple[int, int, int, int]
_checked: set[tuple[str, FileState]] = set()
"""The states of files whose bytes were all found right."""


def state_of(path: str | os.PathLike) -> FileState:
    """What changes with a file: its size, its dates (the second one cannot be set back), its number on the disk."""
    state = os.stat(path)
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


def _check_once(path: str | os.PathLike, data: np.ndarray, table: dict[str, dict[str, Any]]) -> None:
    """Raise `ValueError` unless every byte is as it was written."""
    identity = (os.path.realpath(path), state_of(path))
    if identity not in _checked:
        _check(data, table)
        _checked.add(identity)
        let_go(data)


def let_go(array: np.ndarray) -> None:
    """What was read so far of the file that ``array`` is mapped from counts no longer as memory of this process.

    It is read again when it is asked for. Not on Windows.
    """
    owner: Any = array
    while isinstance(owner, np.ndarray):
        owner = owner.base
    if isinstance(owner, mmap.mmap) and hasattr(owner, "madvise"):
        owner.madvise(mmap.MADV_DONTNEED)


def _check(data: np.ndarray, table: dict[str, dict[str, Any]]) -> None:
    blocks = [(entry, data[entry["offset"] : entry["offset"] + entry["bytes"]]) for entry in table.values()]
    with _threads() as pool:
        sums = [pool.submit(_sums, block) for _, block in blocks]
        if any(entry["crc"] != found.result() for (entry, _), found in zip(blocks, sums)):
            raise ValueError


def _threads() -> ThreadPoolExecutor:
    """Some threads: sums of bytes leave the interpreter to others."""
    return ThreadPoolExecutor(min(4, os.cpu_count() or 1))


def verify_arrays(path: str | os.PathLike) -> None:
    """Check every byte of the file against its checksums, also when it was checked before.

    Raises `NetworkFileInvalid`.
    """
    data = _mapped(path)
    try:
        _check(data, _read_header(path, data)[1])
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(path) from error


def read_header(path: str | os.PathLike) -> dict[str, Any]:
    """The header alone. Raises `NetworkFileInvalid`."""
    return _read_header(path, _mapped(path))[0]


def _mapped(path: str | os.PathLike) -> np.ndarray:
    try:
        return np.memmap(path, np.uint8, mode="r")
    except (OSError, ValueError) as error:
        raise NetworkFileInvalid(
            "The network file {path} cannot be opened: {error}.", path=str(path), error=str(error)
        ) from error


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
    text = data[_PREFIX.itemsize : _PREFIX.itemsize + int(prefix["length"])].tobytes()
    whole = len(text) == prefix["length"] > 0 and zlib.crc32(text) == prefix["crc"]
    if prefix["version"] not in _READABLE:
        raise _other_version(path, int(prefix["version"]), text if whole else b"")
    content = json.loads(text) if whole else {}
    if content.get("size") != len(data):
        raise _damaged(path)
    return content["header"], content["arrays"]


def _other_version(path: str | os.PathLike, version: int, text: bytes) -> NetworkFileVersion:
    error = NetworkFileVersion(
        "{path} was made by another version of the plugin (format {found}, not {expected}); build it again.",
        path=str(path),
        found=version,
        expected=VERSION,
    )
    with suppress(ValueError, KeyError, TypeError):
        error.recorded = json.loads(text)["header"]["recorded"]
    return error


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
        "crc": _sums(raw),
    }


def _sums(raw: np.ndarray) -> list[int]:
    """CRC-32 of each block of bytes."""
    return [zlib.crc32(raw[begin : begin + _BLOCK].data) for begin in range(0, len(raw), _BLOCK)]


def _encode(header: dict[str, Any], table: dict[str, dict[str, Any]], size: int) -> bytes:
    return json.dumps({"header": header, "arrays": table, "size": size}, allow_nan=False).encode()


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGN) * _ALIGN
