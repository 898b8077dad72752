"""JSON as servers really send it: cut short, with bytes that are no text, larger than memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from .connection import Incomplete

MOST_ITEM_CHARACTERS = 16_000_000
_DECODER = json.JSONDecoder()
_BLANKS = " \t\r\n"
_NEXT = re.compile(r"[\s,]*")
_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
_COLON = re.compile(r"\s*:\s*")
_PIECE = 1 << 18
_EXCERPT = 80


class NotWholeJson(Incomplete):
    """The text ends, or stops being JSON, before its end."""


class Item(NamedTuple):
    """One element of a streamed array. ``broken`` when its text holds bytes that are not UTF-8."""

    value: dict[str, Any]
    broken: bool


def decoded(body: bytes) -> tuple[str, bool]:
    """The text, and whether it is surely clean (else ask `has_broken_text` of its parts)."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("utf-8", "surrogateescape"), False
    return text, "\\ud" not in text and "\\uD" not in text


def parse(body: bytes) -> tuple[Any, bool]:
    """The document, and whether its text is surely clean. Raises `NotWholeJson`."""
    text, is_clean = decoded(body)
    return _loads(text), is_clean


class ArrayIn:
    """The elements of the array ``key`` of a document, one by one, and then the `rest` of the document.

    Parsing element by element never holds Python's lock for long, as parsing a page of megabytes in one call does.
    An array that is `null` has no elements.
    """

    def __init__(self, text: str, key: str) -> None:
        self._text = text
        self._member, self._start = _member(text, key)
        self._null = self._start >= 0 and text.startswith("null", self._start)
        if self._start >= 0 and not self._null:
            self._start = self._start + 1 if text[self._start : self._start + 1] == "[" else -1
        self._end = self._start

    def found(self) -> bool:
        """Whether the document seems to have such an array."""
        return self._start >= 0

    def before(self) -> dict[str, Any]:
        """The document's members that stand before the array, as far as they can be read."""
        try:
            document = json.loads(self._text[: self._member].rstrip(_BLANKS + ",") + "}")
        except (ValueError, RecursionError):
            return {}
        return document if isinstance(document, dict) else {}

    def __iter__(self) -> Iterator[Any]:
        """Raises `NotWholeJson` when the text ends, or stops being JSON, before the array does."""
        at = self._start
        while not self._null:
            at = _NEXT.match(self._text, at).end()  # type: ignore[union-attr]
            if self._text[at : at + 1] == "]":
                self._end = at
                return
            try:
                value, at = _DECODER.raw_decode(self._text, at)
            except (ValueError, RecursionError) as error:
                raise _not_whole(self._text, getattr(error, "pos", at)) from error
            yield value

    def rest(self) -> Any:
        """The document with the array empty. Raises `NotWholeJson`."""
        return _loads(self._text[: self._start] + self._text[self._end :])


def _member(text: str, key: str) -> tuple[int, int]:
    """Where a member of the outermost object begins, and where its value does; (-1, -1) when it has none."""
    depth = 0
    for token in _TOKENS.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        elif depth == 1 and mark[1:-1] == key:
            value = _COLON.match(text, token.end())
            if value is not None:
                return token.start(), value.end()
    return -1, -1


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _not_whole(text, getattr(error, "pos", 0)) from error


