"""What the columns are called on screen, with their units, and the words their codes stand for."""

from __future__ import annotations

import re

from ...core.access.baskets import labels as basket_labels
from ...core.categories import categories
from ...core.population_columns import group_label
from ...core.travel_modes import BIKE, CAR, FOOT, METRICS
from ...i18n import locale, tr, translate_message
from .renderers import category_label, edition_natures, trip_reasons


def alias(column: str, unit: str = "min", kind: str = "") -> str:
    """The title of a column, empty when its own name says it all. ``unit``: that of the layer's costs.

    ``kind`` of the layer, where a column means something else than elsewhere.
    """
    titles = {**_fixed(unit), **_of_kind(kind)}
    return titles.get(column) or _of_threshold(column, unit) or _of_category(column, unit) or _inside(column)


def _inside(column: str) -> str:
    """Of what an isochrone holds: a group of people, or the services of a category."""
    if column.startswith("groupe_"):
        label = group_label(column[len("groupe_") :])
        return label if isinstance(label, str) else translate_message(label)
    code = column[len("nb_") :] if column.startswith("nb_") else ""
    return category_label(code) if code in categories() else ""


def _fixed(unit: str) -> dict[str, str]:
    return {
        "id": tr("Identifier"),
        "nom": tr("Name"),
        "categorie": tr("Category"),
        "producteur": tr("Producer"),
        "id_producteur": tr("Identifier at the producer"),
        "siret": tr("SIRET number"),
        "adresse": tr("Address"),
        "code_postal": tr("Postcode"),
        "commune": tr("Commune"),
        "code_insee": tr("INSEE code"),
        "telephone": tr("Telephone"),
        "courriel": tr("E-mail"),
        "site_web": tr("Web site"),
        "horaires": tr("Opening hours"),
        "modalite": tr("How the service is given"),
        "accessibilite": tr("Wheelchair access"),
        "precision_position": tr("Position known to the nearest"),
        "date_maj": tr("Last change at the producer"),
        "version": tr("Version of the record"),
        "url": tr("Public page"),
        "anomalie": tr("Anomaly"),
        "raison": tr("Reason"),
        "couche": tr("Layer"),
        "cutoffs": tr("Limits ({unit})").format(unit=unit),
        "ressemble_a": tr("Resembles"),
        "brut": tr("Record as received"),
        "cutoff": tr("Limit ({unit})").format(unit=unit),
        "metric": tr("Measured in"),
        "profile": tr("Travel mode"),
        "direction": tr("Direction"),
        "engine": tr("Engine"),
        "zone_id": tr("Zone"),
        "possible": tr("There and back possible"),
        "code_raison": tr("Why not"),
        "pop_possible": tr("People who can go and be back"),
        "part_possible": tr("Share of people who can go and be back (0 to 1)"),
        "reseau": tr("Network"),
        "lignes": tr("Lines"),
        "courses": tr("Trips on the day"),
        "premier_depart": tr("First departure"),
        "dernier_depart": tr("Last departure"),
        "anomalies": tr("Anomalies"),
        "departs": tr("Departures on the day"),
        "jeu": tr("Feed"),
        "population": tr("Population"),
        "cout": tr("Cost ({unit})").format(unit=unit),
        "cout_moyen": tr("Mean cost, weighted by population ({unit})").format(unit=unit),
        "cout_median": tr("Median cost, weighted by population ({unit})").format(unit=unit),
        "pop_non_atteinte": tr("Population that reaches no service"),
        "pop_non_calculee": tr("Population that could not be computed"),
        "incertitude": tr("Interval: threshold moved by (%)"),
        "horaires_inconnus": tr("Interval: places of unknown hours"),
        "positions_vagues": tr("Interval: places known to the commune only"),
        "lecture_routes": tr("How the roads were read"),
        "groupe": tr("Group"),
        "moyenne": tr("Mean, weighted by population"),
        "mediane": tr("Median, weighted by population"),
        "gini": tr("Gini (0: the same for all)"),
        "palma": tr("Palma (richest tenth over poorest 40 %)"),
        "concentration": tr("Concentration (above 0: with the rich)"),
        "theil_t": tr("Theil T (0: the same for all)"),
        "fgt0": tr("Share of the poor (FGT 0)"),
        "fgt1": tr("Mean shortfall (FGT 1)"),
        "fgt2": tr("Mean squared shortfall (FGT 2)"),
        "pop_sans_rang": tr("Population of unknown wealth"),
        "pop_au_dela": tr("Population beyond the threshold"),
        "part_au_dela": tr("Share beyond the threshold (0 to 1)"),
        "rang": tr("Rank"),
        "seuil": tr("Threshold ({unit})").format(unit=unit),
        "part": tr("Share of the population (0 to 1)"),
        "nb_lieux": tr("Places of demand"),
        "jour": tr("Weekday (1 = Monday)"),
        "heure": tr("Hour"),
        "ratio": tr("Capacity per person who can reach it"),
        "cout_panier": tr("Mean time to the basket (min)"),
        "manquants": tr("Missing services"),
        "nb_manquants": tr("Number of missing services"),
        "nb_services": tr("Services inside"),
        "score": tr("Accessibility score (capacity per person)"),
        "offre": tr("Capacity within reach, shared with nobody"),
        "service_id": tr("Service"),
        "demand_id": tr("Place of demand"),
        "origin_id": tr("Origin"),
        "destination_id": tr("Destination"),
        "gain": tr("Gain"),
        "cout_avant": tr("Cost before ({unit})").format(unit=unit),
        "cout_apres": tr("Cost after ({unit})").format(unit=unit),
        "ecart": tr("Difference, after less before ({unit})").format(unit=unit),
        "effet": tr("Effect"),
        "site_id": tr("Site"),
        "site_type": tr("Existing or proposed"),
        "poids": tr("People"),
        "poids_servi": tr("People served"),
        "scenario": tr("Scenario"),
        "identifiant": tr("Zone or group"),
        "pop_gagne": tr("People who come nearer"),
        "pop_perd": tr("People who get farther"),
        "pop_inchange": tr("People for whom nothing changes"),
        "pop_gagne_acces": tr("People who get access"),
        "pop_perd_acces": tr("People who lose all access"),
        "pop_sans_acces": tr("People who have no access before or after"),
        "gain_total": tr("Saved in all (people × {unit})").format(unit=unit),
        "perte_totale": tr("Lost in all (people × {unit})").format(unit=unit),
        "cout_moyen_avant": tr("Mean cost before ({unit})").format(unit=unit),
        "cout_moyen_apres": tr("Mean cost after ({unit})").format(unit=unit),
        "tournee": tr("Round"),
        "arrivee": tr("Arrival"),
        "arrets": tr("Stops"),
        "trajet": tr("Travel ({unit})").format(unit=unit),
        "duree": tr("Duration ({unit})").format(unit=unit),
        "demi_journee": tr("Half-day"),
        "demi_journees": tr("Half-days held"),
        "agent": tr("Agent"),
        "type": tr("Type of correction"),
        "commentaire": tr("Comment"),
        "preuve_url": tr("Proof (address)"),
        "auteur_organisation": tr("Your organisation"),
        "cree_le": tr("Made on"),
        "etat": tr("State"),
        "motif": tr("Reason given"),
        "ref_serveur": tr("Reference at the registry"),
    }


