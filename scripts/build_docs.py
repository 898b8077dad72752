"""Puts the documentation together for MkDocs, in build/docs.

    make docs            (or: python3 scripts/build_docs.py, then mkdocs build)

The pages are those of docs/; each algorithm's page is its French help text with the tables of its parameters and
outputs, read from the provider when PyQGIS is there; pictures are those the tests leave in build/screenshots, and a
picture that is not there yet is left out of its page. Nothing is written twice.
"""

from __future__ import annotations

import re
import shutil
import sys
from typing import Any, NamedTuple

from project import BUILD, ROOT

DOCS, HELP, SHOTS, TARGET = ROOT / "docs", ROOT / "processing" / "help", BUILD / "screenshots", BUILD / "docs"
PICTURE = re.compile(r"^!\[[^\]]*\]\((?:\.\./)?images/([^)]+)\)\n?", re.MULTILINE)
KINDS = {
    "source": "couche",
    "vector": "couche",
    "sink": "couche produite",
    "field": "colonne",
    "enum": "choix",
    "number": "nombre",
    "string": "texte",
    "file": "fichier",
    "fileDestination": "fichier produit",
    "boolean": "oui ou non",
    "extent": "emprise",
    "authcfg": "authentification QGIS",
    "outputNumber": "nombre",
    "outputString": "texte",
}
Row = tuple  # of cells, for `table`


class Algorithm(NamedTuple):
    """What the provider says of an algorithm: its group's title, rows of its tables."""

    group: str
    parameters: list[Row]
    outputs: list[Row]


def main() -> int:
    shutil.rmtree(TARGET, ignore_errors=True)
    shutil.copytree(DOCS, TARGET)
    known = provider_facts()
    if not known:
        print("PyQGIS was not found: the algorithms' pages come without their tables of parameters.", file=sys.stderr)
    (TARGET / "algorithmes").mkdir()
    for page in sorted(HELP.glob("*.fr.md")):
        name = page.name.split(".")[0]
        text = algorithm_page(name, page.read_text(encoding="utf-8"), known.get(name))
        (TARGET / "algorithmes" / f"{name}.md").write_text(text, encoding="utf-8")
    (TARGET / "algorithmes" / "index.md").write_text(algorithm_list(known), encoding="utf-8")
    for page in TARGET.rglob("*.md"):
        page.write_text(with_pictures(page.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def with_pictures(text: str) -> str:
    """The page with the pictures that exist, copied beside it, and without the others."""

    def keep(found: re.Match) -> str:
        picture = SHOTS / found[1]
        if not picture.is_file():
            return ""
        (TARGET / "images").mkdir(exist_ok=True)
        shutil.copyfile(picture, TARGET / "images" / picture.name)
        return found[0]

    return PICTURE.sub(keep, text)


def algorithm_page(name: str, help_text: str, facts: Algorithm | None) -> str:
    """Title, identifier and picture, then the help text, then the tables."""
    title, _, rest = help_text.partition("\n")
    picture = f"![La fenêtre du traitement](../images/algorithme-{name}.png)\n"
    text = f"{title}\n\n`{provider_id(name)}`\n\n{picture}{loosened(rest)}"
    if facts is None:
        return text
    text += "\n## Tous les paramètres\n\n" + table(("nom", "genre", "sens", "par défaut"), facts.parameters)
    if facts.outputs:
        text += "\n## Valeurs rendues\n\n" + table(("nom", "genre", "sens"), facts.outputs)
    return text


def loosened(text: str) -> str:
    """A blank line before each list: QGIS's Markdown needs none, MkDocs's does."""
    lines: list[str] = []
    for line in text.split("\n"):
        opens = re.match(r"(- |\d+\. )", line)
        inside = lines and (not lines[-1] or re.match(r"(- |\d+\. |\s+\S)", lines[-1]))
        if opens and not inside:
            lines.append("")
        lines.append(line)
    return "\n".join(lines)


def algorithm_list(known: dict[str, Algorithm]) -> str:
    """The page that lists the algorithms, by group where the groups are known."""
    titles = {
        page.name.split(".")[0]: page.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        for page in sorted(HELP.glob("*.fr.md"))
    }
    text = "# Les algorithmes\n\nTout ce que fait le panneau est aussi un traitement : boîte à outils, modeleur et "
    text += "`qgis_process`.\n"
    groups = {name: known[name].group if name in known else "" for name in titles}
    for group in sorted(set(groups.values())):
        text += f"\n## {group}\n\n" if group else "\n"
        for name, title in titles.items():
            if groups[name] == group:
                text += f"- [{title}]({name}.md) – `{provider_id(name)}`\n"
    return text


def provider_id(name: str) -> str:
    return f"cartoservices:{name}"


def table(titles: tuple[str, ...], rows: list[Row]) -> str:
    """A Markdown table."""
    lines = [titles, ("---",) * len(titles), *rows]
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def provider_facts() -> dict[str, Algorithm]:
    """Every algorithm as QGIS knows it, in French where the translation is compiled; empty without PyQGIS."""
    try:
        from qgis.core import QgsApplication
    except ImportError:
        return {}
    application = QgsApplication([], False)
    application.initQgis()
    from carto_services_publics.i18n import install_translator
    from carto_services_publics.processing.provider import CartoProvider

    translator = install_translator("fr")
    if translator is None:
        print("The French words are not compiled (make translations).", file=sys.stderr)
    provider = CartoProvider()
    QgsApplication.processingRegistry().addProvider(provider)
    known = {algorithm.name(): _facts(algorithm) for algorithm in provider.algorithms()}
    QgsApplication.processingRegistry().removeProvider(provider)
    application.exitQgis()
    return known


def _facts(algorithm: Any) -> Algorithm:
    definitions = algorithm.parameterDefinitions()
    parameters = [
        (f"`{item.name()}`", _kind(item), item.description() + _choices(item), _default(item)) for item in definitions
    ]
    named = {item.name() for item in definitions}
    outputs = [
        (f"`{item.name()}`", KINDS.get(item.type(), item.type()), item.description())
        for item in algorithm.outputDefinitions()
        if item.name() not in named
    ]
    return Algorithm(algorithm.group(), parameters, outputs)


def _kind(item: Any) -> str:
    kind = KINDS.get(item.type(), item.type())
    return f"{kind}, facultatif" if item.flags() & type(item).FlagOptional else kind


def _choices(item: Any) -> str:
    return " : " + ", ".join(f"`{option}`" for option in item.options()) if item.type() == "enum" else ""


def _default(item: Any) -> str:
    value = item.defaultValue()
    return "" if value is None or item.type() == "sink" else f"`{value}`"


if __name__ == "__main__":
    sys.exit(main())
