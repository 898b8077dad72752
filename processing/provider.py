"""The algorithms, as QGIS's Processing toolbox, Modeler and command line see them."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

ICON = Path(__file__).resolve().parent.parent / "resources" / "icons" / "plugin.svg"


class CartoProvider(QgsProcessingProvider):
    """Provider `cartoservices`."""

    def id(self) -> str:
        return "cartoservices"

    def name(self) -> str:
        return "Carto Services Publics"

    def icon(self) -> QIcon:
        return QIcon(str(ICON))

    def loadAlgorithms(self) -> None:
        from .coordinates import USUAL, keep_crs

        keep_crs(*USUAL)
        for algorithm in import_algorithms():
            self.addAlgorithm(algorithm())


def import_algorithms() -> tuple[type, ...]:
    """The classes of all algorithms. Their first import takes scipy, shapely, matplotlib… with it."""
    from .accessequity import AccessEquity
    from .accessibilityscore import AccessibilityScore
    from .accessreport import AccessReport
    from .buildnetwork import BuildNetwork
    from .buildtransit import BuildTransit
    from .changenetwork import ChangeNetwork
    from .comparescenarios import CompareScenarios
    from .consolidateservices import ConsolidateServices
    from .correctionstatus import CorrectionStatus
    from .coveragegaps import CoverageGaps
    from .criticallinks import CriticalLinks
    from .explainchange import ExplainChange
    from .fieldpackage import FieldPackage
    from .isochrones import Isochrones
    from .loadservices import LoadServices
    from .matchservices import MatchServices
    from .nearestservice import NearestService
    from .odmatrix import OdMatrix
    from .planpermanences import PlanPermanences
    from .planround import PlanRound
    from .prepareterritory import PrepareTerritory
    from .proposesites import ProposeSites
    from .readfield import ReadField
    from .roundtrip import RoundTrip
    from .servicebasket import ServiceBasket
    from .spreadpopulation import SpreadPopulation
    from .submitcorrections import SubmitCorrections
    from .syncservices import SyncServices
    from .withoutcar import WithoutCar

    return (
        PrepareTerritory,
        LoadServices,
        BuildNetwork,
        BuildTransit,
        ChangeNetwork,
        SyncServices,
        CoverageGaps,
        CriticalLinks,
        ExplainChange,
        Isochrones,
        NearestService,
        OdMatrix,
        AccessibilityScore,
        RoundTrip,
        WithoutCar,
        AccessEquity,
        ServiceBasket,
        ProposeSites,
        CompareScenarios,
        PlanPermanences,
        PlanRound,
        SpreadPopulation,
        MatchServices,
        ConsolidateServices,
        SubmitCorrections,
        CorrectionStatus,
        FieldPackage,
        ReadField,
        AccessReport,
    )
