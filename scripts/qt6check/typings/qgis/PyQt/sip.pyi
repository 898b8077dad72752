"""PyQt6 has it as a module of its own."""

from typing import Any

def isdeleted(wrapped: Any) -> bool: ...
