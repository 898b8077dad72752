"""The user's words: every sentence has its French, every parameter shows it, numbers are written as in France."""

from __future__ import annotations

import ast
import os
import re
import shutil
import string
import subprocess

import pytest
from carto_services_publics.i18n import (
    counted,
    install_translator,
    number,
    percent,
    tr,
    translate_message,
)
from carto_services_publics.i18n import (
    in_french as always_french,
)
from carto_services_publics.scripts import translations
from qgis.core import QgsProcessingParameterEnum
from qgis.PyQt.QtCore import QCoreApplication, QLocale

from tests.conftest import LINKS, ROOT

SAME_IN_BOTH = {
    "> {minutes} min",
    "Date",
    "GeoPackage (*.gpkg)",
    "GeoPackage (terrain.gpkg)",
    "Atlas",
    "Communes",
    "Question",
    "min",
    "{signed} point|{signed} points",
    "{minutes} min",
    "Communes (ADMIN EXPRESS)",
    "Licence",
    "Logo",
    "{count} service|{count} services",
    "Accessible",
    "Agent",
    "Anomalies",
    "Annuaire de l'administration (DILA)",
    "Commune",
    "Communes – {place}",
    "Confirmation",
    "Correction",
    "Corrections",
    "Destination",
    "Destinations",
    "Distance",
    "Distance (m)",
    "Gain",
    "HTML (*.html)",
    "Isochrones",
    "Message",
    "Modification",
    "PDF (*.pdf)",
    "Page (HTML)",
    "Permanences",
    "Points",
    "Population",
    "SIRET",
    "Service",
    "Services",
    "Services – {place}",
    "Source",
    "Zone",
    "Zones",
    "accessible",
    "commune",
    "département",
    "5 · Corrections",
    "{words}",
    "Plan IGN",
    "SVG (*.svg)",
}
"""Words that are the same in English and in French."""


@pytest.fixture(scope="module")
def compiled():
    """The catalogue as the package ships it."""
    subprocess.run(["make", "--silent", "translations"], cwd=ROOT, check=True)


@pytest.fixture
def in_french(qgis_app, compiled):
    before = QLocale()
    QLocale.setDefault(QLocale("fr_FR"))
    translator = install_translator("fr")
    assert translator is not None
    yield
    QCoreApplication.removeTranslator(translator)
    QLocale.setDefault(before)


def shown_by(provider) -> dict[str, str]:
    """All that a user reads of the algorithms, by where it stands; each made anew, as the toolbox does."""
    found = {}
    for known in provider.algorithms():
        algorithm = known.create()
        found[f"{algorithm.name()}"] = algorithm.displayName()
        found[f"{algorithm.name()} group"] = algorithm.group()
        for definition in algorithm.parameterDefinitions():
            found[f"{algorithm.name()} {definition.name()}"] = definition.description()
            if isinstance(definition, QgsProcessingParameterEnum) and not definition.usesStaticStrings():
                for rank, label in enumerate(definition.options()):
                    found[f"{algorithm.name()} {definition.name()} option {rank}"] = label
        for output in algorithm.outputDefinitions():
            found[f"{algorithm.name()} output {output.name()}"] = output.description()
    return found


def test_every_sentence_is_translated():
    assert translations.problems() == []


def test_no_sentence_is_filled_in_before_it_is_translated():
    _, problems = translations.extract()
    assert problems == []


def test_no_text_is_translated_while_a_module_is_imported():
    """It would stay in English: the translator comes later."""
    early = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in translations.modules()
        for call in calls_on_import(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call.func, ast.Name) and call.func.id in ("tr", "translate_message")
    ]
    assert early == []


def calls_on_import(tree: ast.AST):
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from calls_on_import(child)


def test_the_french_differs_from_the_english_but_for_words_they_share():
    same = {english for english, french in translations.read_catalogue().items() if english == french}
    assert same - SAME_IN_BOTH == set()


