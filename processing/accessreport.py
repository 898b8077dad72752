"""The report: an HTML file that needs nothing else, and a PDF with one page a zone."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingParameterFile, QgsProcessingParameterVectorLayer, QgsVectorLayer

from ..core.messages import msg
from ..core.observatory import EACH_PLACE, terms_of
from ..core.report import Report, render_page
from ..core.report.similar import Likeness
from ..core.report.tables import sheets_of, workbook
from ..core.report.without_car import LivingWithoutCar
from ..core.transit.window import DepartureWindow
from ..core.travel_modes import BIKE, CAR, FOOT, TRANSIT
from ..i18n import in_french, tr, translate_message
from .asked import Asked
from .base import CartoAlgorithm
from .basemap import CITED, basemap_for_report
from .coverage_layer import roads_read
from .meanwhile import worked_out
from .network_input import NetworkParameter, another_profile
from .qgis_enums import AlgorithmFlag, SourceType
from .report_atlas import Wanted, write_atlas
from .report_evolution import evolution_chart, evolutions, other_series, people_in_french, roads_unsaid
from .report_explorer import explored
from .report_inputs import LAYERS, OF_WITHOUT_CAR
from .report_maps import MapGround, draw_maps, ground_of, read_logo
from .report_pages import BY_ZONE, KINDS
from .report_results import Results, Travelled, label_of, moment_in_french
from .report_scenario import scenario_figures
from .report_similar import similar_territories
from .report_without_car import draw_without_car, without_car
from .roads import built_for, given_roads

TRAVELS = {CAR: "en voiture", FOOT: "à pied", BIKE: "à vélo", TRANSIT: "en transports en commun"}
"""The report is in French, whatever the language of QGIS."""


class AccessReport(CartoAlgorithm):
    """`cartoservices:accessreport`"""

    ID = "accessreport"
    GROUP = "report"

    def displayName(self) -> str:
        return tr("Access report")

    def flags(self) -> Any:
        # Layouts are drawn on the main thread.
        return super().flags() | AlgorithmFlag.NoThreading

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        layers = (
            ("COVERAGE", tr("Coverage by zone (of “Coverage gaps”)"), SourceType.VectorPolygon, False),
            ("DEMAND", tr("Demand with its costs (of “Coverage gaps”)"), SourceType.Vector, False),
            ("GAPS", tr("Gap areas (of “Coverage gaps”)"), SourceType.VectorPolygon, True),
            ("SERVICES", tr("Services"), SourceType.VectorPoint, True),
            ("BASKET", tr("Result of “Basket of services”"), SourceType.Vector, True),
            ("SITES", tr("Places proposed (of “Where to open”)"), SourceType.Vector, True),
            ("TIMETABLE", tr("Table weekday × hour"), SourceType.Vector, True),
            ("GROUPS", tr("Figures by group (of “Coverage gaps”)"), SourceType.Vector, True),
            ("WEEK", tr("The week (of “Living without a car”)"), SourceType.Vector, True),
            ("MODES", tr("Who depends on the car (of “Living without a car”)"), SourceType.Vector, True),
            ("SCENARIO", tr("Summary of a scenario (of “Compare two scenarios”)"), SourceType.Vector, True),
            ("CHANGES", tr("What the scenario changes (of “Compare two scenarios”)"), SourceType.Vector, True),
            ("PLACES", tr("Places without a stop (of “Living without a car”)"), SourceType.Vector, True),
        )
        for name, label, kind, optional in layers:
            self.addParameter(QgsProcessingParameterVectorLayer(name, label, [kind], optional=optional))
        self.add_field("DEMAND_WEIGHT", tr("Population of each place"), "DEMAND", number=True)
        similar = tr("Figures of other territories (coverage by zone, or table “summary” of a national run)")
        kind = [SourceType.Vector]
        self.add_advanced(QgsProcessingParameterVectorLayer("SIMILAR", similar, kind, optional=True))
        label = tr("Class of density of each zone (a column of the coverage and of the other territories)")
        self.add_field("DENSITY_FIELD", label, "COVERAGE", advanced=True)
        measures = tr("Measures kept (file of the observatory)")
        self.add_advanced(
            QgsProcessingParameterFile("MEASURES", measures, optional=True, fileFilter=tr("GeoPackage (*.gpkg)"))
        )
        roads = tr("Roads travelled on (to name their source)")
        self.add_advanced(NetworkParameter("NETWORK", roads, [SourceType.VectorLine], None, True))
        self.add_text("TITLE", tr("Title"), "Accessibilité des services au public")
        self.add_text("TERRITORY_NAME", tr("Name of the territory"), optional=True)
        travelling = tr("Travelling by (public transport: transit)")
        self.add_enum("PROFILE", travelling, list(TRAVELS), None, optional=True)
        self.add_text("WINDOW", tr("Leaving between (public transport)"), "07:00-09:00", optional=True, advanced=True)
        self.add_flag("ARRIVE_BY", tr("These are times of arrival (public transport)"), advanced=True)
        self.add_text("OPEN_AT", tr("Only places open at (such as “samedi 10:00”)"), optional=True)
        self.add_text("CATEGORY", tr("Service put forward (code; empty: the worst served)"), optional=True)
        pictures = tr("Pictures (*.png *.jpg *.jpeg *.svg);;All files (*)")
        logo = QgsProcessingParameterFile("LOGO", tr("Logo"), optional=True, fileFilter=pictures)
        self.add_advanced(logo)
        signature = tr("Who answers for it (name, function, service)")
        self.add_text("SIGNATURE", signature, optional=True, advanced=True)
        self._add_pages()
        self.add_flag("BASEMAP", tr("Plan IGN under the maps"), advanced=True)
        self.add_file_output("HTML", tr("Page (HTML)"), tr("HTML (*.html)"))
        self.add_file_output("PDF", tr("Atlas, one page a zone (PDF)"), tr("PDF (*.pdf)"), optional=True)
        workbook_files = tr("OpenDocument spreadsheet (*.ods)")
        self.add_file_output("WORKBOOK", tr("All figures (ODS)"), workbook_files, optional=True, by_default=False)

    def _add_pages(self) -> None:
        """What the atlas has a page for, and how its pages look."""
        self.add_enum(
            "PAGES", tr("Atlas: a page for each zone, each group of zones (EPCI), or both"), list(KINDS), BY_ZONE
        )
        label = tr("Column that groups the zones (empty: that of the EPCI)")
        self.add_field("GROUP_FIELD", label, "COVERAGE", advanced=True)
        template = tr("Template of the atlas's layout (empty: the layout of the project, else the plugin's)")
        files = tr("Template of a print layout (*.qpt)")
        self.add_advanced(QgsProcessingParameterFile("TEMPLATE", template, optional=True, fileFilter=files))

    def compute(self, asked: Asked) -> dict[str, Any]:
        layers = {name: asked.layer(name) for name in LAYERS}
        roads = given_roads(asked.parameters.get("NETWORK"), asked.context)
        _warn_of_another_profile(asked)
        results = Results(layers, asked.column("DEMAND_WEIGHT"), asked.text("CATEGORY"), asked.upto(0.1), roads)
        travel, open_at = _travelled(asked), asked.text("OPEN_AT")
        plan = basemap_for_report(asked.progress) if asked.flag("BASEMAP") else None
        ground = ground_of(results, plan)
        maps = draw_maps(results, open_at, asked.upto(0.5), ground)
        title, territory = asked.column("TITLE"), asked.column("TERRITORY_NAME")
        report = results.report(title, territory, maps, travel, moment_in_french(open_at))
        report = replace(report, logo=read_logo(asked.text("LOGO")), signature=asked.text("SIGNATURE"))
        report = replace(report, explorer=explored(results), similar=self._similar(asked, layers))
        report = self._with_evolution(report, results, asked)
        names = {zone.zone_id: zone.name for zone in results.zones}
        if layers["CHANGES"] is not None and layers["SCENARIO"] is None:
            asked.progress.warn(msg("CHANGES goes with a scenario: give SCENARIO too."))
        report = replace(report, scenario=scenario_figures(layers["SCENARIO"], names, layers["CHANGES"]))
        report = replace(report, without_car=self._without_car(asked, results, ground))
        answer = {}
        if ground.is_plan:
            report.sources.append(CITED)
        html = asked.destination("HTML")
        if html:
            Path(html).write_text(worked_out(partial(render_page, report)), encoding="utf-8")
            answer["HTML"] = html
        pdf = asked.destination("PDF")
        if pdf:
            pages = asked.choice("PAGES") or BY_ZONE
            wanted = Wanted(pages, asked.column("GROUP_FIELD"), asked.file("TEMPLATE"), open_at)
            write_atlas(results, report, pdf, asked.upto(1.0), wanted, ground)
            answer["PDF"] = pdf
        book = asked.destination("WORKBOOK")
        if book:
            Path(book).write_bytes(worked_out(lambda: workbook(sheets_of(report))))
            answer["WORKBOOK"] = book
        return answer

    @staticmethod
    def _without_car(asked: Asked, results: Results, ground: MapGround) -> LivingWithoutCar | None:
        """What the layers of `withoutcar` say, with their maps."""
        week, modes, places = (results.layers[name] for name in OF_WITHOUT_CAR)
        living = without_car(week, modes, places, asked.column("DEMAND_WEIGHT"), results.headline.category)
        if living is None:
            return None
        for code in living.categories:
            results.labels.setdefault(code, label_of(code))
        return living._replace(maps=tuple(draw_without_car(living, results, asked.upto(0.6), ground)))

    @staticmethod
    def _with_evolution(report: Report, results: Results, asked: Asked) -> Report:
        """With what the measures kept before say, where they are given; said where they say nothing."""
        path, travel, window = asked.file("MEASURES"), _profile(asked), _window(asked)
        if not path:
            return report
        people, departures = asked.column("DEMAND_WEIGHT") or EACH_PLACE, window.words if window is not None else ""
        coverage = results.layers["COVERAGE"]
        terms = terms_of(travel, asked.text("OPEN_AT"), departures, people)
        terms = terms._replace(roads="" if coverage is None else roads_read(coverage))
        found = evolutions(results, Path(path), terms)
        if not found:
            asked.progress.warn(msg("No earlier measure of this question and these zones is in the file MEASURES."))
        doubt = roads_unsaid(found, results, Path(path), terms)
        for warning in (*other_series(results, Path(path), terms), *doubt):
            asked.progress.warn(warning)
        with in_french():
            words = " ".join(map(translate_message, doubt))
        chart, people = evolution_chart(results, found, terms), people_in_french(terms)
        return replace(report, evolution=found, evolution_chart=chart, evolution_people=people, evolution_doubt=words)

    @staticmethod
    def _similar(asked: Asked, layers: dict[str, QgsVectorLayer | None]) -> dict[str, list[Likeness]]:
        """The coverage beside that of other territories, where they are given; said where none is similar."""
        coverage, others = layers["COVERAGE"], layers["SIMILAR"]
        if coverage is None or others is None:
            return {}
        found = similar_territories(coverage, others, asked.column("DENSITY_FIELD"))
        if not found:
            asked.progress.warn(msg("None of the other territories has a service and a class of density of this one."))
        return found


def _profile(asked: Asked) -> str:
    """How one travels: as NETWORK was built for where it is a file, else PROFILE; empty where nothing says.

    Those who take public transport walk on a network that is on foot.
    """
    chosen = asked.choice("PROFILE") or ""
    built = built_for(asked.parameters.get("NETWORK")) if chosen else ""
    return chosen if not built or (chosen, built) == (TRANSIT, FOOT) else built


def _window(asked: Asked) -> DepartureWindow | None:
    """When one leaves or arrives by public transport; None by any other way. Raises `InvalidInput`."""
    if _profile(asked) != TRANSIT:
        return None
    return DepartureWindow.parse(asked.column("WINDOW"), arrive_by=asked.flag("ARRIVE_BY"))


def _travelled(asked: Asked) -> Travelled:
    """How one travels, in words."""
    words, window = TRAVELS.get(_profile(asked), ""), _window(asked)
    if window is None:
        return Travelled(words)
    moment = f"{'arrivée' if window.arrive_by else 'départ'} {window._replace(arrive_by=False).words}"
    return Travelled(f"{words} ({moment})", "d'après les horaires, marche et attente comprises")


def _warn_of_another_profile(asked: Asked) -> None:
    chosen = asked.choice("PROFILE") or ""
    if chosen != _profile(asked):
        asked.progress.warn(another_profile(_profile(asked), chosen))
