"""What the contract promises to outside programs, as tables: algorithms, their parameters and outputs."""

from __future__ import annotations

# Parameters, then outputs. `>` begins the outputs; `#` marks an output that is a number or text.
SIGNATURES = {
    "loadservices": "REGISTRY CATEGORIES TERRITORY EXTENT FILTER COMMUNES > OUTPUT REJECTED #COUNT",
    "syncservices": "REGISTRY CATEGORIES TERRITORY GEOPACKAGE MOST_REMOVED COMMUNES > CHANGES #ADDED #CHANGED #REMOVED",
    "prepareterritory": "TERRITORY HALO CATEGORIES REGISTRY POPULATION PROFILE FILES GEOPACKAGE "
    "> NETWORK FAILED #ROADS_COUNT #POPULATION_TOTAL",
    "buildnetwork": "INPUT PRESET PROFILE SPEED_FIELD COST_FIELD DIRECTION_FIELD VALUE_FORWARD VALUE_BACKWARD "
    "VALUE_BOTH DEFAULT_SPEED TOLERANCE TURN_BANS IGN_COST SLOPES > OUTPUT NODES EDGES #COMPONENTS",
    "changenetwork": "NETWORK CHANGES PROFILE TOLERANCE > OUTPUT AFFECTED",
    "isochrones": "INPUT ENGINE SERVER NETWORK PROFILE METRIC CUTOFFS DIRECTION OVERLAP SNAP_DISTANCE > OUTPUT FAILED",
    "nearestservice": "DEMAND SERVICES CATEGORY_FIELD NETWORK PROFILE METRIC DIRECTION K MAX_COST SNAP_DISTANCE "
    "> OUTPUT WIDE FAILED",
    "spreadpopulation": "ZONES WEIGHT SUPPORT SUPPORT_WEIGHT > OUTPUT FAILED",
    "odmatrix": "ORIGINS ORIGIN_ID DESTINATIONS DESTINATION_ID NETWORK PROFILE METRIC MAX_COST SNAP_DISTANCE "
    "> OUTPUT FAILED",
    "accessibilityscore": "DEMAND DEMAND_ID DEMAND_WEIGHT SUPPLY SUPPLY_ID SUPPLY_CAPACITY NETWORK MATRIX METHOD "
    "MAX_COST STEPS DECAY HALF GROUPS SNAP_DISTANCE > OUTPUT GROUPS_OUT FAILED",
    "accessequity": "DEMAND VALUE HIGH_IS_GOOD DEMAND_WEIGHT GROUPS SES_FIELD LINE ZONES ZONE_ID > OUTPUT",
    "coveragegaps": "DEMAND DEMAND_WEIGHT SERVICES CATEGORY_FIELD NETWORK PROFILE THRESHOLDS ZONES ZONE_ID OPEN_AT "
    "GROUPS UNCERTAINTY SNAP_DISTANCE > OUTPUT GAPS DEMAND_OUT GROUPS_OUT FAILED",
    "criticallinks": "DEMAND DEMAND_WEIGHT SERVICES CATEGORY_FIELD NETWORK PROFILE DIRECTION THRESHOLD MOST "
    "SNAP_DISTANCE > OUTPUT FAILED",
    "explainchange": "DEMAND_BEFORE DEMAND_AFTER DEMAND_WEIGHT SERVICES_BEFORE SERVICES_AFTER CATEGORY_FIELD "
    "NETWORK_BEFORE NETWORK_AFTER PROFILE DIRECTION THRESHOLDS ZONES ZONE_ID SNAP_DISTANCE > OUTPUT FAILED",
    "servicebasket": "DEMAND SERVICES CATEGORY_FIELD BASKET THRESHOLD NETWORK GROUPS SNAP_DISTANCE "
    "> OUTPUT GROUPS_OUT FAILED",
    "proposesites": "DEMAND DEMAND_ID DEMAND_WEIGHT CANDIDATES CANDIDATE_ID EXISTING NETWORK MATRIX MODEL SITES "
    "THRESHOLD CAPACITY_FIELD TIME_LIMIT SNAP_DISTANCE > OUTPUT ASSIGNMENT FAILED #OBJECTIVE #GAIN #BOUND #GAP #STATUS",
    "comparescenarios": "DEMAND DEMAND_WEIGHT BEFORE AFTER NETWORK THRESHOLDS ZONES GROUPS SNAP_DISTANCE "
    "> OUTPUT SUMMARY GROUPS_OUT FAILED",
    "accessreport": "TITLE TERRITORY_NAME > HTML PDF",
    "matchservices": "LOCAL REFERENCE MAX_DISTANCE > MATCHES ONLY_LOCAL ONLY_REFERENCE PROPOSALS",
    "consolidateservices": "INPUTS REFERENTIAL PRIORITIES DATE DRY_RUN > REFERENTIAL #SERVICES_COUNT #MERGED "
    "#TO_REVIEW #CREATED #CLOSED",
    "submitcorrections": "INPUT REGISTRY DRY_RUN > OUTPUT #SENT #FAILED",
    "correctionstatus": "REGISTRY > OUTPUT",
    "fieldpackage": "SERVICES ZONES ROADS TITLE FOLDER > #PROJECT #GEOPACKAGE #SERVICES_COUNT",
    "readfield": "COPIES REGISTRY SERVICES DRY_RUN > OUTPUT CONFLICTS #READ #ADDED #CONFLICT_COUNT #FAILED",
    "buildtransit": "FEEDS NETWORK DATE MAX_WALK CHANGE_TIME SNAP_DISTANCE "
    "> OUTPUT REPORT STOPS #STOP_COUNT #TRIP_COUNT",
    "roundtrip": "DEMAND DEMAND_WEIGHT SERVICES CATEGORY_FIELD NETWORK TRANSIT LEAVE HOME STAY ZONES ZONE_ID "
    "SNAP_DISTANCE > OUTPUT ZONES_OUT FAILED",
    "withoutcar": "DEMAND DEMAND_ID DEMAND_WEIGHT SERVICES CATEGORY_FIELD SERVICE_ID FEEDS NETWORK NETWORK_CAR DATE "
    "LEAVE HOME STAY MOST_ON_FOOT THRESHOLD WINDOW STOP_WALK MAX_WALK CHANGE_TIME ZONES ZONE_ID HOURS_FIELD "
    "SNAP_DISTANCE > WEEK MODES PLACES STOPS FAILED",
}

