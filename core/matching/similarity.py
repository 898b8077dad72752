"""How alike texts are letter by letter, for many pairs at once: by `rapidfuzz` where it is installed, else by numpy.

Both give the same number: 2 × LCS / (length + length), where LCS is the length of the longest common subsequence
(the normalised indel similarity). Texts hold `a-z`, `0-9` and spaces, and count by their first 64 characters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .text import LONGEST

try:
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cpdist
except ImportError:
    cpdist = None  # type: ignore[assignment]

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789 "
_CHUNK = 200_000


def ratios(texts: Sequence[str], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(p,) float64 in 0..1: how alike ``texts[a[i]]`` and ``texts[b[i]]`` are; two empty texts are alike (1)."""
    result = np.empty(len(a))
    if not len(a):
        return result
    used, position = np.unique(np.concatenate([a, b]), return_inverse=True)
    kept = [texts[index][:LONGEST] for index in used]
    a, b = position[: len(a)], position[len(a) :]
    measure = _by_numpy if cpdist is None else _by_rapidfuzz
    return measure(kept, a, b)


def _by_rapidfuzz(texts: list[str], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    result = np.empty(len(a))
    for start in range(0, len(a), _CHUNK):
        part = slice(start, start + _CHUNK)
        left, right = [texts[index] for index in a[part]], [texts[index] for index in b[part]]
        result[part] = cpdist(left, right, scorer=Indel.normalized_similarity, dtype=np.float64)
    return result


def _by_numpy(texts: list[str], a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Bit-parallel longest common subsequence (H. Hyyrö, "Bit-parallel LCS-length computation revisited", 2004)."""
    codes = _codes(texts)
    lengths = (codes > 0).sum(axis=1)
    masks = np.zeros((len(texts), len(_ALPHABET) + 1), np.uint64)
    rows = np.arange(len(texts))
    for place in range(codes.shape[1]):
        present = codes[:, place] > 0
        masks[rows[present], codes[present, place]] |= np.uint64(1 << place)
    result = np.empty(len(a))
    for start in range(0, len(a), _CHUNK):
        part = slice(start, start + _CHUNK)
        result[part] = _common(masks, codes, a[part], b[part])
    total = lengths[a] + lengths[b]
    return np.where(total > 0, 2.0 * result / np.maximum(total, 1), 1.0)


def _common(masks: np.ndarray, codes: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Lengths of the longest common subsequences."""
    state = np.full(len(a), np.uint64(0xFFFFFFFFFFFFFFFF))
    for place in range(codes.shape[1]):
        letter = codes[b, place]
        if not letter.any():
            break
        shared = state & masks[a, letter]
        state = (state + shared) | (state - shared)
    zeros = np.invert(state).view(np.uint8).reshape(len(a), 8)
    return np.unpackbits(zeros, axis=1).sum(axis=1)


def _codes(texts: list[str]) -> np.ndarray:
    """(n, 64) uint8: the rank of each character in the alphabet, from 1; 0 after the end."""
    table = np.zeros(256, np.uint8)
    for rank, character in enumerate(_ALPHABET):
        table[ord(character)] = rank + 1
    raw = np.array([text.encode("ascii") for text in texts], dtype=f"S{LONGEST}")
    return table[raw.view(np.uint8).reshape(len(texts), LONGEST)]