def _of_kind(kind: str) -> dict[str, str]:
    """Titles of columns that mean something else, or nothing, in other layers."""
    if kind == "matches":
        return {
            "local_id": tr("Identifier in my list"),
            "reference_id": tr("Identifier in the referential"),
            "zone": tr("Certainty"),
            "score": tr("Likelihood (0 to 1)"),
            "distance_m": tr("Distance (m)"),
            "raisons": tr("Reasons"),
            "nom_local": tr("Name in my list"),
            "nom_reference": tr("Name in the referential"),
            "adresse_local": tr("Address in my list"),
            "adresse_reference": tr("Address in the referential"),
            "ecarts": tr("What my list says otherwise"),
        }
    if kind == "changes":
        return {
            "objet": tr("What"),
            "changement": tr("Change"),
            "lieu_avant": tr("From"),
            "lieu_apres": tr("To"),
            "distance_m": tr("Distance moved, or length (m)"),
            "horaires_avant": tr("Hours before"),
            "horaires_apres": tr("Hours after"),
            "valeur": tr("Speed (km/h), or direction"),
            "troncons": tr("Links"),
            "minutes_avant": tr("End to end before (min)"),
            "minutes_apres": tr("End to end after (min)"),
        }
    if kind == "isochrones":
        return {"population": tr("People living inside")}
    if kind == "critical":
        return {
            "personnes_isolees": tr("People isolated by its cut"),
            "personnes_au_dela": tr("People it puts beyond the threshold"),
            "minutes_personnes": tr("Person-minutes added"),
        }
    if kind == "roundtrip":
        return {
            "depart": tr("Leaves home"),
            "arrivee": tr("At the door"),
            "fin": tr("Served"),
            "retour": tr("Home again"),
            "duree": tr("Time away (min)"),
        }
    if kind == "week":
        days = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
        names = (locale().dayName(number) for number in range(1, 8))
        shares = {f"part_{day}": tr("There and back: {day}").format(day=name) for day, name in zip(days, names)}
        return {**shares, "jours_par_semaine": tr("Days a week there and back")}
    if kind == "modes":
        return {
            "pop_a_pied": tr("People near on foot"),
            "pop_transport": tr("People near by public transport"),
            "pop_voiture": tr("People near by car"),
            "pop_depend_voiture": tr("People near by car only"),
            "part_depend_voiture": tr("Share of the people near by car only"),
        }
    if kind == "stop_places":
        return {"marche_arret": tr("On foot to a stop (min)"), "zone_blanche": tr("No stop near")}
    if kind == "network":
        return {
            "noeud": tr("Junction"),
            "troncons": tr("Links"),
            "troncon": tr("Link"),
            "noeud_debut": tr("First junction"),
            "noeud_fin": tr("Last junction"),
            "longueur_m": tr("Length (m)"),
            "minutes_direct": tr("Minutes forwards"),
            "minutes_inverse": tr("Minutes backwards"),
            "minutes_direct_avant": tr("Minutes forwards, before"),
            "minutes_inverse_avant": tr("Minutes backwards, before"),
            "minutes_direct_apres": tr("Minutes forwards, after"),
            "minutes_inverse_apres": tr("Minutes backwards, after"),
            "accroche": tr("Places are put on it"),
        }
    return {
        "sites": {"modele": tr("Model"), "unite": tr("Unit of the gain")},
        "curve": {"sites": tr("Sites opened"), "couverts": tr("People covered"), "coude": tr("Bend of the curve")},
        "permanences": {"jour": tr("Weekday")},
        "corrections": {
            "copie": tr("Copy"),
            "ligne": tr("Row"),
            "resultat": tr("What became of it"),
            "nom_service": tr("Service"),
            "champ": tr("Field of the record"),
            "au_depart": tr("On leaving"),
            "aujourd_hui": tr("Now"),
            "terrain": tr("In this copy"),
            "ailleurs": tr("Elsewhere"),
            "photo": tr("Picture"),
        },
        "editions": {
            "nature": tr("What became of it"),
            "champs": tr("Fields that changed"),
            "avant": tr("Before"),
            "apres": tr("After"),
            "fusionne_dans": tr("Identifier that it was merged into"),
            "metres": tr("Moved by (m)"),
            "lon_avant": tr("Longitude before"),
            "lat_avant": tr("Latitude before"),
        },
        "groups": {"ecart": tr("Share of the group less share of all")},
        "problems": {"identifiant": tr("Identifier")},
        "summary": {"type": tr("Of")},
    }.get(kind, {})


