-- A registry's side of the contract, for PostgreSQL 12 or later with PostGIS 3.
-- Two tables that any OGC API – Features server can publish: services (read), corrections (read, create).
-- Moderators work on `corrections` with a role that may update `etat` and `motif`.

CREATE EXTENSION IF NOT EXISTS postgis;

CREATE TABLE services (
    id text PRIMARY KEY CHECK (id <> ''),
    nom text NOT NULL CHECK (nom <> ''),
    categorie text NOT NULL,
    producteur text,
    id_producteur text,
    siret text CHECK (siret ~ '^[0-9]{14}$'),
    adresse text,
    code_postal text,
    commune text,
    code_insee text,
    telephone text,
    courriel text,
    site_web text,
    horaires text,
    modalite text NOT NULL DEFAULT 'fixe' CHECK (modalite IN ('fixe', 'permanence', 'itinerant')),
    accessibilite text CHECK (accessibilite IN ('ACC', 'DEM', 'NAC')),
    precision_position text CHECK (precision_position IN ('adresse', 'voie', 'commune', 'inconnue')),
    date_maj text,
    version text NOT NULL DEFAULT '1',
    url text,
    anomalie text,
    geom geometry (Point, 4326)
);
CREATE INDEX services_geom ON services USING gist (geom);
CREATE INDEX services_categorie ON services (categorie);
CREATE INDEX services_code_insee ON services (code_insee);

