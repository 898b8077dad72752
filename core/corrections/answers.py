"""What a registry's refusal says, in words for the user and by field of the form."""

from __future__ import annotations

from typing import Any, NamedTuple

import requests

from ..errors import CartoError
from ..http import MEGABYTE, read_json, shown_url
from ..messages import Message, msg

_LONGEST_WORDS = 500


class Refusal(NamedTuple):
    """Why a correction was not taken; ``stops`` when any other would fare alike."""

    reason: Message
    field_reasons: dict[str, str]
    stops: bool = False


def refusal_of(response: requests.Response) -> Refusal:
    """Read the answer (4xx) to a proposed correction."""
    status, url = response.status_code, shown_url(response.url)
    if status in (401, 403):
        return Refusal(
            msg(
                "{url} denies access ({status}): check the connection's authentication configuration.",
                url=url,
                status=status,
            ),
            {},
            stops=True,
        )
    if status in (404, 405):
        return Refusal(msg("{url} does not take corrections (error {status}).", url=url, status=status), {}, stops=True)
    if status == 413:
        return Refusal(msg("The registry finds it too large: shorten the comment or send fewer changes."), {})
    document = _document(response)
    words = _words(document)
    if words:
        reason = msg("The registry refuses it: {words}", words=words)
    else:
        reason = msg("The registry refuses it (error {status}) and does not say why.", status=status)
    return Refusal(reason, _field_reasons(document))


def _document(response: requests.Response) -> Any:
    try:
        return read_json(response, MEGABYTE)
    except (CartoError, requests.RequestException):
        return None


def _words(document: Any) -> str:
    """The sentence of an error: a problem document (RFC 9457), or what OGC API servers write."""
    if isinstance(document, list):
        document = document[0] if document else None
    if not isinstance(document, dict):
        return ""
    texts = (document.get(name) for name in ("detail", "description", "message", "title"))
    return next((text.strip()[:_LONGEST_WORDS] for text in texts if isinstance(text, str) and text.strip()), "")


def _field_reasons(document: Any) -> dict[str, str]:
    """Reasons by field: ``errors`` as a list of ``{field | pointer, detail}``, or as an object ``{field: text}``."""
    errors = document.get("errors") if isinstance(document, dict) else None
    if isinstance(errors, dict):
        return {str(name): str(text)[:_LONGEST_WORDS] for name, text in errors.items()}
    reasons = {}
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict):
            name = str(error.get("field") or error.get("pointer") or "").rstrip("/").rpartition("/")[2].lstrip("#")
            reasons[name] = str(error.get("detail") or error.get("message") or "")[:_LONGEST_WORDS]
    return {name: text for name, text in reasons.items() if name and text}