def test_the_french_can_be_filled_in():
    for french in translations.read_catalogue().values():
        values = dict.fromkeys((name for _, name, _, _ in string.Formatter().parse(french) if name), "x")
        assert "{x" not in french.format(**values)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (r" [;!?»](\s|$)", "an unbreakable space stands before ; ! ? »"),
        (r" :(\s|$)", "an unbreakable space stands before :"),
        (r"[\d}]\s%(?<!\u202f%)", "a narrow unbreakable space stands before %"),
        (r"[\d}] (min|km|m|h|ha|Mo)\b(?!['’])", "an unbreakable space stands between a figure and its unit"),
        (r"« ", "an unbreakable space stands after «"),
        (r"[“”’]", "quotes are « » and the apostrophe is straight"),
        (r"\.\.\.", "… is one character"),
        (r"\b(tu|te|ton|ta|tes|toi)\b", "one says vous"),
    ],
)
def test_the_french_is_typeset_as_french(fault, why):
    code = re.compile(r"<code>.*?</code>|&\w+;|;;")
    wrong = [text for text in translations.read_catalogue().values() if re.search(fault, code.sub("", text))]
    assert wrong == [], why


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("de {low} à {high} % des gens", "de {low} à {high}\u202f% des gens"),
        ("36,7 %", "36,7\u202f%"),
        ("à {n} m l'un de l'autre", "à {n}\u00a0m l'un de l'autre"),
        ("{n} {unit} avant", "{n}\u00a0{unit} avant"),
        ("± {moved} %", "±\u00a0{moved}\u202f%"),
        ("{count} h'", "{count} h'"),
        ("{count} m'ont dit", "{count} m'ont dit"),
        ("{count} marchés", "{count} marchés"),
        ("la part (%) et <code>part > 20 %</code>", "la part (%) et <code>part > 20 %</code>"),
    ],
)
def test_no_line_ends_between_a_figure_and_its_unit(written, read):
    assert translations.typeset(written) == read == translations.typeset(read)


def test_what_is_always_french_is_french_in_an_english_qgis(qgis_app, compiled):
    assert tr("Coverage gaps") == "Coverage gaps" and percent(36.7, 1) == "36.7\u202f%"
    with always_french():
        assert tr("Coverage gaps") == "Manques de couverture" and percent(36.7, 1) == "36,7\u202f%"
        assert counted(tr("Load {count} service|Load {count} services"), 0) == "Charger 0 service"
        assert tr("not in the catalogue") == "not in the catalogue"
    assert tr("Coverage gaps") == "Coverage gaps"


def test_the_words_of_the_trade_are_french(in_french):
    assert tr("Coverage gaps") == "Manques de couverture"
    assert tr("Missing services") == "Services manquants"
    assert tr("Propose a correction") == "Proposer une correction"


def test_numbers_are_written_as_in_france(in_french):
    from carto_services_publics.core.messages import msg

    told = msg(
        "{count} person ({share} %) is more than {threshold} min from: {category}."
        "|{count} people ({share} %) are more than {threshold} min from: {category}.",
        count=8214,
        share=10.7,
        threshold=20,
        category="France services",
    )
    sentence = re.sub(r"\s", " ", translate_message(told))
    assert sentence == "8 214 habitants (10,7 %) à plus de 20 min de : France services."
    assert re.fullmatch(r"1\s234,5", number(1234.5, 1))


