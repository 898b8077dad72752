"""The documentation speaks of what is there: pages, links, algorithms, parameters, buttons."""

from __future__ import annotations

import importlib.util
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS, HELP = ROOT / "docs", ROOT / "processing" / "help"
PAGES = sorted(DOCS.rglob("*.md"))
IDS = sorted({page.name.split(".")[0] for page in HELP.glob("*.md")})
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
PAGES_OF_THE_PANEL = {"Référentiel", "Accès", "Agir", "Corrections"}
NAME = re.compile(r"`([A-Z][A-Z_]*)`")
GENERATED = {"algorithmes/index.md"} | {f"algorithmes/{name}.md" for name in IDS}


def algorithm_ids() -> set[str]:
    """Identifiers of the classes in processing/*.py."""
    found = set()
    for module in (ROOT / "processing").glob("*.py"):
        found |= set(re.findall(r'^    ID = "([a-z]+)"', module.read_text(encoding="utf-8"), re.MULTILINE))
    return found


def menu() -> list[str]:
    """The pages of mkdocs.yml, in order."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    return re.findall(r": (\S+\.md)$", text, re.MULTILINE)


def contract() -> dict[str, set[str]]:
    """What outside programs give and get, by algorithm."""
    path = ROOT / "tests" / "processing" / "contract_cases.py"
    spec = importlib.util.spec_from_file_location("contract_cases", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {name: set(re.findall(r"[A-Z_]+", words)) for name, words in module.SIGNATURES.items()}


def help_of(name: str, language: str) -> str:
    return (HELP / f"{name}.{language}.md").read_text(encoding="utf-8")


def sections(page: Path) -> set[str]:
    """The anchors of a page's headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w]+", "-", title.lower().replace("'", "")).strip("-") for title in titles}


def test_every_algorithm_has_its_help_in_french_and_in_english():
    assert set(IDS) == algorithm_ids()
    lacking = [f"{name}.{language}" for name in IDS for language in ("fr", "en")
               if not (HELP / f"{name}.{language}.md").is_file()]  # fmt: skip
    assert lacking == []


@pytest.mark.parametrize("name", IDS)
def test_both_languages_name_the_same_parameters_columns_and_values(name):
    """All that is written as code, but the examples, which each language has its own way of giving."""
    french, english = (set(re.findall(r"`([a-z0-9_]+|[A-Z_]+)`", help_of(name, language))) for language in ("fr", "en"))
    assert french == english


@pytest.mark.parametrize("name", IDS)
def test_both_languages_have_the_same_sections_and_as_many_items(name):
    shapes = [re.findall(r"^(#+|- |\d\. |\|)", help_of(name, language), re.MULTILINE) for language in ("fr", "en")]
    assert shapes[0] == shapes[1]


def numbers(text: str) -> list[str]:
    """The figures of a text, whichever way its language writes them; `10h` and `10:00` are one."""
    text = re.sub(r"(?<=\d)[ ,](?=\d{3}\b)|(?<=\d\d):00", "", text)
    return sorted(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d)", ".", text)))


@pytest.mark.parametrize("name", IDS)
def test_both_languages_give_the_same_figures(name):
    assert numbers(help_of(name, "fr")) == numbers(help_of(name, "en"))


def test_the_readme_names_every_algorithm():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in IDS if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("name, promised", contract().items())
def test_the_help_speaks_of_every_parameter_of_the_contract(name, promised):
    assert promised - set(NAME.findall(help_of(name, "fr"))) == set()


def test_the_menu_names_every_page_once_and_no_other():
    written = {page.relative_to(DOCS).as_posix() for page in PAGES}
    assert len(menu()) == len(set(menu()))
    assert set(menu()) == written | GENERATED


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_inside_the_documentation_leads_somewhere(page):
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if target.is_relative_to(DOCS) and target.relative_to(DOCS).as_posix() in GENERATED:
            continue
        assert target.is_file(), link
        assert not anchor or anchor in sections(target), link


def test_every_picture_named_is_made_by_a_test():
    """Those of the algorithms by their examples, the others by the test that says their name."""
    drives = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "e2e").glob("*.py"))
    made = set(re.findall(r"[\w-]+", drives)) | {f"resultat-{name}" for name in IDS}
    made |= {f"film-{name}" for name in re.findall(r'film\("([\w-]+)"\)', drives)}
    pages = [page.read_text(encoding="utf-8") for page in PAGES]
    named = {name for page in pages for name in re.findall(r"images/([\w-]+)\.(?:png|gif)", page)}
    assert named - made == set()
    assert len({name for name in named if name.startswith("film-")}) >= 5, "the five main uses are shown"


