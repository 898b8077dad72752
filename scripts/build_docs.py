"""Puts the documentation together for MkDocs, in build/docs.

    make docs            (or: python3 scripts/build_docs.py, then mkdocs build)

The pages are those of docs/; each algorithm's page is its French help text with the example that the tests ran
(build/screenshots/exemples.json) and the tables of its parameters and outputs, read from the provider when PyQGIS is
there. Pictures and films are those the tests leave in build/screenshots; one that is not there yet is left out of its
page, and named. Nothing is written twice.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any, NamedTuple

from osgeo import gdal
from project import BUILD, ROOT

DOCS, HELP, SHOTS, TARGET = ROOT / "docs", ROOT / "processing" / "help", BUILD / "screenshots", BUILD / "docs"
PICTURE = re.compile(r"^(!\[[^\]]*\]\((?:\.\./)?images/)([^)]+)\)\n?", re.MULTILINE)
MAKES_PICTURES = ".venv/bin/python -m pytest tests/e2e"
WEBP = ("LOSSLESS=YES", "QUALITY=88")
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
EXAMPLES_START_FROM = """
## Les exemples

Chaque page montre le résultat d'un exemple sur le territoire de démonstration, et la commande qui le refait. Tous sont
lancés par `tests/e2e/test_algorithm_windows.py`, qui en fait les images. Pour les refaire, il faut dans le dossier :

- `demo.gpkg`, copie de `resources/demo/demo.gpkg` ;
- `mairies.gpkg`, `pharmacies.gpkg`, `ecoles.gpkg`, `postes.gpkg`, `secours.gpkg` : ses services de ces catégories ;
  `depot.gpkg` : la mairie de La Turbie ;
- `pied.network`, que fait l'exemple de [Construire le réseau routier](buildnetwork.md) ; les autres fichiers viennent
  de même d'un exemple, sauf `panier.json` et `ma_liste.csv`, écrits dans `tests/e2e/examples.py`.
"""
Row = tuple  # of cells, for `table`


class Algorithm(NamedTuple):
    """What the provider says of an algorithm: its group's title, rows of its tables."""

    group: str
    parameters: list[Row]
    outputs: list[Row]


def main() -> int:
    shutil.rmtree(TARGET, ignore_errors=True)
    shutil.copytree(DOCS, TARGET)
    known, examples = provider_facts(), examples_told()
    gdal.UseExceptions()
    gdal.AllRegister()  # QGIS takes the drivers away as it ends
    if not known:
        print("PyQGIS was not found: the algorithms' pages come without their tables of parameters.", file=sys.stderr)
    (TARGET / "algorithmes").mkdir()
    (TARGET / "images").mkdir()
    for page in sorted(HELP.glob("*.fr.md")):
        name = page.name.split(".")[0]
        text = algorithm_page(name, page.read_text(encoding="utf-8"), examples.get(name), known.get(name))
        (TARGET / "algorithmes" / f"{name}.md").write_text(text, encoding="utf-8")
    (TARGET / "algorithmes" / "index.md").write_text(algorithm_list(known), encoding="utf-8")
    lacking: set[str] = set()
    for page in TARGET.rglob("*.md"):
        page.write_text(typeset(with_pictures(page.read_text(encoding="utf-8"), lacking)), encoding="utf-8")
    if lacking:
        print(f"Pictures not there yet: {', '.join(sorted(lacking))}.\nMake them: {MAKES_PICTURES}", file=sys.stderr)
    return 0


def typeset(text: str) -> str:
    """French signs kept on the line of their word, outside code and addresses."""
    parts = re.split(r"(```.*?```|`[^`\n]*`|\]\([^)]*\)|^    .*?$)", text, flags=re.DOTALL | re.MULTILINE)
    parts[::2] = [re.sub(r" (?=[:;?!»%])|(?<=«) ", "\u00a0", part) for part in parts[::2]]
    parts[::2] = [re.sub(r"(?<=\d) (?=\d{3}\b)", "\u202f", part) for part in parts[::2]]
    return "".join(parts)


def with_pictures(text: str, lacking: set[str]) -> str:
    """The page with the pictures that exist, put beside it, and without the others, which join ``lacking``."""

    def keep(found: re.Match) -> str:
        picture = SHOTS / found[2]
        if not picture.is_file():
            lacking.add(picture.name)
            return ""
        return f"{found[1]}{lighter(picture).name})\n"

    return PICTURE.sub(keep, text)