def test_one_is_not_told_as_several(request, qgis_app):
    from carto_services_publics.core.messages import msg

    def told(count: int) -> list[str]:
        row = msg(
            "{count} row without position is matched by commune only."
            "|{count} rows without position are matched by commune only.",
            count=count,
        )
        button = counted(tr("Load {count} service|Load {count} services"), count)
        return [button, translate_message(row), str(row)]

    assert [told(count)[0] for count in (0, 1, 2)] == ["Load 0 services", "Load 1 service", "Load 2 services"]
    assert told(1)[1] == told(1)[2] == "1 row without position is matched by commune only."
    assert told(2)[1] == told(2)[2] == "2 rows without position are matched by commune only."
    request.getfixturevalue("in_french")
    assert [told(count)[0] for count in (0, 1, 2)] == ["Charger 0 service", "Charger 1 service", "Charger 2 services"]
    assert told(1)[1].startswith("1 ligne sans position est ") and told(2)[1].startswith("2 lignes sans position sont ")
    assert counted(tr("{count} sent"), 2) == "2 envoyées"


def test_an_error_of_core_is_told_in_french(in_french):
    from carto_services_publics.core.errors import Cancelled
    from carto_services_publics.core.territories import UnknownTerritory, find

    assert translate_message(Cancelled()) == "Annulé."
    with pytest.raises(UnknownTerritory) as refused:
        find("ZZ")
    assert translate_message(refused.value).startswith("«\u00a0ZZ\u00a0» n'est ni une commune")


def test_a_parameter_is_called_by_its_name_alone(provider, in_french):
    from carto_services_publics.core.messages import msg

    where = "{count} place of SUPPORT lies in no zone: nobody is put there."
    several = "{count} places of SUPPORT lie in no zone: nobody is put there."
    said = provider.algorithm("spreadpopulation").create().words(msg(f"{where}|{several}", count=2))
    assert "«\u00a0Là où l'on habite\u00a0»" in said


def test_every_algorithm_and_parameter_is_shown_in_french(provider, request):
    english = shown_by(provider)
    request.getfixturevalue("in_french")
    french = shown_by(provider)
    assert french.keys() == english.keys() and len(french) > 300
    still_english = {where: text for where, text in french.items() if text == english[where]}
    assert set(still_english.values()) - SAME_IN_BOTH == set(), still_english


def test_columns_and_their_values_are_shown_in_french(request, qgis_app):
    from carto_services_publics.core.services import SERVICE_COLUMNS
    from carto_services_publics.processing.styling.columns import alias, words

    def shown() -> list[str]:
        columns = (*SERVICE_COLUMNS, "pop_au_dela_20", "part_au_dela_7_5", "cout_mairie", "cout", "type", "etat")
        values = [word for column in columns if column != "categorie" for word in words(column).values()]
        return [*map(alias, columns), *values]

    english = shown()
    request.getfixturevalue("in_french")
    french = shown()
    kept = {one for one, other in zip(english, french) if one == other} - {""}
    assert "Population à plus de 20\u00a0min" in french and "Fermé" in french
    assert kept - SAME_IN_BOTH == set()


@pytest.fixture
def french_qgis_process(compiled, tmp_path):
    """`qgis_process` in a new profile whose language is French, whatever the system's."""
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    assert program, "QGIS is not installed"
    settings = tmp_path / "profiles" / "default" / "QGIS"
    settings.mkdir(parents=True)
    for name in ("QGIS3.ini", "QGIS4.ini"):  # each QGIS reads its own
        (settings / name).write_text("[locale]\noverrideFlag=true\nuserLocale=fr\n", encoding="utf-8")
    environment = {
        **os.environ,
        "LANG": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path),
        "QGIS_PLUGINPATH": str(LINKS),
    }

    def call(*arguments: str) -> str:
        done = subprocess.run([program, *arguments], env=environment, capture_output=True, encoding="utf-8", check=True)
        return done.stdout

    call("plugins", "enable", "carto_services_publics")
    return call


def test_qgis_process_speaks_the_language_of_the_profile(french_qgis_process):
    told = french_qgis_process("help", "cartoservices:coveragegaps")
    assert "Manques de couverture (cartoservices:coveragegaps)" in told
    assert "THRESHOLDS: Seuils (minutes)" in told
    assert "Qui est loin de quel service, combien, et où." in told  # its page of help