def test_a_film_is_taken_as_it_is(builder, tmp_path, monkeypatch):
    for name, folder in (("SHOTS", tmp_path / "shots"), ("TARGET", tmp_path / "docs")):
        (folder / "images").mkdir(parents=True)
        monkeypatch.setattr(builder, name, folder)
    (tmp_path / "shots" / "film-essai.gif").write_bytes(b"GIF89a")
    lacking = set()
    page = "![Un essai](images/film-essai.gif)\n![Un autre](images/film-autre.gif)\n"
    assert builder.with_pictures(page, lacking) == "![Un essai](images/film-essai.gif)\n"
    assert (tmp_path / "docs" / "images" / "film-essai.gif").read_bytes() == b"GIF89a"
    assert lacking == {"film-autre.gif"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_algorithm_named_exists(page):
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"cartoservices:([a-z]+)", text)) | set(re.findall(r"\[`([a-z]+)`\]\(algorithmes", text))
    assert named <= algorithm_ids()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_of_the_project_named_exists(page):
    folders = "core|processing|ui|tests|bench|scripts|resources"
    for name in re.findall(rf"`((?:{folders})/[\w./-]+)`", page.read_text(encoding="utf-8")):
        assert (ROOT / name).exists(), name


@pytest.fixture(scope="module")
def french_words() -> set[str]:
    """What the French screens say."""
    catalogue = ROOT / "i18n" / "carto_services_publics_fr.ts"
    return {message.findtext("translation") for message in ElementTree.parse(catalogue).iter("message")}


@pytest.mark.parametrize("name", ["premiere-carte", "corrections", "sdaasap"])
def test_the_screen_words_of_a_page_are_those_of_the_french_screens(french_words, name):
    """They are in italics; menus, with their ›, are QGIS's own."""
    text = re.sub(r"```.*?```|`[^`]*`", "", (DOCS / f"{name}.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    named = {" ".join(words.split()) for words in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text)}
    assert {words for words in named if "›" not in words} - french_words - PAGES_OF_THE_PANEL - {
        "OSGeo4W Shell"
    } == set()


def test_the_buttons_named_are_those_of_the_french_screens(french_words):
    named = re.findall(r"\*\*([^*]+)\*\*", (DOCS / "premiere-carte.md").read_text(encoding="utf-8"))
    assert set(named) <= french_words | PAGES_OF_THE_PANEL


@pytest.mark.parametrize("name", IDS)
def test_the_algorithms_named_in_a_help_text_have_that_name(french_words, name):
    titles = {help_of(other, "fr").partition("\n")[0].lstrip("# ") for other in IDS}
    assert titles <= french_words
    quoted = {" ".join(words.split()) for words in re.findall(r"« ([A-ZÉÀ][^»,(]+) »", help_of(name, "fr"))}
    assert quoted <= french_words


@pytest.fixture
def builder(monkeypatch):
    """`scripts/build_docs.py`, as a module."""
    pytest.importorskip("osgeo")
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module("build_docs")


def test_french_signs_stay_with_their_word_and_code_stays_as_it_is(builder):
    page = "Un coût : 20 000 m ; « oui » [là](a%20b).\n\n    make demo ; ls\n\n```bash\na : b\n```\n`c : d`"
    typed = builder.typeset(page)
    assert typed.startswith("Un coût\u00a0: 20\u202f000 m\u00a0; «\u00a0oui\u00a0» [là](a%20b).")
    assert typed.endswith("\n\n    make demo ; ls\n\n```bash\na : b\n```\n`c : d`")


def test_a_picture_that_is_not_there_yet_is_left_out_and_named(builder):
    lacking = set()
    assert builder.with_pictures("a\n![Une carte](images/nulle-part.png)\nb", lacking) == "a\nb"
    assert lacking == {"nulle-part.png"}


def test_a_list_is_a_list_for_mkdocs_too(builder):
    assert builder.loosened("Voici :\n- un\n- deux\n  et demi") == "Voici :\n\n- un\n- deux\n  et demi"


def test_the_command_of_an_example_can_be_typed(builder):
    example = {"parameters": {"INPUT": "a b.gpkg", "WHOLE": True, "OUTPUT": "o.gpkg"}}
    lines = "qgis_process run cartoservices:isochrones --", "'INPUT=a b.gpkg' WHOLE=True", "OUTPUT=o.gpkg"
    assert builder.command_of("isochrones", example).startswith("```bash\n" + " \\\n  ".join(lines) + "\n```")


def test_the_table_of_versions_has_a_row_for_each_lane_of_the_matrix():
    script = (ROOT / "scripts" / "matrix.sh").read_text(encoding="utf-8")
    lanes = re.search(r"releases=\((\w[\w ]*)\)", script).group(1).split()
    page = (DOCS / "developpeurs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| 3\.", page, re.MULTILINE)
    assert rows == lanes
