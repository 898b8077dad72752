"""Road lines in memory, with their attributes, before they become a graph."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Callable, NamedTuple

import numpy as np

from ..ragged import offsets
from .wkb import DecodedLines

_FEW = 200


class Column(NamedTuple):
    """One attribute of many rows: which of ``labels`` each row has. -1 is NULL."""

    code: np.ndarray
    """(R,) i4."""
    labels: list[str]

    @classmethod
    def of(cls, values: Any) -> Column:
        """From a sequence of texts, numbers or None."""
        reader = ColumnReader()
        array = np.empty(len(values), object)
        array[:] = values
        reader.add(array)
        return reader.texts()

    def take(self, rows: np.ndarray) -> Column:
        return Column(self.code[rows], self.labels)

    def map(self, function: Callable[[str], Any], missing: Any, dtype: Any = None) -> np.ndarray:
        """(R,) what ``function`` gives for each row's text; ``missing`` for NULL. Called once a distinct text."""
        table = np.array([function(label) for label in self.labels] + [missing], dtype)
        return table[self.code]


class ColumnReader:
    """Gathers one attribute batch by batch: numbers where every batch holds numbers (or nothing), else texts."""

    def __init__(self) -> None:
        self._batches: list[np.ndarray] = []
        """Numbers (f8) or codes of labels (i4)."""
        self._index: dict[str, int] = {}

    def add(self, values: np.ndarray) -> None:
        """Take one batch: numbers, bytes, or objects (str, number, bool, None); may be masked."""
        missing = np.ma.getmaskarray(values)
        values = np.ma.getdata(values)
        if values.dtype.kind in "iufb":
            self._batches.append(np.where(missing, np.nan, values).astype(float))
        elif values.dtype.kind == "O":
            self._add_objects(values, missing | np.array([value is None for value in values.tolist()], bool))
        else:
            self._batches.append(self._encode(values, missing))

    def column(self) -> Column | np.ndarray:
        """(R,) f8 with NaN for NULL when the attribute is a number, else a `Column`."""
        if any(batch.dtype == np.int32 for batch in self._batches) or not self._batches:
            return self.texts()
        return np.concatenate(self._batches)

    def texts(self) -> Column:
        """The attribute as texts, also when it is a number."""
        codes = [self._as_codes(batch) for batch in self._batches]
        return Column(np.concatenate(codes) if codes else np.empty(0, np.int32), list(self._index))

    def _add_objects(self, values: np.ndarray, missing: np.ndarray) -> None:
        given = values[~missing].tolist()
        if all(isinstance(value, (int, float)) for value in given):
            numbers = np.full(len(values), np.nan)
            numbers[~missing] = given
            self._batches.append(numbers)
            return
        code = np.full(len(values), -1, np.int32)
        code[~missing] = [self._code(_text(value)) for value in given]
        self._batches.append(code)

    def _as_codes(self, batch: np.ndarray) -> np.ndarray:
        """Numbers that turned up in an attribute of texts, as texts."""
        if batch.dtype == np.int32:
            return batch
        code = np.full(len(batch), -1, np.int32)
        known = np.isfinite(batch)
        code[known] = [self._code(number_text(value)) for value in batch[known].tolist()]
        return code

    def _encode(self, values: np.ndarray, missing: np.ndarray) -> np.ndarray:
        """Codes of a bytes array: labels already met first, each one comparison, then the new ones by sorting."""
        code = np.full(len(values), -1, np.int32)
        left = np.flatnonzero(~missing)
        if len(self._index) <= _FEW:
            for label, number in self._index.items():
                hit = values[left] == label.encode()
                code[left[hit]] = number
                left = left[~hit]
        new, inverse = np.unique(values[left], return_inverse=True)
        code[left] = np.array([self._code(_text(label)) for label in new.tolist()], np.int32)[inverse]
        return code

    def _code(self, text: str) -> int:
        return self._index.setdefault(text, len(self._index))


class TurnRules(NamedTuple):
    """R sayings: who comes by a road may not, or must, leave by one of others."""

    come: list[str]
    go: list[tuple[str, ...]]
    only: np.ndarray
    """(R,) bool: the roads named are the only ones that may be taken."""
    xy: np.ndarray
    """(R, 2) where, in `crs`; NaN where the source does not say."""
    crs: str = ""