def has_broken_text(value: Any) -> bool:
    """Whether a value holds text that cannot be written as UTF-8."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def stream_items(chunks: Iterable[bytes], key: str | None = "") -> Iterator[Item]:
    """The objects of a JSON array, one by one, while its bytes arrive: the document itself, or its member ``key``.

    With None they follow one another without an array, as in JSON lines.

    Memory: one object and one chunk. Raises `NotWholeJson` when the text ends before the array does, or is no JSON.
    """
    text = _Text(chunks)
    if key is None:
        while text.has_more(_BLANKS + "\ufeff"):
            yield text.take_object()
        return
    text.fill_until(lambda seen: _array_start(seen, key) is not None)
    start = _array_start(text.seen, key)
    if start is None:
        raise _not_whole(text.seen, 0)
    text.drop(start)
    while True:
        text.skip(_BLANKS + ",")
        if text.seen[:1] == "]":
            return
        yield text.take_object()


def _array_start(seen: str, key: str) -> int | None:
    """Where the array's first element may begin, None when its bracket has not come (yet)."""
    if not key:
        stripped = seen.lstrip("\ufeff" + _BLANKS)
        return len(seen) - len(stripped) + 1 if stripped[:1] == "[" else None
    if seen.lstrip("\ufeff" + _BLANKS)[:1] != "{":
        return None
    name = seen.find(f'"{key}"')
    if name < 0:
        return None
    rest = seen[name + len(key) + 2 :].lstrip(_BLANKS + ":")
    return len(seen) - len(rest) + 1 if rest[:1] == "[" else None


class _Text:
    """Bytes that arrive, as text of which only what is still needed is kept."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._suspect = False
        self._end = ""
        self._at = 0
        self._buffer = ""

    @property
    def seen(self) -> str:
        """What has come and is not yet used."""
        return self._buffer[self._at :]

    def drop(self, count: int) -> None:
        self._at += count

    def skip(self, characters: str) -> None:
        """Pass over these characters."""
        if not self.has_more(characters):
            raise _not_whole(self._buffer, len(self._buffer))

    def has_more(self, characters: str) -> bool:
        """Whether anything but these characters is still to come."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in characters:
                self._at += 1
            if self._at < len(self._buffer):
                return True
            if not self._more(1):
                return False

    def fill_until(self, enough: Callable[[str], bool]) -> None:
        while not enough(self._buffer) and len(self._buffer) < MOST_ITEM_CHARACTERS and self._more(1):
            pass

    def take_object(self) -> Item:
        """The object that begins here."""
        while True:
            if self._buffer[self._at] != "{":
                raise _not_whole(self._buffer, self._at)
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except RecursionError as error:
                raise _not_whole(self._buffer, self._at) from error
            except ValueError as error:
                pending = len(self._buffer) - self._at
                if self._is_hopeless(error) or pending > MOST_ITEM_CHARACTERS or not self._more(pending):
                    raise _not_whole(self._buffer, getattr(error, "pos", self._at)) from error
            else:
                self._at = end
                return Item(value, self._suspect and has_broken_text(value))

    def _is_hopeless(self, error: ValueError) -> bool:
        """Whether more text could not mend the fault: it lies well before the end of what has come."""
        message, position = getattr(error, "msg", ""), getattr(error, "pos", 0)
        return not message.startswith("Unterminated string") and position < len(self._buffer) - 16

    def _more(self, least: int) -> bool:
        """Add at least so many characters (and a fair piece); False at the end. Growing pieces keep the work linear."""
        pieces, size = [self._buffer[self._at :]], 0
        self._at = 0
        while size < least:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            for begin in range(0, len(chunk), _PIECE):
                piece = self._decode(chunk[begin : begin + _PIECE])
                self._suspect = self._suspect or _is_suspect(self._end + piece)
                self._end = piece[-2:]
                pieces.append(piece)
                size += len(piece)
        self._buffer = "".join(pieces)
        return size > 0


def _is_suspect(text: str) -> bool:
    if "\\ud" in text or "\\uD" in text:
        return True
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _not_whole(text: str, position: int) -> NotWholeJson:
    excerpt = text[max(0, position - _EXCERPT // 2) : position + _EXCERPT // 2]
    if not excerpt.strip():
        excerpt = text.rstrip()[-_EXCERPT:]
    return NotWholeJson(
        "The answer breaks off or is not JSON near “{excerpt}”.",
        excerpt=excerpt.encode("utf-8", "replace").decode("utf-8").strip(),
    )
