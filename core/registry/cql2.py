"""Filters written in CQL2 text (OGC 21-065), applied here when the server does not offer to.

Covers: comparisons, LIKE, BETWEEN, IN, IS NULL, AND, OR, NOT, parentheses, CASEI, ACCENTI, DATE, TIMESTAMP, and
S_INTERSECTS or S_WITHIN of ``geometry`` with BBOX(…) or a WKT literal. Columns are those of the contract; an empty
text counts as NULL, and NULL propagates as in SQL.
"""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from ..errors import CartoError
from ..services import SERVICE_COLUMNS, Service

Value = Callable[[Service], Any]
Predicate = Callable[[Service], bool]


class FilterError(CartoError):
    """The filter cannot be understood."""


def compile_filter(text: str) -> Predicate:
    """The test a filter stands for. Raises `FilterError` where it is not CQL2 text on the contract's columns."""
    parser = _Parser(_tokens(text), text)
    try:
        condition = parser.disjunction()
    except RecursionError as error:
        raise _misunderstood(text, 0) from error
    parser.expect_end()
    return lambda service: condition(service) is True


def quoted(text: str) -> str:
    """A text as a CQL2 literal."""
    return "'" + text.replace("'", "''") + "'"


_COMPARISONS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_KEYWORDS = {"AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE"}
_GEOMETRY_NAMES = {"geometry", "geom", "geometrie"}
_SHAPES = {"POINT", "MULTIPOINT", "LINESTRING", "MULTILINESTRING", "POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION"}
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)
    | (?P<text>'(?:[^']|'')*')
    | "(?P<quoted>[^"]+)"
    | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
    | (?P<sign><>|<=|>=|[=<>(),])
    )""",
    re.VERBOSE,
)


class _Token(NamedTuple):
    kind: str
    value: str
    start: int
    end: int


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise _misunderstood(text, at)
        group = kind = found.lastgroup or ""
        value = found[group]
        if kind == "text":
            value = value[1:-1].replace("''", "'")
        elif kind == "word" and value.upper() in _KEYWORDS:
            kind, value = "keyword", value.upper()
        tokens.append(_Token(kind, value, found.start(group), found.end()))
        at = found.end()
    return tokens


class _Parser:
    """Recursive descent; each method reads one construct and gives the function that evaluates it."""

    def __init__(self, tokens: list[_Token], text: str) -> None:
        self._tokens, self._text, self._at = tokens, text, 0

    def expect_end(self) -> None:
        if self._at < len(self._tokens):
            raise self._error()

    def disjunction(self) -> Value:
        parts = [self._conjunction()]
        while self._accept("keyword", "OR"):
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else partial(_any, parts)

    def _conjunction(self) -> Value:
        parts = [self._negation()]
        while self._accept("keyword", "AND"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else partial(_all, parts)

    def _negation(self) -> Value:
        if self._accept("keyword", "NOT"):
            return partial(_not, self._negation())
        return self._condition()

    def _condition(self) -> Value:
        if self._accept("sign", "("):
            inside = self.disjunction()
            self._expect("sign", ")")
            return inside
        for word, truth in (("TRUE", True), ("FALSE", False)):
            if self._accept("keyword", word):
                return _constant(truth)
        if self._peek_word() in ("S_INTERSECTS", "S_WITHIN"):
            return self._spatial()
        return self._comparison(self._value())

    def _comparison(self, left: Value) -> Value:
        token = self._next()
        if token.kind == "sign" and token.value in _COMPARISONS:
            return partial(_compare, _COMPARISONS[token.value], left, self._value())
        if token == ("keyword", "IS", token.start, token.end):
            negated = self._accept("keyword", "NOT")
            self._expect("keyword", "NULL")
            return lambda service: (left(service) is None) is not negated
        if token.kind == "keyword" and token.value == "NOT":
            return partial(_not, self._membership(left, self._next()))
        return self._membership(left, token)

    def _membership(self, left: Value, token: _Token) -> Value:
        if token.kind == "keyword" and token.value == "LIKE":
            return partial(_like, left, self._value())
        if token.kind == "keyword" and token.value == "BETWEEN":
            low = self._value()
            self._expect("keyword", "AND")
            high = self._value()
            return partial(
                _all, [partial(_compare, operator.ge, left, low), partial(_compare, operator.le, left, high)]
            )
        if token.kind == "keyword" and token.value == "IN":
            self._expect("sign", "(")
            options = [self._value()]
            while self._accept("sign", ","):
                options.append(self._value())
            self._expect("sign", ")")
            return partial(_any, [partial(_compare, operator.eq, left, option) for option in options])
        self._at -= 1
        raise self._error()

    def _value(self) -> Value:
        token = self._next()
        if token.kind == "text":
            return _constant(token.value)
        if token.kind == "number":
            return _constant(float(token.value))
        if token.kind == "keyword" and token.value in ("TRUE", "FALSE"):
            return _constant(token.value == "TRUE")
        if token.kind == "word" and self._accept("sign", "("):
            return self._call(token)
        if token.kind in ("word", "quoted") and token.value in SERVICE_COLUMNS:
            return partial(_column, token.value)
        self._at -= 1
        raise self._error()

    def _call(self, name: _Token) -> Value:
        function = _FUNCTIONS.get(name.value.upper())
        if function is None:
            self._at -= 2
            raise self._error()
        inside = self._value()
        self._expect("sign", ")")
        return lambda service: None if (value := inside(service)) is None else function(str(value))

    def _spatial(self) -> Value:
        self._next()
        self._expect("sign", "(")
        name = self._next()
        if name.value not in _GEOMETRY_NAMES:
            self._at -= 1
            raise self._error()
        self._expect("sign", ",")
        inside = self._shape()
        self._expect("sign", ")")
        return inside

    def _shape(self) -> Value:
        name = self._next()
        start, depth = name.start, 0
        if name.value.upper() != "BBOX" and name.value.upper() not in _SHAPES:
            self._at -= 1
            raise self._error()
        numbers, end = [], name.end
        while True:
            token = self._next()
            depth += {"(": 1, ")": -1}.get(token.value, 0) if token.kind == "sign" else 0
            if token.kind == "number":
                numbers.append(float(token.value))
            if depth == 0:
                end = token.end
                break
        if name.value.upper() != "BBOX":
            return _within_wkt(self._text[start:end], partial(self._error_at, start))
        if len(numbers) not in (4, 6):
            raise self._error_at(start)
        half = len(numbers) // 2
        return partial(_within_box, (*numbers[:2], *numbers[half : half + 2]))

    def _peek_word(self) -> str:
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        return token.value.upper() if token and token.kind == "word" else ""

    def _next(self) -> _Token:
        if self._at >= len(self._tokens):
            raise self._error()
        self._at += 1
        return self._tokens[self._at - 1]

    def _accept(self, kind: str, value: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at][:2] == (kind, value):
            self._at += 1
            return True
        return False

    def _expect(self, kind: str, value: str) -> None:
        if not self._accept(kind, value):
            raise self._error()

    def _error(self) -> FilterError:
        at = self._tokens[self._at].start if self._at < len(self._tokens) else len(self._text)
        return self._error_at(at)

    def _error_at(self, at: int) -> FilterError:
        return _misunderstood(self._text, at)


def _misunderstood(text: str, at: int) -> FilterError:
    return FilterError(
        "The filter is not understood at “{rest}”. Write CQL2 text on the columns, such as: {example}",
        rest=text[at : at + 40] or "…",
        example="categorie = 'mairie' AND code_insee LIKE '48%'",
    )


# -- evaluation: each function takes a service last, and answers None for "unknown" --------------------------------


def _constant(value: Any) -> Value:
    return lambda service: value


def _column(name: str, service: Service) -> str | None:
    return getattr(service, name) or None


def _compare(test: Callable[[Any, Any], bool], left: Value, right: Value, service: Service) -> bool | None:
    a, b = left(service), right(service)
    if a is None or b is None:
        return None
    if isinstance(a, float) or isinstance(b, float):
        try:
            a, b = float(a), float(b)
        except ValueError:
            return None
    if isinstance(a, bool) is not isinstance(b, bool):
        return None  # a text is neither more nor less than TRUE
    return test(a, b)


def _like(left: Value, right: Value, service: Service) -> bool | None:
    text, pattern = left(service), right(service)
    if text is None or pattern is None:
        return None
    parts = {"%": ".*", "_": "."}
    return re.fullmatch("".join(parts.get(c, re.escape(c)) for c in str(pattern)), str(text), re.DOTALL) is not None


def _any(parts: list[Value], service: Service) -> bool | None:
    unknown: bool | None = False
    for part in parts:
        value = part(service)
        if value:
            return True
        if value is None:
            unknown = None
    return unknown


def _all(parts: list[Value], service: Service) -> bool | None:
    unknown: bool | None = True
    for part in parts:
        value = part(service)
        if value is False:
            return False
        if value is None:
            unknown = None
    return unknown


def _not(part: Value, service: Service) -> bool | None:
    value = part(service)
    return None if value is None else not value


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _within_box(box: tuple[float, ...], service: Service) -> bool | None:
    if service.lon is None or service.lat is None:
        return None
    return box[0] <= service.lon <= box[2] and box[1] <= service.lat <= box[3]


def _within_wkt(wkt: str, error: Callable[[], FilterError]) -> Value:
    from shapely import wkt as shapely_wkt
    from shapely.errors import ShapelyError
    from shapely.geometry import Point
    from shapely.prepared import prep

    try:
        shape = prep(shapely_wkt.loads(wkt))
    except ShapelyError as fault:
        raise error() from fault

    def inside(service: Service) -> bool | None:
        if service.lon is None or service.lat is None:
            return None
        return bool(shape.intersects(Point(service.lon, service.lat)))

    return inside


_FUNCTIONS: dict[str, Callable[[str], str]] = {
    "CASEI": str.casefold,
    "ACCENTI": _without_accents,
    "DATE": str,
    "TIMESTAMP": str,
}