def lighter(picture: Path) -> Path:
    """The picture among those of the documentation, several times lighter: with a loss that nobody sees, or none.

    A film is light as it is.
    """
    if picture.suffix == ".gif":
        return Path(shutil.copy(picture, TARGET / "images"))  # a film
    target = TARGET / "images" / f"{picture.stem}.webp"
    if not target.is_file():
        source = gdal.Open(str(picture))
        made = [target.with_name(f"{picture.stem}.{number}.webp") for number in range(len(WEBP))]
        for path, option in zip(made, WEBP):
            gdal.Translate(str(path), source, format="WEBP", creationOptions=[option])
        made.sort(key=lambda path: path.stat().st_size)
        made[0].rename(target)
        made[1].unlink()
    return target


def examples_told() -> dict[str, dict[str, Any]]:
    """What tests/e2e/drive_algorithms.py left of each algorithm: parameters, a sentence, pictures, a table."""
    path = SHOTS / "exemples.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def algorithm_page(name: str, help_text: str, example: dict[str, Any] | None, facts: Algorithm | None) -> str:
    """Title, what it does, its result on the demonstration, then the help text, the window and the tables."""
    title, opening, rest = help_text.split("\n\n", 2)
    text = f"{title}\n\n`{provider_id(name)}`\n\n{opening}\n\n"
    if example:
        text += result_of(example)
    text += loosened(rest)
    if example:
        text += "\n## Cet exemple, à refaire\n\n" + command_of(name, example)
    text += f"\n![La fenêtre « {title.lstrip('# ')} », remplie](../images/algorithme-{name}.png)\n"
    if facts is None:
        return text
    text += "\n## Tous les paramètres\n\n" + table(("nom", "genre", "sens", "par défaut"), facts.parameters)
    if facts.outputs:
        text += "\n## Valeurs rendues\n\n" + table(("nom", "genre", "sens"), facts.outputs)
    return text


def result_of(example: dict[str, Any]) -> str:
    """Pictures, the sentence that says what they show, the first rows of the table."""
    says = example["says"]
    text = "".join(f"![{says.replace('`', '')}](../images/{picture})\n" for picture in example["pictures"])
    text += f"\n*Sur la démonstration.* {says}\n\n"
    if example["table"]:
        text += table(tuple(f"`{name}`" for name in example["table"]["columns"]), example["table"]["rows"]) + "\n"
    return text


def command_of(name: str, example: dict[str, Any]) -> str:
    """The example as `qgis_process` runs it."""
    given = [
        shlex.quote(f"{parameter}={value}")
        for parameter, told in example["parameters"].items()
        for value in (told if isinstance(told, list) else [told])
    ]
    lines = [f"qgis_process run {provider_id(name)} --", *(" ".join(pair) for pair in zip(given[::2], given[1::2]))]
    if len(given) % 2:
        lines.append(given[-1])
    return "```bash\n" + " \\\n  ".join(lines) + "\n```\n\n[Les fichiers de l'exemple](index.md#les-exemples).\n"


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
    pages = {page.name.split(".")[0]: page.read_text(encoding="utf-8") for page in sorted(HELP.glob("*.fr.md"))}
    text = "# Les algorithmes\n\nTout ce que fait le panneau est aussi un traitement : boîte à outils, modeleur et "
    text += "`qgis_process`.\n"
    groups = {name: known[name].group if name in known else "" for name in pages}
    for group in sorted(set(groups.values())):
        text += f"\n## {group}\n\n" if group else "\n"
        members = [name for name in pages if groups[name] == group]
        text += table(
            ("traitement", "ce qu'il fait"), [(link_to(name, pages[name]), opening_of(pages[name])) for name in members]
        )
    return text + EXAMPLES_START_FROM


def link_to(name: str, page: str) -> str:
    title = page.partition("\n")[0].lstrip("# ")
    return f"[{title}]({name}.md)<br>`{provider_id(name)}`"


def opening_of(page: str) -> str:
    """The first sentence of a help text."""
    return re.split(r"(?<=[.!?])\s", page.split("\n\n")[1].replace("\n", " "))[0]


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
    if value is None or item.type() == "sink":
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


if __name__ == "__main__":
    sys.exit(main())