def _of_threshold(column: str, unit: str) -> str:
    found = re.fullmatch(
        r"(pop|part)_au_dela_(\d+)(?:_(\d+))?(?:_(avant|apres|min|max|services|routes|population))?", column
    )
    if not found:
        return ""
    limit = found[2] + (locale().decimalPoint() + found[3] if found[3] else "")
    if found[4]:
        titles = {
            "avant": tr("Population beyond {limit} {unit}, before"),
            "apres": tr("Population beyond {limit} {unit}, after"),
            "min": tr("Population beyond {limit} {unit}, at least"),
            "max": tr("Population beyond {limit} {unit}, at most"),
            "services": tr("Beyond {limit} {unit}: change due to services"),
            "routes": tr("Beyond {limit} {unit}: change due to roads"),
            "population": tr("Beyond {limit} {unit}: change due to population"),
        }
        return titles[found[4]].format(limit=limit, unit=unit)
    if found[1] == "pop":
        return tr("Population beyond {limit} {unit}").format(limit=limit, unit=unit)
    return tr("Share of the population beyond {limit} {unit} (0 to 1)").format(limit=limit, unit=unit)


def _of_category(column: str, unit: str) -> str:
    code = column[len("cout_") :] if column.startswith("cout_") else ""
    several = re.fullmatch(r"(.+)_(\d+)", code)
    if several and several[1] in categories():
        words = tr("To the {rank} nearest: {category} ({unit})")
        return words.format(rank=several[2], category=category_label(several[1]), unit=unit)
    label = category_label(code) if code in categories() else basket_labels().get(code)
    return tr("To the nearest: {category} ({unit})").format(category=label, unit=unit) if label else ""