# Those a caller must give; every other one has a default or may be left out.
MUST_BE_GIVEN = {
    "loadservices": "REGISTRY",
    "syncservices": "REGISTRY",
    "prepareterritory": "TERRITORY",
    "buildnetwork": "INPUT",
    "changenetwork": "NETWORK CHANGES",
    "isochrones": "INPUT",
    "nearestservice": "DEMAND SERVICES NETWORK",
    "spreadpopulation": "ZONES WEIGHT SUPPORT",
    "odmatrix": "ORIGINS DESTINATIONS NETWORK",
    "accessibilityscore": "DEMAND SUPPLY",
    "accessequity": "DEMAND VALUE",
    "coveragegaps": "DEMAND SERVICES NETWORK",
    "criticallinks": "DEMAND SERVICES NETWORK",
    "explainchange": "DEMAND_BEFORE SERVICES_BEFORE NETWORK_BEFORE",
    "servicebasket": "DEMAND SERVICES NETWORK",
    "proposesites": "DEMAND",
    "comparescenarios": "DEMAND BEFORE AFTER NETWORK",
    "accessreport": "COVERAGE DEMAND",
    "matchservices": "LOCAL REFERENCE",
    "consolidateservices": "INPUTS",
    "submitcorrections": "INPUT REGISTRY",
    "correctionstatus": "REGISTRY",
    "fieldpackage": "SERVICES",
    "readfield": "COPIES",
    "buildtransit": "FEEDS NETWORK",
    "roundtrip": "DEMAND SERVICES NETWORK TRANSIT",
    "withoutcar": "DEMAND SERVICES FEEDS NETWORK",
}

ENUMS = {
    "prepareterritory": {"POPULATION": "filosofi communes", "PROFILE": "car foot bike"},
    "buildnetwork": {"PRESET": "auto bdtopo osm geofabrik generic", "PROFILE": "car foot bike"},
    "isochrones": {
        "ENGINE": "local geoplateforme valhalla openrouteservice",
        "METRIC": "time distance",
        "DIRECTION": "arrival departure",
        "OVERLAP": "separate dissolved rings",
        "PROFILE": "car foot bike",
    },
    "explainchange": {"DIRECTION": "departure arrival", "PROFILE": "car foot bike"},
    "criticallinks": {"DIRECTION": "departure arrival", "PROFILE": "car foot bike"},
    "nearestservice": {"METRIC": "time distance", "DIRECTION": "departure arrival", "PROFILE": "car foot bike"},
    "accessibilityscore": {
        "METHOD": "2sfca e2sfca 3sfca gravity",
        "DECAY": "steps linear exponential gaussian logistic",
    },
    "proposesites": {"MODEL": "mclp lscp pmedian pcenter"},
}
