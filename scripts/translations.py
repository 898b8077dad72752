"""Keeps the French catalogue in step with the code.

    python3 scripts/translations.py update   rewrites i18n/carto_services_publics_fr.ts: new sentences come in
                                             unfinished, those gone from the code go; spaces before ; : ! ? %
                                             and between a figure and its unit become unbreakable
    python3 scripts/translations.py check    says what is untranslated, not extractable or filled in before translation

Sentences are the literal first argument of `tr(…)`, `msg(…)` and of every error of `core` (subclasses of CartoError).
"""

from __future__ import annotations

import ast
import re
import string
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "i18n" / "carto_services_publics_fr.ts"
CONTEXT = "CartoServicesPublics"
ROOMS = ("core", "processing", "ui", "i18n")
UNITS = r"(?:min|km/h|km|mm|m|h|ha|Mo|Go|\{unit\})"
UNBREAKABLE = re.compile(rf" (?=[:;?!»](?:\s|$))|(?<=[«±]) |(?<=[\d}}]) (?={UNITS}(?![\w'’]))")
"""Spaces at which no line ends: those of French punctuation, and those between a figure and its unit."""
PERCENT = re.compile(r"(?<=[\d}–])[ \u00a0](?=%(?!\]))")


class Sentence(NamedTuple):
    """A text for people, and where it stands."""

    text: str
    where: str


def modules() -> list[Path]:
    return sorted([ROOT / "plugin.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))])


def error_classes(trees: dict[Path, ast.Module]) -> set[str]:
    """Names of CartoError and all its subclasses."""
    bases = {
        node.name: {base.id if isinstance(base, ast.Name) else getattr(base, "attr", "") for base in node.bases}
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"CartoError"}
    while True:
        more = {name for name, parents in bases.items() if parents & found} - found
        if not more:
            return found
        found |= more


def extract() -> tuple[list[Sentence], list[str]]:
    """All sentences, in the order of the code, and the calls whose text cannot be extracted."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in modules()}
    callers = {"tr", "msg"} | error_classes(trees)
    sentences: dict[str, Sentence] = {}
    problems = []
    for path, tree in trees.items():
        for call in _calls(tree, callers):
            where = f"{path.relative_to(ROOT)}:{call.lineno}"
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                if first.value:  # an empty one is a blank line
                    sentences.setdefault(first.value, Sentence(first.value, where))
            elif not _is_passed_on(first):
                problems.append(f"{where}: give a plain literal, and fill it in after translating")
    return list(sentences.values()), problems


def _calls(tree: ast.Module, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in names:
                yield node


def _is_passed_on(argument: ast.expr) -> bool:
    """A bare name or attribute: the literal stands elsewhere (a template handed over)."""
    return isinstance(argument, (ast.Name, ast.Attribute, ast.Starred))


def read_catalogue() -> dict[str, str]:
    """French by English; unfinished ones are empty."""
    if not CATALOGUE.is_file():
        return {}
    found = {}
    for message in ET.parse(CATALOGUE).getroot().iter("message"):
        translation = message.find("translation")
        found[message.findtext("source", "")] = (translation.text or "") if translation is not None else ""
    return found


def write_catalogue(sentences: list[Sentence], french: dict[str, str]) -> None:
    """Write the catalogue, one sentence after the other in the order of the code."""
    root = ET.Element("TS", version="2.1", language="fr_FR", sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for sentence in sentences:
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "location", filename=sentence.where.rsplit(":", 1)[0])
        ET.SubElement(message, "source").text = sentence.text
        translation = ET.SubElement(message, "translation")
        translation.text = typeset(french.get(sentence.text, ""))
        if not translation.text:
            translation.set("type", "unfinished")
    ET.indent(root, "  ")
    text = ET.tostring(root, encoding="unicode")
    CATALOGUE.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', encoding="utf-8")


def typeset(french: str) -> str:
    """With straight apostrophes and the unbreakable spaces that French wants, but in what stands as code."""
    parts = re.split(r"(<code>.*?</code>)", french.replace("’", "'"))
    parts[::2] = [PERCENT.sub("\u202f", UNBREAKABLE.sub("\u00a0", part)) for part in parts[::2]]
    return "".join(parts)


def places(text: str) -> set[str]:
    """The named places of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def problems() -> list[str]:
    """Everything that would show a user a sentence that is not French, or a broken one."""
    sentences, found = extract()
    french = read_catalogue()
    for sentence in sentences:
        translated = french.get(sentence.text)
        if translated is None:
            found.append(f"{sentence.where}: not in the catalogue: {sentence.text!r} (run update)")
        elif not translated:
            found.append(f"{sentence.where}: not translated: {sentence.text!r}")
        elif translated != typeset(translated):
            found.append(f"{sentence.where}: not typeset as French is here: {translated!r} (run update)")
        elif places(translated) != places(sentence.text):
            found.append(f"{sentence.where}: the French has other places than {sentence.text!r}")
    gone = set(french) - {sentence.text for sentence in sentences}
    return found + [f"no longer in the code: {text!r} (run update)" for text in sorted(gone)]


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        sentences, _ = extract()
        write_catalogue(sentences, read_catalogue())
        print(f"{len(sentences)} sentences in {CATALOGUE.relative_to(ROOT)}")
        return 0
    if arguments == ["check"]:
        found = problems()
        print("\n".join(found) or "Every sentence is translated.")
        return 1 if found else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