def decimals(column: str) -> int | None:
    """How many a figure is shown with: people are whole, minutes and metres have one; None: those it has."""
    if column in ("cutoff", "seuil"):
        return None
    if column.startswith("part"):
        return 3
    if column.startswith(("pop", "gain_total", "perte_totale", "poids")):
        return 0
    return 4 if column in ("score", "ratio") else 1


def scenario_changes() -> dict[str, str]:
    """What a scenario does to a place or a road, by the codes of the column ``changement``."""
    return {
        "ouverture": tr("Opens"),
        "fermeture": tr("Closes"),
        "deplacement": tr("Moved"),
        "horaires": tr("Other hours"),
        "fermer": tr("Road closed"),
        "vitesse": tr("Other speed"),
        "sens": tr("Other direction"),
        "ouvrir": tr("New road"),
    }


def words(column: str, kind: str = "") -> dict[str, str]:
    """The codes a column may hold and the words to show for them; empty for free columns."""
    if column == "categorie":
        return {code: category_label(code) for code in categories()}
    if column == "anomalie":
        from ...core.registry.positions import ANOMALIES  # the registries take a while to import

        return {code: translate_message(meaning) for code, meaning in ANOMALIES.items()}
    if (kind, column) == ("matches", "zone"):
        return {"sur": tr("Sure pair"), "a_verifier": tr("Pair to check")}
    if kind == "changes" and column in ("objet", "changement"):
        return scenario_changes() if column == "changement" else {"lieu": tr("Place"), "route": tr("Road")}
    if (kind, column) == ("editions", "nature"):
        return edition_natures()
    if (kind, column) == ("summary", "type"):
        return {"total": tr("Whole territory"), "zone": tr("Zone"), "groupe": tr("Group")}
    return {
        "modalite": {
            "fixe": tr("Fixed place"),
            "permanence": tr("At set times in another place"),
            "itinerant": tr("Itinerant"),
        },
        "accessibilite": {
            "ACC": tr("Accessible"),
            "DEM": tr("Accessible on request"),
            "NAC": tr("Not accessible"),
            "": tr("Unknown"),
        },
        "precision_position": {
            "adresse": tr("Address"),
            "voie": tr("Street"),
            "commune": tr("Commune"),
            "inconnue": tr("Unknown"),
        },
        "effet": {
            "gagne": tr("Nearer"),
            "perd": tr("Farther"),
            "inchange": tr("Unchanged"),
            "gagne_acces": tr("Gets access"),
            "perd_acces": tr("Loses all access"),
            "sans_acces": tr("No access before or after"),
        },
        "resultat": {
            "ajoutee": tr("Put in the outbox"),
            "conflit": tr("To choose from"),
            "deja_lue": tr("Read before"),
            "identique": tr("Says the same as another"),
            "deja_a_jour": tr("The record says so already"),
            "inutilisable": tr("Cannot be used"),
        },
        "code_raison": trip_reasons(),
        "demi_journee": {"matin": tr("Morning"), "apres-midi": tr("Afternoon")},
        "site_type": {"existant": tr("Already open"), "nouveau": tr("Proposed")},
        "metric": dict(zip(METRICS, (tr("Time"), tr("Distance")))),
        "profile": {CAR: tr("Car"), FOOT: tr("On foot"), BIKE: tr("Bicycle")},
        "direction": {"arrival": tr("Towards the place"), "departure": tr("From the place")},
        "type": {
            "creation": tr("Service to add"),
            "modification": tr("Details to change"),
            "fermeture": tr("Closed"),
            "reouverture": tr("Open again"),
            "deplacement": tr("Moved"),
            "doublon": tr("Duplicate"),
            "confirmation": tr("Confirmed as it is"),
            "alerte": tr("To be checked"),
        },
        "etat": {
            "brouillon": tr("Draft"),
            "en_attente": tr("Waiting to be sent"),
            "envoyee": tr("Sent"),
            "transmise": tr("Handed over"),
            "acceptee": tr("Accepted"),
            "rejetee": tr("Refused"),
            "conflit": tr("In conflict"),
            "erreur": tr("In error"),
        },
    }.get(column, {})