class RoadLines(NamedTuple):
    """L lines with V vertices and the attributes of the rows they come from."""

    vertices: np.ndarray
    """(V, 2) f8."""
    offset: np.ndarray
    """(L + 1,) i8."""
    z_ends: np.ndarray
    """(L, 2) f8: heights of both ends in metres, NaN where unknown."""
    fields: dict[str, Column | np.ndarray]
    """By name, (L,) each: a `Column` of texts or an array of numbers (NaN = NULL)."""
    rows: int
    """Rows read, those that gave no line included."""
    crs: str
    without_line: int = 0
    """Rows without a geometry, or whose geometry gives no line."""
    given: int = -1
    """Rows that the source says it has; -1 when it does not say."""
    name: str = ""
    """What tells this layer from another, whatever it holds; empty for lines that nobody keeps."""
    rules: TurnRules | None = None
    """What is said of turns from one of these lines into another."""

    @property
    def count(self) -> int:  # type: ignore[override]
        return len(self.offset) - 1

    @classmethod
    def join(cls, parts: list[DecodedLines], columns: dict[str, Column | np.ndarray], rows: int, crs: str) -> RoadLines:
        """Assemble batches; ``columns`` hold one value a row of all the batches."""
        if not parts:
            return cls(np.empty((0, 2)), np.zeros(1, np.int64), np.empty((0, 2)), columns, rows, crs, rows)
        count = np.concatenate([np.diff(part.offset) for part in parts])
        row = np.concatenate([part.row for part in parts])
        offset = offsets(count)
        fields = {name: take_rows(column, row) for name, column in columns.items()}
        vertices = np.concatenate([part.vertices for part in parts])
        z_ends = np.concatenate([part.z_ends for part in parts])
        with_line = int(np.count_nonzero(np.diff(row))) + bool(len(row))
        return cls(vertices, offset, z_ends, fields, rows, crs, rows - with_line)

    @classmethod
    def of(cls, lines: list[Any], fields: dict[str, Any] | None = None, crs: str = "EPSG:2154") -> RoadLines:
        """From sequences of (x, y) or (x, y, z), with one value a line for each field."""
        arrays = [np.asarray(line, float) for line in lines]
        offset = offsets([len(a) for a in arrays])
        vertices = np.concatenate([a[:, :2] for a in arrays]) if arrays else np.empty((0, 2))
        z_ends = np.array([(a[0, 2], a[-1, 2]) if a.shape[1] > 2 else (np.nan, np.nan) for a in arrays]).reshape(-1, 2)
        columns: dict[str, Column | np.ndarray] = {}
        for name, values in (fields or {}).items():
            reader = ColumnReader()
            array = np.empty(len(values), object)
            array[:] = list(values)
            reader.add(array)
            columns[name] = reader.column()
        return cls(vertices, offset, z_ends, columns, len(arrays), crs)

    def digest(self) -> str:
        """A short text that changes with what the lines hold."""
        total = hashlib.sha256(json.dumps([self.rows, self.crs, list(self.fields)]).encode())
        for array in (self.vertices, self.offset, self.z_ends):
            total.update(np.ascontiguousarray(array).data)
        if self.rules is not None:
            total.update(json.dumps([self.rules.come, self.rules.go, self.rules.only.tolist()]).encode())
        for column in self.fields.values():
            if isinstance(column, Column):
                total.update(json.dumps(column.labels).encode())
            total.update(np.ascontiguousarray(column.code if isinstance(column, Column) else column).data)
        return total.hexdigest()[:24]

    def select(self, keep: np.ndarray) -> RoadLines:
        """The lines where ``keep`` (L,) is true."""
        if keep.all():
            return self
        count = np.diff(self.offset)
        fields = {name: take_rows(column, keep) for name, column in self.fields.items()}
        offset = offsets(count[keep])
        return self._replace(
            vertices=self.vertices[np.repeat(keep, count)], offset=offset, z_ends=self.z_ends[keep], fields=fields
        )


def take_rows(column: Column | np.ndarray, rows: np.ndarray) -> Column | np.ndarray:
    """The values of a column at ``rows`` (indices or mask)."""
    return column.take(rows) if isinstance(column, Column) else column[rows]


def number_text(value: float) -> str:
    """A number as text; whole ones without decimals."""
    return f"{value:.0f}" if value.is_integer() else f"{value:.15g}"  # inf is no integer


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return number_text(float(value)) if isinstance(value, (int, float)) else str(value)
