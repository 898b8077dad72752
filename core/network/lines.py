"""Road lines in memory, with their attributes, before they become a graph."""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

import numpy as np

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
        return reader.column()

    def take(self, rows: np.ndarray) -> Column:
        return Column(self.code[rows], self.labels)

    def map(self, function: Callable[[str], Any], missing: Any, dtype: Any = None) -> np.ndarray:
        """(R,) what ``function`` gives for each row's text; ``missing`` for NULL. Called once a distinct text."""
        table = np.array([function(label) for label in self.labels] + [missing], dtype)
        return table[self.code]


class ColumnReader:
    """Gathers one attribute batch by batch, as numbers or as texts, whichever it comes as."""

    def __init__(self) -> None:
        self._numbers: list[np.ndarray] = []
        self._codes: list[np.ndarray] = []
        self._index: dict[str, int] = {}

    def add(self, values: np.ndarray) -> None:
        """Take one batch: numbers, bytes, or objects (str, number, None); may be masked."""
        missing = np.ma.getmaskarray(values)
        values = np.ma.getdata(values)
        if values.dtype.kind in "iufb":
            self._numbers.append(np.where(missing, np.nan, values))
            return
        if values.dtype.kind == "O":
            missing = missing | np.array([value is None for value in values.tolist()], bool)
            self._add_objects(values, missing)
        else:
            self._codes.append(self._encode(values, missing))

    def column(self) -> Column | np.ndarray:
        """(R,) f8 with NaN for NULL when the attribute is a number, else a `Column`."""
        if self._numbers:
            return np.concatenate(self._numbers)
        return Column(np.concatenate(self._codes) if self._codes else np.empty(0, np.int32), list(self._index))

    def _add_objects(self, values: np.ndarray, missing: np.ndarray) -> None:
        given = values[~missing].tolist()
        if self._numbers or (given and not self._codes and all(isinstance(v, (int, float)) for v in given)):
            numbers = np.full(len(values), np.nan)
            numbers[~missing] = given
            self._numbers.append(numbers)
            return
        code = np.full(len(values), -1, np.int32)
        code[~missing] = [self._code(_text(value)) for value in given]
        self._codes.append(code)

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

    @property
    def count(self) -> int:
        return len(self.offset) - 1

    @classmethod
    def join(cls, parts: list[DecodedLines], columns: dict[str, Column | np.ndarray], rows: int, crs: str) -> RoadLines:
        """Assemble batches; ``columns`` hold one value a row of all the batches."""
        if not parts:
            return cls(np.empty((0, 2)), np.zeros(1, np.int64), np.empty((0, 2)), columns, rows, crs)
        count = np.concatenate([np.diff(part.offset) for part in parts])
        row = np.concatenate([part.row for part in parts])
        offset = np.concatenate(([0], np.cumsum(count)))
        fields = {name: take_rows(column, row) for name, column in columns.items()}
        vertices = np.concatenate([part.vertices for part in parts])
        return cls(vertices, offset, np.concatenate([part.z_ends for part in parts]), fields, rows, crs)

    @classmethod
    def of(cls, lines: list[Any], fields: dict[str, Any] | None = None, crs: str = "EPSG:2154") -> RoadLines:
        """From sequences of (x, y) or (x, y, z), with one value a line for each field."""
        arrays = [np.asarray(line, float) for line in lines]
        offset = np.concatenate(([0], np.cumsum([len(a) for a in arrays]))).astype(np.int64)
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

    def select(self, keep: np.ndarray) -> RoadLines:
        """The lines where ``keep`` (L,) is true."""
        if keep.all():
            return self
        count = np.diff(self.offset)
        fields = {name: take_rows(column, keep) for name, column in self.fields.items()}
        offset = np.concatenate(([0], np.cumsum(count[keep])))
        return self._replace(
            vertices=self.vertices[np.repeat(keep, count)], offset=offset, z_ends=self.z_ends[keep], fields=fields
        )


def take_rows(column: Column | np.ndarray, rows: np.ndarray) -> Column | np.ndarray:
    """The values of a column at ``rows`` (indices or mask)."""
    return column.take(rows) if isinstance(column, Column) else column[rows]


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
