"""What is fetched: types of the Géoplateforme, the columns that are kept of each, and their names in the GeoPackage."""

from __future__ import annotations

from typing import NamedTuple

from ..wfs import FeatureType

LICENCE = "Licence Ouverte 2.0"
TEXT, INTEGER, REAL, BOOLEAN = "text", "integer", "real", "boolean"


class Dataset(NamedTuple):
    """A type at the source, and the layer made of it. ``columns``: names, as at the source, with their kinds."""

    name: str
    layer: str
    geometry: str
    columns: dict[str, str]
    attribution: str = "IGN"

    @property
    def key(self) -> str:
        """The column that tells objects apart."""
        return next(iter(self.columns))

    @property
    def kind(self) -> FeatureType:
        """What the service is asked for."""
        return FeatureType(self.name, self.geometry, tuple(self.columns))


_ADMIN = "ADMINEXPRESS-COG-CARTO-PE.LATEST"

COMMUNES = Dataset(
    f"{_ADMIN}:commune",
    "communes",
    "geometrie",
    {
        "cleabs": TEXT,
        "nom_officiel": TEXT,
        "code_insee": TEXT,
        "population": INTEGER,
        "code_insee_du_departement": TEXT,
        "code_insee_de_la_region": TEXT,
        "codes_siren_des_epci": TEXT,
        "code_postal": TEXT,
    },
)
EPCI = Dataset(
    f"{_ADMIN}:epci",
    "epci",
    "geometrie",
    {"cleabs": TEXT, "nom_officiel": TEXT, "code_siren": TEXT, "nature": TEXT},
)
ROADS = Dataset(
    "BDTOPO_V3:troncon_de_route",
    "routes",
    "geometrie",
    {
        "cleabs": TEXT,
        "nature": TEXT,
        "importance": TEXT,
        "fictif": BOOLEAN,
        "position_par_rapport_au_sol": TEXT,
        "etat_de_l_objet": TEXT,
        "date_modification": TEXT,
        "nombre_de_voies": INTEGER,
        "largeur_de_chaussee": REAL,
        "itineraire_vert": BOOLEAN,
        "prive": BOOLEAN,
        "sens_de_circulation": TEXT,
        "reserve_aux_bus": TEXT,
        "urbain": BOOLEAN,
        "vitesse_moyenne_vl": INTEGER,
        "acces_vehicule_leger": TEXT,
        "acces_pieton": TEXT,
        "periode_de_fermeture": TEXT,
        "nature_de_la_restriction": TEXT,
        "restriction_de_hauteur": REAL,
        "restriction_de_poids_total": REAL,
        "restriction_de_largeur": REAL,
        "nom_collaboratif_gauche": TEXT,
        "nom_collaboratif_droite": TEXT,
        "insee_commune_gauche": TEXT,
        "insee_commune_droite": TEXT,
        "cpx_numero": TEXT,
    },
)
TURN_BANS = Dataset(
    "BDTOPO_V3:non_communication",
    "non_communication",
    "geometrie",
    {"cleabs": TEXT, "lien_vers_troncon_entree": TEXT, "liens_vers_troncon_sortie": TEXT, "date_modification": TEXT},
)
BUILDINGS = Dataset(
    "BDTOPO_V3:batiment",
    "demande",
    "geometrie",
    {
        "cleabs": TEXT,
        "usage_1": TEXT,
        "usage_2": TEXT,
        "nombre_de_logements": INTEGER,
        "etat_de_l_objet": TEXT,
        "construction_legere": BOOLEAN,
        "date_modification": TEXT,
    },
)
AGES = ("0_3", "4_5", "6_10", "11_17", "18_24", "25_39", "40_54", "55_64", "65_79", "80p", "inc")
HOUSEHOLDS = ("men", "men_pauv", "men_1ind", "men_5ind", "men_prop", "men_fmp", "men_coll", "men_mais", "men_surf")
DWELLINGS = ("log_av45", "log_45_70", "log_70_90", "log_ap90", "log_inc", "log_soc")
PEOPLE_COLUMNS = ("ind", *(f"ind_{ages}" for ages in AGES), *HOUSEHOLDS, *DWELLINGS, "ind_snv")
"""Of INSEE's cells, in its names: people by age, households (`men_pauv`: poor ones), dwellings, sum of incomes."""
CELL_KEYS = ("idcar_200m", "id_inspire", "idinspire", "id_car2010", "id_carr_n", "idcar")
CELLS = Dataset("INSEE.FILOSOFI.INDICATORS:carreaux_200m", "demande", "geom", {}, "INSEE")
"""Its columns change from one edition to the next: all are asked for, those of `PEOPLE_COLUMNS` kept."""
ZONES = Dataset(
    "BDTOPO_V3:zone_d_activite_ou_d_interet",
    "zone_d_activite_ou_d_interet",
    "geometrie",
    {
        "cleabs": TEXT,
        "categorie": TEXT,
        "nature": TEXT,
        "nature_detaillee": TEXT,
        "toponyme": TEXT,
        "etat_de_l_objet": TEXT,
        "fictif": BOOLEAN,
        "date_modification": TEXT,
        "insee_commune": TEXT,
        "adresse_postale": TEXT,
        "nom_commercial": TEXT,
    },
)
