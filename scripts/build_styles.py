"""Writes ``resources/styles/*.qml``: the plugin's styles as files, for layers made elsewhere or dressed by hand.

    python3 scripts/build_styles.py [--folder FOLDER]

They are what `processing.styling` gives a layer of each kind, in French, so there is nothing to keep in step by hand.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["QT_HASH_SEED"] = "0"  # XML attributes always in the same order

from project import ROOT
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsMapLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QLocale

# isort: split
from carto_services_publics.core.services import SERVICE_COLUMNS
from carto_services_publics.i18n import install_translator
from carto_services_publics.processing.styling import apply_style

DEFINITIONS = {
    "services": "Point?" + "&".join(f"field={column}:string" for column in SERVICE_COLUMNS),
    "isochrones": "Polygon?field=cutoff:double&field=metric:string",
    "coverage": "Polygon?field=zone_id:string&field=categorie:string&field=population:double"
    "&field=pop_au_dela_20:double&field=part_au_dela_20:double&field=cout_moyen:double&field=cout_median:double"
    "&field=pop_non_calculee:double&field=pop_au_dela_20_min:double&field=pop_au_dela_20_max:double",
    "gaps": "Polygon?field=rang:integer&field=categorie:string&field=seuil:double&field=population:double",
    "costs": "Point?field=population:double&field=cout:double",
    "roundtrip": "Point?field=categorie:string&field=possible:boolean&field=duree:double&field=code_raison:string",
    "roundtrip_zones": "Polygon?field=zone_id:string&field=categorie:string&field=population:double"
    "&field=pop_possible:double&field=part_possible:double",
    "week": "Polygon?field=zone_id:string&field=categorie:string&field=jours_par_semaine:double",
    "modes": "Polygon?field=zone_id:string&field=categorie:string&field=part_depend_voiture:double",
    "stop_places": "Point?field=marche_arret:double&field=zone_blanche:boolean",
    "basket": "Point?field=cout_panier:double&field=manquants:string&field=nb_manquants:integer",
    "score": "Point?field=score:double",
    "scenario": "Point?field=ecart:double",
    "sites": "Point?field=rang:integer&field=gain:double",
    "assignment": "LineString?field=cout:double",
    "rounds": "LineString?field=tournee:integer",
    "permanences": "Point?field=rang:integer&field=jour:string&field=demi_journee:string&field=horaires:string",
    "matches": "Point?field=local_id:string&field=reference_id:string&field=zone:string&field=score:double"
    "&field=distance_m:double&field=raisons:string&field=nom_local:string&field=nom_reference:string"
    "&field=ecarts:string",
    "critical": "LineString?field=rang:integer&field=categorie:string&field=personnes_isolees:double"
    "&field=personnes_au_dela:double&field=minutes_personnes:double",
    "network": "LineString?field=minutes:double",
    "problems": "Point?field=raison:string",
    "editions": "Point?field=nature:string&field=nom:string&field=commune:string&field=champs:string&field=avant:string"
    "&field=apres:string&field=lon_avant:double&field=lat_avant:double",
    "corrections": "Point?field=type:string&field=etat:string&field=commentaire:string",
}
SCORES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)
KEPT = (
    QgsMapLayer.StyleCategory.Symbology
    | QgsMapLayer.StyleCategory.Labeling
    | QgsMapLayer.StyleCategory.Fields
    | QgsMapLayer.StyleCategory.Forms
    | QgsMapLayer.StyleCategory.MapTips
    | QgsMapLayer.StyleCategory.Rendering
)


def layer_of(kind: str) -> QgsVectorLayer:
    """A layer with the columns that the kind has at least."""
    layer = QgsVectorLayer(DEFINITIONS[kind], kind, "memory")
    if kind == "score":  # classes come from the values
        layer.dataProvider().addFeatures([_scored(layer, score) for score in SCORES])
    return layer


def _scored(layer: QgsVectorLayer, score: float) -> QgsFeature:
    feature = QgsFeature(layer.fields())
    feature.setAttributes([score])
    feature.setGeometry(QgsGeometry.fromWkt("POINT(0 0)"))
    return feature


def with_lasting_keys(text: str) -> str:
    """QGIS numbers rules and symbol layers at random; numbered in their order, the same style gives the same file."""
    keys = dict.fromkeys(re.findall(r"\{[0-9a-f]{8}-[0-9a-f-]{27}\}", text))
    for position, key in enumerate(keys):
        text = text.replace(key, f"{{00000000-0000-0000-0000-{position:012x}}}")
    return text


def without_font(text: str) -> str:
    """Labels in the font of whoever loads the style: this machine's may not be there."""
    return re.sub(r' (fontFamily|namedStyle)="[^"]*"', "", text)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for kind in DEFINITIONS:
        layer = layer_of(kind)
        apply_style(layer, kind)
        path = folder / f"{kind}.qml"
        message, done = layer.saveNamedStyle(str(path), KEPT)
        if not done:
            sys.exit(message)
        path.write_text(without_font(with_lasting_keys(path.read_text(encoding="utf-8"))), encoding="utf-8")
        print(path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=ROOT / "resources" / "styles")
    QLocale.setDefault(QLocale("fr_FR"))
    application = QgsApplication([], True)
    application.initQgis()
    translator = install_translator("fr")
    main(parser.parse_args().folder)
    application.exitQgis()