-- `uuid` is chosen by the client and unique here: the same correction delivered twice is one row.
-- The limits on lengths keep one author from filling the disk.
CREATE TABLE corrections (
    uuid text PRIMARY KEY CHECK (uuid ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'),
    type text NOT NULL CHECK (type IN (
        'creation', 'modification', 'fermeture', 'reouverture', 'deplacement', 'doublon', 'confirmation', 'alerte')),
    service_id text,
    duplicate_of text,
    changes text CHECK (length(changes) <= 100000 AND jsonb_typeof(changes::jsonb) = 'object'),
    commentaire text CHECK (length(commentaire) <= 2000),
    preuve_url text CHECK (preuve_url ~ '^https?://'),
    producteur text,
    version text,
    auteur_organisation text,
    courriel text,
    cree_le text,
    etat text NOT NULL DEFAULT 'envoyee' CHECK (etat IN ('envoyee', 'acceptee', 'rejetee', 'conflit')),
    motif text CHECK (etat <> 'rejetee' OR coalesce(motif, '') <> ''),
    ref_serveur text,
    recue_le timestamptz NOT NULL DEFAULT now(),
    geom geometry (Point, 4326),
    CHECK (type = 'creation' OR coalesce(service_id, '') <> ''),
    CHECK (type <> 'doublon' OR coalesce(duplicate_of, '') NOT IN ('', service_id)),
    CHECK (type NOT IN ('creation', 'deplacement') OR geom IS NOT NULL)
);
CREATE INDEX corrections_service ON corrections (service_id);
CREATE INDEX corrections_etat ON corrections (etat);
CREATE SEQUENCE corrections_reference;

-- What only the registry decides is not taken from the client: a new correction is `envoyee`, whatever it says.
CREATE FUNCTION receive_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.etat := 'envoyee';
    NEW.motif := NULL;
    NEW.recue_le := now();
    NEW.ref_serveur := 'C-' || to_char(now(), 'YYYY') || '-' || lpad(nextval('corrections_reference')::text, 6, '0');
    RETURN NEW;
END $$;
CREATE TRIGGER receive_correction BEFORE INSERT ON corrections FOR EACH ROW EXECUTE FUNCTION receive_correction();

-- A decision is final, and what was proposed is not edited afterwards.
CREATE FUNCTION moderate_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.etat <> 'envoyee' THEN
        RAISE EXCEPTION 'correction % is already %', OLD.uuid, OLD.etat;
    END IF;
    IF (NEW.uuid, NEW.type, NEW.service_id, NEW.changes) IS DISTINCT FROM
       (OLD.uuid, OLD.type, OLD.service_id, OLD.changes) THEN
        RAISE EXCEPTION 'a correction is answered, not edited';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER moderate_correction BEFORE UPDATE ON corrections FOR EACH ROW EXECUTE FUNCTION moderate_correction();

-- Why a correction cannot be applied to the service as it is now; NULL when nothing stands in the way. Of a service that
-- changed since its author read it, only the fields that the correction speaks of count. The services are locked, the
-- smallest id first: of two moderators at once, the second one decides on what the first one left.
CREATE FUNCTION conflict_of(correction corrections) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    theirs services;
    place jsonb;
    changed text;
BEGIN
    PERFORM FROM services WHERE id IN (correction.service_id, correction.duplicate_of) ORDER BY id FOR UPDATE;
    SELECT * INTO theirs FROM services WHERE id = correction.service_id;
    IF NOT FOUND THEN
        RETURN 'Le registre n''a plus ce service.';
    END IF;
    IF correction.type = 'doublon' AND NOT EXISTS (SELECT FROM services WHERE id = correction.duplicate_of) THEN
        RETURN 'Le registre n''a plus le service dont celui-ci serait le doublon.';
    END IF;
    IF coalesce(correction.version, '') IN ('', theirs.version) THEN
        RETURN NULL;
    END IF;
    IF correction.type = 'confirmation' THEN
        RETURN 'Le service a changé depuis sa lecture.';
    END IF;
    place := jsonb_build_object('x', ST_X(theirs.geom), 'y', ST_Y(theirs.geom));
    SELECT string_agg(key, ', ' ORDER BY key) INTO changed
    FROM jsonb_each(coalesce(correction.changes, '{}')::jsonb)
    WHERE NOT CASE
        WHEN key <> 'position' THEN coalesce(to_jsonb(theirs) ->> key, '') = coalesce(value ->> 'old', '')
        WHEN theirs.geom IS NULL THEN coalesce(value -> 'old', 'null') IN ('null', '[]')
        ELSE jsonb_path_exists(value, '$.old[0] ? (@ > $x - 5e-8 && @ < $x + 5e-8)', place)
             AND jsonb_path_exists(value, '$.old[1] ? (@ > $y - 5e-8 && @ < $y + 5e-8)', place)
    END;
    RETURN 'Changé entre-temps par quelqu''un d''autre : ' || changed || '.';
END $$;

-- An accepted correction changes the service: columns by name, the position by the geometry. One that the service has
-- left behind changes nothing and is answered `conflit`, with what changed as its reason.
CREATE FUNCTION apply_correction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    proposed jsonb;
    conflict text;
BEGIN
    IF NEW.type <> 'creation' THEN
        conflict := conflict_of(NEW);
        IF conflict IS NOT NULL THEN
            NEW.etat := 'conflit';
            NEW.motif := conflict;
            RETURN NEW;
        END IF;
    END IF;
    SELECT coalesce(jsonb_object_agg(key, nullif(value ->> 'new', '')), '{}') INTO proposed
    FROM jsonb_each(coalesce(NEW.changes, '{}')::jsonb)
    WHERE key IN ('nom', 'categorie', 'siret', 'adresse', 'code_postal', 'commune', 'code_insee', 'telephone',
                  'courriel', 'site_web', 'horaires', 'modalite', 'accessibilite');
    IF NEW.type = 'creation' THEN
        INSERT INTO services (id, nom, categorie, producteur, geom)
        VALUES (NEW.uuid, proposed ->> 'nom', proposed ->> 'categorie', NEW.producteur, NEW.geom);
        NEW.service_id := NEW.uuid;
    ELSIF NEW.type IN ('fermeture', 'doublon') THEN
        DELETE FROM services WHERE id = NEW.service_id;
    END IF;
    UPDATE services SET
        (nom, categorie, siret, adresse, code_postal, commune, code_insee, telephone, courriel, site_web, horaires,
         modalite, accessibilite) = (
            SELECT r.nom, r.categorie, r.siret, r.adresse, r.code_postal, r.commune, r.code_insee, r.telephone,
                   r.courriel, r.site_web, r.horaires, r.modalite, r.accessibilite
            FROM jsonb_populate_record(services, proposed) AS r),
        geom = CASE WHEN NEW.type = 'deplacement' OR NEW.changes::jsonb ? 'position' THEN NEW.geom ELSE geom END,
        date_maj = to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        version = NEW.uuid
    WHERE id = NEW.service_id;
    RETURN NEW;
END $$;
CREATE TRIGGER zz_apply_correction BEFORE UPDATE OF etat ON corrections
    FOR EACH ROW WHEN (NEW.etat = 'acceptee') EXECUTE FUNCTION apply_correction();

-- A consolidated referential publishes these three besides, to be read only (see docs/referentiel.md).
-- An identifier that is in `registre` is never given to another place.
CREATE TABLE registre (
    id text PRIMARY KEY,
    premiere_vue date NOT NULL,
    derniere_vue date NOT NULL CHECK (derniere_vue >= premiere_vue),
    fusionne_dans text REFERENCES registre (id) CHECK (fusionne_dans <> id)
);
CREATE TABLE passerelle (
    id text NOT NULL REFERENCES registre (id),
    producteur text NOT NULL,
    id_producteur text NOT NULL,
    du date NOT NULL,
    au date CHECK (au >= du)
);
CREATE INDEX passerelle_id ON passerelle (id);
-- A record stands for one place at a time.
CREATE UNIQUE INDEX passerelle_ouverte ON passerelle (producteur, id_producteur) WHERE au IS NULL;
CREATE TABLE evenements (
    uuid text PRIMARY KEY,
    type text NOT NULL CHECK (type IN ('fusion', 'scission', 'fermeture', 'retour', 'annulation')),
    ids text NOT NULL CHECK (jsonb_typeof(ids::jsonb) = 'array'),
    date date NOT NULL,
    auteur text NOT NULL DEFAULT '',
    motif text NOT NULL DEFAULT ''
);
CREATE INDEX evenements_date ON evenements (date);
