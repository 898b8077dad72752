<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR" sourcelanguage="en">
  <context>
    <name>CartoServicesPublics</name>
    <message>
      <location filename="core/access/baskets.py" />
      <source>{name}: services need a code of their own and at least one category each.</source>
      <translation>{name} : chaque service doit avoir un code à lui et au moins une catégorie.</translation>
    </message>
    <message>
      <location filename="core/access/baskets.py" />
      <source>There is no basket “{name}”: give a JSON file, or one of {names}.</source>
      <translation>Le panier « {name} » n'existe pas : donnez un fichier JSON, ou l'un de {names}.</translation>
    </message>
    <message>
      <location filename="core/access/baskets.py" />
      <source>{name} is not JSON: {why}.</source>
      <translation>{name} n'est pas du JSON : {why}.</translation>
    </message>
    <message>
      <location filename="core/access/baskets.py" />
      <source>{name} is not a basket: it needs nom and services, each with code and categories.</source>
      <translation>{name} n'est pas un panier : il faut nom et services, et pour chaque service code et categories.</translation>
    </message>
    <message>
      <location filename="core/access/costs.py" />
      <source>The table of costs holds {count} negative costs.</source>
      <translation>La table des coûts contient des coûts négatifs ({count}).</translation>
    </message>
    <message>
      <location filename="core/access/costs.py" />
      <source>The table of costs gives {count} pairs of origin and destination more than once.</source>
      <translation>La table des coûts donne plusieurs fois le même couple origine et destination ({count} fois).</translation>
    </message>
    <message>
      <location filename="core/access/demand.py" />
      <source>There is no place to spread the weight over.</source>
      <translation>Il n'y a aucun lieu où répartir le poids.</translation>
    </message>
    <message>
      <location filename="core/access/demand.py" />
      <source>Weights of the support must be numbers that are not negative.</source>
      <translation>Les poids du support doivent être des nombres positifs ou nuls.</translation>
    </message>
    <message>
      <location filename="core/access/demand.py" />
      <source>The weight {total} cannot be spread.</source>
      <translation>Le poids {total} ne peut pas être réparti.</translation>
    </message>
    <message>
      <location filename="core/access/demand.py" />
      <source>The weight {total} cannot be spread in whole numbers: it is not one.</source>
      <translation>Le poids {total} ne peut pas être réparti en nombres entiers : il n'est pas entier.</translation>
    </message>
    <message>
      <location filename="core/access/equity.py" />
      <source>Indices of inequality need values that are not negative: choose a cost or a score.</source>
      <translation>Les indices d'inégalité demandent des valeurs qui ne soient pas négatives : choisissez un coût ou un score.</translation>
    </message>
    <message>
      <location filename="core/access/equity.py" />
      <source>The poverty line must be above 0.</source>
      <translation>Le seuil de pauvreté doit être supérieur à 0.</translation>
    </message>
    <message>
      <location filename="core/access/local_engine.py" />
      <source>What is reached within this cutoff is smaller than a cell of {cell} m.</source>
      <translation>Ce qui est atteint dans ce seuil est plus petit qu'une maille de {cell} m.</translation>
    </message>
    <message>
      <location filename="core/access/nearest.py" />
      <source>K must be at least 1.</source>
      <translation>K doit être au moins égal à 1.</translation>
    </message>
    <message>
      <location filename="core/access/need.py" />
      <source>The weights by need {path} need the columns “colonne”, “poids” and “source”.</source>
      <translation>Les poids selon le besoin {path} doivent avoir les colonnes « colonne », « poids » et « source ».</translation>
    </message>
    <message>
      <location filename="core/access/need.py" />
      <source>The weights by need {path} do not say where they come from: fill in “source”.</source>
      <translation>Les poids selon le besoin {path} ne disent pas d'où ils viennent : remplissez « source ».</translation>
    </message>
    <message>
      <location filename="core/access/need.py" />
      <source>With the weights by need, nobody needs anything: check their columns.</source>
      <translation>Avec ces poids selon le besoin, personne n'a besoin de rien : vérifiez leurs colonnes.</translation>
    </message>
    <message>
      <location filename="core/access/need.py" />
      <source>The weights by need {path} cannot be read: {reason}</source>
      <translation>Les poids selon le besoin {path} ne se lisent pas : {reason}</translation>
    </message>
    <message>
      <location filename="core/access/need.py" />
      <source>The weights by need {path}: the row “{row}” has no column, one that another row has, or a weight that is no number of 0 and more.</source>
      <translation>Les poids selon le besoin {path} : la ligne « {row} » n'a pas de colonne, a celle d'une autre ligne, ou un poids qui n'est pas un nombre positif ou nul.</translation>
    </message>
    <message>
      <location filename="core/access/opening.py" />
      <source>OPEN_AT “{text}” cannot be read; expected a weekday and an hour such as “samedi 10:00”, or 2026-11-28T10:00.</source>
      <translation>OPEN_AT « {text} » n'est pas lisible ; il faut un jour et une heure, par exemple « samedi 10:00 », ou 2026-11-28T10:00.</translation>
    </message>
    <message>
      <location filename="core/access/scores.py" />
      <source>STEPS “{text}”: limits must grow and weights must not be negative.</source>
      <translation>STEPS « {text} » : les limites doivent croître et les poids ne pas être négatifs.</translation>
    </message>
    <message>
      <location filename="core/access/scores.py" />
      <source>DECAY “{kind}” needs HALF, the cost at which the weight is one half.</source>
      <translation>DECAY « {kind} » demande HALF, le coût auquel le poids vaut un demi.</translation>
    </message>
    <message>
      <location filename="core/access/scores.py" />
      <source>Every demand weight must be a number that is not negative.</source>
      <translation>Chaque poids de la demande doit être un nombre positif ou nul.</translation>
    </message>
    <message>
      <location filename="core/access/scores.py" />
      <source>Every capacity must be a number that is not negative.</source>
      <translation>Chaque capacité doit être un nombre positif ou nul.</translation>
    </message>
    <message>
      <location filename="core/access/scores.py" />
      <source>STEPS “{text}” cannot be read; expected limits and weights such as 5:1,10:0.3,15:0.1.</source>
      <translation>STEPS « {text} » n'est pas lisible ; il faut des limites et des poids, par exemple 5:1,10:0.3,15:0.1.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>{service} – {how}</source>
      <translation>{service} ({how})</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>{count} person ({share} %) is more than {threshold} min from: {category}.|{count} people ({share} %) are more than {threshold} min from: {category}.</source>
      <translation>{count} habitant ({share} %) à plus de {threshold} min de : {category}.|{count} habitants ({share} %) à plus de {threshold} min de : {category}.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>Between {least} and {most} people ({low} to {high} %): threshold ± {moved} %.</source>
      <translation>Entre {least} et {most} habitants ({low} à {high} %) : seuil à ± {moved} %.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>{count} person, the same number with: threshold ± {moved} %.|{count} people, the same number with: threshold ± {moved} %.</source>
      <translation>{count} habitant, le même nombre avec : seuil à ± {moved} %.|{count} habitants, le même nombre avec : seuil à ± {moved} %.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>{share} % of “{group}” are more than {threshold} {unit} from: {category} – against {all} % of all.</source>
      <translation>{share} % des {group} sont à plus de {threshold} {unit} de : {category}, contre {all} % de tous.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>{count} person could not be computed and is in no share; spreading the population over the buildings would help.|{count} people could not be computed and are in no share; spreading the population over the buildings would help.</source>
      <translation>{count} habitant n'a pas pu être calculé et n'entre dans aucune part ; répartir la population sur les bâtiments aiderait.|{count} habitants n'ont pas pu être calculés et n'entrent dans aucune part ; répartir la population sur les bâtiments aiderait.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>{travel}, places open {moment}</source>
      <translation>{travel}, lieux ouverts {moment}</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>Nobody's journey could be computed to: {service}.</source>
      <translation>Aucun trajet n'a pu être calculé vers : {service}.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>more than {threshold} min away</source>
      <translation>à plus de {threshold} min</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>beyond the time of each answer</source>
      <translation>au-delà du temps de chaque réponse</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>The two answers are not of the same people: {first} computed in the first, {second} in the second.</source>
      <translation>Les deux réponses ne portent pas sur les mêmes habitants : {first} calculés dans la première, {second} dans la seconde.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>Between {least} and {most} people ({low} to {high} %): threshold ± {moved} %, places of unknown hours: {unknown}, places known to the commune only: {vague}.</source>
      <translation>Entre {least} et {most} habitants ({low} à {high} %) : seuil à ± {moved} %, lieux aux horaires inconnus : {unknown}, lieux situés à la commune près : {vague}.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>{count} person, the same number with: threshold ± {moved} %, places of unknown hours: {unknown}, places known to the commune only: {vague}.|{count} people, the same number with: threshold ± {moved} %, places of unknown hours: {unknown}, places known to the commune only: {vague}.</source>
      <translation>{count} habitant, le même nombre avec : seuil à ± {moved} %, lieux aux horaires inconnus : {unknown}, lieux situés à la commune près : {vague}.|{count} habitants, le même nombre avec : seuil à ± {moved} %, lieux aux horaires inconnus : {unknown}, lieux situés à la commune près : {vague}.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>One of the two answers has no figure: they cannot be compared.</source>
      <translation>L'une des deux réponses n'a pas de chiffre : elles ne se comparent pas.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>As many people {away}: {before} % → {after} %.</source>
      <translation>Autant d'habitants {away} : {before} % → {after} %.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>{count} person fewer {away}: {before} % → {after} %.|{count} people fewer {away}: {before} % → {after} %.</source>
      <translation>{count} habitant de moins {away} : {before} % → {after} %.|{count} habitants de moins {away} : {before} % → {after} %.</translation>
    </message>
    <message>
      <location filename="core/access/sentences.py" />
      <source>{count} person more {away}: {before} % → {after} %.|{count} people more {away}: {before} % → {after} %.</source>
      <translation>{count} habitant de plus {away} : {before} % → {after} %.|{count} habitants de plus {away} : {before} % → {after} %.</translation>
    </message>
    <message>
      <location filename="core/access/weights.py" />
      <source>The weight is NULL.</source>
      <translation>Le poids est NULL.</translation>
    </message>
    <message>
      <location filename="core/access/weights.py" />
      <source>The weight is negative ({weight}).</source>
      <translation>Le poids est négatif ({weight}).</translation>
    </message>
    <message>
      <location filename="core/access/weights.py" />
      <source>The weight is infinite.</source>
      <translation>Le poids est infini.</translation>
    </message>
    <message>
      <location filename="core/access/weights.py" />
      <source>The weight is too large ({weight}).</source>
      <translation>Le poids est trop grand ({weight}).</translation>
    </message>
    <message>
      <location filename="core/categories.py" />
      <source>“{producer}” is not a producer of the table of categories.</source>
      <translation>« {producer} » n'est pas un producteur de la table des catégories.</translation>
    </message>
    <message>
      <location filename="core/categories.py" />
      <source>“{code}” is not a category of services.</source>
      <translation>« {code} » n'est pas une catégorie de services.</translation>
    </message>
    <message>
      <location filename="core/consolidation/bridge.py" />
      <source>“{date}” is no date of an edition; write it like 2026-11-27.</source>
      <translation>« {date} » n'est pas la date d'une édition ; écrivez-la comme 2026-11-27.</translation>
    </message>
    <message>
      <location filename="core/consolidation/bridge.py" />
      <source>“{path}” is a consolidated referential: choose another file.</source>
      <translation>« {path} » est un référentiel consolidé : choisissez un autre fichier.</translation>
    </message>
    <message>
      <location filename="core/consolidation/bridge.py" />
      <source>“{path}” cannot be written: {cause}</source>
      <translation>« {path} » ne peut pas être écrit : {cause}</translation>
    </message>
    <message>
      <location filename="core/consolidation/bridge.py" />
      <source>Parquet needs pyarrow, or a GDAL that has its Parquet driver: install one, or write a .csv.</source>
      <translation>Parquet demande pyarrow, ou un GDAL qui a son pilote Parquet : installez l'un des deux, ou écrivez un .csv.</translation>
    </message>
    <message>
      <location filename="core/consolidation/choice.py" />
      <source>“{field}” comes twice in the priorities.</source>
      <translation>« {field} » figure deux fois dans les priorités.</translation>
    </message>
    <message>
      <location filename="core/consolidation/choice.py" />
      <source>The priorities are no table of fields: write {form}.</source>
      <translation>Les priorités ne sont pas un tableau de champs : écrivez {form}.</translation>
    </message>
    <message>
      <location filename="core/consolidation/choice.py" />
      <source>The priorities “{path}” cannot be read: {cause}</source>
      <translation>Les priorités « {path} » ne peuvent pas être lues : {cause}</translation>
    </message>
    <message>
      <location filename="core/consolidation/choice.py" />
      <source>“{field}” in the priorities is no field of a service.</source>
      <translation>« {field} », dans les priorités, n'est pas un champ d'un service.</translation>
    </message>
    <message>
      <location filename="core/consolidation/choice.py" />
      <source>The priorities of “{field}” are no list of producers.</source>
      <translation>Les priorités de « {field} » ne sont pas une liste de producteurs.</translation>
    </message>
    <message>
      <location filename="core/consolidation/closed.py" />
      <source>“{path}” has not the columns {columns} of Sirene's establishments.</source>
      <translation>« {path} » n'a pas les colonnes {columns} des établissements de Sirene.</translation>
    </message>
    <message>
      <location filename="core/consolidation/closed.py" />
      <source>“{path}” cannot be read: {cause}</source>
      <translation>« {path} » ne peut pas être lu : {cause}</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>The referential already holds the edition of {last}; one of {date} cannot follow it.</source>
      <translation>Le référentiel contient déjà l'édition du {last} ; celle du {date} ne peut pas la suivre.</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>{name} is {former} under another name: its records say the same.</source>
      <translation>{name} est {former} sous un autre nom : ses fiches disent la même chose.</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>“{event}” is no merge or split of this referential.</source>
      <translation>« {event} » n'est pas une fusion ou une scission de ce référentiel.</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>None of the layers holds a service: nothing was consolidated.</source>
      <translation>Aucune des couches ne contient de service : rien n'a été consolidé.</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>Nothing is left of the event “{event}”: there is nothing to undo.</source>
      <translation>Il ne reste rien de l'événement « {event} » : il n'y a rien à défaire.</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>A record holds half a character and cannot be written: “{text}”. Mend it at its source.</source>
      <translation>Une fiche contient la moitié d'un caractère et ne peut être écrite : « {text} ». Corrigez-la à sa source.</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>{count} row has a position that is none (0, 0 or beyond the degrees): it counts as nowhere.|{count} rows have a position that is none (0, 0 or beyond the degrees): they count as nowhere.</source>
      <translation>{count} ligne a une position qui n'en est pas une (0, 0 ou hors des degrés) : elle compte comme sans position.|{count} lignes ont une position qui n'en est pas une (0, 0 ou hors des degrés) : elles comptent comme sans position.</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>{count} row has the producer and identifier of another: the one that was changed last counts.|{count} rows have the producer and identifier of others: those that were changed last count.</source>
      <translation>{count} ligne a le producteur et l'identifiant d'une autre : la dernière modifiée compte.|{count} lignes ont le producteur et l'identifiant d'autres : les dernières modifiées comptent.</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>{count} row has no identifier: it is known by what it says, and is another when that changes.|{count} rows have no identifier: they are known by what they say, and are others when that changes.</source>
      <translation>{count} ligne n'a pas d'identifiant : elle est reconnue à ce qu'elle dit, et passe pour une autre quand cela change.|{count} lignes n'ont pas d'identifiant : elles sont reconnues à ce qu'elles disent, et passent pour d'autres quand cela change.</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>No layer holds records of {producers} any more: the places that they alone know are closed.</source>
      <translation>Plus aucune couche n'a de fiches de {producers} : les lieux qu'eux seuls connaissaient sont fermés.</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>The priorities name {producers}, of whom no layer holds records (producers: {known}).</source>
      <translation>Les priorités nomment {producers}, dont aucune couche n'a de fiches (producteurs : {known}).</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>{count} pair decided to be the same place is not, for other decisions part its records: see the table “decisions”.|{count} pairs decided to be the same place are not, for other decisions part their records: see the table “decisions”.</source>
      <translation>{count} paire décidée « même lieu » ne l'est pas, car d'autres décisions séparent ses fiches : voyez la table « decisions ».|{count} paires décidées « même lieu » ne le sont pas, car d'autres décisions séparent leurs fiches : voyez la table « decisions ».</translation>
    </message>
    <message>
      <location filename="core/consolidation/consolidate.py" />
      <source>{count} decision speaks of a record whose identifier its producer gave to another place: it is set aside.|{count} decisions speak of records whose identifiers their producers gave to other places: they are set aside.</source>
      <translation>{count} décision parle d'une fiche dont le producteur a donné l'identifiant à un autre lieu : elle est écartée.|{count} décisions parlent de fiches dont les producteurs ont donné les identifiants à d'autres lieux : elles sont écartées.</translation>
    </message>
    <message>
      <location filename="core/consolidation/editions.py" />
      <source>Between {before} and {after} nothing can be compared: the editions are {editions}.</source>
      <translation>Entre le {before} et le {after}, rien ne peut être comparé : les éditions sont {editions}.</translation>
    </message>
    <message>
      <location filename="core/consolidation/places.py" />
      <source>one of the two goes with another record that contradicts it</source>
      <translation>l'une des deux va avec une autre fiche, qui la contredit</translation>
    </message>
    <message>
      <location filename="core/consolidation/store.py" />
      <source>“{path}” is no referential made by this tool; choose another file.</source>
      <translation>« {path} » n'est pas un référentiel fait par ce traitement ; choisissez un autre fichier.</translation>
    </message>
    <message>
      <location filename="core/consolidation/store.py" />
      <source>“{text}” in the column “decision” of a_verifier is neither “{same}” nor “{distinct}”.</source>
      <translation>« {text} », dans la colonne « decision » de a_verifier, n'est ni « {same} » ni « {distinct} ».</translation>
    </message>
    <message>
      <location filename="core/consolidation/store.py" />
      <source>“{path}” is read-only and is left as it is.</source>
      <translation>« {path} » est en lecture seule et reste tel quel.</translation>
    </message>
    <message>
      <location filename="core/consolidation/store.py" />
      <source>“{path}” was made by somebody else meanwhile and is left as it is: run again.</source>
      <translation>« {path} » a été fait par quelqu'un d'autre entre-temps et reste tel quel : relancez.</translation>
    </message>
    <message>
      <location filename="core/coordinates.py" />
      <source>The extent has no place in the coordinate reference system {crs}.</source>
      <translation>L'emprise n'a pas de place dans le système de coordonnées {crs}.</translation>
    </message>
    <message>
      <location filename="core/coordinates.py" />
      <source>Positions could not be brought from {source} to {target}: they came back unchanged.</source>
      <translation>Les positions n'ont pas pu passer de {source} à {target} : elles sont revenues inchangées.</translation>
    </message>
    <message>
      <location filename="core/coordinates.py" />
      <source>The coordinate reference system “{crs}” is not understood.</source>
      <translation>Le système de coordonnées « {crs} » n'est pas compris.</translation>
    </message>
    <message>
      <location filename="core/coordinates.py" />
      <source>No way is known from {source} to {target}; see Project ▸ Properties ▸ Transformations.</source>
      <translation>Aucun passage n'est connu de {source} à {target} ; voir Projet ▸ Propriétés ▸ Transformations.</translation>
    </message>
    <message>
      <location filename="core/corrections/answers.py" />
      <source>The registry refuses it: {words}</source>
      <translation>Le référentiel la refuse : {words}</translation>
    </message>
    <message>
      <location filename="core/corrections/answers.py" />
      <source>The registry refuses it (error {status}) and does not say why.</source>
      <translation>Le référentiel la refuse (erreur {status}) sans dire pourquoi.</translation>
    </message>
    <message>
      <location filename="core/corrections/answers.py" />
      <source>{url} denies access ({status}): check the connection's authentication configuration.</source>
      <translation>{url} refuse l'accès ({status}) : vérifiez la configuration d'authentification de la connexion.</translation>
    </message>
    <message>
      <location filename="core/corrections/answers.py" />
      <source>{url} does not take corrections (error {status}).</source>
      <translation>{url} ne reçoit pas de corrections (erreur {status}).</translation>
    </message>
    <message>
      <location filename="core/corrections/answers.py" />
      <source>The registry finds it too large: shorten the comment or send fewer changes.</source>
      <translation>Le référentiel la trouve trop volumineuse : raccourcissez le commentaire ou proposez moins de modifications.</translation>
    </message>
    <message>
      <location filename="core/corrections/bulk.py" />
      <source>The registry's record has changed since this copy was made: load it again, then edit.</source>
      <translation>La fiche du référentiel a changé depuis cette copie : rechargez-la, puis modifiez-la.</translation>
    </message>
    <message>
      <location filename="core/corrections/bulk.py" />
      <source>It was sent before (state “{state}”).</source>
      <translation>Elle a déjà été envoyée (état « {state} »).</translation>
    </message>
    <message>
      <location filename="core/corrections/bulk.py" />
      <source>The registry has no service “{id}”.</source>
      <translation>Le référentiel n'a pas de service « {id} ».</translation>
    </message>
    <message>
      <location filename="core/corrections/bulk.py" />
      <source>{field}: {reason}</source>
      <translation>{field} : {reason}</translation>
    </message>
    <message>
      <location filename="core/corrections/bulk.py" />
      <source>It has neither a column “id” nor a column “nom”.</source>
      <translation>Elle n'a ni colonne « id » ni colonne « nom ».</translation>
    </message>
    <message>
      <location filename="core/corrections/bulk.py" />
      <source>It has no column “id”, which says of which service it is a copy.</source>
      <translation>Elle n'a pas la colonne « id », qui dit de quel service elle est la copie.</translation>
    </message>
    <message>
      <location filename="core/corrections/bulk.py" />
      <source>Another row has its uuid and says otherwise: empty the uuid of one of them.</source>
      <translation>Une autre ligne porte le même uuid et dit autre chose : videz l'uuid de l'une des deux.</translation>
    </message>
    <message>
      <location filename="core/corrections/conflicts.py" />
      <source>The registry does not have this service any more.</source>
      <translation>Le référentiel n'a plus ce service.</translation>
    </message>
    <message>
      <location filename="core/corrections/conflicts.py" />
      <source>The service has changed since you read it: look at it again before confirming.</source>
      <translation>Le service a changé depuis votre lecture : regardez-le de nouveau avant de confirmer.</translation>
    </message>
    <message>
      <location filename="core/corrections/conflicts.py" />
      <source>Someone changed this meanwhile: {fields}.</source>
      <translation>Quelqu'un a changé ceci entre-temps : {fields}.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>Corrections proposed to the records of {producer}.</source>
      <translation>Corrections proposées aux fiches de {producer}.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>{count} records are concerned; the attached CSV and GeoJSON say the same.</source>
      <translation>Nombre de fiches concernées : {count} ; le CSV et le GeoJSON joints disent la même chose.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>• {name}: not in your records.</source>
      <translation>• {name} : absent de vos fiches.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>• {name} (your record {id}): some of it is wrong.</source>
      <translation>• {name} (votre fiche {id}) : en partie inexacte.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>• {name} (your record {id}): closed.</source>
      <translation>• {name} (votre fiche {id}) : fermé.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>• {name} (your record {id}): open again.</source>
      <translation>• {name} (votre fiche {id}) : de nouveau ouvert.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>• {name} (your record {id}): not where you show it.</source>
      <translation>• {name} (votre fiche {id}) : n'est pas là où vous le placez.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>• {name} (your record {id}): the same place as {other}.</source>
      <translation>• {name} (votre fiche {id}) : le même lieu que {other}.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>• {name} (your record {id}): still right.</source>
      <translation>• {name} (votre fiche {id}) : toujours exacte.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>• {name} (your record {id}): something is wrong.</source>
      <translation>• {name} (votre fiche {id}) : quelque chose est inexact.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>The reading of {date} still shows the old value: remind the producer.</source>
      <translation>La lecture du {date} montre encore l'ancienne valeur : relancez le producteur.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>From: {organisations}.</source>
      <translation>De la part de : {organisations}.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>Answer to: {addresses}.</source>
      <translation>Répondre à : {addresses}.</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>    {field}: “{old}” → “{new}”</source>
      <translation>    {field} : « {old} » → « {new} »</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>    Comment: {comment}</source>
      <translation>    Commentaire : {comment}</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>    Seen at: {url}</source>
      <translation>    Vu à l'adresse : {url}</translation>
    </message>
    <message>
      <location filename="core/corrections/handover.py" />
      <source>The reading of {date} shows it.</source>
      <translation>La lecture du {date} le montre.</translation>
    </message>
    <message>
      <location filename="core/corrections/items.py" />
      <source>The registry is out of reach.</source>
      <translation>Le référentiel est hors d'atteinte.</translation>
    </message>
    <message>
      <location filename="core/corrections/items.py" />
      <source>The registry did not answer in time.</source>
      <translation>Le référentiel n'a pas répondu à temps.</translation>
    </message>
    <message>
      <location filename="core/corrections/items.py" />
      <source>{url} answered with error {status}.</source>
      <translation>{url} a répondu par l'erreur {status}.</translation>
    </message>
    <message>
      <location filename="core/corrections/model.py" />
      <source>It is not a GeoJSON feature.</source>
      <translation>Ce n'est pas une entité GeoJSON.</translation>
    </message>
    <message>
      <location filename="core/corrections/model.py" />
      <source>“{type}” is not a type of correction; use one of: {types}.</source>
      <translation>« {type} » n'est pas un type de correction ; il faut l'un de : {types}.</translation>
    </message>
    <message>
      <location filename="core/corrections/model.py" />
      <source>A position among its changes is not of the form [longitude, latitude].</source>
      <translation>Parmi ses changements, une position n'est pas de la forme [longitude, latitude].</translation>
    </message>
    <message>
      <location filename="core/corrections/model.py" />
      <source>Its position is not one in degrees of longitude and latitude.</source>
      <translation>Sa position n'est pas en degrés de longitude et de latitude.</translation>
    </message>
    <message>
      <location filename="core/corrections/model.py" />
      <source>Its changes are not of the form {{field: {{old, new}}}}.</source>
      <translation>Ses modifications ne sont pas de la forme {{champ: {{old, new}}}}.</translation>
    </message>
    <message>
      <location filename="core/corrections/model.py" />
      <source>“{uuid}” is not a uuid.</source>
      <translation>« {uuid} » n'est pas un uuid.</translation>
    </message>
    <message>
      <location filename="core/corrections/moderation.py" />
      <source>Say why: the author of the correction reads it.</source>
      <translation>Dites pourquoi : l'auteur de la correction le lira.</translation>
    </message>
    <message>
      <location filename="core/corrections/moderation.py" />
      <source>Somebody has decided on it meanwhile.</source>
      <translation>Quelqu'un en a décidé entre-temps.</translation>
    </message>
    <message>
      <location filename="core/corrections/moderation.py" />
      <source>The registry does not show this correction any more.</source>
      <translation>Le référentiel ne montre plus cette correction.</translation>
    </message>
    <message>
      <location filename="core/corrections/moderation.py" />
      <source>It is not what was shown any more: read the list again.</source>
      <translation>Elle n'est plus celle qui était affichée : relisez la liste.</translation>
    </message>
    <message>
      <location filename="core/corrections/moderation.py" />
      <source>{words}</source>
      <translation>{words}</translation>
    </message>
    <message>
      <location filename="core/corrections/moderation.py" />
      <source>The registry does not list the corrections that wait.</source>
      <translation>Le registre ne donne pas la liste des corrections en attente.</translation>
    </message>
    <message>
      <location filename="core/corrections/moderation.py" />
      <source>The registry does not have the service that this would be a duplicate of.</source>
      <translation>Le référentiel n'a pas le service dont celui-ci serait le doublon.</translation>
    </message>
    <message>
      <location filename="core/corrections/moderation.py" />
      <source>The registry did not take it.</source>
      <translation>Le référentiel ne l'a pas pris en compte.</translation>
    </message>
    <message>
      <location filename="core/corrections/outbox.py" />
      <source>This cannot be done with a correction in the state “{state}”.</source>
      <translation>Cela n'est pas possible pour une correction dans l'état « {state} ».</translation>
    </message>
    <message>
      <location filename="core/corrections/outbox.py" />
      <source>It may already have reached the registry; send again to find out.</source>
      <translation>Elle a peut-être déjà atteint le référentiel ; renvoyez-la pour le savoir.</translation>
    </message>
    <message>
      <location filename="core/corrections/outbox.py" />
      <source>The outbox holds no correction {uuid}.</source>
      <translation>La boîte d'envoi ne contient pas de correction {uuid}.</translation>
    </message>
    <message>
      <location filename="core/corrections/outbox.py" />
      <source>Corrections are being sent by another window of QGIS; wait until it has finished.</source>
      <translation>Des corrections sont en cours d'envoi dans une autre fenêtre de QGIS ; attendez la fin.</translation>
    </message>
    <message>
      <location filename="core/corrections/outbox.py" />
      <source>Your corrections in {path} cannot be read or written: {cause}.</source>
      <translation>Vos corrections dans {path} ne peuvent être ni lues ni écrites : {cause}.</translation>
    </message>
    <message>
      <location filename="core/corrections/outbox.py" />
      <source>It is damaged in the file ({cause}): withdraw it, and propose it again.</source>
      <translation>Elle est abîmée dans le fichier ({cause}) : retirez-la, puis proposez-la de nouveau.</translation>
    </message>
    <message>
      <location filename="core/corrections/outbox.py" />
      <source>{path} cannot be written: {reason}</source>
      <translation>{path} ne peut pas être écrit : {reason}</translation>
    </message>
    <message>
      <location filename="core/corrections/outbox.py" />
      <source>Your corrections in {path} were kept by a later version of the plugin; update the plugin.</source>
      <translation>Vos corrections dans {path} ont été gardées par une version plus récente de l'extension ; mettez l'extension à jour.</translation>
    </message>
    <message>
      <location filename="core/corrections/outbox.py" />
      <source>The disk that holds {path} is full: this was not saved. Make room, then save again.</source>
      <translation>Le disque de {path} est plein : rien n'a été enregistré. Faites de la place, puis enregistrez de nouveau.</translation>
    </message>
    <message>
      <location filename="core/corrections/sender.py" />
      <source>It cannot be known whether the registry received this; ask it, then choose “send again” or “withdraw”.</source>
      <translation>On ne peut pas savoir si le référentiel l'a reçue ; demandez-lui, puis choisissez « renvoyer » ou « retirer ».</translation>
    </message>
    <message>
      <location filename="core/corrections/sender.py" />
      <source>The registry failed on it {count} times and does not have it.</source>
      <translation>Le référentiel a échoué {count} fois à la traiter et ne l'a pas.</translation>
    </message>
    <message>
      <location filename="core/corrections/sender.py" />
      <source>The registry is not able to take it now (error {status}).</source>
      <translation>Le référentiel ne peut pas la prendre maintenant (erreur {status}).</translation>
    </message>
    <message>
      <location filename="core/corrections/sender.py" />
      <source>The registry did not say that it took it (answer {status}).</source>
      <translation>Le référentiel n'a pas dit qu'il la prenait (réponse {status}).</translation>
    </message>
    <message>
      <location filename="core/corrections/sender.py" />
      <source>The registry says that the service has changed meanwhile.</source>
      <translation>Le référentiel dit que le service a changé entre-temps.</translation>
    </message>
    <message>
      <location filename="core/corrections/sender.py" />
      <source>The registry does not show it any more: ask it why.</source>
      <translation>Le registre ne la montre plus : demandez-lui pourquoi.</translation>
    </message>
    <message>
      <location filename="core/corrections/sender.py" />
      <source>The registry does not answer; what is left will be sent later.</source>
      <translation>Le référentiel ne répond pas ; le reste sera envoyé plus tard.</translation>
    </message>
    <message>
      <location filename="core/corrections/sender.py" />
      <source>The registry does not answer about corrections: {cause}</source>
      <translation>Le référentiel ne répond pas au sujet des corrections : {cause}</translation>
    </message>
    <message>
      <location filename="core/corrections/submission.py" />
      <source>It was withdrawn meanwhile.</source>
      <translation>Elle a été retirée entre-temps.</translation>
    </message>
    <message>
      <location filename="core/corrections/validation.py" />
      <source>It does not say which service it is about.</source>
      <translation>Elle ne dit pas de quel service il s'agit.</translation>
    </message>
    <message>
      <location filename="core/corrections/validation.py" />
      <source>A new place needs it.</source>
      <translation>Il le faut pour un nouveau lieu.</translation>
    </message>
    <message>
      <location filename="core/corrections/validation.py" />
      <source>Nothing is changed.</source>
      <translation>Rien n'est modifié.</translation>
    </message>
    <message>
      <location filename="core/corrections/validation.py" />
      <source>Show on the map where it is.</source>
      <translation>Montrez sur la carte où il se trouve.</translation>
    </message>
    <message>
      <location filename="core/corrections/validation.py" />
      <source>Choose the other record, the one to keep.</source>
      <translation>Choisissez l'autre fiche, celle à garder.</translation>
    </message>
    <message>
      <location filename="core/corrections/validation.py" />
      <source>Say in a few words what is wrong.</source>
      <translation>Dites en quelques mots ce qui est inexact.</translation>
    </message>
    <message>
      <location filename="core/corrections/validation.py" />
      <source>It is longer than {limit} characters.</source>
      <translation>Ce texte dépasse {limit} caractères.</translation>
    </message>
    <message>
      <location filename="core/corrections/validation.py" />
      <source>This field cannot be changed by a correction.</source>
      <translation>Ce champ ne peut pas être modifié par une correction.</translation>
    </message>
    <message>
      <location filename="core/corrections/validation.py" />
      <source>It is not a position in degrees.</source>
      <translation>Ce n'est pas une position en degrés.</translation>
    </message>
    <message>
      <location filename="core/corrections/validation.py" />
      <source>It cannot be empty.</source>
      <translation>Ce champ ne peut pas être vide.</translation>
    </message>
    <message>
      <location filename="core/corrections/validation.py" />
      <source>“{value}” is not one of: {values}.</source>
      <translation>« {value} » n'est pas l'une des valeurs : {values}.</translation>
    </message>
    <message>
      <location filename="core/errors.py" />
      <source>Cancelled.</source>
      <translation>Annulé.</translation>
    </message>
    <message>
      <location filename="core/field/copies.py" />
      <source>“{path}” has no tables “{corrections}” and “{base}”: it is not a package for the field.</source>
      <translation>« {path} » n'a pas de tables « {corrections} » et « {base} » : ce n'est pas un dossier de terrain.</translation>
    </message>
    <message>
      <location filename="core/field/copies.py" />
      <source>“{path}” cannot be read as a package for the field: {cause}.</source>
      <translation>« {path} » ne se lit pas comme un dossier de terrain : {cause}.</translation>
    </message>
    <message>
      <location filename="core/field/copies.py" />
      <source>“{path}” is a compressed folder: unpack it, pictures too, then choose the {file} in it.</source>
      <translation>« {path} » est un dossier compressé : décompressez-le, photos comprises, puis choisissez le {file} qu'il contient.</translation>
    </message>
    <message>
      <location filename="core/field/package.py" />
      <source>{count} service has no position: it is in the list, not on the map.|{count} services have no position: they are in the list, not on the map.</source>
      <translation>{count} service est sans position : il est dans la liste, pas sur la carte.|{count} services sont sans position : ils sont dans la liste, pas sur la carte.</translation>
    </message>
    <message>
      <location filename="core/field/package.py" />
      <source>There is no service to take to the field.</source>
      <translation>Il n'y a aucun service à emporter sur le terrain.</translation>
    </message>
    <message>
      <location filename="core/field/package.py" />
      <source>“{path}” holds corrections, or cannot be read: read it back first, or choose another folder.</source>
      <translation>« {path} » contient des corrections, ou ne se lit pas : relisez-le d'abord, ou choisissez un autre dossier.</translation>
    </message>
    <message>
      <location filename="core/field/package.py" />
      <source>No service has a position: there is no map to take to the field.</source>
      <translation>Aucun service n'a de position : il n'y a pas de carte à emporter sur le terrain.</translation>
    </message>
    <message>
      <location filename="core/field/package.py" />
      <source>“{path}” cannot be written: {cause}.</source>
      <translation>« {path} » ne peut pas être écrit : {cause}.</translation>
    </message>
    <message>
      <location filename="core/field/package.py" />
      <source>“{path}” cannot be written; is the folder writable?</source>
      <translation>« {path} » ne peut pas être écrit ; le dossier est-il accessible en écriture ?</translation>
    </message>
    <message>
      <location filename="core/field/readback.py" />
      <source>Its point ({lat}, {lon}) is {distance} km from the nearest service of the package: draw it where it is.</source>
      <translation>Son point ({lat}, {lon}) est à {distance} km du service le plus proche du paquet : dessinez-le là où il est.</translation>
    </message>
    <message>
      <location filename="core/field/readback.py" />
      <source>The same as row {row} of {copy}.</source>
      <translation>La même chose que la ligne {row} de {copy}.</translation>
    </message>
    <message>
      <location filename="core/field/readback.py" />
      <source>Your outbox holds it with other words, and is left as it is.</source>
      <translation>Votre boîte d'envoi l'a avec d'autres mots, et reste comme elle est.</translation>
    </message>
    <message>
      <location filename="core/field/readback.py" />
      <source>The registry says so already.</source>
      <translation>Le référentiel le dit déjà.</translation>
    </message>
    <message>
      <location filename="core/field/readback.py" />
      <source>Another agent, or your outbox, says otherwise: {fields} ({others}).</source>
      <translation>Un autre agent, ou votre boîte d'envoi, dit autre chose : {fields} ({others}).</translation>
    </message>
    <message>
      <location filename="core/field/readback.py" />
      <source>The package holds no service “{id}”: choose it in the list.</source>
      <translation>Le dossier n'a pas de service « {id} » : choisissez-le dans la liste.</translation>
    </message>
    <message>
      <location filename="core/field/readback.py" />
      <source>It proposes {fields}, which a correction of the type “{type}” does not change: make two rows of it.</source>
      <translation>Elle propose {fields}, qu'une correction de type « {type} » ne change pas : faites-en deux lignes.</translation>
    </message>
    <message>
      <location filename="core/field/readback.py" />
      <source>Its point is where the service is already: move it.</source>
      <translation>Son point est là où le service est déjà : déplacez-le.</translation>
    </message>
    <message>
      <location filename="core/field/readback.py" />
      <source>You have withdrawn it from your outbox: it is not put there again.</source>
      <translation>Vous l'avez retirée de votre boîte d'envoi : elle n'y est pas remise.</translation>
    </message>
    <message>
      <location filename="core/field/readback.py" />
      <source>Two copies hold this correction with other words: choose one, withdraw the other.</source>
      <translation>Deux copies ont cette correction avec des mots différents : choisissez-en une, retirez l'autre.</translation>
    </message>
    <message>
      <location filename="core/field/readback.py" />
      <source>Your outbox holds the very same proposal already.</source>
      <translation>Votre boîte d'envoi a déjà exactement la même proposition.</translation>
    </message>
    <message>
      <location filename="core/hours/parser.py" />
      <source>Opening hours: the range that ends with “{found}” at character {position} runs backwards.</source>
      <translation>Horaires : la plage qui finit par « {found} » au caractère {position} va à l'envers.</translation>
    </message>
    <message>
      <location filename="core/hours/parser.py" />
      <source>Opening hours: “{found}” at character {position} is not understood.</source>
      <translation>Horaires : « {found} » au caractère {position} n'est pas compris.</translation>
    </message>
    <message>
      <location filename="core/hours/parser.py" />
      <source>The opening hours are empty.</source>
      <translation>Les horaires sont vides.</translation>
    </message>
    <message>
      <location filename="core/hours/parser.py" />
      <source>Opening hours: “{found}” at character {position} is not a number of days from Easter.</source>
      <translation>Horaires : « {found} », au caractère {position}, n'est pas un nombre de jours à compter de Pâques.</translation>
    </message>
    <message>
      <location filename="core/hours/parser.py" />
      <source>Opening hours: “{found}” at character {position} is not a day of that month.</source>
      <translation>Horaires : « {found} » au caractère {position} n'est pas un jour de ce mois.</translation>
    </message>
    <message>
      <location filename="core/hours/parser.py" />
      <source>Opening hours: “{found}” at character {position} is not a week of the year (1 to 53).</source>
      <translation>Horaires : « {found} » au caractère {position} n'est pas une semaine de l'année (1 à 53).</translation>
    </message>
    <message>
      <location filename="core/hours/parser.py" />
      <source>Opening hours: “{found}” at character {position} changes with the sun; write clock times.</source>
      <translation>Horaires : « {found} » au caractère {position} change avec le soleil ; écrivez des heures fixes.</translation>
    </message>
    <message>
      <location filename="core/hours/parser.py" />
      <source>Opening hours: “{found}” at character {position} is not a time of the day.</source>
      <translation>Horaires : « {found} » au caractère {position} n'est pas une heure du jour.</translation>
    </message>
    <message>
      <location filename="core/hours/parser.py" />
      <source>Opening hours: something is missing at the end (character {position}).</source>
      <translation>Horaires : il manque quelque chose à la fin (caractère {position}).</translation>
    </message>
    <message>
      <location filename="core/hours/parser.py" />
      <source>Opening hours: the comment opened at character {position} is not closed.</source>
      <translation>Horaires : le commentaire ouvert au caractère {position} n'est pas fermé.</translation>
    </message>
    <message>
      <location filename="core/hours_sources.py" />
      <source>Some opening hours make no sense and count as unknown: {found}</source>
      <translation>Certains horaires n'ont pas de sens et comptent comme inconnus : {found}</translation>
    </message>
    <message>
      <location filename="core/hours_sources.py" />
      <source>Opening hours that overlap were joined ({days}).</source>
      <translation>Des horaires qui se chevauchent ont été réunis ({days}).</translation>
    </message>
    <message>
      <location filename="core/hours_sources.py" />
      <source>The opening hours are not readable: {found}</source>
      <translation>Les horaires ne sont pas lisibles : {found}</translation>
    </message>
    <message>
      <location filename="core/http.py" />
      <source>The server {base} redirects without end.</source>
      <translation>Le serveur {base} redirige sans fin.</translation>
    </message>
    <message>
      <location filename="core/http.py" />
      <source>The answer of {url} is larger than {limit} MB, which such an answer cannot be.</source>
      <translation>La réponse de {url} dépasse {limit} Mo, ce qu'une telle réponse ne peut pas faire.</translation>
    </message>
    <message>
      <location filename="core/http.py" />
      <source>“{url}” is not an http or https address.</source>
      <translation>« {url} » n'est pas une adresse http ou https.</translation>
    </message>
    <message>
      <location filename="core/http.py" />
      <source>The address “{url}” holds a user name or password; put them in a QGIS authentication configuration.</source>
      <translation>L'adresse « {url} » contient un nom d'utilisateur ou un mot de passe ; placez-les dans une configuration d'authentification de QGIS.</translation>
    </message>
    <message>
      <location filename="core/http.py" />
      <source>“{url}” is not encrypted: credentials are sent over https only. Use https, or remove the authentication.</source>
      <translation>« {url} » n'est pas chiffrée : les identifiants ne sont envoyés qu'en https. Utilisez https, ou retirez l'authentification.</translation>
    </message>
    <message>
      <location filename="core/http.py" />
      <source>{url} answers in a compression that was not asked for (“{encoding}”).</source>
      <translation>{url} répond dans une compression qui n'a pas été demandée (« {encoding} »).</translation>
    </message>
    <message>
      <location filename="core/http.py" />
      <source>The answer of {url} broke off after {size} of {announced} bytes; try again.</source>
      <translation>La réponse de {url} s'est interrompue après {size} octets sur {announced} ; réessayez.</translation>
    </message>
    <message>
      <location filename="core/http.py" />
      <source>The server {base} points to another one, {url}: nothing was sent there.</source>
      <translation>Le serveur {base} renvoie vers un autre, {url} : rien n'y a été envoyé.</translation>
    </message>
    <message>
      <location filename="core/http.py" />
      <source>{url} did not answer with JSON (it begins with “{start}”); check the connection's address.</source>
      <translation>{url} n'a pas répondu en JSON (la réponse commence par « {start} ») ; vérifiez l'adresse de la connexion.</translation>
    </message>
    <message>
      <location filename="core/http.py" />
      <source>The server {base} points to an address that is none.</source>
      <translation>Le serveur {base} renvoie vers une adresse qui n'en est pas une.</translation>
    </message>
    <message>
      <location filename="core/http.py" />
      <source>The answer of {url} did not end within {seconds} s; try again later.</source>
      <translation>La réponse de {url} n'était pas finie au bout de {seconds} s ; réessayez plus tard.</translation>
    </message>
    <message>
      <location filename="core/identifiers.py" />
      <source>This SIRET has a wrong digit: its key does not match.</source>
      <translation>Ce SIRET a un chiffre faux : sa clé de contrôle ne correspond pas.</translation>
    </message>
    <message>
      <location filename="core/identifiers.py" />
      <source>A postcode has 5 digits, like 48000.</source>
      <translation>Un code postal a 5 chiffres, comme 48000.</translation>
    </message>
    <message>
      <location filename="core/identifiers.py" />
      <source>This is not a phone number of France, like 04 66 49 00 00 or 3939.</source>
      <translation>Ce n'est pas un numéro de téléphone français, comme 04 66 49 00 00 ou 3939.</translation>
    </message>
    <message>
      <location filename="core/identifiers.py" />
      <source>This is not an e-mail address, like accueil@commune.fr.</source>
      <translation>Ce n'est pas une adresse électronique, comme accueil@commune.fr.</translation>
    </message>
    <message>
      <location filename="core/identifiers.py" />
      <source>This is not a web address, like https://www.commune.fr.</source>
      <translation>Ce n'est pas une adresse web, comme https://www.commune.fr.</translation>
    </message>
    <message>
      <location filename="core/identifiers.py" />
      <source>A SIRET has 14 digits; this one has {count}.</source>
      <translation>Un SIRET a 14 chiffres ; celui-ci en a {count}.</translation>
    </message>
    <message>
      <location filename="core/identifiers.py" />
      <source>A SIREN has 9 digits; this one has {count}.</source>
      <translation>Un SIREN a 9 chiffres ; celui-ci en a {count}.</translation>
    </message>
    <message>
      <location filename="core/identifiers.py" />
      <source>This SIREN has a wrong digit: its key does not match.</source>
      <translation>Ce SIREN a un chiffre faux : sa clé de contrôle ne correspond pas.</translation>
    </message>
    <message>
      <location filename="core/identifiers.py" />
      <source>A FINESS number has 9 characters, like 010780054 or 2A0000014.</source>
      <translation>Un numéro FINESS a 9 caractères, comme 010780054 ou 2A0000014.</translation>
    </message>
    <message>
      <location filename="core/identifiers.py" />
      <source>This FINESS number has a wrong digit: its key does not match.</source>
      <translation>Ce numéro FINESS a un chiffre faux : sa clé de contrôle ne correspond pas.</translation>
    </message>
    <message>
      <location filename="core/identifiers.py" />
      <source>No commune of 2026 has the INSEE code {code}.</source>
      <translation>Aucune commune de 2026 n'a le code INSEE {code}.</translation>
    </message>
    <message>
      <location filename="core/matching/decisions.py" />
      <source>The file of your decisions, {path}, cannot be used: {cause}</source>
      <translation>Le fichier de vos décisions, {path}, est inutilisable : {cause}</translation>
    </message>
    <message>
      <location filename="core/matching/decisions.py" />
      <source>{count} decision of the review is left out: several services bear the identifier that it speaks of.|{count} decisions of the review are left out: several services bear the identifiers that they speak of.</source>
      <translation>{count} décision de la relecture est laissée de côté : plusieurs services portent l'identifiant dont elle parle.|{count} décisions de la relecture sont laissées de côté : plusieurs services portent les identifiants dont elles parlent.</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>another category</source>
      <translation>autre catégorie</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>category not known</source>
      <translation>catégorie inconnue</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>names alike ({share} %)</source>
      <translation>noms proches ({share} %)</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>same address</source>
      <translation>même adresse</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>another address</source>
      <translation>autre adresse</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>same commune</source>
      <translation>même commune</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>another commune</source>
      <translation>autre commune</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>same phone, e-mail or web site</source>
      <translation>même téléphone, courriel ou site web</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>another phone</source>
      <translation>autre téléphone</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>a word sets the names apart</source>
      <translation>un mot distingue les noms</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>same name</source>
      <translation>même nom</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>the names differ</source>
      <translation>noms différents</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>{distance} m apart</source>
      <translation>à {distance} m l'un de l'autre</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>same identifier</source>
      <translation>même identifiant</translation>
    </message>
    <message>
      <location filename="core/matching/evidence.py" />
      <source>the only one of its kind in the commune, in both lists</source>
      <translation>seul de son genre dans la commune, dans les deux listes</translation>
    </message>
    <message>
      <location filename="core/matching/geocoding.py" />
      <source>The geocoder {server} answers HTTP {status}; try again later.</source>
      <translation>Le géocodeur {server} répond HTTP {status} ; réessayez plus tard.</translation>
    </message>
    <message>
      <location filename="core/matching/geocoding.py" />
      <source>The geocoder answered with {found} rows for {expected}.</source>
      <translation>Le géocodeur a répondu {found} lignes pour {expected} attendues.</translation>
    </message>
    <message>
      <location filename="core/matching/geocoding.py" />
      <source>The geocoder {server} is out of reach: {cause}</source>
      <translation>Le géocodeur {server} est hors d'atteinte : {cause}</translation>
    </message>
    <message>
      <location filename="core/matching/matcher.py" />
      <source>you said so</source>
      <translation>vous l'avez dit</translation>
    </message>
    <message>
      <location filename="core/matching/matcher.py" />
      <source>another row resembles it as much</source>
      <translation>une autre ligne lui ressemble autant</translation>
    </message>
    <message>
      <location filename="core/matching/matcher.py" />
      <source>nothing in the other list resembles it</source>
      <translation>rien ne lui ressemble dans l'autre liste</translation>
    </message>
    <message>
      <location filename="core/matching/matcher.py" />
      <source>what it resembles goes with another row: perhaps a duplicate</source>
      <translation>ce à quoi elle ressemble va avec une autre ligne : peut-être un doublon</translation>
    </message>
    <message>
      <location filename="core/national/cluster.py" />
      <source>The memory “{text}” cannot be read; expected a number such as 6GB.</source>
      <translation>La mémoire « {text} » est illisible ; on attend un nombre comme 6GB.</translation>
    </message>
    <message>
      <location filename="core/national/figures.py" />
      <source>{count} service could not be put on the roads and serves nobody.|{count} services could not be put on the roads and serve nobody.</source>
      <translation>{count} service n'a pas pu être placé sur les routes et ne sert personne.|{count} services n'ont pas pu être placés sur les routes et ne servent personne.</translation>
    </message>
    <message>
      <location filename="core/national/figures.py" />
      <source>No place could be put on the network of: {names}. Nobody is computed for these.</source>
      <translation>Aucun lieu n'a pu être placé sur le réseau pour : {names}. Personne n'est calculé pour ceux-ci.</translation>
    </message>
    <message>
      <location filename="core/national/figures.py" />
      <source>{some} of {all} parts: {note}</source>
      <translation>{some} parties sur {all} : {note}</translation>
    </message>
    <message>
      <location filename="core/national/layers.py" />
      <source>{name} has no coordinate reference system; set it first.</source>
      <translation>{name} n'a pas de système de coordonnées ; donnez-le d'abord.</translation>
    </message>
    <message>
      <location filename="core/national/layers.py" />
      <source>{name} has no column “{column}”. It has: {names}.</source>
      <translation>{name} n'a pas de colonne « {column} ». Elle a : {names}.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>Levels are columns of the zones: name the zones too.</source>
      <translation>Les niveaux sont des colonnes des zones : indiquez aussi les zones.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>Nobody is followed beyond {bound} minutes: who is within {threshold} is not known. Give a larger --bound.</source>
      <translation>Personne n'est suivi au-delà de {bound} minutes : on ne sait pas qui est à moins de {threshold}. Donnez un --bound plus grand.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>The roads span territories too far apart for one projection: run each of them on its own.</source>
      <translation>Les routes couvrent des territoires trop éloignés pour une seule projection : lancez-les un par un.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>{count} row of demand has no position and is not computed.|{count} rows of demand have no position and are not computed.</source>
      <translation>{count} ligne de demande n'a pas de position et n'est pas calculée.|{count} lignes de demande n'ont pas de position et ne sont pas calculées.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>{count} row of demand lies outside every zone: it has a line of its own.|{count} rows of demand lie outside every zone: they have a line of their own.</source>
      <translation>{count} lieu de population est hors de toute zone : il a sa propre ligne.|{count} lieux de population sont hors de toute zone : ils ont leur propre ligne.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>{count} service has no position and serves nobody.|{count} services have no position and serve nobody.</source>
      <translation>{count} service n'a pas de position et ne dessert personne.|{count} services n'ont pas de position et ne desservent personne.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>A basket needs the column of the services' categories.</source>
      <translation>Un panier demande la colonne des catégories des services.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>The summary has a level “{name}” of its own: rename the column of the zones.</source>
      <translation>Le résumé a déjà un niveau « {name} » : renommez la colonne des zones.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>{name} must be {smallest} or more.</source>
      <translation>{name} doit valoir {smallest} ou plus.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>{count} row of demand has no usable population and is left out.|{count} rows of demand have no usable population and are left out.</source>
      <translation>{count} lieu de population n'a pas d'effectif utilisable et est écarté.|{count} lieux de population n'ont pas d'effectif utilisable et sont écartés.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>{count} service has no usable capacity and counts in no score.|{count} services have no usable capacity and count in no score.</source>
      <translation>{count} service n'a pas de capacité utilisable et ne compte dans aucun score.|{count} services n'ont pas de capacité utilisable et ne comptent dans aucun score.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>The layer of services has no place for: {names}. The mean is then NULL.</source>
      <translation>La couche des services n'a aucun lieu pour : {names}. La moyenne est alors NULL.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>{count} service has no category: of two lines without category, the first is its own, the second the basket's.|{count} services have no category: of two lines without category, the first is theirs, the second the basket's.</source>
      <translation>{count} service n'a pas de catégorie : de deux lignes sans catégorie, la première est la sienne, la seconde celle du panier.|{count} services n'ont pas de catégorie : de deux lignes sans catégorie, la première est la leur, la seconde celle du panier.</translation>
    </message>
    <message>
      <location filename="core/national/plan.py" />
      <source>No population was given: every place of demand counts for 1.</source>
      <translation>Aucune population n'est donnée : chaque lieu habité compte pour 1.</translation>
    </message>
    <message>
      <location filename="core/national/tables.py" />
      <source>{path} holds {written} rows of “{table}” instead of {due}.</source>
      <translation>{path} contient {written} lignes de « {table} » au lieu de {due}.</translation>
    </message>
    <message>
      <location filename="core/national/tables.py" />
      <source>{path} is read and would be written over: name another output.</source>
      <translation>{path} est lu et serait remplacé : nommez une autre sortie.</translation>
    </message>
    <message>
      <location filename="core/national/tables.py" />
      <source>{path} is a file: name a folder, or an output that ends in .gpkg.</source>
      <translation>{path} est un fichier : donnez un dossier, ou une sortie qui finit par .gpkg.</translation>
    </message>
    <message>
      <location filename="core/national/tables.py" />
      <source>{path} is a folder: name a file.</source>
      <translation>{path} est un dossier : donnez un fichier.</translation>
    </message>
    <message>
      <location filename="core/national/tables.py" />
      <source>GeoParquet needs pyarrow: install it, or name an output that ends in .gpkg.</source>
      <translation>GeoParquet demande pyarrow : installez-le, ou nommez une sortie qui finit par .gpkg.</translation>
    </message>
    <message>
      <location filename="core/national/territory.py" />
      <source>Another run worked in {folder}, or the roads changed meanwhile: run the command again.</source>
      <translation>Un autre calcul a travaillé dans {folder}, ou les routes ont changé entre-temps : relancez la commande.</translation>
    </message>
    <message>
      <location filename="core/network/apart.py" />
      <source>{path} cannot be written: it is in use, or protected.</source>
      <translation>{path} ne peut pas être écrit : il est utilisé, ou protégé.</translation>
    </message>
    <message>
      <location filename="core/network/build.py" />
      <source>None of the {count} lines can be used by the profile “{profile}” (preset “{preset}”).</source>
      <translation>Aucun des {count} tronçons n'est utilisable par le profil « {profile} » (préréglage « {preset} »).</translation>
    </message>
    <message>
      <location filename="core/network/build.py" />
      <source>None of the {count} rows of the road layer has a line.</source>
      <translation>Aucune des {count} lignes de la couche de routes n'a de tracé.</translation>
    </message>
    <message>
      <location filename="core/network/build.py" />
      <source>The coordinates of the roads are no places: is the coordinate reference system right?</source>
      <translation>Les coordonnées des routes ne désignent aucun lieu : le système de coordonnées est-il le bon ?</translation>
    </message>
    <message>
      <location filename="core/network/build.py" />
      <source>The road layer has no field “{name}”. It has: {names}.</source>
      <translation>La couche des routes n'a pas de champ « {name} ». Elle a : {names}.</translation>
    </message>
    <message>
      <location filename="core/network/build.py" />
      <source>The road layer says it has {given} rows; {rows} were read.</source>
      <translation>La couche de routes annonce {given} lignes ; {rows} ont été lues.</translation>
    </message>
    <message>
      <location filename="core/network/build.py" />
      <source>{count} row of the road layer has no line: it is left out.|{count} rows of the road layer have no line: they are left out.</source>
      <translation>{count} ligne de la couche de routes n'a pas de tracé : elle est écartée.|{count} lignes de la couche de routes n'ont pas de tracé : elles sont écartées.</translation>
    </message>
    <message>
      <location filename="core/network/build.py" />
      <source>{count} line has coordinates that are no place: it is left out.|{count} lines have coordinates that are no place: they are left out.</source>
      <translation>{count} tronçon a des coordonnées qui ne désignent aucun lieu : il est écarté.|{count} tronçons ont des coordonnées qui ne désignent aucun lieu : ils sont écartés.</translation>
    </message>
    <message>
      <location filename="core/network/build.py" />
      <source>{count} height of a line end is a filler (0, -1000 …): it is not used.|{count} heights of line ends are fillers (0, -1000 …): they are not used.</source>
      <translation>{count} altitude d'extrémité est une valeur de remplissage (0, -1000…) : elle n'est pas utilisée.|{count} altitudes d'extrémités sont des valeurs de remplissage (0, -1000…) : elles ne sont pas utilisées.</translation>
    </message>
    <message>
      <location filename="core/network/change.py" />
      <source>Nothing would be left of the network.</source>
      <translation>Il ne resterait rien du réseau.</translation>
    </message>
    <message>
      <location filename="core/network/change.py" />
      <source>“{value}” is no action: it must be one of {actions}.</source>
      <translation>« {value} » n'est pas une action : il faut l'une de {actions}.</translation>
    </message>
    <message>
      <location filename="core/network/change.py" />
      <source>“{action}” needs a speed in km/h in “valeur”, not “{value}”.</source>
      <translation>« {action} » demande une vitesse en km/h dans « valeur », pas « {value} ».</translation>
    </message>
    <message>
      <location filename="core/network/change.py" />
      <source>“{action}” needs one of {ways} in “valeur”, not “{value}”.</source>
      <translation>« {action} » demande l'un de {ways} dans « valeur », pas « {value} ».</translation>
    </message>
    <message>
      <location filename="core/network/change.py" />
      <source>No road is left to act on.</source>
      <translation>Il ne reste aucune route sur laquelle agir.</translation>
    </message>
    <message>
      <location filename="core/network/change.py" />
      <source>A new road must be a line.</source>
      <translation>Une route nouvelle doit être une ligne.</translation>
    </message>
    <message>
      <location filename="core/network/change.py" />
      <source>A new road has both its ends at one junction.</source>
      <translation>Une route nouvelle a ses deux bouts au même carrefour.</translation>
    </message>
    <message>
      <location filename="core/network/crs.py" />
      <source>The coordinate reference system of the roads is not understood.</source>
      <translation>Le système de coordonnées de référence des routes n'est pas compris.</translation>
    </message>
    <message>
      <location filename="core/network/file.py" />
      <source>{path} was made by another version of the plugin (format {found}, not {expected}); build it again.</source>
      <translation>{path} a été fait par une autre version de l'extension (format {found}, et non {expected}) ; reconstruisez-le.</translation>
    </message>
    <message>
      <location filename="core/network/file.py" />
      <source>The network file {path} is damaged; build the network again.</source>
      <translation>Le fichier de réseau {path} est endommagé ; reconstruisez le réseau.</translation>
    </message>
    <message>
      <location filename="core/network/file.py" />
      <source>{path} is not a network file; make one with the algorithm « buildnetwork ».</source>
      <translation>{path} n'est pas un fichier de réseau ; faites-en un avec l'algorithme « Construire le réseau routier » (buildnetwork).</translation>
    </message>
    <message>
      <location filename="core/network/file.py" />
      <source>The network file {path} cannot be opened: {error}.</source>
      <translation>Le fichier de réseau {path} ne peut pas être ouvert : {error}.</translation>
    </message>
    <message>
      <location filename="core/network/hourly.py" />
      <source>The table of factors lacks the columns {names}.</source>
      <translation>Il manque à la table des facteurs les colonnes {names}.</translation>
    </message>
    <message>
      <location filename="core/network/hourly.py" />
      <source>Row {row} of the table of factors cannot be read: it needs days (lun-ven), hours (07:30, 09:00) and a factor above 0, {most} at most (0.8: a fifth slower).</source>
      <translation>La ligne {row} de la table de facteurs est illisible : il lui faut des jours (lun-ven), des heures (07:30, 09:00) et un facteur au-dessus de 0, de {most} au plus (0,8 : un cinquième moins vite).</translation>
    </message>
    <message>
      <location filename="core/network/hourly.py" />
      <source>Row {row} of the table of factors does not say its source.</source>
      <translation>La ligne {row} de la table des facteurs ne dit pas sa source.</translation>
    </message>
    <message>
      <location filename="core/network/hourly.py" />
      <source>The table of factors cannot be read: {reason}</source>
      <translation>La table des facteurs est illisible : {reason}</translation>
    </message>
    <message>
      <location filename="core/network/hourly.py" />
      <source>Rows {one} and {other} of the table of factors are of the same class and the same hour.</source>
      <translation>Les lignes {one} et {other} de la table des facteurs sont de la même classe et de la même heure.</translation>
    </message>
    <message>
      <location filename="core/network/network.py" />
      <source>{path} is in use.</source>
      <translation>{path} est en cours d'utilisation.</translation>
    </message>
    <message>
      <location filename="core/network/osm_restrictions.py" />
      <source>{path} cannot be read: {reason}</source>
      <translation>{path} ne peut pas être lu : {reason}</translation>
    </message>
    <message>
      <location filename="core/network/presets/osm.py" />
      <source>{count} road changes its direction with the hour (oneway=reversible): it is closed here.|{count} roads change their direction with the hour (oneway=reversible): they are closed here.</source>
      <translation>{count} route change de sens selon l'heure (oneway=reversible) : elle est fermée ici.|{count} routes changent de sens selon l'heure (oneway=reversible) : elles sont fermées ici.</translation>
    </message>
    <message>
      <location filename="core/network/presets/rules.py" />
      <source>The table of speeds needs the columns “classe” and “kmh”.</source>
      <translation>La table des vitesses doit avoir les colonnes « classe » et « kmh ».</translation>
    </message>
    <message>
      <location filename="core/network/presets/rules.py" />
      <source>In the field “{name}”, {count} values are not understood (for example “{example}”).</source>
      <translation>Valeurs du champ « {name} » qui ne sont pas comprises : {count} (par exemple « {example} »).</translation>
    </message>
    <message>
      <location filename="core/network/presets/rules.py" />
      <source>The table of speeds cannot be read: {reason}</source>
      <translation>Le tableau des vitesses ne peut pas être lu : {reason}</translation>
    </message>
    <message>
      <location filename="core/network/presets/rules.py" />
      <source>Row {row} of the table of speeds has no speed in km/h.</source>
      <translation>La ligne {row} de la table des vitesses n'a pas de vitesse en km/h.</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>speeds of the column {value}</source>
      <translation>vitesses de la colonne {value}</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>minutes of the column {value}</source>
      <translation>minutes de la colonne {value}</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>directions of the column {value}</source>
      <translation>sens de la colonne {value}</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>values of directions {value}</source>
      <translation>valeurs du sens {value}</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>own speeds by class: {value}</source>
      <translation>vos vitesses par classe : {value}</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>{value} km/h where nothing says the speed</source>
      <translation>{value} km/h où rien ne dit la vitesse</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>ends within {value} m joined</source>
      <translation>extrémités à moins de {value} m réunies</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>IGN's own cost</source>
      <translation>coût propre à l'IGN</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>slower on slopes</source>
      <translation>plus lent en pente</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>riders accept stress {value} at most</source>
      <translation>stress {value} au plus à vélo</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>speeds of {value}</source>
      <translation>vitesses du {value}</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>no column of speeds</source>
      <translation>sans colonne de vitesses</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>no column of directions</source>
      <translation>sans colonne de sens</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>way of reading the roads not said</source>
      <translation>façon de lire les routes non précisée</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>roads of {source}</source>
      <translation>routes {source}</translation>
    </message>
    <message>
      <location filename="core/network/reading.py" />
      <source>roads of no known model</source>
      <translation>routes sans modèle connu</translation>
    </message>
    <message>
      <location filename="core/network/slopes.py" />
      <source>{count} line has no heights: it is taken as flat.|{count} lines have no heights: taken as flat.</source>
      <translation>{count} ligne n'a pas d'altitude : elle est tenue pour plate.|{count} lignes n'ont pas d'altitude : elles sont tenues pour plates.</translation>
    </message>
    <message>
      <location filename="core/network/slopes.py" />
      <source>The slopes are asked for, and no line has heights at both ends.</source>
      <translation>Les pentes sont demandées, et aucune ligne n'a d'altitude à ses deux bouts.</translation>
    </message>
    <message>
      <location filename="core/network/slopes.py" />
      <source>The slopes are asked for, and all heights of the lines are 0.</source>
      <translation>Les pentes sont demandées, et toutes les altitudes des lignes sont à 0.</translation>
    </message>
    <message>
      <location filename="core/network/source.py" />
      <source>The road layer has no coordinate reference system; set it first.</source>
      <translation>La couche des routes n'a pas de système de coordonnées de référence ; définissez-le d'abord.</translation>
    </message>
    <message>
      <location filename="core/network/source.py" />
      <source>There is no layer “{layer}” in {path}.</source>
      <translation>Il n'y a pas de couche « {layer} » dans {path}.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>These roads do not say how stressful they are: the preset must be BD TOPO or OpenStreetMap.</source>
      <translation>Ces routes ne disent pas combien elles sont stressantes : le préréglage doit être BD TOPO ou OpenStreetMap.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>The values F and T of the field “{name}” may mean from and to, or false and true: say which are one-way (VALUE_FORWARD, VALUE_BACKWARD).</source>
      <translation>Les valeurs F et T du champ « {name} » peuvent vouloir dire « from » et « to », ou faux et vrai : dites lesquelles sont à sens unique (VALUE_FORWARD, VALUE_BACKWARD).</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>There is no preset “{name}”.</source>
      <translation>Le préréglage « {name} » n'existe pas.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>There is no profile “{name}”.</source>
      <translation>Le profil « {name} » n'existe pas.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>The default speed must be positive.</source>
      <translation>La vitesse par défaut doit être positive.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>Slopes are for those on foot or by bike: choose that profile, or leave slopes out.</source>
      <translation>Les pentes sont pour qui va à pied ou à vélo : choisissez ce mode, ou retirez les pentes.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>The level of stress is one of 1, 2, 3 and 4.</source>
      <translation>Le niveau de stress est 1, 2, 3 ou 4.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>The level of stress is that of riders: choose the profile bike, or leave it at 4.</source>
      <translation>Le niveau de stress est celui des cyclistes : choisissez le mode vélo, ou laissez-le à 4.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>Speeds by the hour are those of cars: choose that profile, or leave the hour out.</source>
      <translation>Les vitesses à une heure sont celles des voitures : choisissez ce mode, ou retirez l'heure.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>The tolerance must not be negative.</source>
      <translation>La tolérance ne doit pas être négative.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>IGN's own cost is that of cars on BD TOPO: choose another cost, or other roads.</source>
      <translation>Le coût de l'IGN est celui des voitures sur la BD TOPO : choisissez un autre coût, ou d'autres routes.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>No road is of these classes of the table of factors: {names}.</source>
      <translation>Aucune route n'est de ces classes de la table des facteurs : {names}.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>{count} line has a cost below 0 or without end (for example {example}): it is closed.|{count} lines have a cost below 0 or without end (for example {example}): they are closed.</source>
      <translation>{count} tronçon a un coût négatif ou sans fin (par exemple {example}) : il est fermé.|{count} tronçons ont un coût négatif ou sans fin (par exemple {example}) : ils sont fermés.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>In the field “{name}”, {count} value is no speed in km/h (for example {example}): it is not used.|In the field “{name}”, {count} values are no speeds in km/h (for example {example}): they are not used.</source>
      <translation>Dans le champ « {name} », {count} valeur n'est pas une vitesse en km/h (par exemple {example}) : elle n'est pas utilisée.|Dans le champ « {name} », {count} valeurs ne sont pas des vitesses en km/h (par exemple {example}) : elles ne sont pas utilisées.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>{count} line has a speed over {fastest} km/h: it is not used.|{count} lines have a speed over {fastest} km/h: it is not used.</source>
      <translation>{count} tronçon a une vitesse supérieure à {fastest} km/h : elle n'est pas utilisée.|{count} tronçons ont une vitesse supérieure à {fastest} km/h : elle n'est pas utilisée.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>The field “{name}” holds no number: it is not used.</source>
      <translation>Le champ « {name} » ne contient aucun nombre : il n'est pas utilisé.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>The field “{name}” never has one of the values given: every line is taken as two-way.</source>
      <translation>Le champ « {name} » n'a jamais l'une des valeurs données : tous les tronçons sont pris à double sens.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>{count} of {lines} lines have no speed: they take the default of their class, else {kmh} km/h.</source>
      <translation>Tronçons sans vitesse : {count} sur {lines} ; ils prennent celle de leur classe par défaut, sinon {kmh} km/h.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>In the field “{name}”, {count} values are not numbers (for example “{example}”).</source>
      <translation>Valeurs du champ « {name} » qui ne sont pas des nombres : {count} (par exemple « {example} »).</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>In the field “{name}”, {count} lines have another value (for example “{example}”): they are taken as two-way.</source>
      <translation>Tronçons dont le champ « {name} » a une autre valeur : {count} (par exemple « {example} ») ; ils sont pris à double sens.</translation>
    </message>
    <message>
      <location filename="core/network/travel.py" />
      <source>Road classes that BD TOPO does not know: {names}. They are open, with the speed of the line or the default speed.</source>
      <translation>Classes de routes inconnues de la BD TOPO : {names}. Elles sont ouvertes, à la vitesse du tronçon ou à la vitesse par défaut.</translation>
    </message>
    <message>
      <location filename="core/network/turn_rules.py" />
      <source>The table of turn bans has no fields “{fields}”. It has: {names}.</source>
      <translation>La table des interdictions de tourner n'a pas les champs « {fields} ». Elle a : {names}.</translation>
    </message>
    <message>
      <location filename="core/network/turn_rules.py" />
      <source>The road layer has no field “{name}” by which the forbidden turns name roads. It has: {names}.</source>
      <translation>La couche de routes n'a pas le champ « {name} » par lequel les interdictions de tourner désignent les routes. Elle a : {names}.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>No field gives speeds: {of_class} lines take the speed of their class, {default} the default speed.</source>
      <translation>Aucun champ ne donne de vitesse : {of_class} tronçons prennent la vitesse de leur classe, {default} la vitesse par défaut.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>Preset “{preset}”, profile “{profile}”: {lines} lines of {rows} may be used.</source>
      <translation>Préréglage « {preset} », profil « {profile} » : {lines} tronçons utilisables sur {rows}.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>{nodes} junctions, {links} links ({one_way} one-way), {length} km.</source>
      <translation>{nodes} carrefours, {links} liens (dont {one_way} à sens unique), {length} km.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>Suspicious lengths: {zero} links of 0 m, {long} links over 30 km.</source>
      <translation>Longueurs suspectes – liens de 0 m : {zero} ; liens de plus de 30 km : {long}.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>Minutes are from the field “{field}” on {minutes} lines; {of_class} take the speed of their class, {default} the default speed.</source>
      <translation>Les minutes viennent du champ « {field} » pour {minutes} tronçons ; {of_class} prennent la vitesse de leur classe, {default} la vitesse par défaut.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>Speeds are from the field “{field}” on {given} lines; {of_class} take the speed of their class, {default} the default speed; {minutes} have minutes of their own.</source>
      <translation>Les vitesses viennent du champ « {field} » pour {given} tronçons ; {of_class} prennent la vitesse de leur classe, {default} la vitesse par défaut ; {minutes} ont leurs propres minutes.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>The network is in {parts} parts; {links} links cannot be both reached and left.</source>
      <translation>Le réseau est en {parts} morceaux ; {links} liens ne peuvent être à la fois atteints et quittés.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>{count} link runs beside another one between the same junctions: they are one road, open each way.|{count} links run beside another one between the same junctions: they are one road, open each way.</source>
      <translation>{count} tronçon longe un autre entre les mêmes carrefours : c'est une seule route, ouverte dans chaque sens où l'un l'est.|{count} tronçons en longent d'autres entre les mêmes carrefours : c'est chaque fois une seule route, ouverte dans chaque sens où l'un l'est.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>{name}: {count} links; {missing} lines take the default speed of their class.</source>
      <translation>Classe {name} – liens : {count} ; tronçons à la vitesse par défaut : {missing}.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>Directions are from the field “{field}”: {one_way} of {lines} lines are one-way.</source>
      <translation>Les sens de circulation viennent du champ « {field} » : {one_way} tronçons sur {lines} sont à sens unique.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>The field “{field}” looks like speeds and is not used; name it in SPEED_FIELD to use it.</source>
      <translation>Le champ « {field} » semble donner des vitesses et n'est pas utilisé ; indiquez-le dans SPEED_FIELD pour l'utiliser.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>The field “{field}” looks like directions and is not used; name it in DIRECTION_FIELD to use it.</source>
      <translation>Le champ « {field} » semble donner des sens de circulation et n'est pas utilisé ; indiquez-le dans DIRECTION_FIELD pour l'utiliser.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>Speeds are those of {when}: on {changed} lines of {lines} a factor makes them others (source: {source}).</source>
      <translation>Vitesses à cette heure : {when} ; sur {changed} lignes de {lines}, un facteur les change (source : {source}).</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>Riders accept roads of stress {level} at most: on {changed} lines of {lines} they walk beside the bike.</source>
      <translation>À vélo, stress accepté : {level} au plus ; sur {changed} lignes de {lines}, on marche à côté du vélo.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>Forbidden turns: {bans} are respected, from {rules} rows of the source; {away} rows are about roads that are not in the network.</source>
      <translation>Interdictions de tourner : {bans} respectées, d'après {rules} lignes de la source ; {away} lignes concernent des routes absentes du réseau.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>{count} row of forbidden turns is left out: its roads do not meet at one junction.|{count} rows of forbidden turns are left out: their roads do not meet at one junction.</source>
      <translation>{count} interdiction de tourner est écartée : ses routes ne se rejoignent pas à un seul carrefour.|{count} interdictions de tourner sont écartées : leurs routes ne se rejoignent pas à un seul carrefour.</translation>
    </message>
    <message>
      <location filename="core/network/wording.py" />
      <source>No field gives directions: every line is two-way.</source>
      <translation>Aucun champ ne donne le sens de circulation : tous les tronçons sont à double sens.</translation>
    </message>
    <message>
      <location filename="core/observatory/people.py" />
      <source>population not said</source>
      <translation>population non précisée</translation>
    </message>
    <message>
      <location filename="core/observatory/people.py" />
      <source>places, each of them for 1</source>
      <translation>lieux, chacun pour 1</translation>
    </message>
    <message>
      <location filename="core/observatory/people.py" />
      <source>{people} (column {column})</source>
      <translation>{people} (colonne {column})</translation>
    </message>
    <message>
      <location filename="core/observatory/store.py" />
      <source>“{path}” is not a file of measures kept here: choose another, or a name that is not taken.</source>
      <translation>« {path} » n'est pas un fichier de mesures de l'observatoire : choisissez-en un autre, ou un nom qui n'est pas pris.</translation>
    </message>
    <message>
      <location filename="core/observatory/store.py" />
      <source>“{path}” holds measures of other zones, none of them among these: choose another file for this territory.</source>
      <translation>« {path} » contient des mesures d'autres zones, dont aucune n'est parmi celles-ci : choisissez un autre fichier pour ce territoire.</translation>
    </message>
    <message>
      <location filename="core/observatory/store.py" />
      <source>“{path}” cannot be written: {cause}. What it held before is kept.</source>
      <translation>« {path} » ne peut pas être écrit : {cause}. Ce qu'il contenait est gardé.</translation>
    </message>
    <message>
      <location filename="core/parquet_files.py" />
      <source>{path}: its geometries are no WKB. Save it as a GeoPackage.</source>
      <translation>{path} : ses géométries ne sont pas en WKB. Enregistrez-le en GeoPackage.</translation>
    </message>
    <message>
      <location filename="core/parquet_files.py" />
      <source>{path}: Parquet needs pyarrow or GDAL's own driver: install one.</source>
      <translation>{path} : le Parquet demande pyarrow, ou le pilote de GDAL : installez l'un ou l'autre.</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>people</source>
      <translation>habitants</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>households</source>
      <translation>ménages</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>poor households</source>
      <translation>ménages pauvres</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>people living alone</source>
      <translation>personnes seules</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>households of five and more</source>
      <translation>ménages de cinq personnes et plus</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>households who own their home</source>
      <translation>ménages propriétaires</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>tenants</source>
      <translation>ménages locataires</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>one-parent families</source>
      <translation>familles monoparentales</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>households in blocks of flats</source>
      <translation>ménages en immeuble collectif</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>households in houses</source>
      <translation>ménages en maison</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>social housing</source>
      <translation>logements sociaux</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>households with a car</source>
      <translation>ménages avec une voiture</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>households without a car</source>
      <translation>ménages sans voiture</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>unemployed people</source>
      <translation>chômeurs</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>people from {youngest} to {oldest}</source>
      <translation>{youngest} à {oldest} ans</translation>
    </message>
    <message>
      <location filename="core/population_columns.py" />
      <source>people of {age} and more</source>
      <translation>{age} ans et plus</translation>
    </message>
    <message>
      <location filename="core/processes/outcomes.py" />
      <source>A worker process failed: {reason}</source>
      <translation>Un processus de calcul a échoué : {reason}</translation>
    </message>
    <message>
      <location filename="core/processes/pool.py" />
      <source>A worker process ended twice on the same work: there may be too little memory.</source>
      <translation>Un processus de calcul s'est arrêté deux fois sur le même travail : la mémoire manque peut-être.</translation>
    </message>
    <message>
      <location filename="core/processes/remote.py" />
      <source>The cluster at {address} does not answer any more.</source>
      <translation>La grappe de calcul {address} ne répond plus.</translation>
    </message>
    <message>
      <location filename="core/processes/remote.py" />
      <source>The workers of the cluster at {address} do not see {path}: put it where they do, or use no cluster.</source>
      <translation>Les machines de la grappe de calcul {address} ne voient pas {path} : mettez-le où elles le voient, ou n'utilisez pas de grappe.</translation>
    </message>
    <message>
      <location filename="core/processes/remote.py" />
      <source>The cluster at {address} has no worker.</source>
      <translation>La grappe de calcul {address} n'a aucun processus de travail.</translation>
    </message>
    <message>
      <location filename="core/processes/remote.py" />
      <source>{count} piece of work goes to the cluster at {address} ({workers} workers).|{count} pieces of work go to the cluster at {address} ({workers} workers).</source>
      <translation>{count} morceau de travail part vers la grappe de calcul {address} ({workers} processus).|{count} morceaux de travail partent vers la grappe de calcul {address} ({workers} processus).</translation>
    </message>
    <message>
      <location filename="core/processes/remote.py" />
      <source>A scheduler needs Dask: pip install “dask[distributed]”.</source>
      <translation>Un ordonnanceur demande Dask : pip install « dask[distributed] ».</translation>
    </message>
    <message>
      <location filename="core/processes/remote.py" />
      <source>No scheduler answers at {address}: {reason}</source>
      <translation>Aucun ordonnanceur ne répond à {address} : {reason}</translation>
    </message>
    <message>
      <location filename="core/registry/__init__.py" />
      <source>“{kind}” is not a kind of registry; use one of {kinds}.</source>
      <translation>« {kind} » n'est pas un type de référentiel ; il faut l'un de : {kinds}.</translation>
    </message>
    <message>
      <location filename="core/registry/annuaire.py" />
      <source>The export broke off after {given} records of a part: {cause}</source>
      <translation>L'export s'est interrompu après {given} fiches d'une partie : {cause}</translation>
    </message>
    <message>
      <location filename="core/registry/annuaire.py" />
      <source>The reading broke off after {received} of {matched} records: {cause}</source>
      <translation>La lecture s'est interrompue après {received} fiches sur {matched} : {cause}</translation>
    </message>
    <message>
      <location filename="core/registry/annuaire.py" />
      <source>{url} does not answer as the Annuaire's API: check the connection's address and kind.</source>
      <translation>{url} ne répond pas comme l'API de l'Annuaire : vérifiez l'adresse et le type de la connexion.</translation>
    </message>
    <message>
      <location filename="core/registry/annuaire.py" />
      <source>{url} announced {matched} records and gave {received}; read it again.</source>
      <translation>{url} annonçait {matched} fiches et en a donné {received} ; relisez-le.</translation>
    </message>
    <message>
      <location filename="core/registry/annuaire.py" />
      <source>Its text is not valid UTF-8.</source>
      <translation>Son texte n'est pas de l'UTF-8 valide.</translation>
    </message>
    <message>
      <location filename="core/registry/annuaire.py" />
      <source>It is not a record of the Annuaire.</source>
      <translation>Ce n'est pas une fiche de l'Annuaire.</translation>
    </message>
    <message>
      <location filename="core/registry/annuaire.py" />
      <source>Its producer does not publish it.</source>
      <translation>Son producteur ne la publie pas.</translation>
    </message>
    <message>
      <location filename="core/registry/annuaire.py" />
      <source>Its column “{column}” cannot be read.</source>
      <translation>Sa colonne « {column} » n'est pas lisible.</translation>
    </message>
    <message>
      <location filename="core/registry/cql2.py" />
      <source>The filter is not understood at “{rest}”. Write CQL2 text on the columns, such as: {example}</source>
      <translation>Le filtre n'est pas compris à partir de « {rest} ». Écrivez du CQL2 texte sur les colonnes, par exemple : {example}</translation>
    </message>
    <message>
      <location filename="core/registry/fichier.py" />
      <source>“{name}” is of an unknown shape (columns {columns}); say in the connection which field feeds which column.</source>
      <translation>« {name} » est d'une forme inconnue (colonnes {columns}) ; dites dans la connexion quel champ remplit quelle colonne.</translation>
    </message>
    <message>
      <location filename="core/registry/fichier.py" />
      <source>“{name}” is a web page, not a file of services.</source>
      <translation>« {name} » est une page web, non un fichier de services.</translation>
    </message>
    <message>
      <location filename="core/registry/fichier.py" />
      <source>There is no file “{name}”.</source>
      <translation>Il n'y a pas de fichier « {name} ».</translation>
    </message>
    <message>
      <location filename="core/registry/fichier.py" />
      <source>{url} could not be read: {cause}</source>
      <translation>{url} n'a pas pu être lu : {cause}</translation>
    </message>
    <message>
      <location filename="core/registry/formats/finess.py" />
      <source>It is a legal person, not a place.</source>
      <translation>C'est une personne morale, pas un lieu.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/finess.py" />
      <source>It is closed.</source>
      <translation>Il est fermé.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/finess.py" />
      <source>It is not an establishment.</source>
      <translation>Ce n'est pas un établissement.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/finess.py" />
      <source>It has {found} columns instead of {expected}.</source>
      <translation>Elle a {found} colonnes au lieu de {expected}.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/finess.py" />
      <source>It is neither a structure nor a position.</source>
      <translation>Ce n'est ni une structure ni une position.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/layer.py" />
      <source>“{name}” breaks off: {cause}</source>
      <translation>« {name} » s'interrompt : {cause}</translation>
    </message>
    <message>
      <location filename="core/registry/formats/layer.py" />
      <source>“{name}” has no layer “{layer}”.</source>
      <translation>« {name} » n'a pas de couche « {layer} ».</translation>
    </message>
    <message>
      <location filename="core/registry/formats/layer.py" />
      <source>“{name}” lacks the file of its columns, “{side}”.</source>
      <translation>« {name} » est sans le fichier de ses colonnes, « {side} ».</translation>
    </message>
    <message>
      <location filename="core/registry/formats/layer.py" />
      <source>“{name}” cannot be read: {cause}.</source>
      <translation>« {name} » est illisible : {cause}.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/layer.py" />
      <source>“{name}” announces {expected} records and gives {read}: it is damaged, or cut short.</source>
      <translation>« {name} » annonce {expected} fiches et en donne {read} : il est abîmé ou coupé.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/schemas.py" />
      <source>“{nature}” is no public service.</source>
      <translation>« {nature} » n'est pas un service public.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/schemas.py" />
      <source>It is not in service ({state}).</source>
      <translation>Il n'est pas en service ({state}).</translation>
    </message>
    <message>
      <location filename="core/registry/formats/schemas.py" />
      <source>It has no field “{field}”.</source>
      <translation>Il n'y a pas de champ « {field} ».</translation>
    </message>
    <message>
      <location filename="core/registry/formats/text.py" />
      <source>“{name}” holds {count} files; give one of them.</source>
      <translation>« {name} » contient {count} fichiers ; donnez-en un.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/text.py" />
      <source>“{name}” breaks off in the middle of a row.</source>
      <translation>« {name} » est coupé au milieu d'une ligne.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/text.py" />
      <source>“{name}” unfolds to more than can be true.</source>
      <translation>« {name} » se décompresse en plus de données qu'il n'est possible.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/text.py" />
      <source>“{name}” has a line longer than can be true.</source>
      <translation>« {name} » a une ligne plus longue qu'il n'est possible.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/text.py" />
      <source>A quote is opened and not closed.</source>
      <translation>Un guillemet est ouvert et n'est pas fermé.</translation>
    </message>
    <message>
      <location filename="core/registry/formats/text.py" />
      <source>It is not of the form expected ({cause}).</source>
      <translation>Il n'est pas de la forme attendue ({cause}).</translation>
    </message>
    <message>
      <location filename="core/registry/geopackage.py" />
      <source>“{path}” is damaged ({cause}) and is left as it is: put a copy of it back, or choose another file.</source>
      <translation>« {path} » est abîmé ({cause}) et reste tel quel : remettez-en une copie, ou choisissez un autre fichier.</translation>
    </message>
    <message>
      <location filename="core/registry/geopackage.py" />
      <source>“{path}” cannot be written; is the disk full?</source>
      <translation>« {path} » ne peut pas être écrit ; le disque est-il plein ?</translation>
    </message>
    <message>
      <location filename="core/registry/geopackage.py" />
      <source>“{path}” is held by another program or by layers of a project that edited it: close it there, take them out of the project, or wait, and run again. It is as it was.</source>
      <translation>« {path} » est tenu par un autre programme, ou par des couches d'un projet qui l'ont modifié : fermez-le là-bas, retirez-les du projet, ou attendez, puis relancez. Il est tel qu'il était.</translation>
    </message>
    <message>
      <location filename="core/registry/geopackage.py" />
      <source>Another program is using the file; waiting for it, {seconds} s at most.</source>
      <translation>Un autre programme utilise le fichier ; on l'attend, {seconds} s au plus.</translation>
    </message>
    <message>
      <location filename="core/registry/jsontext.py" />
      <source>The answer breaks off or is not JSON near “{excerpt}”.</source>
      <translation>La réponse s'interrompt ou n'est pas du JSON près de « {excerpt} ».</translation>
    </message>
    <message>
      <location filename="core/registry/ogcapi.py" />
      <source>The reading broke off after {received} records: {cause}</source>
      <translation>La lecture s'est interrompue après {received} fiches : {cause}</translation>
    </message>
    <message>
      <location filename="core/registry/ogcapi.py" />
      <source>{url} gave a page full to its limit ({count} records), without saying whether more follow, and cannot be asked for more.</source>
      <translation>{url} a donné une page pleine à sa limite ({count} fiches), sans dire s'il en reste, et ne permet pas de demander la suite.</translation>
    </message>
    <message>
      <location filename="core/registry/ogcapi.py" />
      <source>{url} gave {count} records without saying whether more follow.</source>
      <translation>{url} a donné {count} fiches sans dire s'il en reste.</translation>
    </message>
    <message>
      <location filename="core/registry/ogcapi.py" />
      <source>{url} announced {matched} records and gave {received}.</source>
      <translation>{url} annonçait {matched} fiches et en a donné {received}.</translation>
    </message>
    <message>
      <location filename="core/registry/ogcapi.py" />
      <source>The pages of {url} follow one another in a loop.</source>
      <translation>Les pages de {url} se suivent en boucle.</translation>
    </message>
    <message>
      <location filename="core/registry/ogcapi.py" />
      <source>The pages of {url} do not end: {received} records came where {expected} were to be expected.</source>
      <translation>Les pages de {url} ne finissent pas : {received} fiches sont venues là où {expected} étaient attendues.</translation>
    </message>
    <message>
      <location filename="core/registry/ogcapi.py" />
      <source>The next page is said to be at {url}, on another server: the reading stops here.</source>
      <translation>La page suivante serait à l'adresse {url}, sur un autre serveur : la lecture s'arrête ici.</translation>
    </message>
    <message>
      <location filename="core/registry/pages.py" />
      <source>{url} does not answer as an OGC API – Features: check the connection's address and kind.</source>
      <translation>{url} ne répond pas comme une OGC API – Features : vérifiez l'adresse et le type de la connexion.</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>No position</source>
      <translation>Aucune position</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>Position that cannot be read</source>
      <translation>Position illisible</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>Position 0, 0</source>
      <translation>Position 0, 0 (inconnue)</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>Projected coordinates (Lambert, UTM…) where degrees should be</source>
      <translation>Coordonnées projetées (Lambert, UTM…) au lieu de degrés</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>Longitude equal to latitude</source>
      <translation>Longitude égale à la latitude</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>Longitude and latitude exchanged</source>
      <translation>Longitude et latitude inversées</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>Longitude and latitude exchanged in the source, put back here</source>
      <translation>Longitude et latitude inversées dans la source, remises à l'endroit ici</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>Wrong sign of longitude or latitude</source>
      <translation>Signe de la longitude ou de la latitude inversé</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>Outside its commune</source>
      <translation>Hors de sa commune</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>Outside France</source>
      <translation>Hors de France</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>Opening hours that are partly unreadable or contradictory</source>
      <translation>Horaires en partie illisibles ou contradictoires</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>A code (INSEE, postcode or SIRET) that lost digits or has none of the forms known</source>
      <translation>Un code (INSEE, postal ou SIRET) qui a perdu des chiffres ou n'a aucune des formes connues</translation>
    </message>
    <message>
      <location filename="core/registry/positions.py" />
      <source>A date that is not understood, or not surely</source>
      <translation>Une date qui ne se comprend pas, ou pas à coup sûr</translation>
    </message>
    <message>
      <location filename="core/registry/records.py" />
      <source>It has no identifier.</source>
      <translation>Elle n'a pas d'identifiant.</translation>
    </message>
    <message>
      <location filename="core/registry/records.py" />
      <source>It has no name.</source>
      <translation>Elle n'a pas de nom.</translation>
    </message>
    <message>
      <location filename="core/registry/records.py" />
      <source>{count} record without INSEE code was left out of the territory.|{count} records without INSEE code were left out of the territory.</source>
      <translation>{count} fiche sans code INSEE a été laissée hors du territoire.|{count} fiches sans code INSEE ont été laissées hors du territoire.</translation>
    </message>
    <message>
      <location filename="core/registry/records.py" />
      <source>Its identifier “{id}” was already read.</source>
      <translation>Son identifiant « {id} » a déjà été lu.</translation>
    </message>
    <message>
      <location filename="core/registry/records.py" />
      <source>{count} record has no identifier in the source: one was made from its name and address.|{count} records have no identifier in the source: one was made from their names and addresses.</source>
      <translation>{count} fiche est sans identifiant dans la source : il en a été fait un de son nom et de son adresse.|{count} fiches sont sans identifiant dans la source : il en a été fait un de leur nom et de leur adresse.</translation>
    </message>
    <message>
      <location filename="core/registry/sync.py" />
      <source>“{path}” follows the registry {other}; choose another file.</source>
      <translation>« {path} » suit le référentiel {other} ; choisissez un autre fichier.</translation>
    </message>
    <message>
      <location filename="core/registry/sync.py" />
      <source>“{path}” was not made by a sync; choose another file.</source>
      <translation>« {path} » ne vient pas d'une mise à jour par l'extension ; choisissez un autre fichier.</translation>
    </message>
    <message>
      <location filename="core/registry/sync.py" />
      <source>{removed} of {total} services ({share} %) would be removed, more than the {most} % allowed at once: is the source whole? Nothing was changed. If they are really gone, allow more (MOST_REMOVED).</source>
      <translation>{removed} services sur {total} ({share} %) seraient retirés, plus que les {most} % permis d'un coup : la source est-elle entière ? Rien n'a été changé. S'ils ont vraiment disparu, permettez-en davantage (MOST_REMOVED).</translation>
    </message>
    <message>
      <location filename="core/registry/sync.py" />
      <source>The registry's count differs from ours: everything is read again.</source>
      <translation>Le compte du référentiel diffère du nôtre : tout est relu.</translation>
    </message>
    <message>
      <location filename="core/registry/sync.py" />
      <source>{count} service stays as it was: its record came and could not be read.|{count} services stay as they were: their records came and could not be read.</source>
      <translation>{count} service reste comme il était : sa fiche est venue et n'a pas pu être lue.|{count} services restent comme ils étaient : leurs fiches sont venues et n'ont pas pu être lues.</translation>
    </message>
    <message>
      <location filename="core/registry/sync.py" />
      <source>{removed} of {total} services ({share} %) are removed: is the source whole?</source>
      <translation>{removed} services sur {total} ({share} %) sont retirés : la source est-elle entière ?</translation>
    </message>
    <message>
      <location filename="core/registry/sync.py" />
      <source>The source tells nothing of {columns} any more: what was known is kept.</source>
      <translation>La source ne dit plus rien de {columns} : ce qui était connu est gardé.</translation>
    </message>
    <message>
      <location filename="core/registry/web.py" />
      <source>{url} answered with error {status}: {words}</source>
      <translation>{url} a répondu par l'erreur {status} : {words}</translation>
    </message>
    <message>
      <location filename="core/registry/web.py" />
      <source>{url} is busy (error {status}) and asks to wait {minutes} min: try again later.</source>
      <translation>{url} est occupé (erreur {status}) et demande d'attendre {minutes} min : réessayez plus tard.</translation>
    </message>
    <message>
      <location filename="core/registry/web.py" />
      <source>{url} is busy; asking again in {seconds} s.</source>
      <translation>{url} est occupé ; nouvelle demande dans {seconds} s.</translation>
    </message>
    <message>
      <location filename="core/registry/web.py" />
      <source>Attempt {attempt}: {url} did not answer fully; trying again.</source>
      <translation>Essai {attempt} : {url} n'a pas répondu entièrement ; nouvelle tentative.</translation>
    </message>
    <message>
      <location filename="core/report/tables.py" />
      <source>This GDAL cannot write open-document workbooks.</source>
      <translation>Ce GDAL ne sait pas écrire de classeurs OpenDocument.</translation>
    </message>
    <message>
      <location filename="core/report/tables.py" />
      <source>The workbook of the figures could not be written.</source>
      <translation>Le classeur des chiffres n'a pas pu être écrit.</translation>
    </message>
    <message>
      <location filename="core/routing/geoplateforme.py" />
      <source>The service gives no area: no road is reached within the cutoff, or the cutoff is too small.</source>
      <translation>Le service ne donne aucune surface : aucune route n'est atteinte dans le seuil, ou le seuil est trop petit.</translation>
    </message>
    <message>
      <location filename="core/routing/geoplateforme.py" />
      <source>The Géoplateforme answers: {said} (HTTP {status}).</source>
      <translation>La Géoplateforme répond : {said} (HTTP {status}).</translation>
    </message>
    <message>
      <location filename="core/routing/geoplateforme.py" />
      <source>The Géoplateforme finds no road to leave this point by (it answers the same when its own computation fails): {said}</source>
      <translation>La Géoplateforme ne trouve aucune route pour quitter ce point (elle répond de même quand son propre calcul échoue) : {said}</translation>
    </message>
    <message>
      <location filename="core/routing/geoplateforme.py" />
      <source>{server} offers no isochrone service at this address (HTTP 404).</source>
      <translation>{server} n'offre pas de service d'isochrones à cette adresse (HTTP 404).</translation>
    </message>
    <message>
      <location filename="core/routing/local.py" />
      <source>There is no metric “{name}”.</source>
      <translation>La mesure « {name} » n'existe pas.</translation>
    </message>
    <message>
      <location filename="core/routing/local.py" />
      <source>There is no direction “{name}”.</source>
      <translation>Le sens « {name} » n'existe pas.</translation>
    </message>
    <message>
      <location filename="core/routing/online.py" />
      <source>It answers, but knows no road at the place tried (the centre of Paris).</source>
      <translation>Il répond, mais ne connaît pas de route au point d'essai (le centre de Paris).</translation>
    </message>
    <message>
      <location filename="core/routing/online.py" />
      <source>{server} did not answer.</source>
      <translation>{server} n'a pas répondu.</translation>
    </message>
    <message>
      <location filename="core/routing/online.py" />
      <source>{server} refuses access (HTTP {status}); check its authentication.</source>
      <translation>{server} refuse l'accès (HTTP {status}) ; vérifiez son authentification.</translation>
    </message>
    <message>
      <location filename="core/routing/online.py" />
      <source>{engine} offers no {profile} profile; choose among {offered}.</source>
      <translation>{engine} n'offre pas de profil {profile} ; choisissez parmi {offered}.</translation>
    </message>
    <message>
      <location filename="core/routing/online.py" />
      <source>It answers: an area of 5 minutes came in {seconds} s.</source>
      <translation>Il répond : une zone de 5 minutes est arrivée en {seconds} s.</translation>
    </message>
    <message>
      <location filename="core/routing/online.py" />
      <source>{server} accepts cutoffs from {lowest} to {highest} {unit} only.</source>
      <translation>{server} n'accepte que des seuils de {lowest} à {highest} {unit}.</translation>
    </message>
    <message>
      <location filename="core/routing/online.py" />
      <source>{server} asks to wait {minutes} min. What is computed is kept: run again later to go on.</source>
      <translation>{server} demande d'attendre {minutes} min. Ce qui est calculé est gardé : relancez plus tard pour continuer.</translation>
    </message>
    <message>
      <location filename="core/routing/online.py" />
      <source>{server} sent an answer that is not an isochrone.</source>
      <translation>{server} a envoyé une réponse qui n'est pas une isochrone.</translation>
    </message>
    <message>
      <location filename="core/routing/online.py" />
      <source>{server} did not answer ({error}). Check the address and the network, then run again: what is computed is kept.</source>
      <translation>{server} n'a pas répondu ({error}). Vérifiez l'adresse et le réseau, puis relancez : ce qui est calculé est gardé.</translation>
    </message>
    <message>
      <location filename="core/routing/online.py" />
      <source>{server} gave no polygon for this cutoff.</source>
      <translation>{server} n'a donné aucun polygone pour ce seuil.</translation>
    </message>
    <message>
      <location filename="core/routing/online.py" />
      <source>Unexpected error: {error}</source>
      <translation>Erreur inattendue : {error}</translation>
    </message>
    <message>
      <location filename="core/routing/openrouteservice.py" />
      <source>The service gives no area: no road is reached within the cutoff.</source>
      <translation>Le service ne donne aucune surface : aucune route n'est atteinte dans le seuil.</translation>
    </message>
    <message>
      <location filename="core/routing/openrouteservice.py" />
      <source>openrouteservice answers: {said} (HTTP {status}).</source>
      <translation>openrouteservice répond : {said} (HTTP {status}).</translation>
    </message>
    <message>
      <location filename="core/routing/openrouteservice.py" />
      <source>The day's quota of openrouteservice is used up. What is computed is kept: run again tomorrow to go on with the remaining points.</source>
      <translation>Le quota du jour d'openrouteservice est épuisé. Ce qui est calculé est gardé : relancez demain pour les points restants.</translation>
    </message>
    <message>
      <location filename="core/routing/openrouteservice.py" />
      <source>openrouteservice finds no road near this point for this profile.</source>
      <translation>openrouteservice ne trouve aucune route près de ce point pour ce profil.</translation>
    </message>
    <message>
      <location filename="core/routing/openrouteservice.py" />
      <source>openrouteservice refuses the key; check the connection's authentication (authcfg).</source>
      <translation>openrouteservice refuse la clé ; vérifiez l'authentification de la connexion (authcfg).</translation>
    </message>
    <message>
      <location filename="core/routing/snapping.py" />
      <source>{distance} m from the nearest road, farther than the {allowed} m allowed.</source>
      <translation>À {distance} m de la route la plus proche, plus loin que les {allowed} m permis.</translation>
    </message>
    <message>
      <location filename="core/routing/snapping.py" />
      <source>The network has no road to put it on.</source>
      <translation>Le réseau n'a aucune route où le placer.</translation>
    </message>
    <message>
      <location filename="core/routing/snapping.py" />
      <source>The point has no position.</source>
      <translation>Le point n'a pas de position.</translation>
    </message>
    <message>
      <location filename="core/routing/snapping.py" />
      <source>At sea: only the line of a ferry is within {distance} m.</source>
      <translation>En mer : il n'y a que la ligne d'un bac à moins de {distance} m.</translation>
    </message>
    <message>
      <location filename="core/routing/snapping.py" />
      <source>Only a motorway or a slip road is within {distance} m.</source>
      <translation>Il n'y a qu'une autoroute ou une bretelle à moins de {distance} m.</translation>
    </message>
    <message>
      <location filename="core/routing/snapping.py" />
      <source>Only roads that cannot be both reached and left are within {distance} m.</source>
      <translation>Il n'y a à moins de {distance} m que des routes que l'on ne peut à la fois atteindre et quitter.</translation>
    </message>
    <message>
      <location filename="core/routing/valhalla.py" />
      <source>The server gives no area: it finds no road near this point, or reaches none within the cutoff.</source>
      <translation>Le serveur ne donne aucune surface : il ne trouve pas de route près de ce point, ou n'en atteint aucune dans le seuil.</translation>
    </message>
    <message>
      <location filename="core/routing/valhalla.py" />
      <source>{server} answers with HTTP {status}.</source>
      <translation>{server} répond HTTP {status}.</translation>
    </message>
    <message>
      <location filename="core/routing/valhalla.py" />
      <source>The server finds no road near this point for this profile.</source>
      <translation>Le serveur ne trouve aucune route près de ce point pour ce profil.</translation>
    </message>
    <message>
      <location filename="core/routing/valhalla.py" />
      <source>{server} answers: {said}.</source>
      <translation>{server} répond : {said}.</translation>
    </message>
    <message>
      <location filename="core/siting/answer.py" />
      <source>{sites} sites were asked for; there are only {count} candidates.</source>
      <translation>Lieux demandés : {sites} ; candidats : {count} seulement.</translation>
    </message>
    <message>
      <location filename="core/siting/answer.py" />
      <source>{count} demand point (weight {weight}) has no candidate or existing site within {threshold}.|{count} demand points (weight {weight}) have no candidate or existing site within {threshold}.</source>
      <translation>{count} lieu habité n'a ni candidat ni lieu ouvert en deçà du seuil de {threshold} ({weight} habitants).|{count} lieux habités n'ont ni candidat ni lieu ouvert en deçà du seuil de {threshold} ({weight} habitants).</translation>
    </message>
    <message>
      <location filename="core/siting/answer.py" />
      <source>{count} demand point (weight {weight}) is not served by the sites found; whether others would serve everybody was not found out in the time given.|{count} demand points (weight {weight}) are not served by the sites found; whether others would serve everybody was not found out in the time given.</source>
      <translation>{count} lieu habité n'est pas desservi par les sites trouvés ({weight} habitants) ; le temps donné n'a pas suffi pour savoir si d'autres desserviraient tout le monde.|{count} lieux habités ne sont pas desservis par les sites trouvés ({weight} habitants) ; le temps donné n'a pas suffi pour savoir si d'autres desserviraient tout le monde.</translation>
    </message>
    <message>
      <location filename="core/siting/answer.py" />
      <source>All demand weights are zero: there is nobody to serve, so no site is proposed.</source>
      <translation>Tous les poids de la demande sont nuls : il n'y a personne à desservir, aucun lieu n'est donc proposé.</translation>
    </message>
    <message>
      <location filename="core/siting/answer.py" />
      <source>{count} demand point (weight {weight}) cannot be reached from any candidate or existing site.|{count} demand points (weight {weight}) cannot be reached from any candidate or existing site.</source>
      <translation>{count} lieu habité est hors d'atteinte de tout candidat et de tout lieu ouvert ({weight} habitants).|{count} lieux habités sont hors d'atteinte de tout candidat et de tout lieu ouvert ({weight} habitants).</translation>
    </message>
    <message>
      <location filename="core/siting/answer.py" />
      <source>{count} demand point (weight {weight}) stays unserved: more sites or capacity would be needed.|{count} demand points (weight {weight}) stay unserved: more sites or capacity would be needed.</source>
      <translation>{count} lieu habité reste non desservi ({weight} habitants) : il faudrait plus de lieux ou de capacité.|{count} lieux habités restent non desservis ({weight} habitants) : il faudrait plus de lieux ou de capacité.</translation>
    </message>
    <message>
      <location filename="core/siting/models.py" />
      <source>The model “{model}” is unknown; choose among {models}.</source>
      <translation>Le modèle « {model} » est inconnu ; choisissez parmi {models}.</translation>
    </message>
    <message>
      <location filename="core/siting/models.py" />
      <source>Capacities are taken into account by the models mclp and pmedian only.</source>
      <translation>Seuls les modèles mclp et pmedian tiennent compte des capacités.</translation>
    </message>
    <message>
      <location filename="core/siting/models.py" />
      <source>The number of sites and the threshold cannot be negative.</source>
      <translation>Le nombre de lieux et le seuil ne peuvent pas être négatifs.</translation>
    </message>
    <message>
      <location filename="core/siting/permanences.py" />
      <source>“{part}” is not a half-day; write for example “lun-ven, sam matin:2”.</source>
      <translation>« {part} » n'est pas une demi-journée ; écrivez par exemple « lun-ven, sam matin:2 ».</translation>
    </message>
    <message>
      <location filename="core/siting/problem.py" />
      <source>A cost is negative ({cost}). Costs are minutes or metres, 0 or more.</source>
      <translation>Un coût est négatif ({cost}). Les coûts sont des minutes ou des mètres, positifs ou nuls.</translation>
    </message>
    <message>
      <location filename="core/siting/problem.py" />
      <source>A cost names a demand point or a candidate that does not exist.</source>
      <translation>Un coût désigne un point de demande ou un candidat qui n'existe pas.</translation>
    </message>
    <message>
      <location filename="core/siting/problem.py" />
      <source>There are {weights} weights for {count} demand points.</source>
      <translation>Il y a {weights} poids pour {count} points de demande.</translation>
    </message>
    <message>
      <location filename="core/siting/problem.py" />
      <source>A demand weight is negative or missing; weights are people or need, 0 or more.</source>
      <translation>Un poids de la demande est négatif ou manque ; les poids sont des habitants ou un besoin, positifs ou nuls.</translation>
    </message>
    <message>
      <location filename="core/siting/problem.py" />
      <source>A candidate is both mandatory and forbidden.</source>
      <translation>Un candidat est à la fois obligatoire et exclu.</translation>
    </message>
    <message>
      <location filename="core/siting/rounds.py" />
      <source>The travel times are not those of the depot and {count} stops.</source>
      <translation>Les temps de trajet ne sont pas ceux du dépôt et des {count} arrêts.</translation>
    </message>
    <message>
      <location filename="core/siting/rounds.py" />
      <source>Durations, weights and working time must be 0 or more, and days 1 or more.</source>
      <translation>Les durées, les poids et le temps de travail doivent être positifs ou nuls, et les jours au moins 1.</translation>
    </message>
    <message>
      <location filename="core/siting/task.py" />
      <source>There is no candidate to choose from: the layer is empty or all are forbidden.</source>
      <translation>Il n'y a aucun candidat à choisir : la couche est vide ou tous sont exclus.</translation>
    </message>
    <message>
      <location filename="core/siting/task.py" />
      <source>{count} candidates are mandatory but only {sites} sites may be opened.</source>
      <translation>Candidats obligatoires : {count} ; lieux à ouvrir : {sites} seulement.</translation>
    </message>
    <message>
      <location filename="core/spreadsheets.py" />
      <source>Row {row} of “{table}” has more cells than there are columns: part columns by semicolons, or write decimals with a point.</source>
      <translation>La ligne {row} de « {table} » a plus de cellules qu'il n'y a de colonnes : séparez les colonnes par des points-virgules, ou écrivez les décimales avec un point.</translation>
    </message>
    <message>
      <location filename="core/territories.py" />
      <source>“{code}” is neither a commune, nor an EPCI (SIREN), a département or a region (R84) of 2026.</source>
      <translation>« {code} » n'est ni une commune, ni un EPCI (SIREN), ni un département, ni une région (R84) de 2026.</translation>
    </message>
    <message>
      <location filename="core/territories.py" />
      <source>“{name}” is not the name of one territory; give its code: {likely}</source>
      <translation>« {name} » n'est pas le nom d'un seul territoire ; donnez son code : {likely}</translation>
    </message>
    <message>
      <location filename="core/territories.py" />
      <source>“{code}” is not the INSEE code of a commune of 2026.</source>
      <translation>« {code} » n'est pas le code INSEE d'une commune de 2026.</translation>
    </message>
    <message>
      <location filename="core/territories.py" />
      <source>“{code}” is not the INSEE code of a commune: 5 characters, like 2A004.</source>
      <translation>« {code} » n'est pas le code INSEE d'une commune : 5 caractères, comme 2A004.</translation>
    </message>
    <message>
      <location filename="core/territory/archives.py" />
      <source>“{name}” is a 7z archive, which is not read here: unfold it (7-Zip, Keka, p7zip) and give the folder.</source>
      <translation>« {name} » est une archive 7z, qui ne se lit pas ici : décompressez-la (7-Zip, Keka, p7zip) et donnez le dossier.</translation>
    </message>
    <message>
      <location filename="core/territory/archives.py" />
      <source>“{name}” takes {size} MB unfolded, and the disk has not as much.</source>
      <translation>« {name} » fait {size} Mo décompressé, et le disque n'a pas cette place.</translation>
    </message>
    <message>
      <location filename="core/territory/archives.py" />
      <source>“{name}” cannot be unfolded: {cause}</source>
      <translation>« {name} » ne se décompresse pas : {cause}</translation>
    </message>
    <message>
      <location filename="core/territory/area.py" />
      <source>The territory lies in several parts of the world: prepare one GeoPackage for each.</source>
      <translation>Le territoire est réparti en plusieurs parties du monde : préparez un GeoPackage pour chacune.</translation>
    </message>
    <message>
      <location filename="core/territory/area.py" />
      <source>No outline of this territory is known: it cannot be prepared.</source>
      <translation>Aucun contour de ce territoire n'est connu : il ne peut pas être préparé.</translation>
    </message>
    <message>
      <location filename="core/territory/files.py" />
      <source>{path} holds neither roads, buildings nor communes of IGN (BD TOPO, ADMIN EXPRESS), nor cells of INSEE.</source>
      <translation>{path} ne contient ni routes, ni bâtiments, ni communes de l'IGN (BD TOPO, ADMIN EXPRESS), ni carreaux de l'INSEE.</translation>
    </message>
    <message>
      <location filename="core/territory/files.py" />
      <source>{path} cannot be read: {cause}</source>
      <translation>{path} ne peut pas être lu : {cause}</translation>
    </message>
    <message>
      <location filename="core/territory/files.py" />
      <source>{count} row of {name} has no cell's name: it is left out.|{count} rows of {name} have no cell's name: they are left out.</source>
      <translation>{count} ligne de {name} n'a pas de nom de carreau : elle est laissée de côté.|{count} lignes de {name} n'ont pas de nom de carreau : elles sont laissées de côté.</translation>
    </message>
    <message>
      <location filename="core/territory/inhabitants.py" />
      <source>No source tells how many people live in these communes; try again later.</source>
      <translation>Aucune source ne dit combien de personnes habitent ces communes ; réessayez plus tard.</translation>
    </message>
    <message>
      <location filename="core/territory/inhabitants.py" />
      <source>{count} commune has no building where people live: its inhabitants are put in its middle.|{count} communes have no building where people live: their inhabitants are put in their middle.</source>
      <translation>{count} commune n'a aucun bâtiment habité : ses habitants sont placés en son milieu.|{count} communes n'ont aucun bâtiment habité : leurs habitants sont placés en leur milieu.</translation>
    </message>
    <message>
      <location filename="core/territory/inhabitants.py" />
      <source>{url} answers {status}.</source>
      <translation>{url} répond {status}.</translation>
    </message>
    <message>
      <location filename="core/territory/inhabitants.py" />
      <source>{url} did not tell populations ({cause}).</source>
      <translation>{url} n'a pas donné les populations ({cause}).</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>Reading communes (ADMIN EXPRESS)…</source>
      <translation>Lecture des communes (ADMIN EXPRESS)…</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>Reading intercommunalities (ADMIN EXPRESS)…</source>
      <translation>Lecture des intercommunalités (ADMIN EXPRESS)…</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>Reading roads (BD TOPO)…</source>
      <translation>Lecture des routes (BD TOPO)…</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>Reading bans of turning (BD TOPO)…</source>
      <translation>Lecture des interdictions de tourner (BD TOPO)…</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>Reading zones of activity or interest (BD TOPO)…</source>
      <translation>Lecture des zones d'activité ou d'intérêt (BD TOPO)…</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>Reading inhabitants (INSEE's cells of 200 m)…</source>
      <translation>Lecture des habitants (carreaux de 200 m de l'INSEE)…</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>Reading buildings (BD TOPO)…</source>
      <translation>Lecture des bâtiments (BD TOPO)…</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>“{value}” is no source of inhabitants.</source>
      <translation>« {value} » n'est pas une source d'habitants.</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>Say which territory: a département, an intercommunality or communes.</source>
      <translation>Dites quel territoire : un département, une intercommunalité ou des communes.</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>{count} commune is not in the source: its outline is that of the plugin, within 50 m.|{count} communes are not in the source: their outlines are those of the plugin, within 50 m.</source>
      <translation>{count} commune n'est pas dans la source : son contour est celui de l'extension, à 50 m près.|{count} communes ne sont pas dans la source : leurs contours sont ceux de l'extension, à 50 m près.</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>{what} is not whole: {reason}</source>
      <translation>{what} n'est pas complet : {reason}</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>{what}: edition {new} has replaced {old}; it is read anew.</source>
      <translation>{what} : l'édition {new} a remplacé {old} ; tout est relu.</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>{names} ends up to {km} km before the edge of the halo: roads are missing there, and ways through them. Give the neighbouring deliveries too.</source>
      <translation>{names} s'arrête jusqu'à {km} km avant le bord du halo : il y manque des routes, et les trajets qui les prennent. Donnez aussi les livraisons voisines.</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>{what}: {count} object has no usable shape and is left out.|{what}: {count} objects have no usable shape and are left out.</source>
      <translation>{what} : {count} objet n'a pas de forme utilisable et est laissé de côté.|{what} : {count} objets n'ont pas de forme utilisable et sont laissés de côté.</translation>
    </message>
    <message>
      <location filename="core/territory/prepare.py" />
      <source>INSEE's cells have nobody there: populations of communes are spread over dwellings instead.</source>
      <translation>Les carreaux de l'INSEE n'ont personne ici : les populations des communes sont réparties sur les logements à la place.</translation>
    </message>
    <message>
      <location filename="core/territory/store.py" />
      <source>“{path}” was not made by “Prepare my territory”, and is left as it is: choose another file.</source>
      <translation>« {path} » n'a pas été fait par « Préparer mon territoire » et reste tel quel : choisissez un autre fichier.</translation>
    </message>
    <message>
      <location filename="core/thresholds.py" />
      <source>{count} thresholds are asked for; {most} are the most.</source>
      <translation>{count} seuils sont demandés ; {most} au plus.</translation>
    </message>
    <message>
      <location filename="core/thresholds.py" />
      <source>The thresholds “{text}” cannot be read; expected numbers such as 10,20.</source>
      <translation>Les seuils « {text} » ne sont pas lisibles ; il faut des nombres, par exemple 10,20.</translation>
    </message>
    <message>
      <location filename="core/transit/catalogue.py" />
      <source>The server's answer is no catalogue of public transport.</source>
      <translation>La réponse du serveur n'est pas un catalogue de transports.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_files.py" />
      <source>{path} is no GTFS feed: it lacks {names}.</source>
      <translation>{path} n'est pas un jeu GTFS : il lui manque {names}.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_files.py" />
      <source>{name} of {path} cannot be read: {why}</source>
      <translation>{name} de {path} est illisible : {why}</translation>
    </message>
    <message>
      <location filename="core/transit/feed_files.py" />
      <source>{path} cannot be opened as a GTFS feed: {why}</source>
      <translation>{path} ne s'ouvre pas comme un jeu GTFS : {why}</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>No trip on this day: the feed speaks of {start} to {end}.</source>
      <translation>Aucune course ce jour-là : le jeu va du {start} au {end}.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>No trip on this day: the feed has no calendar.</source>
      <translation>Aucune course ce jour-là : le jeu n'a pas de calendrier.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>No trip on this day.</source>
      <translation>Aucune course ce jour-là.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>{count} trip goes back in time: left out.|{count} trips go back in time: left out.</source>
      <translation>{count} course remonte le temps : écartée.|{count} courses remontent le temps : écartées.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>{count} trip is given twice: left out once.|{count} trips are given twice: left out once.</source>
      <translation>{count} course est donnée deux fois : laissée de côté une fois.|{count} courses sont données deux fois : laissées de côté une fois.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>{count} trip has fewer than two stops: left out.|{count} trips have fewer than two stops: left out.</source>
      <translation>{count} course a moins de deux arrêts : écartée.|{count} courses ont moins de deux arrêts : écartées.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>{count} trip has no time at one end: left out.|{count} trips have no time at one end: left out.</source>
      <translation>{count} course n'a pas d'heure à un bout : écartée.|{count} courses n'ont pas d'heure à un bout : écartées.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>{count} trip is on demand (GTFS-Flex): left out.|{count} trips are on demand (GTFS-Flex): left out.</source>
      <translation>{count} course est à la demande (GTFS-Flex) : écartée.|{count} courses sont à la demande (GTFS-Flex) : écartées.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>{count} trip stops where no stop is: left out.|{count} trips stop where no stop is: left out.</source>
      <translation>{count} course dessert un arrêt qui n'existe pas : écartée.|{count} courses desservent un arrêt qui n'existe pas : écartées.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>{count} trip must be booked at some stops: counted as if it ran.|{count} trips must be booked at some stops: counted as if they ran.</source>
      <translation>{count} course est à réserver à certains arrêts : comptée comme si elle roulait.|{count} courses sont à réserver à certains arrêts : comptées comme si elles roulaient.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>{count} frequency cannot be understood: left out.|{count} frequencies cannot be understood: left out.</source>
      <translation>{count} fréquence est incompréhensible : écartée.|{count} fréquences sont incompréhensibles : écartées.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>On-demand transport (GTFS-Flex) is not read: {names}.</source>
      <translation>Le transport à la demande (GTFS-Flex) n'est pas lu : {names}.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>Ways inside stations are not read: {names}.</source>
      <translation>Les chemins à l'intérieur des gares ne sont pas lus : {names}.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>Other feeds beside this one are not read, give each by itself: {names}.</source>
      <translation>D'autres jeux à côté de celui-ci ne sont pas lus, donnez chacun à part : {names}.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>{count} entrance names no station: left out.|{count} entrances name no station: left out.</source>
      <translation>{count} entrée ne nomme aucune gare : écartée.|{count} entrées ne nomment aucune gare : écartées.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>{count} transfer is of no known kind or lacks its stops or trips: left out.|{count} transfers are of no known kind or lack their stops or trips: left out.</source>
      <translation>{count} correspondance est d'un genre inconnu ou sans ses arrêts ou ses courses : écartée.|{count} correspondances sont d'un genre inconnu ou sans leurs arrêts ou leurs courses : écartées.</translation>
    </message>
    <message>
      <location filename="core/transit/feed_report.py" />
      <source>{count} row holds broken letters.|{count} rows hold broken letters.</source>
      <translation>{count} ligne a des lettres abîmées.|{count} lignes ont des lettres abîmées.</translation>
    </message>
    <message>
      <location filename="core/transit/gtfs.py" />
      <source>{path} holds more than {most} departures of one day: it is not read.</source>
      <translation>{path} contient plus de {most} départs dans une journée : il n'est pas lu.</translation>
    </message>
    <message>
      <location filename="core/transit/timetable.py" />
      <source>The longest walk must be positive, the time to change not negative.</source>
      <translation>La plus longue marche doit être positive, le temps de correspondance pas négatif.</translation>
    </message>
    <message>
      <location filename="core/transit/timetable.py" />
      <source>Nothing runs on {day}: choose a day on which the feeds speak.</source>
      <translation>Rien ne circule le {day} : choisissez un jour dont parlent les jeux de données.</translation>
    </message>
    <message>
      <location filename="core/transit/timetable.py" />
      <source>Public transport is counted in minutes, not in metres.</source>
      <translation>Les transports en commun se comptent en minutes, pas en mètres.</translation>
    </message>
    <message>
      <location filename="core/transit/timetable.py" />
      <source>{path} is not a timetable; make one with the algorithm « buildtransit ».</source>
      <translation>{path} n'est pas une offre de transport ; faites-en une avec le traitement « buildtransit ».</translation>
    </message>
    <message>
      <location filename="core/transit/window.py" />
      <source>“{text}” is no window of departures: give two times, as 07:00-09:00.</source>
      <translation>« {text} » n'est pas une plage de départs : donnez deux heures, comme 07:00-09:00.</translation>
    </message>
    <message>
      <location filename="core/transit/window.py" />
      <source>The window “{text}” ends before it begins; after midnight go on counting: 23:00-25:00.</source>
      <translation>La plage « {text} » finit avant de commencer ; après minuit, continuez à compter : 23:00-25:00.</translation>
    </message>
    <message>
      <location filename="core/transit/window.py" />
      <source>The percentile must be between 0 and 100.</source>
      <translation>Le centile doit être entre 0 et 100.</translation>
    </message>
    <message>
      <location filename="core/travel_modes.py" />
      <source>by car</source>
      <translation>en voiture</translation>
    </message>
    <message>
      <location filename="core/travel_modes.py" />
      <source>on foot</source>
      <translation>à pied</translation>
    </message>
    <message>
      <location filename="core/travel_modes.py" />
      <source>by bicycle</source>
      <translation>à vélo</translation>
    </message>
    <message>
      <location filename="core/travel_modes.py" />
      <source>by public transport</source>
      <translation>en transports en commun</translation>
    </message>
    <message>
      <location filename="core/vector_files.py" />
      <source>“{name}” is of no kind of file that is read here.</source>
      <translation>« {name} » n'est d'aucune sorte de fichier lue ici.</translation>
    </message>
    <message>
      <location filename="core/vector_files.py" />
      <source>“{name}” is not opened: it leads to other files, addresses or programs. Save what it shows as a GeoPackage.</source>
      <translation>« {name} » n'est pas ouvert : il mène à d'autres fichiers, adresses ou programmes. Enregistrez ce qu'il montre en GeoPackage.</translation>
    </message>
    <message>
      <location filename="core/vector_files.py" />
      <source>“{name}” is not opened: the GDAL of this QGIS, built without LIBKML, would lose {count} of its columns ({columns}). Get the same data as a GeoPackage, a GeoJSON or a CSV file.</source>
      <translation>« {name} » n'est pas ouvert : le GDAL de ce QGIS, compilé sans LIBKML, perdrait {count} de ses colonnes ({columns}). Procurez-vous les mêmes données en GeoPackage, GeoJSON ou CSV.</translation>
    </message>
    <message>
      <location filename="core/wfs/service.py" />
      <source>{url} does not answer as it should ({cause}). What was read is kept: run again later to go on.</source>
      <translation>{url} ne répond pas comme il le devrait ({cause}). Ce qui a été lu est conservé : relancez plus tard pour continuer.</translation>
    </message>
    <message>
      <location filename="core/wfs/service.py" />
      <source>{url} refuses ({status}): {words}</source>
      <translation>{url} refuse ({status}) : {words}</translation>
    </message>
    <message>
      <location filename="core/wfs/service.py" />
      <source>{url} does not answer as it should ({cause}); it is asked again…</source>
      <translation>{url} ne répond pas comme il le devrait ({cause}) ; nouvelle demande…</translation>
    </message>
    <message>
      <location filename="core/wfs/tiles.py" />
      <source>{kind}: {announced} objects are announced and {received} come, each time.</source>
      <translation>{kind} : {announced} objets sont annoncés et {received} arrivent, à chaque fois.</translation>
    </message>
    <message>
      <location filename="i18n/__init__.py" />
      <source>“{label}”</source>
      <translation>« {label} »</translation>
    </message>
    <message>
      <location filename="plugin.py" />
      <source>Carto Services Publics panel</source>
      <translation>Panneau Carto Services Publics</translation>
    </message>
    <message>
      <location filename="plugin.py" />
      <source>Isochrones of a place</source>
      <translation>Isochrones d'un lieu</translation>
    </message>
    <message>
      <location filename="plugin.py" />
      <source>Propose a correction</source>
      <translation>Proposer une correction</translation>
    </message>
    <message>
      <location filename="plugin.py" />
      <source>Match my list with the referential</source>
      <translation>Rapprocher ma liste du référentiel</translation>
    </message>
    <message>
      <location filename="processing/access_asked.py" />
      <source>None of the services could be put on the network: {reason}</source>
      <translation>Aucun service n'a pu être placé sur le réseau : {reason}</translation>
    </message>
    <message>
      <location filename="processing/access_asked.py" />
      <source>{open} of {total} places are open; {unknown} of unknown hours do not count.</source>
      <translation>Lieux ouverts : {open} sur {total} ; lieux aux horaires inconnus, qui ne comptent pas : {unknown}.</translation>
    </message>
    <message>
      <location filename="processing/access_asked.py" />
      <source>The layer {name} is empty.</source>
      <translation>La couche {name} est vide.</translation>
    </message>
    <message>
      <location filename="processing/access_asked.py" />
      <source>Some rows of {name} have the same identifier.</source>
      <translation>Des lignes de {name} ont le même identifiant.</translation>
    </message>
    <message>
      <location filename="processing/access_asked.py" />
      <source>{open} of {total} places are open; {unknown} of unknown hours also count.</source>
      <translation>Lieux ouverts : {open} sur {total} ; lieux aux horaires inconnus, qui comptent aussi : {unknown}.</translation>
    </message>
    <message>
      <location filename="processing/access_asked.py" />
      <source>Some zones have the same identifier: each has its own row in the result.</source>
      <translation>Des zones ont le même identifiant : chacune a sa propre ligne dans le résultat.</translation>
    </message>
    <message>
      <location filename="processing/access_asked.py" />
      <source>Zones overlap: {count} person lives in several of them, and counts in the first one.|Zones overlap: {count} people live in several of them, and count in the first one.</source>
      <translation>Des zones se chevauchent : {count} habitant vit dans plusieurs d'entre elles, et compte dans la première.|Des zones se chevauchent : {count} habitants vivent dans plusieurs d'entre elles, et comptent dans la première.</translation>
    </message>
    <message>
      <location filename="processing/access_asked.py" />
      <source>{count} person lives outside every zone, in a row without zone.|{count} people live outside every zone, in a row without zone.</source>
      <translation>{count} habitant vit hors de toute zone, sur une ligne sans zone.|{count} habitants vivent hors de toute zone, sur une ligne sans zone.</translation>
    </message>
    <message>
      <location filename="processing/access_asked.py" />
      <source>Outside every zone.</source>
      <translation>Hors de toute zone.</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Places of unknown hours count as</source>
      <translation>Lieux aux horaires inconnus (closed : fermés ; open : ouverts)</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Measured in (time: minutes; distance: metres)</source>
      <translation>Mesure (time : minutes ; distance : mètres)</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Direction (departure: towards the service; arrival: from it)</source>
      <translation>Sens (departure : vers le service ; arrival : depuis le service)</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Table of costs (instead of the network: origin_id, destination_id, cout)</source>
      <translation>Table des temps (au lieu du réseau : origin_id, destination_id, cout)</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Demand (places where people live)</source>
      <translation>Demande (lieux où vit la population)</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Services</source>
      <translation>Services</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Category of each service</source>
      <translation>Catégorie de chaque service</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Zones</source>
      <translation>Zones</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Identifier of each zone</source>
      <translation>Identifiant de chaque zone</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Only places open at (such as “samedi 10:00”)</source>
      <translation>Seulement les lieux ouverts (par exemple « samedi 10:00 »)</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Opening hours of each service</source>
      <translation>Horaires de chaque service</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Farthest cost (minutes or metres)</source>
      <translation>Coût maximal (minutes ou mètres)</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>What could not be computed</source>
      <translation>Ce qui n'a pu être calculé</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Identifier of each place</source>
      <translation>Identifiant de chaque lieu</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Population of each place</source>
      <translation>Population de chaque lieu</translation>
    </message>
    <message>
      <location filename="processing/access_base.py" />
      <source>Identifier of each service</source>
      <translation>Identifiant de chaque service</translation>
    </message>
    <message>
      <location filename="processing/access_inputs.py" />
      <source>No geometry.</source>
      <translation>Pas de géométrie.</translation>
    </message>
    <message>
      <location filename="processing/access_inputs.py" />
      <source>Nobody's place could be put on the network: {reason} Spreading the population over the buildings may help.</source>
      <translation>Aucun lieu habité n'a pu être placé sur le réseau : {reason} Répartir la population sur les bâtiments peut aider.</translation>
    </message>
    <message>
      <location filename="processing/access_inputs.py" />
      <source>The layer {name} has no coordinate reference system; set it first.</source>
      <translation>La couche {name} n'a pas de système de coordonnées de référence ; définissez-le d'abord.</translation>
    </message>
    <message>
      <location filename="processing/access_inputs.py" />
      <source>The position has no place in the coordinate reference system of the network.</source>
      <translation>La position est hors du domaine du système de coordonnées de référence du réseau.</translation>
    </message>
    <message>
      <location filename="processing/access_inputs.py" />
      <source>There is no column “{field}” to identify the rows.</source>
      <translation>Il n'y a pas de colonne « {field} » pour identifier les lignes.</translation>
    </message>
    <message>
      <location filename="processing/access_inputs.py" />
      <source>There is no column “{field}” in the layer.</source>
      <translation>La couche n'a pas de colonne « {field} ».</translation>
    </message>
    <message>
      <location filename="processing/access_inputs.py" />
      <source>Parted by commas or spaces: 5,10,20. With decimal commas, by semicolons: 5;7,5;10.</source>
      <translation>Séparés par des virgules ou des espaces : 5,10,20. Avec des virgules décimales, par des points-virgules : 5;7,5;10.</translation>
    </message>
    <message>
      <location filename="processing/access_inputs.py" />
      <source>The layer {name} has no column “{field}”.</source>
      <translation>La couche {name} n'a pas de colonne « {field} ».</translation>
    </message>
    <message>
      <location filename="processing/access_inputs.py" />
      <source>on {date} at {hour}</source>
      <translation>le {date} à {hour}</translation>
    </message>
    <message>
      <location filename="processing/access_inputs.py" />
      <source>{count} of the {total} rows of {layer} could not be used; FAILED says why.</source>
      <translation>Lignes inutilisables de {layer} : {count} sur {total} ; FAILED dit pourquoi.</translation>
    </message>
    <message>
      <location filename="processing/access_inputs.py" />
      <source>on {weekday} at {hour}</source>
      <translation>le {weekday} à {hour}</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>Equity of access</source>
      <translation>Équité d'accès</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>All together: mean {mean}, median {median}, Gini {gini} (0: the same for all; towards 1: all for one).</source>
      <translation>Tous ensemble : moyenne {mean}, médiane {median}, Gini {gini} (0 : la même valeur pour tous ; vers 1 : tout pour un seul).</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>Cost or score of each place</source>
      <translation>Coût ou score de chaque lieu</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>A high value is good (a score)</source>
      <translation>Une valeur élevée est bonne (un score)</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>Wealth of the people (from poor to rich)</source>
      <translation>Richesse des habitants (du plus pauvre au plus riche)</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>Poverty line, in the unit of the value</source>
      <translation>Seuil de pauvreté, dans l'unité de la valeur</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>Equity by zone and group</source>
      <translation>Équité par zone et par groupe</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>Curves (SVG)</source>
      <translation>Courbes (SVG)</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>SVG (*.svg)</source>
      <translation>SVG (*.svg)</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>The column {name} holds no number.</source>
      <translation>La colonne {name} ne contient aucun nombre.</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>all</source>
      <translation>tous</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>Palma {palma}; concentration {concentration} (above 0: the value is more with the rich).</source>
      <translation>Palma {palma} ; concentration {concentration} (au-dessus de 0 : la valeur est plutôt aux riches).</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>{count} person lives where there is no value and is in no figure.|{count} people live where there is no value and are in no figure.</source>
      <translation>{count} personne vit où il n'y a pas de valeur et n'est dans aucun chiffre.|{count} personnes vivent où il n'y a pas de valeur et ne sont dans aucun chiffre.</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>{count} person of unknown wealth is in neither Palma nor concentration.|{count} people of unknown wealth are in neither Palma nor concentration.</source>
      <translation>{count} personne de richesse inconnue n'est ni dans Palma ni dans la concentration.|{count} personnes de richesse inconnue ne sont ni dans Palma ni dans la concentration.</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>Lorenz: {group}</source>
      <translation>Lorenz : {group}</translation>
    </message>
    <message>
      <location filename="processing/accessequity.py" />
      <source>Concentration: {group}</source>
      <translation>Concentration : {group}</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>Accessibility score</source>
      <translation>Score d'accessibilité</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>The method {method} needs MAX_COST, the edge of the catchment.</source>
      <translation>La méthode {method} demande MAX_COST, la limite de l'aire d'attraction.</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>The method 2sfca has no DECAY: all within MAX_COST counts the same. Choose e2sfca.</source>
      <translation>La méthode 2sfca n'a pas de DECAY : tout ce qui est dans MAX_COST compte autant. Choisissez e2sfca.</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>Supply (places of service)</source>
      <translation>Offre (lieux de service)</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>Identifier of each supply</source>
      <translation>Identifiant de chaque lieu d'offre</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>Capacity of each supply</source>
      <translation>Capacité de chaque lieu d'offre</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>Method</source>
      <translation>Méthode</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>Steps of weight (cost:weight, …)</source>
      <translation>Paliers de poids (coût:poids, …)</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>With decimal commas, parted by semicolons: 5:1;10:0,3;15:0,1.</source>
      <translation>Avec des virgules décimales, séparés par des points-virgules : 5:1;10:0,3;15:0,1.</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>Friction of the gravity method</source>
      <translation>Frein de la distance (méthode gravity)</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>How the weight falls with the cost</source>
      <translation>Comment le poids diminue avec le coût</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>Cost at which the weight is one half (minutes or metres)</source>
      <translation>Coût auquel le poids vaut un demi (minutes ou mètres)</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>Supply with its ratio</source>
      <translation>Offre avec son ratio</translation>
    </message>
    <message>
      <location filename="processing/accessibilityscore.py" />
      <source>{count} place of supply is reached by nobody: its capacity is shared by no one.|{count} places of supply are reached by nobody: their capacity is shared by no one.</source>
      <translation>Personne n'atteint {count} lieu d'offre : sa capacité n'est partagée par personne.|Personne n'atteint {count} lieux d'offre : leur capacité n'est partagée par personne.</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Access report</source>
      <translation>Rapport d'accessibilité</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Figures of other territories (coverage by zone, or table “summary” of a national run)</source>
      <translation>Chiffres d'autres territoires (couverture par zone, ou table « summary » d'un calcul national)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Class of density of each zone (a column of the coverage and of the other territories)</source>
      <translation>Classe de densité de chaque zone (une colonne de la couverture et des autres territoires)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Measures kept (file of the observatory)</source>
      <translation>Mesures gardées (fichier de l'observatoire)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Roads travelled on (to name their source)</source>
      <translation>Routes parcourues (pour en citer la source)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Travelling by (public transport: transit)</source>
      <translation>Déplacement (car : voiture ; foot : à pied ; bike : vélo ; transit : transports en commun)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Pictures (*.png *.jpg *.jpeg *.svg);;All files (*)</source>
      <translation>Images (*.png *.jpg *.jpeg *.svg);;Tous les fichiers (*)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Who answers for it (name, function, service)</source>
      <translation>Signataire (nom, fonction, service)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>OpenDocument spreadsheet (*.ods)</source>
      <translation>Classeur OpenDocument (*.ods)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Column that groups the zones (empty: that of the EPCI)</source>
      <translation>Colonne qui regroupe les zones (vide : celle de l'EPCI)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Template of the atlas's layout (empty: the layout of the project, else the plugin's)</source>
      <translation>Modèle de mise en page de l'atlas (vide : la mise en page du projet, sinon celle de l'extension)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Template of a print layout (*.qpt)</source>
      <translation>Modèle de mise en page (*.qpt)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Title</source>
      <translation>Titre</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Name of the territory</source>
      <translation>Nom du territoire</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Leaving between (public transport)</source>
      <translation>Départ entre (transports en commun)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>These are times of arrival (public transport)</source>
      <translation>Ce sont des heures d'arrivée (transports en commun)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Service put forward (code; empty: the worst served)</source>
      <translation>Service mis en avant (code ; vide : le plus mal desservi)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Logo</source>
      <translation>Logo</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Plan IGN under the maps</source>
      <translation>Plan IGN sous les cartes</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Page (HTML)</source>
      <translation>Page (HTML)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>HTML (*.html)</source>
      <translation>HTML (*.html)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Atlas, one page a zone (PDF)</source>
      <translation>Atlas, une page par zone (PDF)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>PDF (*.pdf)</source>
      <translation>PDF (*.pdf)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>All figures (ODS)</source>
      <translation>Tous les chiffres (ODS)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Atlas: a page for each zone, each group of zones (EPCI), or both</source>
      <translation>Atlas : une page par zone, par groupe de zones (EPCI), ou les deux</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Coverage by zone (of “Coverage gaps”)</source>
      <translation>Couverture par zone (de « Manques de couverture »)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Demand with its costs (of “Coverage gaps”)</source>
      <translation>Habitants et temps d'accès (de « Manques de couverture »)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Gap areas (of “Coverage gaps”)</source>
      <translation>Territoires mal desservis (de « Manques de couverture »)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Result of “Basket of services”</source>
      <translation>Résultat de « Panier de services »</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Places proposed (of “Where to open”)</source>
      <translation>Lieux proposés (par « Proposer des lieux où ouvrir »)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Table weekday × hour</source>
      <translation>Table jour × heure</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Figures by group (of “Coverage gaps”)</source>
      <translation>Chiffres par groupe (de « Manques de couverture »)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>The week (of “Living without a car”)</source>
      <translation>La semaine (de « Vivre sans voiture »)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Who depends on the car (of “Living without a car”)</source>
      <translation>Qui dépend de la voiture (de « Vivre sans voiture »)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Summary of a scenario (of “Compare two scenarios”)</source>
      <translation>Bilan d'un scénario (de « Comparer deux scénarios »)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>What the scenario changes (of “Compare two scenarios”)</source>
      <translation>Ce que le scénario change (de « Comparer deux scénarios »)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>Places without a stop (of “Living without a car”)</source>
      <translation>Les lieux sans arrêt (de « Vivre sans voiture »)</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>CHANGES goes with a scenario: give SCENARIO too.</source>
      <translation>CHANGES va avec un scénario : donnez aussi SCENARIO.</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>No earlier measure of this question and these zones is in the file MEASURES.</source>
      <translation>Le fichier MEASURES ne contient aucune mesure antérieure de cette question et de ces zones.</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>None of the other territories has a service and a class of density of this one.</source>
      <translation>Aucun des autres territoires n'a un service et une classe de densité de celui-ci.</translation>
    </message>
    <message>
      <location filename="processing/accessreport.py" />
      <source>GeoPackage (*.gpkg)</source>
      <translation>GeoPackage (*.gpkg)</translation>
    </message>
    <message>
      <location filename="processing/asked.py" />
      <source>{path}: a shapefile has a geometry on each row, and this result is a table without any. Choose a GeoPackage, or a .csv file.</source>
      <translation>{path} : un shapefile a une géométrie à chaque ligne, et ce résultat est une table sans géométrie. Choisissez un GeoPackage, ou un fichier .csv.</translation>
    </message>
    <message>
      <location filename="processing/asked.py" />
      <source>{count} column of “{layer}” gives way to the result of that name: {names}.|{count} columns of “{layer}” give way to the results of those names: {names}.</source>
      <translation>{count} colonne de « {layer} » laisse la place au résultat du même nom : {names}.|{count} colonnes de « {layer} » laissent la place aux résultats des mêmes noms : {names}.</translation>
    </message>
    <message>
      <location filename="processing/atlas_layout.py" />
      <source>Atlas of access</source>
      <translation>Atlas de l'accès</translation>
    </message>
    <message>
      <location filename="processing/atlas_layout.py" />
      <source>“{path}” is not a template of a print layout (.qpt): open the atlas's layout in QGIS and save it as one.</source>
      <translation>« {path} » n'est pas un modèle de mise en page (.qpt) : ouvrez la mise en page de l'atlas dans QGIS et enregistrez-la comme modèle.</translation>
    </message>
    <message>
      <location filename="processing/atlas_layout.py" />
      <source>The layout “{path}” cannot be read.</source>
      <translation>La mise en page « {path} » ne peut pas être lue.</translation>
    </message>
    <message>
      <location filename="processing/base.py" />
      <source>This case was not foreseen ({kind}: {reason}). What was written is not to be used; please report it, with the plugin's messages in QGIS's log.</source>
      <translation>Ce cas n'était pas prévu ({kind} : {reason}). Ce qui a été écrit n'est pas à utiliser ; merci de le signaler, avec les messages de l'extension dans le journal de QGIS.</translation>
    </message>
    <message>
      <location filename="processing/base.py" />
      <source>1 · Referential</source>
      <translation>1 · Référentiel</translation>
    </message>
    <message>
      <location filename="processing/base.py" />
      <source>2 · Road network</source>
      <translation>2 · Réseau routier</translation>
    </message>
    <message>
      <location filename="processing/base.py" />
      <source>3 · Access and gaps</source>
      <translation>3 · Accès et manques</translation>
    </message>
    <message>
      <location filename="processing/base.py" />
      <source>4 · Where to open</source>
      <translation>4 · Où ouvrir</translation>
    </message>
    <message>
      <location filename="processing/base.py" />
      <source>5 · Corrections</source>
      <translation>5 · Corrections</translation>
    </message>
    <message>
      <location filename="processing/base.py" />
      <source>6 · Report</source>
      <translation>6 · Rapport</translation>
    </message>
    <message>
      <location filename="processing/base.py" />
      <source>The disk is full: the result is not complete and is not to be used. Make room or write elsewhere.</source>
      <translation>Le disque est plein : le résultat est incomplet et ne doit pas être utilisé. Faites de la place ou écrivez ailleurs.</translation>
    </message>
    <message>
      <location filename="processing/base.py" />
      <source>the temporary folder</source>
      <translation>le dossier temporaire</translation>
    </message>
    <message>
      <location filename="processing/base.py" />
      <source>There is not enough memory for this. Ask for less: fewer rows, fewer thresholds, a smaller K.</source>
      <translation>La mémoire ne suffit pas. Demandez moins : moins de lignes, moins de seuils, un K plus petit.</translation>
    </message>
    <message>
      <location filename="processing/base.py" />
      <source>{path} cannot be read or written: {reason}</source>
      <translation>{path} ne peut être ni lu ni écrit : {reason}</translation>
    </message>
    <message>
      <location filename="processing/base.py" />
      <source>{name} is not a number.</source>
      <translation>{name} n'est pas un nombre.</translation>
    </message>
    <message>
      <location filename="processing/basemap.py" />
      <source>Plan IGN</source>
      <translation>Plan IGN</translation>
    </message>
    <message>
      <location filename="processing/basemap.py" />
      <source>The maps are drawn without the base map: its server does not answer ({cause}).</source>
      <translation>Les cartes sont dessinées sans le fond de plan : son serveur ne répond pas ({cause}).</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Build the road network</source>
      <translation>Construire le réseau routier</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>IGN's own cost of cars (5 s more for each section in a town)</source>
      <translation>Coût de l'IGN en voiture (5 s de plus par tronçon urbain)</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Slower up and down slopes, on foot or by bike (heights of the lines)</source>
      <translation>Ralentir en pente, à pied ou à vélo (altitudes des lignes)</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>By bike, the most stressful road accepted: 1 (children) to 4 (all); one walks along others</source>
      <translation>À vélo, route la plus stressante acceptée : 1 (enfants) à 4 (toutes) ; on marche sur les autres</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Give a layer of roads: a network file is made already.</source>
      <translation>Donnez une couche de routes : un fichier de réseau est déjà construit.</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>{path} is a folder: give the name of a file.</source>
      <translation>{path} est un dossier : donnez un nom de fichier.</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>{path} holds something else than a network, and is left as it is: choose another file.</source>
      <translation>{path} contient autre chose qu'un réseau et reste tel quel : choisissez un autre fichier.</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Roads</source>
      <translation>Routes</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>The roads are from</source>
      <translation>Origine des routes</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Travelling by</source>
      <translation>Déplacement (car : voiture ; foot : à pied ; bike : vélo)</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Speed (km/h)</source>
      <translation>Vitesse (km/h)</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Minutes for the whole line (comes before any speed)</source>
      <translation>Minutes pour tout le tronçon (passe avant toute vitesse)</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Direction</source>
      <translation>Sens</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Speed when nothing says it (km/h)</source>
      <translation>Vitesse quand rien ne la donne (km/h)</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Line ends this near are joined (metres)</source>
      <translation>Les extrémités de tronçons aussi proches sont jointes (mètres)</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Road network</source>
      <translation>Réseau routier</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Road network (*.network)</source>
      <translation>Réseau routier (*.network)</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Junctions</source>
      <translation>Carrefours</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Links</source>
      <translation>Tronçons</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Values for one-way as drawn (several: a;b)</source>
      <translation>Valeurs du sens unique dans le sens du tracé (plusieurs : a;b)</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Values for one-way against the drawing</source>
      <translation>Valeurs du sens unique contraire au tracé</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Values for both ways</source>
      <translation>Valeurs du double sens</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Your own speeds: a CSV with columns classe, kmh</source>
      <translation>Vos propres vitesses : un CSV aux colonnes classe, kmh</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Forbidden turns (BD TOPO's non_communication; found by itself beside the roads)</source>
      <translation>Interdictions de tourner (non_communication de la BD TOPO ; trouvées d'elles-mêmes à côté des routes)</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Number of junctions</source>
      <translation>Nombre de carrefours</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Number of links</source>
      <translation>Nombre de liens</translation>
    </message>
    <message>
      <location filename="processing/buildnetwork.py" />
      <source>Parts that no road joins</source>
      <translation>Morceaux qu'aucune route ne relie</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>Build the public transport timetable</source>
      <translation>Construire l'offre de transport</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>{count} trip on {day}, {stops} stops.|{count} trips on {day}, {stops} stops.</source>
      <translation>{count} course le {day}, {stops} arrêts.|{count} courses le {day}, {stops} arrêts.</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>Day (as 2026-12-08; empty: a Tuesday of term time)</source>
      <translation>Jour (comme 2026-12-08 ; vide : un mardi hors vacances scolaires)</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>Longest walk (minutes)</source>
      <translation>Plus longue marche (minutes)</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>Least time to change (seconds)</source>
      <translation>Temps de correspondance minimal (secondes)</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>Timetable</source>
      <translation>Offre de transport</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>Timetable (*.transit)</source>
      <translation>Offre de transport (*.transit)</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>What runs on that day</source>
      <translation>Ce qui circule ce jour-là</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>Stops</source>
      <translation>Arrêts</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>{count} stop is too far from the network on foot: nobody gets on or off there.|{count} stops are too far from the network on foot: nobody gets on or off there.</source>
      <translation>{count} arrêt est trop loin du réseau à pied : personne n'y monte ni n'y descend.|{count} arrêts sont trop loin du réseau à pied : personne n'y monte ni n'y descend.</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>GTFS feeds: zips, folders or addresses (several: a;b)</source>
      <translation>Jeux GTFS : archives, dossiers ou adresses (plusieurs : a;b)</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>Number of stops</source>
      <translation>Nombre d'arrêts</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>Number of trips</source>
      <translation>Nombre de courses</translation>
    </message>
    <message>
      <location filename="processing/buildtransit.py" />
      <source>{network}: nothing runs on that day.</source>
      <translation>{network} : rien ne circule ce jour-là.</translation>
    </message>
    <message>
      <location filename="processing/cache.py" />
      <source>The cache folder “{path}” is not a full path; change it in the options.</source>
      <translation>Le dossier de cache « {path} » n'est pas un chemin complet ; changez-le dans les options.</translation>
    </message>
    <message>
      <location filename="processing/cache.py" />
      <source>The cache folder {path} cannot be made ({reason}); change it in the options.</source>
      <translation>Le dossier de cache {path} ne peut pas être créé ({reason}) ; changez-le dans les options.</translation>
    </message>
    <message>
      <location filename="processing/cache.py" />
      <source>road networks</source>
      <translation>réseaux routiers</translation>
    </message>
    <message>
      <location filename="processing/cache.py" />
      <source>answers of isochrone servers</source>
      <translation>réponses des serveurs d'isochrones</translation>
    </message>
    <message>
      <location filename="processing/cache.py" />
      <source>positions of addresses</source>
      <translation>positions d'adresses</translation>
    </message>
    <message>
      <location filename="processing/cache.py" />
      <source>the answers of isochrone servers</source>
      <translation>les réponses des serveurs d'isochrones</translation>
    </message>
    <message>
      <location filename="processing/cache.py" />
      <source>the positions of addresses</source>
      <translation>les positions d'adresses</translation>
    </message>
    <message>
      <location filename="processing/cache.py" />
      <source>a network that is being built</source>
      <translation>un réseau en construction</translation>
    </message>
    <message>
      <location filename="processing/cache.py" />
      <source>a road network</source>
      <translation>un réseau routier</translation>
    </message>
    <message>
      <location filename="processing/changenetwork.py" />
      <source>Change the road network</source>
      <translation>Modifier le réseau routier</translation>
    </message>
    <message>
      <location filename="processing/changenetwork.py" />
      <source>The changes have no column “action”.</source>
      <translation>Les changements n'ont pas de colonne « action ».</translation>
    </message>
    <message>
      <location filename="processing/changenetwork.py" />
      <source>{count} change has no place.|{count} changes have no place.</source>
      <translation>{count} changement n'a pas de lieu.|{count} changements n'ont pas de lieu.</translation>
    </message>
    <message>
      <location filename="processing/changenetwork.py" />
      <source>The layer of changes has no drawing.</source>
      <translation>La couche des changements n'a aucun dessin.</translation>
    </message>
    <message>
      <location filename="processing/changenetwork.py" />
      <source>Changes drawn (columns “action” and “valeur”)</source>
      <translation>Changements dessinés (colonnes « action » et « valeur »)</translation>
    </message>
    <message>
      <location filename="processing/changenetwork.py" />
      <source>A new road joins a junction this near (metres)</source>
      <translation>Une route nouvelle se joint au carrefour à cette distance (mètres)</translation>
    </message>
    <message>
      <location filename="processing/changenetwork.py" />
      <source>Changed network</source>
      <translation>Réseau modifié</translation>
    </message>
    <message>
      <location filename="processing/changenetwork.py" />
      <source>Roads that change</source>
      <translation>Routes qui changent</translation>
    </message>
    <message>
      <location filename="processing/changenetwork.py" />
      <source>The changed network needs a file of its own: it is made of {path}.</source>
      <translation>Le réseau modifié demande un fichier à lui : il est fait de {path}.</translation>
    </message>
    <message>
      <location filename="processing/changenetwork.py" />
      <source>Changes: {changes}; roads that they act on: {roads}.</source>
      <translation>Modifications : {changes} ; routes touchées : {roads}.</translation>
    </message>
    <message>
      <location filename="processing/changenetwork.py" />
      <source>{count} change acts on no road.|{count} changes act on no road.</source>
      <translation>{count} changement n'agit sur aucune route.|{count} changements n'agissent sur aucune route.</translation>
    </message>
    <message>
      <location filename="processing/changenetwork.py" />
      <source>Number of roads that change</source>
      <translation>Nombre de routes qui changent</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>Compare two scenarios</source>
      <translation>Comparer deux scénarios</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>Roads after (file of “Change the road network”; empty: the same)</source>
      <translation>Routes après (fichier de « Modifier le réseau routier » ; vide : les mêmes)</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>Roads that change (of “Change the road network”), to be listed</source>
      <translation>Routes qui changent (de « Modifier le réseau routier »), à lister</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>With TRANSIT, roads do not change: leave NETWORK_AFTER empty.</source>
      <translation>Avec TRANSIT, les routes ne changent pas : laissez NETWORK_AFTER vide.</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>NETWORK_AFTER must be made of NETWORK, by “Change the road network”.</source>
      <translation>NETWORK_AFTER doit être fait de NETWORK, par « Modifier le réseau routier ».</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>{gaining} people come nearer, {losing} get farther; mean {before} {unit} before, {after} {unit} after.</source>
      <translation>{gaining} habitants se rapprochent, {losing} s'éloignent ; moyenne {before} {unit} avant, {after} {unit} après.</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>Group of each place (such as an age)</source>
      <translation>Groupe de chaque lieu (par exemple une tranche d'âge)</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>Only the rows of this scenario (column “scenario”)</source>
      <translation>Seulement les lignes de ce scénario (colonne « scenario »)</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>Thresholds</source>
      <translation>Seuils</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>Who gains, who loses</source>
      <translation>Qui gagne, qui perd</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>Summary by zone and group</source>
      <translation>Bilan par zone et par groupe</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>What the scenario changes</source>
      <translation>Ce que le scénario change</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>{name} has no column “scenario”: all its rows count.</source>
      <translation>{name} n'a pas de colonne « scenario » : toutes ses lignes comptent.</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>No row of {name} is of the scenario “{wanted}”; there are: {others}.</source>
      <translation>Aucune ligne de {name} n'est du scénario « {wanted} » ; il y a : {others}.</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>No site of {name} counts: nobody reaches any.</source>
      <translation>Aucun lieu de {name} ne compte : personne n'en atteint un.</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>{gaining} people come nearer, {losing} get farther; of these {new} reach a site that they did not reach, {cut} do not reach any more.</source>
      <translation>{gaining} habitants se rapprochent, {losing} s'éloignent ; parmi eux {new} atteignent un lieu sans en atteindre avant, {cut} n'en atteignent plus.</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>Sites before</source>
      <translation>Lieux avant</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>Sites after</source>
      <translation>Lieux après</translation>
    </message>
    <message>
      <location filename="processing/comparescenarios.py" />
      <source>For those who reach a site before and after, the mean difference is {change} {unit}.</source>
      <translation>Pour qui en atteint un avant et après, l'écart moyen est de {change} {unit}.</translation>
    </message>
    <message>
      <location filename="processing/connections.py" />
      <source>Choose a connection, or give the address of a registry.</source>
      <translation>Choisissez une connexion, ou donnez l'adresse d'un référentiel.</translation>
    </message>
    <message>
      <location filename="processing/connections.py" />
      <source>The folder {path} of your QGIS profile cannot be written: {cause}.</source>
      <translation>Le dossier {path} de votre profil QGIS ne peut pas être écrit : {cause}.</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Consolidate services</source>
      <translation>Consolider des services</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Referential (GeoPackage, made or brought up to date)</source>
      <translation>Référentiel (GeoPackage, créé ou mis à jour)</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Priorities of the producers by field (JSON; those of the plugin when empty)</source>
      <translation>Priorités des producteurs par champ (JSON ; vide : celles de l'extension)</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Establishments of Sirene, for those that are closed (CSV, zip or gz)</source>
      <translation>Établissements de Sirene, pour ceux qui sont fermés (CSV, zip ou gz)</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>The page of the quality is {path}.</source>
      <translation>La page de la qualité est {path}.</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Services: {services} places out of {records} records; {review} pairs to review. Identifiers: {created} created, {closed} closed.</source>
      <translation>Services : {services} lieux pour {records} fiches ; {review} paires à vérifier. Identifiants : {created} créés, {closed} fermés.</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Date of this edition (ISO; today when empty)</source>
      <translation>Date de cette édition (ISO ; vide : aujourd'hui)</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Count only, write nothing</source>
      <translation>Compter sans rien écrire</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Page of the quality to write (HTML)</source>
      <translation>Page de la qualité à écrire (HTML)</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>The edition is dated {date}, after today: none of an earlier date can follow it.</source>
      <translation>L'édition est datée du {date}, après aujourd'hui : aucune d'une date antérieure ne pourra la suivre.</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Establishments that Sirene has as closed: {count}.</source>
      <translation>Établissements que Sirene a comme fermés : {count}.</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>The referential already holds this edition: nothing was written.</source>
      <translation>Le référentiel contient déjà cette édition : rien n'a été écrit.</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Layers of services (several producers)</source>
      <translation>Couches de services (plusieurs producteurs)</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Number of places</source>
      <translation>Nombre de lieux</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Records merged</source>
      <translation>Fiches réunies</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Pairs to review</source>
      <translation>Paires à vérifier</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Identifiers created</source>
      <translation>Identifiants créés</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>Places closed</source>
      <translation>Lieux fermés</translation>
    </message>
    <message>
      <location filename="processing/consolidateservices.py" />
      <source>The referential is whole; its page was not written. Make it on the page Corrections, “Quality…”.</source>
      <translation>Le référentiel est entier ; sa page n'a pas été écrite. Faites-la page Corrections, « Qualité… ».</translation>
    </message>
    <message>
      <location filename="processing/coordinates.py" />
      <source>A layer has no coordinate reference system; set it first.</source>
      <translation>Une couche n'a pas de système de coordonnées ; définissez-le d'abord.</translation>
    </message>
    <message>
      <location filename="processing/correction_followup.py" />
      <source>{count} correction handed over is now in the records.|{count} corrections handed over are now in the records.</source>
      <translation>{count} correction transmise figure maintenant dans les fiches.|{count} corrections transmises figurent maintenant dans les fiches.</translation>
    </message>
    <message>
      <location filename="processing/correction_followup.py" />
      <source>{count} correction handed over is not in the records yet: a reminder?|{count} corrections handed over are not in the records yet: a reminder?</source>
      <translation>{count} correction transmise ne figure pas encore dans les fiches. Faut-il relancer ?|{count} corrections transmises ne figurent pas encore dans les fiches. Faut-il relancer ?</translation>
    </message>
    <message>
      <location filename="processing/correctionstatus.py" />
      <source>Follow corrections</source>
      <translation>Suivre les corrections</translation>
    </message>
    <message>
      <location filename="processing/correctionstatus.py" />
      <source>My corrections</source>
      <translation>Mes corrections</translation>
    </message>
    <message>
      <location filename="processing/correctionstatus.py" />
      <source>Registry: a connection's name, or an address</source>
      <translation>Référentiel : nom d'une connexion, ou adresse</translation>
    </message>
    <message>
      <location filename="processing/correctionstatus.py" />
      <source>{count} correction has a new answer.|{count} corrections have a new answer.</source>
      <translation>{count} correction a une nouvelle réponse.|{count} corrections ont une nouvelle réponse.</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>Coverage gaps</source>
      <translation>Manques de couverture</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>By weekday and hour, {unknown} of {total} places of unknown hours count as always open.</source>
      <translation>Par jour et heure, {unknown} lieux sur {total}, aux horaires inconnus, comptent comme toujours ouverts.</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>By weekday and hour, {unknown} of {total} places of unknown hours count as closed.</source>
      <translation>Par jour et heure, {unknown} lieux sur {total}, aux horaires inconnus, comptent comme fermés.</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>Thresholds (minutes)</source>
      <translation>Seuils (minutes)</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>Uncertainty of travel times (%)</source>
      <translation>Incertitude des temps de trajet (%)</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>Cell of the gap areas (metres)</source>
      <translation>Côté du carré des territoires mal desservis (mètres)</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>Coverage by zone</source>
      <translation>Couverture par zone</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>Gap areas</source>
      <translation>Territoires mal desservis</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>Demand with its costs</source>
      <translation>Habitants et temps d'accès</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>Coverage by weekday and hour</source>
      <translation>Couverture par jour et heure</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>The demand has no population: there is no share, mean nor median to give.</source>
      <translation>La couche des habitants n'a pas de population : il n'y a ni part, ni moyenne, ni médiane à donner.</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>{count} person cannot reach at all: {category}; that is beyond every threshold.|{count} people cannot reach at all: {category}; that is beyond every threshold.</source>
      <translation>{count} habitant n'atteint aucun lieu de : {category} ; il compte au-delà de tous les seuils.|{count} habitants n'atteignent aucun lieu de : {category} ; ils comptent au-delà de tous les seuils.</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>So many polygons are not merged: gaps are made of cells of {cell} m.</source>
      <translation>Ces polygones sont trop nombreux pour être réunis : les manques sont faits de carrés de {cell} m.</translation>
    </message>
    <message>
      <location filename="processing/coveragegaps.py" />
      <source>The demand is spread so wide that gaps use cells of {cell} m.</source>
      <translation>Les habitants sont si dispersés que les manques sont faits de carrés de {cell} m.</translation>
    </message>
    <message>
      <location filename="processing/criticallinks.py" />
      <source>Critical roads</source>
      <translation>Routes critiques</translation>
    </message>
    <message>
      <location filename="processing/criticallinks.py" />
      <source>{category}: the worst cut isolates {isolated} people and puts {beyond} more beyond {threshold} min.</source>
      <translation>{category} : la pire coupure isole {isolated} habitants et en met {beyond} autres à plus de {threshold} min.</translation>
    </message>
    <message>
      <location filename="processing/criticallinks.py" />
      <source>Threshold (minutes)</source>
      <translation>Seuil (minutes)</translation>
    </message>
    <message>
      <location filename="processing/criticallinks.py" />
      <source>How many roads of each category at most</source>
      <translation>Combien de routes de chaque catégorie, au plus</translation>
    </message>
    <message>
      <location filename="processing/criticallinks.py" />
      <source>{category}: no cut of a single road changes anybody's way.</source>
      <translation>{category} : la coupure d'une seule route ne change le trajet de personne.</translation>
    </message>
    <message>
      <location filename="processing/diagnostic.py" />
      <source>Summary of a scenario</source>
      <translation>Bilan d'un scénario</translation>
    </message>
    <message>
      <location filename="processing/diagnostic.py" />
      <source>The layer “{name}” could not be written beside the model: {error}</source>
      <translation>La couche « {name} » n'a pas pu être écrite à côté du modèle : {error}</translation>
    </message>
    <message>
      <location filename="processing/diagnostic.py" />
      <source>People</source>
      <translation>Habitants</translation>
    </message>
    <message>
      <location filename="processing/diagnostic.py" />
      <source>Population column</source>
      <translation>Champ de la population</translation>
    </message>
    <message>
      <location filename="processing/diagnostic.py" />
      <source>Identifier of the zones</source>
      <translation>Identifiant des zones</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>Explain a change</source>
      <translation>Expliquer un changement</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>a service</source>
      <translation>un service</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>{category}: before or after, no place could be put on the network; what changed is not known.</source>
      <translation>{category} : avant ou après, aucun lieu n'a pu être placé sur le réseau ; on ne sait pas ce qui a changé.</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>{category}: {before} people beyond {threshold} min before, {after} after; due to services: {services}, to roads: {roads}, to population: {population}.</source>
      <translation>{category} : {before} habitants à plus de {threshold} min avant, {after} après ; du fait des services : {services}, des routes : {roads}, de la population : {population}.</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>Demand before (places where people live)</source>
      <translation>Demande avant (lieux où vivent les gens)</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>Demand after (empty: as before)</source>
      <translation>Demande après (vide : comme avant)</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>Services before</source>
      <translation>Services avant</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>Services after (empty: as before)</source>
      <translation>Services après (vide : comme avant)</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>Road network before</source>
      <translation>Réseau routier avant</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>Road network after (empty: as before)</source>
      <translation>Réseau routier après (vide : comme avant)</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>Change by zone and what it is due to</source>
      <translation>Changement par zone et ce qui l'a fait</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>No place of this category could be put on the network.</source>
      <translation>Aucun lieu de cette catégorie n'a pu être placé sur le réseau.</translation>
    </message>
    <message>
      <location filename="processing/explainchange.py" />
      <source>People who could not be computed: {before} before, {after} after. They are beyond no threshold: what differs between the two is in the part of the population.</source>
      <translation>Habitants qui n'ont pas pu être calculés : {before} avant, {after} après. Ils ne sont au-delà d'aucun seuil : ce qui diffère entre les deux est dans la part de la population.</translation>
    </message>
    <message>
      <location filename="processing/expressions.py" />
      <source>&lt;h3&gt;service_ouvert(horaires, moment[, code_insee])&lt;/h3&gt;&lt;p&gt;Whether a service is open at a moment: true or false, NULL when its hours are unknown or only « perhaps » (on appointment).&lt;/p&gt;&lt;p&gt;&lt;i&gt;horaires&lt;/i&gt;: opening hours in OpenStreetMap's syntax. &lt;i&gt;moment&lt;/i&gt;: a date and time, or a text such as 'samedi 10:00' for an ordinary week. &lt;i&gt;code_insee&lt;/i&gt;: commune, for local public holidays and school holidays.&lt;/p&gt;&lt;p&gt;&lt;code&gt;service_ouvert("horaires", 'samedi 10:00')&lt;/code&gt;&lt;br&gt;&lt;code&gt;service_ouvert("horaires", now(), "code_insee")&lt;/code&gt;&lt;/p&gt;</source>
      <translation>&lt;h3&gt;service_ouvert(horaires, moment[, code_insee])&lt;/h3&gt;&lt;p&gt;Si un service est ouvert à un moment : vrai ou faux, NULL quand ses horaires sont inconnus ou seulement « peut-être » (sur rendez-vous).&lt;/p&gt;&lt;p&gt;&lt;i&gt;horaires&lt;/i&gt; : horaires dans la syntaxe d'OpenStreetMap. &lt;i&gt;moment&lt;/i&gt; : une date et une heure, ou un texte comme 'samedi 10:00' pour une semaine ordinaire. &lt;i&gt;code_insee&lt;/i&gt; : la commune, pour les jours fériés locaux et les vacances scolaires.&lt;/p&gt;&lt;p&gt;&lt;code&gt;service_ouvert("horaires", 'samedi 10:00')&lt;/code&gt;&lt;br&gt;&lt;code&gt;service_ouvert("horaires", now(), "code_insee")&lt;/code&gt;&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="processing/expressions.py" />
      <source>&lt;h3&gt;service_heures_par_semaine(horaires)&lt;/h3&gt;&lt;p&gt;How many hours a service is open in a week without holidays; the mean of the year where the hours change with the season. NULL when they are unknown.&lt;/p&gt;&lt;p&gt;&lt;code&gt;service_heures_par_semaine("horaires") &amp;lt; 24&lt;/code&gt;&lt;/p&gt;</source>
      <translation>&lt;h3&gt;service_heures_par_semaine(horaires)&lt;/h3&gt;&lt;p&gt;Combien d'heures un service est ouvert dans une semaine sans férié ; la moyenne de l'année quand les horaires changent avec la saison. NULL quand ils sont inconnus.&lt;/p&gt;&lt;p&gt;&lt;code&gt;service_heures_par_semaine("horaires") &amp;lt; 24&lt;/code&gt;&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="processing/expressions.py" />
      <source>&lt;h3&gt;libelle_categorie(code[, langue])&lt;/h3&gt;&lt;p&gt;The label of a category of services, in the language of QGIS or in the one asked for ('fr', 'en'); NULL for a code that is not in the table.&lt;/p&gt;&lt;p&gt;&lt;code&gt;libelle_categorie("categorie")&lt;/code&gt; → 'Mairie'&lt;/p&gt;</source>
      <translation>&lt;h3&gt;libelle_categorie(code[, langue])&lt;/h3&gt;&lt;p&gt;Le libellé d'une catégorie de services, dans la langue de QGIS ou dans celle qui est demandée ('fr', 'en') ; NULL pour un code absent de la table.&lt;/p&gt;&lt;p&gt;&lt;code&gt;libelle_categorie("categorie")&lt;/code&gt; → 'Mairie'&lt;/p&gt;</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Corrections</source>
      <translation>Corrections</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Communes</source>
      <translation>Communes</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>What is it?</source>
      <translation>De quoi s'agit-il ?</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Service</source>
      <translation>Service</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>The other record, the one to keep</source>
      <translation>L'autre fiche, celle à garder</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Comment</source>
      <translation>Commentaire</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Picture</source>
      <translation>Photo</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Proof (link)</source>
      <translation>Preuve (lien)</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Organisation</source>
      <translation>Organisme</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>My e-mail, to be answered (optional)</source>
      <translation>Mon courriel, pour une réponse (facultatif)</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Written on</source>
      <translation>Écrite le</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Field work</source>
      <translation>Terrain</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Services only</source>
      <translation>Services seuls</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Correction</source>
      <translation>Correction</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>New values</source>
      <translation>Nouvelles valeurs</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Duplicate</source>
      <translation>Doublon</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Author</source>
      <translation>Auteur</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>Choose the service.</source>
      <translation>Choisissez le service.</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>New: {field}</source>
      <translation>Nouveau : {field}</translation>
    </message>
    <message>
      <location filename="processing/field_project.py" />
      <source>(unchanged)</source>
      <translation>(inchangé)</translation>
    </message>
    <message>
      <location filename="processing/fieldpackage.py" />
      <source>For the field</source>
      <translation>Pour le terrain</translation>
    </message>
    <message>
      <location filename="processing/fieldpackage.py" />
      <source>Folder for QField or Lizmap</source>
      <translation>Dossier pour QField ou Lizmap</translation>
    </message>
    <message>
      <location filename="processing/fieldpackage.py" />
      <source>The layer {name} is not one of services: it has no columns “id” and “nom”.</source>
      <translation>La couche {name} n'est pas une couche de services : elle n'a pas de colonnes « id » et « nom ».</translation>
    </message>
    <message>
      <location filename="processing/fieldpackage.py" />
      <source>{count} row without identifier, or with that of another, is left: no correction could name it.|{count} rows without identifier, or with that of another, are left: no correction could name them.</source>
      <translation>{count} ligne sans identifiant, ou avec celui d'une autre, ne part pas : aucune correction ne pourrait la nommer.|{count} lignes sans identifiant, ou avec celui d'une autre, ne partent pas : aucune correction ne pourrait les nommer.</translation>
    </message>
    <message>
      <location filename="processing/fieldpackage.py" />
      <source>Communes or zones</source>
      <translation>Communes ou zones</translation>
    </message>
    <message>
      <location filename="processing/fieldpackage.py" />
      <source>Roads (lines)</source>
      <translation>Routes (lignes)</translation>
    </message>
    <message>
      <location filename="processing/fieldpackage.py" />
      <source>{count} service in {folder} ({size} MB, {crs}): copy the folder to the phone, or to the server.|{count} services in {folder} ({size} MB, {crs}): copy the folder to the phone, or to the server.</source>
      <translation>{count} service dans {folder} ({size} Mo, {crs}) : copiez le dossier sur le téléphone, ou sur le serveur.|{count} services dans {folder} ({size} Mo, {crs}) : copiez le dossier sur le téléphone, ou sur le serveur.</translation>
    </message>
    <message>
      <location filename="processing/fieldpackage.py" />
      <source>Project (terrain.qgs)</source>
      <translation>Projet (terrain.qgs)</translation>
    </message>
    <message>
      <location filename="processing/fieldpackage.py" />
      <source>GeoPackage (terrain.gpkg)</source>
      <translation>GeoPackage (terrain.gpkg)</translation>
    </message>
    <message>
      <location filename="processing/fieldpackage.py" />
      <source>Number of services</source>
      <translation>Nombre de services</translation>
    </message>
    <message>
      <location filename="processing/hour.py" />
      <source>By car, speeds of this hour (such as “mardi 08:00”)</source>
      <translation>En voiture, vitesses à cette heure (par exemple « mardi 08:00 »)</translation>
    </message>
    <message>
      <location filename="processing/hour.py" />
      <source>Factors of speeds by the hour: a CSV with columns classe, jours, de, a, facteur, source</source>
      <translation>Facteurs de vitesse à une heure : un CSV aux colonnes classe, jours, de, a, facteur, source</translation>
    </message>
    <message>
      <location filename="processing/hour.py" />
      <source>WHEN is the hour of the speeds of a layer of roads: leave it empty where minutes are those of a server or of a table.</source>
      <translation>WHEN est l'heure des vitesses d'une couche de routes : laissez-le vide quand les minutes sont celles d'un serveur ou d'une table.</translation>
    </message>
    <message>
      <location filename="processing/hour.py" />
      <source>Factors of speeds are of an hour: say which one (WHEN).</source>
      <translation>Les facteurs de vitesse sont ceux d'une heure : dites laquelle (WHEN).</translation>
    </message>
    <message>
      <location filename="processing/hour.py" />
      <source>WHEN “{text}” cannot be read; expected a weekday and an hour such as “mardi 08:00”.</source>
      <translation>WHEN « {text} » est illisible ; attendu : un jour et une heure, par exemple « mardi 08:00 ».</translation>
    </message>
    <message>
      <location filename="processing/hour.py" />
      <source>No table of factors was given: that of the plugin is neutral, and the hour changes nothing. Fill a copy of {path}.</source>
      <translation>Aucune table de facteurs n'est donnée : celle de l'extension est neutre, et l'heure ne change rien. Remplissez une copie de {path}.</translation>
    </message>
    <message>
      <location filename="processing/hour.py" />
      <source>The table of factors says nothing of {when}: speeds stay as they are.</source>
      <translation>La table des facteurs ne dit rien de cette heure ({when}) : les vitesses restent telles quelles.</translation>
    </message>
    <message>
      <location filename="processing/isochrone_contents.py" />
      <source>People to count inside (places where they live)</source>
      <translation>Habitants à compter dedans (lieux de vie)</translation>
    </message>
    <message>
      <location filename="processing/isochrone_contents.py" />
      <source>Services to count inside</source>
      <translation>Services à compter dedans</translation>
    </message>
    <message>
      <location filename="processing/isochrone_contents.py" />
      <source>{count} row of {name} has no position or no number of people: it is in no area.|{count} rows of {name} have no position or no number of people: they are in no area.</source>
      <translation>{count} ligne de {name} sans position ou sans nombre d'habitants : elle n'est dans aucune zone.|{count} lignes de {name} sans position ou sans nombre d'habitants : elles ne sont dans aucune zone.</translation>
    </message>
    <message>
      <location filename="processing/isochrone_contents.py" />
      <source>Within {cutoff}: {inside} people in at least one area, {several} of them in several and counted in each, {outside} in none.</source>
      <translation>À {cutoff} : {inside} habitants dans au moins une zone, dont {several} dans plusieurs et comptés dans chacune, {outside} dans aucune.</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Isochrones</source>
      <translation>Isochrones</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Cutoffs (minutes or metres): a list, or an expression on each point</source>
      <translation>Seuils (minutes ou mètres) : liste, ou expression sur chaque point</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>How far from a road one still counts (metres; local engine)</source>
      <translation>Largeur comptée autour des routes (mètres ; moteur local)</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>The local engine needs a road network: give NETWORK, or choose a server.</source>
      <translation>Le moteur local a besoin d'un réseau routier : donnez NETWORK, ou choisissez un serveur.</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Give the address of the Valhalla server (SERVER), or set it in the options.</source>
      <translation>Donnez l'adresse du serveur Valhalla (SERVER), ou réglez-la dans les options.</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Cutoffs must be above zero.</source>
      <translation>Les seuils doivent être supérieurs à zéro.</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Points</source>
      <translation>Points</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Computed by</source>
      <translation>Moteur de calcul</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Direction (arrival: towards the point)</source>
      <translation>Sens (arrival : vers le point ; departure : depuis le point)</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Where areas overlap</source>
      <translation>Recouvrements (separate : gardés ; dissolved : réunis ; rings : anneaux)</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Dissolved or rings: one area for each value of</source>
      <translation>Si réunies (dissolved) ou en anneaux (rings) : une surface par valeur de</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Points without isochrone</source>
      <translation>Points sans isochrone</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Servers know no timetable: with TRANSIT, ENGINE must be “local”.</source>
      <translation>Les serveurs ne connaissent pas les horaires : avec TRANSIT, ENGINE doit être « local ».</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>The expression of the cutoffs gives nothing for this point.</source>
      <translation>L'expression des seuils ne donne rien pour ce point.</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>An area has no place in the coordinate reference system of the layer of points.</source>
      <translation>Une zone n'a pas de place dans le système de coordonnées de la couche de points.</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Address of the server (else that of the options)</source>
      <translation>Adresse du serveur (sinon celle des options)</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>Authentication</source>
      <translation>Authentification</translation>
    </message>
    <message>
      <location filename="processing/isochrones.py" />
      <source>The position does not exist in the coordinates the engine uses.</source>
      <translation>La position n'existe pas dans les coordonnées du moteur.</translation>
    </message>
    <message>
      <location filename="processing/loadservices.py" />
      <source>Load public services</source>
      <translation>Charger des services publics</translation>
    </message>
    <message>
      <location filename="processing/loadservices.py" />
      <source>Filter (CQL2 text on the columns)</source>
      <translation>Filtre (CQL2 texte sur les colonnes)</translation>
    </message>
    <message>
      <location filename="processing/loadservices.py" />
      <source>Rejected records</source>
      <translation>Fiches rejetées</translation>
    </message>
    <message>
      <location filename="processing/loadservices.py" />
      <source>{count} service read; records rejected: {rejected}.|{count} services read; records rejected: {rejected}.</source>
      <translation>{count} service lu ; fiches rejetées : {rejected}.|{count} services lus ; fiches rejetées : {rejected}.</translation>
    </message>
    <message>
      <location filename="processing/loadservices.py" />
      <source>Extent</source>
      <translation>Emprise</translation>
    </message>
    <message>
      <location filename="processing/log.py" />
      <source>{count} bytes</source>
      <translation>{count} octets</translation>
    </message>
    <message>
      <location filename="processing/matching_inputs.py" />
      <source>No column of the layer {name} looks like the name of a service; say which it is.</source>
      <translation>Aucune colonne de la couche {name} ne ressemble au nom d'un service ; dites laquelle c'est.</translation>
    </message>
    <message>
      <location filename="processing/matching_inputs.py" />
      <source>{count} of {total} rows without position were placed by address.</source>
      <translation>Lignes sans position placées par leur adresse : {count} sur {total}.</translation>
    </message>
    <message>
      <location filename="processing/matching_inputs.py" />
      <source>Fields read: {fields}.</source>
      <translation>Champs lus : {fields}.</translation>
    </message>
    <message>
      <location filename="processing/matching_inputs.py" />
      <source>{count} row without position is matched by commune only.|{count} rows without position are matched by commune only.</source>
      <translation>{count} ligne sans position est rapprochée seulement par sa commune.|{count} lignes sans position sont rapprochées seulement par leur commune.</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Identifier of the row</source>
      <translation>Identifiant de la ligne</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Address (several: joined)</source>
      <translation>Adresse (plusieurs champs : réunis)</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>FINESS number</source>
      <translation>Numéro FINESS</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Opening hours (one, or seven from Monday)</source>
      <translation>Horaires (un champ, ou sept à partir du lundi)</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Match services</source>
      <translation>Rapprocher deux listes de services</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Farthest that two positions of one place may be (metres; 0: by category)</source>
      <translation>Distance maximale entre deux positions (mètres ; 0 : selon la catégorie)</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Pairs: {sure} sure, {check} to check. Only in your list: {new}; only in the referential: {missing}. Corrections proposed: {proposals}.</source>
      <translation>Paires sûres : {sure}, à vérifier : {check}. Seulement dans votre liste : {new} ; seulement dans le référentiel : {missing}. Corrections proposées : {proposals}.</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Category of my whole list (code)</source>
      <translation>Catégorie de toute ma liste (code)</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Place rows without position by their address</source>
      <translation>Placer par leur adresse les lignes sans position</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Pairs</source>
      <translation>Paires</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Only in my list</source>
      <translation>Seulement dans ma liste</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Only in the referential</source>
      <translation>Seulement dans le référentiel</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Proposed corrections</source>
      <translation>Corrections proposées</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>My list</source>
      <translation>Ma liste</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Referential</source>
      <translation>Référentiel</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Geocoder (address of the service)</source>
      <translation>Géocodeur (adresse du service)</translation>
    </message>
    <message>
      <location filename="processing/matchservices.py" />
      <source>Field of my list: {what} (guessed when empty)</source>
      <translation>Champ de ma liste : {what} (deviné si vide)</translation>
    </message>
    <message>
      <location filename="processing/matrix_input.py" />
      <source>Give either NETWORK or MATRIX.</source>
      <translation>Donnez soit NETWORK, soit MATRIX.</translation>
    </message>
    <message>
      <location filename="processing/matrix_input.py" />
      <source>{count} rows of {layer} share their identifier with another row: MATRIX cannot tell them apart.</source>
      <translation>Lignes de {layer} dont l'identifiant est aussi celui d'une autre : {count} ; MATRIX ne peut pas les distinguer.</translation>
    </message>
    <message>
      <location filename="processing/matrix_input.py" />
      <source>MATRIX must have the columns origin_id, destination_id and cout.</source>
      <translation>MATRIX doit avoir les colonnes origin_id, destination_id et cout.</translation>
    </message>
    <message>
      <location filename="processing/matrix_input.py" />
      <source>{count} row of MATRIX is left out: it names no usable place.|{count} rows of MATRIX are left out: they name no usable place.</source>
      <translation>{count} ligne de MATRIX est laissée de côté : elle ne désigne aucun lieu utilisable.|{count} lignes de MATRIX sont laissées de côté : elles ne désignent aucun lieu utilisable.</translation>
    </message>
    <message>
      <location filename="processing/model_building.py" />
      <source>The chain “{title}” does not hold together: {problems}</source>
      <translation>La chaîne « {title} » ne tient pas : {problems}</translation>
    </message>
    <message>
      <location filename="processing/model_building.py" />
      <source>There is no algorithm “{algorithm}”.</source>
      <translation>L'algorithme « {algorithm} » n'existe pas.</translation>
    </message>
    <message>
      <location filename="processing/nearestservice.py" />
      <source>Nearest service</source>
      <translation>Service le plus proche</translation>
    </message>
    <message>
      <location filename="processing/nearestservice.py" />
      <source>{k} services for each of {count} places are too many at once: ask for {most} at most.</source>
      <translation>{k} services pour chacun des {count} lieux, c'est trop à la fois : demandez-en {most} au plus.</translation>
    </message>
    <message>
      <location filename="processing/nearestservice.py" />
      <source>No service of this category is on this part of the roads, which nothing joins to the others.</source>
      <translation>Aucun service de cette catégorie sur cette partie des routes, que rien ne joint aux autres.</translation>
    </message>
    <message>
      <location filename="processing/nearestservice.py" />
      <source>No way leads to a service of this category.</source>
      <translation>Aucun chemin ne mène à un service de cette catégorie.</translation>
    </message>
    <message>
      <location filename="processing/nearestservice.py" />
      <source>How many of each category</source>
      <translation>Combien dans chaque catégorie</translation>
    </message>
    <message>
      <location filename="processing/nearestservice.py" />
      <source>Nearest services</source>
      <translation>Services les plus proches</translation>
    </message>
    <message>
      <location filename="processing/nearestservice.py" />
      <source>No service of this category within {threshold}.</source>
      <translation>Aucun service de cette catégorie à {threshold} ou moins.</translation>
    </message>
    <message>
      <location filename="processing/nearestservice.py" />
      <source>None of the services of this category could be put on the network.</source>
      <translation>Aucun des services de cette catégorie n'a pu être placé sur le réseau.</translation>
    </message>
    <message>
      <location filename="processing/nearestservice.py" />
      <source>No service of this category is open then.</source>
      <translation>Aucun service de cette catégorie n'est ouvert à ce moment.</translation>
    </message>
    <message>
      <location filename="processing/need.py" />
      <source>Weights by need (CSV: colonne, poids, source)</source>
      <translation>Poids selon le besoin (CSV : colonne, poids, source)</translation>
    </message>
    <message>
      <location filename="processing/need.py" />
      <source>Weights by need ask for the population of each place (DEMAND_WEIGHT).</source>
      <translation>Les poids selon le besoin demandent la population de chaque lieu (DEMAND_WEIGHT).</translation>
    </message>
    <message>
      <location filename="processing/need.py" />
      <source>The demand has no column “{names}”, which the weights by need name.</source>
      <translation>La demande n'a pas de colonne « {names} », que nomment les poids selon le besoin.</translation>
    </message>
    <message>
      <location filename="processing/need.py" />
      <source>Two rows of the weights by need name one column of the demand; capitals make no difference.</source>
      <translation>Deux lignes des poids selon le besoin nomment la même colonne de la demande ; les majuscules n'y changent rien.</translation>
    </message>
    <message>
      <location filename="processing/need.py" />
      <source>People are weighed by need, as many in all: {source}</source>
      <translation>Les habitants comptent selon leur besoin, aussi nombreux en tout : {source}</translation>
    </message>
    <message>
      <location filename="processing/need.py" />
      <source>At {count} place the columns of the weights by need hold more people than its population: do they count some twice, or households?|At {count} places the columns of the weights by need hold more people than their population: do they count some twice, or households?</source>
      <translation>En {count} lieu, les colonnes des poids selon le besoin comptent plus de monde que sa population : y a-t-il des habitants comptés deux fois, ou des ménages ?|En {count} lieux, les colonnes des poids selon le besoin comptent plus de monde que leur population : y a-t-il des habitants comptés deux fois, ou des ménages ?</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>The network was built for the profile “{built}”: travel times are those, not of “{asked}”.</source>
      <translation>Le réseau a été construit pour le profil « {built} » : les temps sont ceux de ce profil, non de « {asked} ».</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>Network built in {seconds} s: {links} links, profile {profile}, {path}</source>
      <translation>Réseau construit en {seconds} s : {links} tronçons, profil {profile}, {path}</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>With TRANSIT, NETWORK must be one on foot: this one was built for another profile.</source>
      <translation>Avec TRANSIT, NETWORK doit être un réseau à pied : celui-ci est fait pour un autre mode.</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>The roads before are a network for the profile “{before}”, the roads after one for “{after}”: give two of the same profile.</source>
      <translation>Les routes d'avant sont un réseau pour le profil « {before} », celles d'après pour « {after} » : donnez-en deux du même profil.</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>Public transport (the file made by “Build the public transport timetable”)</source>
      <translation>Transports en commun (le fichier de « Construire l'offre de transport »)</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>Timetable (*.transit);;All files (*)</source>
      <translation>Offre de transport (*.transit);;Tous les fichiers (*)</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>Percentile of the minutes of that time (public transport)</source>
      <translation>Centile des minutes de cette plage (transports en commun)</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>Dask scheduler that the heavy work goes to (tcp://…; empty: that of the settings)</source>
      <translation>Ordonnanceur Dask où va le travail lourd (tcp://… ; vide : celui des réglages)</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>The network file is not of that hour ({when}): give the layer of roads, or build the network for it.</source>
      <translation>Le fichier de réseau n'est pas de cette heure ({when}) : donnez la couche de routes, ou construisez le réseau pour cette heure.</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>The network file was built for {when} with other factors: leave SPEED_FACTORS empty, give the layer of roads, or build the network with this table.</source>
      <translation>Le fichier de réseau a été construit pour {when} avec d'autres facteurs : laissez SPEED_FACTORS vide, donnez la couche de routes, ou construisez le réseau avec cette table.</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>Give a road network.</source>
      <translation>Donnez un réseau routier.</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>Farthest from the network (metres)</source>
      <translation>Distance maximale au réseau (mètres)</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>Road network (the file made by “Build the road network”, or a layer of roads)</source>
      <translation>Réseau routier (fichier de « Construire le réseau routier », ou couche de routes)</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>Speed (km/h), where the network is a layer of roads</source>
      <translation>Vitesse (km/h), si le réseau est une couche de routes</translation>
    </message>
    <message>
      <location filename="processing/network_input.py" />
      <source>Direction, where the network is a layer of roads</source>
      <translation>Sens de circulation, si le réseau est une couche de routes</translation>
    </message>
    <message>
      <location filename="processing/observatory.py" />
      <source>{count} date of this series does not say how the roads were read: part of the change may come from that.|{count} dates of this series do not say how the roads were read: part of the change may come from that.</source>
      <translation>{count} date de cette série ne dit pas comment les routes étaient lues : une partie du changement peut en venir.|{count} dates de cette série ne disent pas comment les routes étaient lues : une partie du changement peut en venir.</translation>
    </message>
    <message>
      <location filename="processing/observatory.py" />
      <source>outside the zones</source>
      <translation>hors des zones</translation>
    </message>
    <message>
      <location filename="processing/odmatrix.py" />
      <source>Origin–destination matrix</source>
      <translation>Matrice origine-destination</translation>
    </message>
    <message>
      <location filename="processing/odmatrix.py" />
      <source>Origins</source>
      <translation>Origines</translation>
    </message>
    <message>
      <location filename="processing/odmatrix.py" />
      <source>Identifier of each origin</source>
      <translation>Identifiant de chaque origine</translation>
    </message>
    <message>
      <location filename="processing/odmatrix.py" />
      <source>Destinations</source>
      <translation>Destinations</translation>
    </message>
    <message>
      <location filename="processing/odmatrix.py" />
      <source>Identifier of each destination</source>
      <translation>Identifiant de chaque destination</translation>
    </message>
    <message>
      <location filename="processing/odmatrix.py" />
      <source>Costs</source>
      <translation>Coûts</translation>
    </message>
    <message>
      <location filename="processing/odmatrix.py" />
      <source>{pairs} pairs were written; a pair that is absent is unreachable.</source>
      <translation>{pairs} couples écrits ; un couple absent est inatteignable.</translation>
    </message>
    <message>
      <location filename="processing/outbox.py" />
      <source>Correction {uuid}: {state}</source>
      <translation>Correction {uuid} : {state}</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Plan permanences over a week</source>
      <translation>Planifier des permanences sur une semaine</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Half-days the population prefers, with their value</source>
      <translation>Demi-journées que la population préfère, avec leur valeur</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Longest way of an agent between morning and afternoon (minutes)</source>
      <translation>Trajet maximal d'un agent entre le matin et l'après-midi (minutes)</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>{name} cannot be read as opening hours; write them as 09:00-12:00.</source>
      <translation>{name} ne peut pas être lu comme des horaires ; écrivez-les ainsi : 09:00-12:00.</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Say when each agent is available, for example “lun-ven; mar, jeu matin”.</source>
      <translation>Dites quand chaque agent est disponible, par exemple « lun-ven; mar, jeu matin ».</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Places where a permanence could be held</source>
      <translation>Lieux où une permanence peut se tenir</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>When each agent is available; agents are separated by “;”</source>
      <translation>Disponibilité de chaque agent (agents séparés par « ; »)</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Half-days a week that each person wants</source>
      <translation>Demi-journées par semaine souhaitées par chaque habitant</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Farthest cost that serves (minutes)</source>
      <translation>Coût maximal pour être desservi (minutes)</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Time limit (seconds)</source>
      <translation>Temps de calcul maximal (secondes)</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Hours of a morning</source>
      <translation>Heures d'une matinée</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Hours of an afternoon</source>
      <translation>Heures d'un après-midi</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Permanences</source>
      <translation>Permanences</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Half-days each place of demand has</source>
      <translation>Demi-journées dont dispose chaque lieu de demande</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>{count} permanence, {served} person-half-days, proven bound {bound} ({status}).|{count} permanences, {served} person-half-days, proven bound {bound} ({status}).</source>
      <translation>{count} permanence ; habitants × demi-journées desservis : {served} ; borne prouvée : {bound} ({status}).|{count} permanences ; habitants × demi-journées desservis : {served} ; borne prouvée : {bound} ({status}).</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Person-half-days served</source>
      <translation>Habitants × demi-journées desservis</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Proven bound on the objective</source>
      <translation>Borne prouvée de l'objectif</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Gap between bound and objective (0: proven best)</source>
      <translation>Écart entre la borne et l'objectif (0 : optimum prouvé)</translation>
    </message>
    <message>
      <location filename="processing/planpermanences.py" />
      <source>Status</source>
      <translation>Statut</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Plan itinerant rounds</source>
      <translation>Planifier des tournées</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>“{text}” is not an hour; write for example 08:30.</source>
      <translation>« {text} » n'est pas une heure ; écrivez par exemple 08:30.</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Depot (the first row is used)</source>
      <translation>Dépôt (la première ligne est utilisée)</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Identifier of each stop</source>
      <translation>Identifiant de chaque arrêt</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Population served by each stop</source>
      <translation>Population desservie par chaque arrêt</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Minutes at each stop</source>
      <translation>Minutes passées à chaque arrêt</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Minutes at a stop where the column says nothing</source>
      <translation>Minutes à un arrêt quand la colonne ne dit rien</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Working time of a day, travel included (minutes)</source>
      <translation>Temps de travail d'une journée, trajets compris (minutes)</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Rounds (one a day)</source>
      <translation>Tournées (une par jour)</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Leaving the depot at</source>
      <translation>Heure de départ du dépôt</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Stops in order</source>
      <translation>Arrêts dans l'ordre</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Rounds</source>
      <translation>Tournées</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>The depot has no place on the network; raise SNAP_DISTANCE.</source>
      <translation>Le dépôt n'a pas de place sur le réseau ; augmentez SNAP_DISTANCE.</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>No round has time for it.</source>
      <translation>Aucune tournée n'en a le temps.</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>{count} of {total} stops in {days} rounds, {travel} min of travel ({status}, {method}).</source>
      <translation>Arrêts desservis : {count} sur {total} ; tournées : {days} ; trajet : {travel} min ({status}, {method}).</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Minutes of travel in all</source>
      <translation>Minutes de trajet en tout</translation>
    </message>
    <message>
      <location filename="processing/planround.py" />
      <source>Population served</source>
      <translation>Population desservie</translation>
    </message>
    <message>
      <location filename="processing/population_groups.py" />
      <source>Groups of people (columns of population)</source>
      <translation>Groupes d'habitants (colonnes de population)</translation>
    </message>
    <message>
      <location filename="processing/population_groups.py" />
      <source>Figures by group</source>
      <translation>Chiffres par groupe</translation>
    </message>
    <message>
      <location filename="processing/population_groups.py" />
      <source>{count} row has no number of people in “{field}”: it counts for nobody there.|{count} rows have no number of people in “{field}”: they count for nobody there.</source>
      <translation>{count} ligne n'a pas de nombre d'habitants dans « {field} » : elle n'y compte pour personne.|{count} lignes n'ont pas de nombre d'habitants dans « {field} » : elles n'y comptent pour personne.</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>Prepare my territory</source>
      <translation>Préparer mon territoire</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>Territory: names or codes of départements, EPCI, communes (parted by commas)</source>
      <translation>Territoire : noms ou codes de départements, d'EPCI, de communes (séparés par des virgules)</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>Files of IGN or INSEE to use instead of the service (parted by ;)</source>
      <translation>Fichiers de l'IGN ou de l'INSEE à utiliser à la place du service (séparés par ;)</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>{roads} roads, {people} inhabitants.</source>
      <translation>{roads} routes, {people} habitants.</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>Roads around the territory (km)</source>
      <translation>Routes autour du territoire (km)</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>Categories (codes, parted by commas)</source>
      <translation>Catégories (codes séparés par des virgules)</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>Registry: a connection's name, an address or a file</source>
      <translation>Référentiel : nom d'une connexion, adresse ou fichier</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>Inhabitants</source>
      <translation>Habitants</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>GeoPackage, made or brought up to date</source>
      <translation>GeoPackage, créé ou mis à jour</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>Road network (beside the GeoPackage unless said)</source>
      <translation>Réseau routier (à côté du GeoPackage sauf avis contraire)</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>What could not be read</source>
      <translation>Ce qui n'a pas pu être lu</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>There are no roads: no network was made.</source>
      <translation>Il n'y a pas de routes : aucun réseau n'a été fait.</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>What was there before is kept as {path}.</source>
      <translation>Ce qui était là avant est gardé sous {path}.</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>Roads, outlines and inhabitants are already those of the newest edition.</source>
      <translation>Routes, contours et habitants sont déjà ceux de l'édition la plus récente.</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>Number of roads</source>
      <translation>Nombre de routes</translation>
    </message>
    <message>
      <location filename="processing/prepareterritory.py" />
      <source>Number of inhabitants</source>
      <translation>Nombre d'habitants</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>Propose sites to open</source>
      <translation>Proposer des lieux où ouvrir</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>Population covered against number of sites</source>
      <translation>Population couverte selon le nombre de lieux</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>The curve bends at {sites} sites: {covered} of {total} covered within {threshold}.</source>
      <translation>Coude de la courbe à {sites} lieu(x) : {covered} couverts sur {total} dans {threshold}.</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>More sites or capacity would be needed to serve it.</source>
      <translation>Il faudrait plus de lieux ou de capacité pour le desservir.</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>{status}: {count} site, objective {objective} of those who are served; no bound is proven.|{status}: {count} sites, objective {objective} of those who are served; no bound is proven.</source>
      <translation>{status} : {count} site, objectif {objective} pour ceux qui sont desservis ; aucune borne n'est prouvée.|{status} : {count} sites, objectif {objective} pour ceux qui sont desservis ; aucune borne n'est prouvée.</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>{status}: {count} site, objective {objective}, proven bound {bound}, gap {gap} %.|{status}: {count} sites, objective {objective}, proven bound {bound}, gap {gap} %.</source>
      <translation>{status} : {count} lieu ; objectif : {objective} ; borne prouvée : {bound} ; écart : {gap} %.|{status} : {count} lieux ; objectif : {objective} ; borne prouvée : {bound} ; écart : {gap} %.</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>Model</source>
      <translation>Modèle (mclp, lscp : couverture ; pmedian, pcenter : trajets)</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>Sites to open</source>
      <translation>Lieux à ouvrir</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>Farthest cost that covers (minutes or metres)</source>
      <translation>Coût maximal pour être couvert (minutes ou mètres)</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>Capacity of each candidate</source>
      <translation>Capacité de chaque candidat</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>Candidates that must be (obligatoire) or cannot be (exclu)</source>
      <translation>Candidats imposés (obligatoire) ou écartés (exclu)</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>Proposed sites</source>
      <translation>Lieux proposés</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>Who goes where</source>
      <translation>Qui va où</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>The model {model} needs THRESHOLD.</source>
      <translation>Le modèle {model} demande THRESHOLD.</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>The sites proposed do not serve it; whether others would was not found out in the time given.</source>
      <translation>Les sites proposés ne le desservent pas ; le temps donné n'a pas suffi pour savoir si d'autres le feraient.</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>No candidate and no existing site can serve it.</source>
      <translation>Aucun candidat ni lieu existant ne peut le desservir.</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>{people} people whom no existing site serves are newly served: GAIN is that of the others.</source>
      <translation>{people} personnes qu'aucun lieu existant ne dessert sont nouvellement desservies : GAIN est celui des autres.</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>Objective</source>
      <translation>Objectif</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>What the new sites add</source>
      <translation>Ce qu'ajoutent les nouveaux lieux</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>People whom no existing site serves, newly served</source>
      <translation>Personnes qu'aucun lieu existant ne dessert, nouvellement desservies</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>People whose journeys could be computed</source>
      <translation>Habitants dont le trajet a pu être calculé</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>People who could not be computed</source>
      <translation>Habitants qui n'ont pas pu être calculés</translation>
    </message>
    <message>
      <location filename="processing/proposesites.py" />
      <source>No candidate and no existing site within {threshold}.</source>
      <translation>Aucun candidat ni lieu existant dans {threshold}.</translation>
    </message>
    <message>
      <location filename="processing/quiet_ground.py" />
      <source>Land and limits</source>
      <translation>Terre et limites</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>The services as they are now are not known: changes made meanwhile will be seen when you send.</source>
      <translation>Les services tels qu'ils sont aujourd'hui ne sont pas connus : les changements faits entre-temps se verront à l'envoi.</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>Read the field back</source>
      <translation>Relire le terrain</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>GeoPackages brought back (terrain.gpkg, one for each agent)</source>
      <translation>GeoPackages rapportés (terrain.gpkg, un par agent)</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>Services as they are now (a layer kept up to date)</source>
      <translation>Services tels qu'ils sont aujourd'hui (une couche tenue à jour)</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>Choose the GeoPackages that were brought back.</source>
      <translation>Choisissez les GeoPackages rapportés.</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>{rows} rows read in {copies} copies: {ajoutee} put in the outbox, {conflit} to choose from, {deja_lue} read before, {identique} that say the same as another, {deja_a_jour} that the record says already, {inutilisable} that cannot be used.</source>
      <translation>Lignes lues : {rows}, dans {copies} copie(s). Mises dans la boîte d'envoi : {ajoutee} ; à choisir : {conflit} ; déjà lues : {deja_lue} ; qui disent la même chose qu'une autre : {identique} ; que la fiche dit déjà : {deja_a_jour} ; inutilisables : {inutilisable}.</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>Only look, keep nothing</source>
      <translation>Regarder seulement, ne rien garder</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>What each row became</source>
      <translation>Ce que chaque ligne est devenue</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>To choose from</source>
      <translation>À choisir</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>{count} row read before is not as your outbox has it, and is left: see “raison” in the table.|{count} rows read before are not as your outbox has them, and are left: see “raison” in the table.</source>
      <translation>{count} ligne déjà lue n'est pas comme dans votre boîte d'envoi, et est laissée : voir « raison » dans la table.|{count} lignes déjà lues ne sont pas comme dans votre boîte d'envoi, et sont laissées : voir « raison » dans la table.</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>{count} picture did not come along: {names}.|{count} pictures did not come along: {names}.</source>
      <translation>{count} photo n'est pas venue avec : {names}.|{count} photos ne sont pas venues avec : {names}.</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>Rows read</source>
      <translation>Lignes lues</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>Put in the outbox</source>
      <translation>Mise dans la boîte d'envoi</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>Conflicts</source>
      <translation>Conflits</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>Rows that could not be used</source>
      <translation>Lignes inutilisables</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>“{path}” may have been open when it was copied: if “{log}” was beside it, copy that too, for its last rows would be there.</source>
      <translation>« {path} » était peut-être ouvert quand il a été copié : si « {log} » était à côté, copiez-le aussi, car ses dernières lignes y seraient.</translation>
    </message>
    <message>
      <location filename="processing/readfield.py" />
      <source>{count} service was changed in “{path}” itself: only its layer of corrections is read.|{count} services were changed in “{path}” itself: only its layer of corrections is read.</source>
      <translation>{count} service a été modifié dans « {path} » lui-même : seule sa couche de corrections est lue.|{count} services ont été modifiés dans « {path} » lui-même : seule sa couche de corrections est lue.</translation>
    </message>
    <message>
      <location filename="processing/registry_inputs.py" />
      <source>Territory: INSEE codes, SIREN of EPCI, départements (parted by commas)</source>
      <translation>Territoire : codes INSEE, SIREN d'EPCI, départements (avec des virgules)</translation>
    </message>
    <message>
      <location filename="processing/registry_inputs.py" />
      <source>Communes (polygons with their INSEE codes) by which positions are judged</source>
      <translation>Communes (polygones avec leur code INSEE) d'après lesquelles les positions sont jugées</translation>
    </message>
    <message>
      <location filename="processing/registry_inputs.py" />
      <source>The layer {name} has no field of INSEE codes ({fields}).</source>
      <translation>La couche {name} n'a pas de champ de codes INSEE ({fields}).</translation>
    </message>
    <message>
      <location filename="processing/report_atlas.py" />
      <source>The layout has no item of the id {names}: what it would show is on no page.|The layout has no items of the ids {names}: what they would show is on no page.</source>
      <translation>La mise en page n'a pas d'élément d'identifiant {names} : ce qu'il montrerait n'est sur aucune page.|La mise en page n'a pas d'éléments d'identifiants {names} : ce qu'ils montreraient n'est sur aucune page.</translation>
    </message>
    <message>
      <location filename="processing/report_atlas.py" />
      <source>The atlas follows the layout “{name}” of the project.</source>
      <translation>L'atlas suit la mise en page « {name} » du projet.</translation>
    </message>
    <message>
      <location filename="processing/report_atlas.py" />
      <source>The PDF could not be written: {path}</source>
      <translation>Le PDF n'a pas pu être écrit : {path}</translation>
    </message>
    <message>
      <location filename="processing/report_evolution.py" />
      <source>This report counts: {own}. MEASURES has other series of this question, left out: {people}.</source>
      <translation>Ce rapport compte : {own}. MEASURES a d'autres séries de cette question, laissées de côté : {people}.</translation>
    </message>
    <message>
      <location filename="processing/report_evolution.py" />
      <source>To compare with measures kept (MEASURES), say how people travel (PROFILE).</source>
      <translation>Pour comparer aux mesures gardées (MEASURES), dites comment on se déplace (PROFILE).</translation>
    </message>
    <message>
      <location filename="processing/report_evolution.py" />
      <source>This report counts: {own}. MEASURES has other series of this question, left out: {people}. Where measures do not say whom they count, say it on the page Access, “Observatory…”.</source>
      <translation>Ce rapport compte : {own}. MEASURES a d'autres séries de cette question, laissées de côté : {people}. Pour des mesures dont la population n'est pas précisée, précisez-la dans la page Accès, « Observatoire… ».</translation>
    </message>
    <message>
      <location filename="processing/report_evolution.py" />
      <source>The roads of this report were read so: {own}. MEASURES has other series of this question, of roads read otherwise, left out: {others}.</source>
      <translation>Les routes de ce rapport ont été lues ainsi : {own}. MEASURES a d'autres séries de cette question, aux routes lues autrement, laissées de côté : {others}.</translation>
    </message>
    <message>
      <location filename="processing/report_inputs.py" />
      <source>The column “{field}” of the layer {name} holds text, not numbers.</source>
      <translation>La colonne « {field} » de la couche {name} contient du texte et non des nombres.</translation>
    </message>
    <message>
      <location filename="processing/report_maps.py" />
      <source>The logo “{path}” is not a picture that can be read.</source>
      <translation>Le logo « {path} » n'est pas une image lisible.</translation>
    </message>
    <message>
      <location filename="processing/report_pages.py" />
      <source>No column of the coverage says the EPCI of the zones: name the one that groups them (GROUP_FIELD).</source>
      <translation>Aucune colonne de la couverture ne dit l'EPCI des zones : nommez celle qui les regroupe (GROUP_FIELD).</translation>
    </message>
    <message>
      <location filename="processing/report_pages.py" />
      <source>The column “{column}” says no group of any zone: name another.</source>
      <translation>La colonne « {column} » ne dit le groupe d'aucune zone : nommez-en une autre.</translation>
    </message>
    <message>
      <location filename="processing/report_results.py" />
      <source>The report needs the coverage by zone and the demand with its costs.</source>
      <translation>Le rapport demande la couverture par zone et les habitants avec leur temps d'accès.</translation>
    </message>
    <message>
      <location filename="processing/report_results.py" />
      <source>The coverage by zone is not a result of “Coverage gaps”: no column pop_au_dela_….</source>
      <translation>La couverture par zone n'est pas un résultat de « Manques de couverture » : pas de colonne pop_au_dela_….</translation>
    </message>
    <message>
      <location filename="processing/report_results.py" />
      <source>The coverage by zone is empty.</source>
      <translation>La couverture par zone est vide.</translation>
    </message>
    <message>
      <location filename="processing/report_results.py" />
      <source>The coverage by zone says nothing of the service “{code}”.</source>
      <translation>La couverture par zone ne dit rien du service « {code} ».</translation>
    </message>
    <message>
      <location filename="processing/report_scenario.py" />
      <source>The summary of the scenario has no row of all people: give that of “Compare two scenarios”.</source>
      <translation>Le bilan du scénario n'a pas de ligne de tous les habitants : donnez celui de « Comparer deux scénarios ».</translation>
    </message>
    <message>
      <location filename="processing/report_similar.py" />
      <source>Similar territories need the column of the class of density (DENSITY_FIELD).</source>
      <translation>Les territoires semblables demandent la colonne de la classe de densité (DENSITY_FIELD).</translation>
    </message>
    <message>
      <location filename="processing/report_similar.py" />
      <source>The figures of similar territories have no column “{names}”: give a coverage by zone with the same threshold, or the table “summary” of a national run.</source>
      <translation>Les chiffres des territoires semblables n'ont pas de colonne « {names} » : donnez une couverture par zone au même seuil, ou la table « summary » d'un calcul national.</translation>
    </message>
    <message>
      <location filename="processing/roads.py" />
      <source>“{value}” is neither a network file nor a layer of roads.</source>
      <translation>« {value} » n'est ni un fichier de réseau ni une couche de routes.</translation>
    </message>
    <message>
      <location filename="processing/roundtrip.py" />
      <source>Longest walk all the way (minutes one way; empty: none)</source>
      <translation>Plus longue marche de bout en bout (minutes d'un aller ; vide : sans limite)</translation>
    </message>
    <message>
      <location filename="processing/roundtrip.py" />
      <source>Round trip without a car, counter open</source>
      <translation>Aller-retour sans voiture, guichet ouvert</translation>
    </message>
    <message>
      <location filename="processing/roundtrip.py" />
      <source>HOME must be later than LEAVE; after midnight go on counting: 25:30.</source>
      <translation>HOME doit venir après LEAVE ; après minuit, continuez à compter : 25:30.</translation>
    </message>
    <message>
      <location filename="processing/roundtrip.py" />
      <source>{name} “{text}” is no time: write it as 07:00.</source>
      <translation>{name} « {text} » n'est pas une heure : écrivez-la comme 07:00.</translation>
    </message>
    <message>
      <location filename="processing/roundtrip.py" />
      <source>{count} person ({share} %) can go and be back, by public transport or on foot, on {day}: {category}.|{count} people ({share} %) can go and be back, by public transport or on foot, on {day}: {category}.</source>
      <translation>{count} habitant ({share} %) peut faire l'aller-retour, en transports en commun ou à pied, le {day} : {category}.|{count} habitants ({share} %) peuvent faire l'aller-retour, en transports en commun ou à pied, le {day} : {category}.</translation>
    </message>
    <message>
      <location filename="processing/roundtrip.py" />
      <source>Leaving home at the earliest</source>
      <translation>Départ au plus tôt</translation>
    </message>
    <message>
      <location filename="processing/roundtrip.py" />
      <source>Home again at the latest</source>
      <translation>Retour au plus tard</translation>
    </message>
    <message>
      <location filename="processing/roundtrip.py" />
      <source>Minutes at the counter</source>
      <translation>Minutes au guichet</translation>
    </message>
    <message>
      <location filename="processing/roundtrip.py" />
      <source>Round trips</source>
      <translation>Allers-retours</translation>
    </message>
    <message>
      <location filename="processing/roundtrip.py" />
      <source>Round trips by zone</source>
      <translation>Allers-retours par zone</translation>
    </message>
    <message>
      <location filename="processing/roundtrip.py" />
      <source>{count} person more could go and be back if places of unknown hours were open: {category}.|{count} people more could go and be back if places of unknown hours were open: {category}.</source>
      <translation>{count} personne de plus pourrait aller et revenir si des lieux aux horaires inconnus étaient ouverts : {category}.|{count} personnes de plus pourraient aller et revenir si des lieux aux horaires inconnus étaient ouverts : {category}.</translation>
    </message>
    <message>
      <location filename="processing/scenario_changes.py" />
      <source>the services</source>
      <translation>les services</translation>
    </message>
    <message>
      <location filename="processing/scenario_changes.py" />
      <source>no hours known</source>
      <translation>horaires inconnus</translation>
    </message>
    <message>
      <location filename="processing/scenario_changes.py" />
      <source>{metres} m</source>
      <translation>{metres} m</translation>
    </message>
    <message>
      <location filename="processing/scenario_changes.py" />
      <source>; </source>
      <translation> ; </translation>
    </message>
    <message>
      <location filename="processing/scenario_changes.py" />
      <source>{change}: {what}</source>
      <translation>{change} : {what}</translation>
    </message>
    <message>
      <location filename="processing/scenario_changes.py" />
      <source>{minutes} min</source>
      <translation>{minutes} min</translation>
    </message>
    <message>
      <location filename="processing/scenario_changes.py" />
      <source>{speed} km/h</source>
      <translation>{speed} km/h</translation>
    </message>
    <message>
      <location filename="processing/servicebasket.py" />
      <source>Basket of services</source>
      <translation>Panier de services</translation>
    </message>
    <message>
      <location filename="processing/servicebasket.py" />
      <source>A service farther than this is missing (minutes)</source>
      <translation>Un service plus éloigné est manquant (minutes)</translation>
    </message>
    <message>
      <location filename="processing/servicebasket.py" />
      <source>Access to the basket</source>
      <translation>Accès au panier</translation>
    </message>
    <message>
      <location filename="processing/servicebasket.py" />
      <source>{count} person ({share} %) lacks a service of the basket.|{count} people ({share} %) lack a service of the basket.</source>
      <translation>Il manque un service du panier à {count} habitant ({share} %).|Il manque un service du panier à {count} habitants ({share} %).</translation>
    </message>
    <message>
      <location filename="processing/servicebasket.py" />
      <source>Nobody knows who lacks: {names}. The mean is then NULL.</source>
      <translation>On ne sait à qui manquent : {names}. La moyenne est alors NULL.</translation>
    </message>
    <message>
      <location filename="processing/servicebasket.py" />
      <source>Basket: a JSON file, or one of {names}</source>
      <translation>Panier : un fichier JSON, ou l'un de {names}</translation>
    </message>
    <message>
      <location filename="processing/sinks.py" />
      <source>{path} could not be written: the GDAL of this QGIS reads back no column of a KML file. Choose a GeoPackage.</source>
      <translation>{path} n'a pas pu être écrit : le GDAL de ce QGIS ne relit aucune colonne d'un fichier KML. Choisissez un GeoPackage.</translation>
    </message>
    <message>
      <location filename="processing/sinks.py" />
      <source>{path}: a KML file of more than {most} rows takes hours to write. Choose a GeoPackage.</source>
      <translation>{path} : un fichier KML de plus de {most} lignes demande des heures d'écriture. Choisissez un GeoPackage.</translation>
    </message>
    <message>
      <location filename="processing/sinks.py" />
      <source>The result could not be written: {why}</source>
      <translation>Le résultat n'a pas pu être écrit : {why}</translation>
    </message>
    <message>
      <location filename="processing/sinks.py" />
      <source>{path} holds {found} of {count} rows: the disk may be full. It is not to be used.</source>
      <translation>{path} ne contient que {found} lignes sur {count} : le disque est peut-être plein. Ce fichier n'est pas à utiliser.</translation>
    </message>
    <message>
      <location filename="processing/sinks.py" />
      <source>{output} and {other} are one file: choose another.</source>
      <translation>{output} et {other} sont un seul fichier : choisissez-en un autre.</translation>
    </message>
    <message>
      <location filename="processing/sinks.py" />
      <source>{output} would overwrite {input}: choose another file.</source>
      <translation>{output} écraserait {input} : choisissez un autre fichier.</translation>
    </message>
    <message>
      <location filename="processing/siting_base.py" />
      <source>{count} candidate was made where people live.|{count} candidates were made where people live.</source>
      <translation>{count} candidat a été pris là où vit la population.|{count} candidats ont été pris là où vit la population.</translation>
    </message>
    <message>
      <location filename="processing/siting_base.py" />
      <source>With MATRIX, CANDIDATES must be given: they are the destinations of the table.</source>
      <translation>Avec MATRIX, il faut donner CANDIDATES : ce sont les destinations de la table.</translation>
    </message>
    <message>
      <location filename="processing/siting_base.py" />
      <source>{layer}: the capacity “{text}” in the column “{field}” is no number.</source>
      <translation>{layer} : la capacité « {text} » de la colonne « {field} » n'est pas un nombre.</translation>
    </message>
    <message>
      <location filename="processing/siting_base.py" />
      <source>A capacity is negative.</source>
      <translation>Une capacité est négative.</translation>
    </message>
    <message>
      <location filename="processing/siting_base.py" />
      <source>{count} candidate has a role that is neither obligatoire nor exclu; it may be chosen: {words}.|{count} candidates have a role that is neither obligatoire nor exclu; they may be chosen: {words}.</source>
      <translation>{count} candidat a un rôle qui n'est ni « obligatoire » ni « exclu » ; il peut être choisi : {words}.|{count} candidats ont un rôle qui n'est ni « obligatoire » ni « exclu » ; ils peuvent être choisis : {words}.</translation>
    </message>
    <message>
      <location filename="processing/siting_base.py" />
      <source>Population or need of each place</source>
      <translation>Population ou besoin de chaque lieu</translation>
    </message>
    <message>
      <location filename="processing/siting_base.py" />
      <source>Candidate sites (empty: made where people live)</source>
      <translation>Lieux candidats (vide : pris là où vit la population)</translation>
    </message>
    <message>
      <location filename="processing/siting_base.py" />
      <source>Identifier of each candidate</source>
      <translation>Identifiant de chaque candidat</translation>
    </message>
    <message>
      <location filename="processing/siting_base.py" />
      <source>Sites already open</source>
      <translation>Lieux déjà ouverts</translation>
    </message>
    <message>
      <location filename="processing/siting_base.py" />
      <source>Identifier of each site already open</source>
      <translation>Identifiant de chaque lieu déjà ouvert</translation>
    </message>
    <message>
      <location filename="processing/spreadpopulation.py" />
      <source>Spread population</source>
      <translation>Répartir la population</translation>
    </message>
    <message>
      <location filename="processing/spreadpopulation.py" />
      <source>{count} place of SUPPORT has no geometry, or no weight that can be used: nobody is put there.|{count} places of SUPPORT have no geometry, or no weight that can be used: nobody is put there.</source>
      <translation>{count} lieu de SUPPORT est sans géométrie ou sans poids utilisable : personne n'y est placé.|{count} lieux de SUPPORT sont sans géométrie ou sans poids utilisable : personne n'y est placé.</translation>
    </message>
    <message>
      <location filename="processing/spreadpopulation.py" />
      <source>{count} zone has no support: its people are put at its inner point.|{count} zones have no support: their people are put at their inner point.</source>
      <translation>{count} zone n'a aucun lieu : ses habitants sont placés en son point intérieur.|{count} zones n'ont aucun lieu : leurs habitants sont placés en leur point intérieur.</translation>
    </message>
    <message>
      <location filename="processing/spreadpopulation.py" />
      <source>Zones with a population</source>
      <translation>Zones avec une population</translation>
    </message>
    <message>
      <location filename="processing/spreadpopulation.py" />
      <source>Population of each zone</source>
      <translation>Population de chaque zone</translation>
    </message>
    <message>
      <location filename="processing/spreadpopulation.py" />
      <source>Where people live: buildings, addresses, or roads (their junctions)</source>
      <translation>Là où l'on habite : bâtiments, adresses, ou routes (leurs carrefours)</translation>
    </message>
    <message>
      <location filename="processing/spreadpopulation.py" />
      <source>Weight of each place (dwellings …)</source>
      <translation>Poids de chaque lieu (logements…)</translation>
    </message>
    <message>
      <location filename="processing/spreadpopulation.py" />
      <source>Whole numbers of people</source>
      <translation>Habitants en nombres entiers</translation>
    </message>
    <message>
      <location filename="processing/spreadpopulation.py" />
      <source>Population spread</source>
      <translation>Population répartie</translation>
    </message>
    <message>
      <location filename="processing/spreadpopulation.py" />
      <source>{count} place of SUPPORT lies in no zone: nobody is put there.|{count} places of SUPPORT lie in no zone: nobody is put there.</source>
      <translation>{count} lieu de SUPPORT est hors de toute zone : personne n'y est placé.|{count} lieux de SUPPORT sont hors de toute zone : personne n'y est placé.</translation>
    </message>
    <message>
      <location filename="processing/spreadpopulation.py" />
      <source>The population {total} is not a whole number.</source>
      <translation>La population {total} n'est pas un nombre entier.</translation>
    </message>
    <message>
      <location filename="processing/spreadpopulation.py" />
      <source>No support in the zone: its whole population is put at its inner point.</source>
      <translation>Aucun lieu dans la zone : toute sa population est placée en son point intérieur.</translation>
    </message>
    <message>
      <location filename="processing/styling/__init__.py" />
      <source>Coming and calling</source>
      <translation>Venir et appeler</translation>
    </message>
    <message>
      <location filename="processing/styling/__init__.py" />
      <source>Record</source>
      <translation>Fiche</translation>
    </message>
    <message>
      <location filename="processing/styling/__init__.py" />
      <source>over {cost}</source>
      <translation>plus de {cost}</translation>
    </message>
    <message>
      <location filename="processing/styling/__init__.py" />
      <source>{people} inhabitants</source>
      <translation>{people} habitants</translation>
    </message>
    <message>
      <location filename="processing/styling/__init__.py" />
      <source>“{kind}” is not a kind of layer that has a style.</source>
      <translation>« {kind} » n'est pas un genre de couche qui a un style.</translation>
    </message>
    <message>
      <location filename="processing/styling/__init__.py" />
      <source>Source</source>
      <translation>Source</translation>
    </message>
    <message>
      <location filename="processing/styling/__init__.py" />
      <source>Other columns</source>
      <translation>Autres colonnes</translation>
    </message>
    <message>
      <location filename="processing/styling/__init__.py" />
      <source>Read on {date}.</source>
      <translation>Lu le {date}.</translation>
    </message>
    <message>
      <location filename="processing/styling/__init__.py" />
      <source>{people} inh.</source>
      <translation>{people} hab.</translation>
    </message>
    <message>
      <location filename="processing/styling/__init__.py" />
      <source>No. {rank}</source>
      <translation>n° {rank}</translation>
    </message>
    <message>
      <location filename="processing/styling/__init__.py" />
      <source>{name}: {value}</source>
      <translation>{name} : {value}</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Identifier</source>
      <translation>Identifiant</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Name</source>
      <translation>Nom</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Category</source>
      <translation>Catégorie</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Producer</source>
      <translation>Producteur</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Identifier at the producer</source>
      <translation>Identifiant chez le producteur</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>SIRET number</source>
      <translation>Numéro SIRET</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Address</source>
      <translation>Adresse</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Postcode</source>
      <translation>Code postal</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Commune</source>
      <translation>Commune</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>INSEE code</source>
      <translation>Code INSEE</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Telephone</source>
      <translation>Téléphone</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>E-mail</source>
      <translation>Courriel</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Web site</source>
      <translation>Site web</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Opening hours</source>
      <translation>Horaires</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>How the service is given</source>
      <translation>Modalité d'accueil</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Wheelchair access</source>
      <translation>Accessibilité en fauteuil roulant</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Position known to the nearest</source>
      <translation>Précision de la position</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Last change at the producer</source>
      <translation>Dernière mise à jour chez le producteur</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Version of the record</source>
      <translation>Version de la fiche</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Public page</source>
      <translation>Page publique</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Anomaly</source>
      <translation>Anomalie</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Reason</source>
      <translation>Raison</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Layer</source>
      <translation>Couche</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Resembles</source>
      <translation>Ressemble à</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Record as received</source>
      <translation>Fiche telle que reçue</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Measured in</source>
      <translation>Mesure</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Travel mode</source>
      <translation>Mode de déplacement</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Engine</source>
      <translation>Moteur</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Zone</source>
      <translation>Zone</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>There and back possible</source>
      <translation>Aller-retour possible</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Why not</source>
      <translation>Pourquoi pas</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People who can go and be back</source>
      <translation>Population pouvant faire l'aller-retour</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Share of people who can go and be back (0 to 1)</source>
      <translation>Part de la population pouvant faire l'aller-retour (0 à 1)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Network</source>
      <translation>Réseau</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Lines</source>
      <translation>Lignes</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Trips on the day</source>
      <translation>Courses du jour</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>First departure</source>
      <translation>Premier départ</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Last departure</source>
      <translation>Dernier départ</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Anomalies</source>
      <translation>Anomalies</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Departures on the day</source>
      <translation>Départs du jour</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Feed</source>
      <translation>Jeu de données</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Population</source>
      <translation>Population</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Population that reaches no service</source>
      <translation>Population qui n'atteint aucun service</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Population that could not be computed</source>
      <translation>Population qui n'a pas pu être calculée</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Interval: threshold moved by (%)</source>
      <translation>Intervalle : seuil déplacé de (%)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Interval: places of unknown hours</source>
      <translation>Intervalle : lieux aux horaires inconnus</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Interval: places known to the commune only</source>
      <translation>Intervalle : lieux situés à la commune près</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>How the roads were read</source>
      <translation>Façon de lire les routes</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Group</source>
      <translation>Groupe</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Mean, weighted by population</source>
      <translation>Moyenne, pondérée par la population</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Median, weighted by population</source>
      <translation>Médiane, pondérée par la population</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Gini (0: the same for all)</source>
      <translation>Gini (0 : la même valeur pour tous)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Palma (richest tenth over poorest 40 %)</source>
      <translation>Palma (dixième le plus riche sur 40 % les plus pauvres)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Concentration (above 0: with the rich)</source>
      <translation>Concentration (au-dessus de 0 : aux riches)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Theil T (0: the same for all)</source>
      <translation>Theil T (0 : la même valeur pour tous)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Share of the poor (FGT 0)</source>
      <translation>Part des pauvres (FGT 0)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Mean shortfall (FGT 1)</source>
      <translation>Manque moyen (FGT 1)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Mean squared shortfall (FGT 2)</source>
      <translation>Carré moyen du manque (FGT 2)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Population of unknown wealth</source>
      <translation>Population de richesse inconnue</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Population beyond the threshold</source>
      <translation>Population au-delà du seuil</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Share beyond the threshold (0 to 1)</source>
      <translation>Part au-delà du seuil (0 à 1)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Rank</source>
      <translation>Rang</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Share of the population (0 to 1)</source>
      <translation>Part de la population (0 à 1)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Places of demand</source>
      <translation>Lieux habités</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Weekday (1 = Monday)</source>
      <translation>Jour (1 = lundi)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Hour</source>
      <translation>Heure</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Capacity per person who can reach it</source>
      <translation>Capacité par habitant qui peut l'atteindre</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Mean time to the basket (min)</source>
      <translation>Temps moyen au panier (min)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Missing services</source>
      <translation>Services manquants</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Number of missing services</source>
      <translation>Nombre de services manquants</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Services inside</source>
      <translation>Services à l'intérieur</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Accessibility score (capacity per person)</source>
      <translation>Score d'accessibilité (capacité par habitant)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Capacity within reach, shared with nobody</source>
      <translation>Capacité à portée, partagée avec personne</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Place of demand</source>
      <translation>Lieu habité</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Origin</source>
      <translation>Origine</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Destination</source>
      <translation>Destination</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Gain</source>
      <translation>Gain</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Effect</source>
      <translation>Effet</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Site</source>
      <translation>Lieu</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Existing or proposed</source>
      <translation>Existant ou proposé</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People served</source>
      <translation>Habitants desservis</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Scenario</source>
      <translation>Scénario</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Zone or group</source>
      <translation>Zone ou groupe</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People who come nearer</source>
      <translation>Habitants qui se rapprochent</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People who get farther</source>
      <translation>Habitants qui s'éloignent</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People for whom nothing changes</source>
      <translation>Habitants pour qui rien ne change</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People who get access</source>
      <translation>Habitants qui gagnent un accès</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People who lose all access</source>
      <translation>Habitants qui perdent tout accès</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People who have no access before or after</source>
      <translation>Habitants sans accès avant ni après</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Round</source>
      <translation>Tournée</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Arrival</source>
      <translation>Arrivée</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Half-day</source>
      <translation>Demi-journée</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Half-days held</source>
      <translation>Demi-journées de permanence</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Agent</source>
      <translation>Agent</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Type of correction</source>
      <translation>Type de correction</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Proof (address)</source>
      <translation>Preuve (adresse)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Your organisation</source>
      <translation>Votre organisme</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Made on</source>
      <translation>Créée le</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>State</source>
      <translation>État</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Reason given</source>
      <translation>Motif donné</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Reference at the registry</source>
      <translation>Référence au référentiel</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>To the {rank} nearest: {category} ({unit})</source>
      <translation>Aux {rank} plus proches : {category} ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Opens</source>
      <translation>Ouverture</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Closes</source>
      <translation>Fermeture</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Moved</source>
      <translation>Déplacé</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Other hours</source>
      <translation>Autres horaires</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Road closed</source>
      <translation>Route fermée</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Other speed</source>
      <translation>Autre vitesse</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Other direction</source>
      <translation>Autre sens</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>New road</source>
      <translation>Nouvelle route</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Identifier in my list</source>
      <translation>Identifiant dans ma liste</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Identifier in the referential</source>
      <translation>Identifiant dans le référentiel</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Certainty</source>
      <translation>Certitude</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Likelihood (0 to 1)</source>
      <translation>Vraisemblance (0 à 1)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Distance (m)</source>
      <translation>Distance (m)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Reasons</source>
      <translation>Raisons</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Name in my list</source>
      <translation>Nom dans ma liste</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Name in the referential</source>
      <translation>Nom dans le référentiel</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Address in my list</source>
      <translation>Adresse dans ma liste</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Address in the referential</source>
      <translation>Adresse dans le référentiel</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>What my list says otherwise</source>
      <translation>Ce que ma liste dit autrement</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>What</source>
      <translation>Quoi</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Change</source>
      <translation>Changement</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>From</source>
      <translation>De</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>To</source>
      <translation>Vers</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Distance moved, or length (m)</source>
      <translation>Distance du déplacement, ou longueur (m)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Hours before</source>
      <translation>Horaires avant</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Hours after</source>
      <translation>Horaires après</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Speed (km/h), or direction</source>
      <translation>Vitesse (km/h), ou sens</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>End to end before (min)</source>
      <translation>D'un bout à l'autre avant (min)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>End to end after (min)</source>
      <translation>D'un bout à l'autre après (min)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People living inside</source>
      <translation>Habitants à l'intérieur</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People isolated by its cut</source>
      <translation>Personnes que sa coupure isole</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People it puts beyond the threshold</source>
      <translation>Personnes qu'elle met au-delà du seuil</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Person-minutes added</source>
      <translation>Minutes ajoutées × personnes</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Leaves home</source>
      <translation>Départ</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>At the door</source>
      <translation>À la porte</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Served</source>
      <translation>Desservis</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Home again</source>
      <translation>Retour</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Time away (min)</source>
      <translation>Temps hors de chez soi (min)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Days a week there and back</source>
      <translation>Jours par semaine, aller et retour</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People near on foot</source>
      <translation>Habitants proches à pied</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People near by public transport</source>
      <translation>Habitants proches en transports en commun</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People near by car</source>
      <translation>Habitants proches en voiture</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People near by car only</source>
      <translation>Habitants proches en voiture seulement</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Share of the people near by car only</source>
      <translation>Part des habitants proches en voiture seulement</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>On foot to a stop (min)</source>
      <translation>À pied jusqu'à un arrêt (min)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>No stop near</source>
      <translation>Pas d'arrêt proche</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Junction</source>
      <translation>Nœud</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Link</source>
      <translation>Tronçon</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>First junction</source>
      <translation>Premier nœud</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Last junction</source>
      <translation>Dernier nœud</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Length (m)</source>
      <translation>Longueur (m)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Minutes forwards</source>
      <translation>Minutes dans le sens du tracé</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Minutes backwards</source>
      <translation>Minutes en sens inverse</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Minutes forwards, before</source>
      <translation>Minutes dans le sens direct, avant</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Minutes backwards, before</source>
      <translation>Minutes dans le sens inverse, avant</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Minutes forwards, after</source>
      <translation>Minutes dans le sens direct, après</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Minutes backwards, after</source>
      <translation>Minutes dans le sens inverse, après</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Places are put on it</source>
      <translation>Des lieux y sont accrochés</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Population beyond {limit} {unit}, before</source>
      <translation>Population à plus de {limit} {unit}, avant</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Population beyond {limit} {unit}, after</source>
      <translation>Population à plus de {limit} {unit}, après</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Population beyond {limit} {unit}, at least</source>
      <translation>Population à plus de {limit} {unit}, au moins</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Population beyond {limit} {unit}, at most</source>
      <translation>Population à plus de {limit} {unit}, au plus</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Beyond {limit} {unit}: change due to services</source>
      <translation>À plus de {limit} {unit} : changement dû aux services</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Beyond {limit} {unit}: change due to roads</source>
      <translation>À plus de {limit} {unit} : changement dû aux routes</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Beyond {limit} {unit}: change due to population</source>
      <translation>À plus de {limit} {unit} : changement dû à la population</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Share of the population beyond {limit} {unit} (0 to 1)</source>
      <translation>Part de la population à plus de {limit} {unit} (0 à 1)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Sure pair</source>
      <translation>Paire sûre</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Pair to check</source>
      <translation>Paire à vérifier</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Whole territory</source>
      <translation>Tout le territoire</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Limits ({unit})</source>
      <translation>Limites ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Limit ({unit})</source>
      <translation>Seuil ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Cost ({unit})</source>
      <translation>Trajet ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Mean cost, weighted by population ({unit})</source>
      <translation>Trajet moyen, pondéré par la population ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Median cost, weighted by population ({unit})</source>
      <translation>Trajet médian, pondéré par la population ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Threshold ({unit})</source>
      <translation>Seuil ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Cost before ({unit})</source>
      <translation>Trajet avant ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Cost after ({unit})</source>
      <translation>Trajet après ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Difference, after less before ({unit})</source>
      <translation>Écart, après moins avant ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Saved in all (people × {unit})</source>
      <translation>Gagné en tout (habitants × {unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Lost in all (people × {unit})</source>
      <translation>Perdu en tout (habitants × {unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Mean cost before ({unit})</source>
      <translation>Trajet moyen avant ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Mean cost after ({unit})</source>
      <translation>Trajet moyen après ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Travel ({unit})</source>
      <translation>Trajet ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Duration ({unit})</source>
      <translation>Durée ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Population beyond {limit} {unit}</source>
      <translation>Population à plus de {limit} {unit}</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>To the nearest: {category} ({unit})</source>
      <translation>Au plus proche : {category} ({unit})</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Place</source>
      <translation>Lieu</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Road</source>
      <translation>Route</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>There and back: {day}</source>
      <translation>Aller et retour : {day}</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Unit of the gain</source>
      <translation>Unité du gain</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Sites opened</source>
      <translation>Lieux ouverts</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>People covered</source>
      <translation>Habitants couverts</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Bend of the curve</source>
      <translation>Coude de la courbe</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Weekday</source>
      <translation>Jour</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Copy</source>
      <translation>Copie</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Row</source>
      <translation>Ligne</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>What became of it</source>
      <translation>Ce qu'elle est devenue</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Field of the record</source>
      <translation>Champ de la fiche</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>On leaving</source>
      <translation>Au départ</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Now</source>
      <translation>Aujourd'hui</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>In this copy</source>
      <translation>Dans cette copie</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Elsewhere</source>
      <translation>Ailleurs</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Fields that changed</source>
      <translation>Champs qui ont changé</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Before</source>
      <translation>Avant</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>After</source>
      <translation>Après</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Identifier that it was merged into</source>
      <translation>Identifiant auquel il est réuni</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Moved by (m)</source>
      <translation>Déplacé de (m)</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Longitude before</source>
      <translation>Longitude avant</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Latitude before</source>
      <translation>Latitude avant</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Share of the group less share of all</source>
      <translation>Part du groupe moins part de tous</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Of</source>
      <translation>Pour</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Fixed place</source>
      <translation>Lieu fixe</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>At set times in another place</source>
      <translation>Permanence dans un autre lieu</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Itinerant</source>
      <translation>Itinérant</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Accessible</source>
      <translation>Accessible</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Accessible on request</source>
      <translation>Accessible sur demande</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Not accessible</source>
      <translation>Non accessible</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Unknown</source>
      <translation>Inconnu</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Street</source>
      <translation>Voie</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Nearer</source>
      <translation>Plus près</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Farther</source>
      <translation>Plus loin</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Unchanged</source>
      <translation>Inchangé</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Gets access</source>
      <translation>Gagne un accès</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Loses all access</source>
      <translation>Perd tout accès</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>No access before or after</source>
      <translation>Sans accès avant ni après</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Read before</source>
      <translation>Déjà lue</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Says the same as another</source>
      <translation>Dit la même chose qu'une autre</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>The record says so already</source>
      <translation>La fiche le dit déjà</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Cannot be used</source>
      <translation>Inutilisable</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Morning</source>
      <translation>Matin</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Afternoon</source>
      <translation>Après-midi</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Already open</source>
      <translation>Déjà ouvert</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Proposed</source>
      <translation>Proposé</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Car</source>
      <translation>Voiture</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>On foot</source>
      <translation>À pied</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Bicycle</source>
      <translation>Vélo</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Towards the place</source>
      <translation>Vers le lieu</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>From the place</source>
      <translation>Depuis le lieu</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Service to add</source>
      <translation>Service à ajouter</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Details to change</source>
      <translation>Renseignements à modifier</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Closed</source>
      <translation>Fermé</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Open again</source>
      <translation>Rouvert</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Confirmed as it is</source>
      <translation>Confirmé tel quel</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>To be checked</source>
      <translation>À vérifier</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Draft</source>
      <translation>Brouillon</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Waiting to be sent</source>
      <translation>En attente d'envoi</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Sent</source>
      <translation>Envoyée</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Handed over</source>
      <translation>Transmise</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Accepted</source>
      <translation>Acceptée</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Refused</source>
      <translation>Refusée</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>In conflict</source>
      <translation>En conflit</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>In error</source>
      <translation>En erreur</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Time</source>
      <translation>Temps</translation>
    </message>
    <message>
      <location filename="processing/styling/columns.py" />
      <source>Distance</source>
      <translation>Distance</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>people near by car only</source>
      <translation>habitants proches en voiture seulement</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Not computed or out of reach</source>
      <translation>Non calculé ou hors d'atteinte</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>class not certain</source>
      <translation>classe incertaine</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>No stop within walking distance</source>
      <translation>Pas d'arrêt à distance de marche</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>No way there on that day</source>
      <translation>Rien n'y mène ce jour-là</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Closed whenever one can be there</source>
      <translation>Fermé quand on peut y être</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>No way back in time</source>
      <translation>Pas de retour à temps</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Opening hours unknown</source>
      <translation>Horaires inconnus</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>There and back</source>
      <translation>Aller-retour</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>days a week there and back</source>
      <translation>jours par semaine, aller et retour</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>{cost} gained</source>
      <translation>gain : {cost}</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>{cost} lost</source>
      <translation>perte : {cost}</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Place added</source>
      <translation>Lieu ajouté</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Place changed</source>
      <translation>Lieu modifié</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Place moved</source>
      <translation>Lieu déplacé</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Place merged into another</source>
      <translation>Lieu réuni à un autre</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Place closed</source>
      <translation>Lieu fermé</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>nobody</source>
      <translation>personne</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Without category</source>
      <translation>Sans catégorie</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>people farther than {cost}</source>
      <translation>habitants à plus de {cost}</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Not computed</source>
      <translation>Non calculé</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>To a place proposed</source>
      <translation>Vers un lieu proposé</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>To a place open</source>
      <translation>Vers un lieu déjà ouvert</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>The first ten</source>
      <translation>Les dix premières</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>The others</source>
      <translation>Les autres</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>To be sent</source>
      <translation>À envoyer</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Needs you: refused, in conflict or in error</source>
      <translation>À reprendre par vous : refusée, en conflit ou en erreur</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>{low} to {high}</source>
      <translation>{low} à {high}</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Position to check</source>
      <translation>Position à vérifier</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>A stop near</source>
      <translation>Un arrêt proche</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>Gets a way there</source>
      <translation>Y accède désormais</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>No way there any more</source>
      <translation>N'y accède plus</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>up to {cost}</source>
      <translation>jusqu'à {cost}</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>No way leads there</source>
      <translation>Aucun chemin n'y mène</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>{low} to {high} %</source>
      <translation>{low} à {high} %</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>over {share} %</source>
      <translation>plus de {share} %</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>within {cost}</source>
      <translation>en {cost} ou moins</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>{low} – {high} days</source>
      <translation>{low} – {high} jours</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>less than {cost} of change</source>
      <translation>moins de {cost} d'écart</translation>
    </message>
    <message>
      <location filename="processing/styling/renderers.py" />
      <source>{service}: {title}</source>
      <translation>{service} : {title}</translation>
    </message>
    <message>
      <location filename="processing/submitcorrections.py" />
      <source>Send corrections</source>
      <translation>Envoyer des corrections</translation>
    </message>
    <message>
      <location filename="processing/submitcorrections.py" />
      <source>This layer is not one of corrections, and the registry cannot be asked what its services were before.</source>
      <translation>Cette couche n'est pas une couche de corrections, et on ne peut pas demander au référentiel ce qu'étaient ses services avant.</translation>
    </message>
    <message>
      <location filename="processing/submitcorrections.py" />
      <source>{name} takes no corrections over the network: they wait until you say that you handed them over.</source>
      <translation>{name} ne reçoit pas de corrections par le réseau : elles attendent que vous disiez les avoir transmises.</translation>
    </message>
    <message>
      <location filename="processing/submitcorrections.py" />
      <source>{count} corrections ({types}); {unchanged} rows unchanged, {unusable} unusable.</source>
      <translation>Corrections : {count} ({types}) ; lignes inchangées : {unchanged}, inutilisables : {unusable}.</translation>
    </message>
    <message>
      <location filename="processing/submitcorrections.py" />
      <source>Corrections, or an edited copy of the services</source>
      <translation>Corrections, ou copie modifiée des services</translation>
    </message>
    <message>
      <location filename="processing/submitcorrections.py" />
      <source>Only look, send nothing</source>
      <translation>Regarder seulement, ne rien envoyer</translation>
    </message>
    <message>
      <location filename="processing/submitcorrections.py" />
      <source>What came of each correction</source>
      <translation>Ce que chaque correction est devenue</translation>
    </message>
    <message>
      <location filename="processing/submitcorrections.py" />
      <source>Message for {producer}, with its CSV and GeoJSON: {path}</source>
      <translation>Message pour {producer}, avec son CSV et son GeoJSON : {path}</translation>
    </message>
    <message>
      <location filename="processing/submitcorrections.py" />
      <source>Not proposed, because the copy lost them on its way (broken, cut, less precise): {fields}.</source>
      <translation>Non proposé, car la copie les a perdus en route (abîmés, coupés, moins précis) : {fields}.</translation>
    </message>
    <message>
      <location filename="processing/submitcorrections.py" />
      <source>Number of corrections that arrived</source>
      <translation>Nombre de corrections arrivées</translation>
    </message>
    <message>
      <location filename="processing/submitcorrections.py" />
      <source>Number of rows that could not be sent</source>
      <translation>Nombre de lignes qui n'ont pas pu être envoyées</translation>
    </message>
    <message>
      <location filename="processing/submitcorrections.py" />
      <source>It was not tried: it waits in your outbox.</source>
      <translation>Elle n'a pas été tentée : elle attend dans votre boîte d'envoi.</translation>
    </message>
    <message>
      <location filename="processing/syncservices.py" />
      <source>Keep public services up to date</source>
      <translation>Tenir à jour des services publics</translation>
    </message>
    <message>
      <location filename="processing/syncservices.py" />
      <source>Most services that may be removed at once (%)</source>
      <translation>Part des services qui peut être retirée d'un coup (%)</translation>
    </message>
    <message>
      <location filename="processing/syncservices.py" />
      <source>Changes</source>
      <translation>Changements</translation>
    </message>
    <message>
      <location filename="processing/syncservices.py" />
      <source>Services: {added} added, {changed} changed, {removed} removed. Records rejected: {rejected}.</source>
      <translation>Services ajoutés : {added}, modifiés : {changed}, retirés : {removed}. Fiches rejetées : {rejected}.</translation>
    </message>
    <message>
      <location filename="processing/syncservices.py" />
      <source>Added</source>
      <translation>Ajoutés</translation>
    </message>
    <message>
      <location filename="processing/syncservices.py" />
      <source>Changed</source>
      <translation>Modifiés</translation>
    </message>
    <message>
      <location filename="processing/syncservices.py" />
      <source>Removed</source>
      <translation>Retirés</translation>
    </message>
    <message>
      <location filename="processing/transit_catalogue.py" />
      <source>The catalogue of public transport cannot be read (answer {code}).</source>
      <translation>Le catalogue des transports ne peut pas être lu (réponse {code}).</translation>
    </message>
    <message>
      <location filename="processing/transit_input.py" />
      <source>{url} gives no feed (answer {code}).</source>
      <translation>{url} ne donne pas de jeu de données (réponse {code}).</translation>
    </message>
    <message>
      <location filename="processing/transit_input.py" />
      <source>Give at least one GTFS feed: a zip, a folder or an address.</source>
      <translation>Donnez au moins un jeu GTFS : une archive, un dossier ou une adresse.</translation>
    </message>
    <message>
      <location filename="processing/transit_input.py" />
      <source>There is no feed at {path}.</source>
      <translation>Il n'y a pas de jeu de données à {path}.</translation>
    </message>
    <message>
      <location filename="processing/transit_input.py" />
      <source>DATE “{text}” is no day: write it as 2026-12-08.</source>
      <translation>DATE « {text} » n'est pas un jour : écrivez-le comme 2026-12-08.</translation>
    </message>
    <message>
      <location filename="processing/transport.py" />
      <source>QGIS cannot apply the authentication configuration {authcfg} to {url}: unlock QGIS's authentication, or choose another configuration in the connection.</source>
      <translation>QGIS ne peut pas appliquer la configuration d'authentification {authcfg} à {url} : déverrouillez l'authentification de QGIS, ou choisissez une autre configuration dans la connexion.</translation>
    </message>
    <message>
      <location filename="processing/turn_layers.py" />
      <source>“{value}” is no layer of forbidden turns.</source>
      <translation>« {value} » n'est pas une couche d'interdictions de tourner.</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>Living without a car</source>
      <translation>Vivre sans voiture</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>Nothing runs in the week of {day}: choose one on which the feeds speak.</source>
      <translation>Rien ne circule la semaine du {day} : choisissez-en une dont parlent les jeux.</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>NETWORK_CAR must be a network by car: this one was built for another profile.</source>
      <translation>NETWORK_CAR doit être un réseau en voiture : celui-ci a été fait pour un autre profil.</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>{count} person lives more than {minutes} minutes on foot from a stop with a departure on {day}.|{count} people live more than {minutes} minutes on foot from a stop with a departure on {day}.</source>
      <translation>{count} habitant est à plus de {minutes} minutes à pied d'un arrêt où quelque chose part le {day}.|{count} habitants sont à plus de {minutes} minutes à pied d'un arrêt où quelque chose part le {day}.</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>Road network by car (to tell who depends on the car)</source>
      <translation>Réseau routier en voiture (pour dire qui en dépend)</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>A day of the week (as 2026-12-08; empty: one of term time)</source>
      <translation>Un jour de la semaine (comme 2026-12-08 ; vide : un jour hors vacances scolaires)</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>Near: minutes one way, by each mode</source>
      <translation>Proche : minutes d'un aller, par chaque moyen</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>A stop is near within (minutes on foot)</source>
      <translation>Un arrêt est proche en deçà de (minutes à pied)</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>The week without a car</source>
      <translation>La semaine sans voiture</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>Who depends on the car</source>
      <translation>Qui dépend de la voiture</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>Places without a stop</source>
      <translation>Lieux sans arrêt</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>Stops, day by day</source>
      <translation>Arrêts, jour par jour</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>{count} place of {total} has unknown hours: nobody goes there. A service none of whose places has known hours has no figures of the week.|{count} places of {total} have unknown hours: nobody goes there. A service none of whose places has known hours has no figures of the week.</source>
      <translation>{count} lieu sur {total} a des horaires inconnus : personne n'y va. Un service dont aucun lieu n'a d'horaires connus n'a pas de chiffres de la semaine.|{count} lieux sur {total} ont des horaires inconnus : personne n'y va. Un service dont aucun lieu n'a d'horaires connus n'a pas de chiffres de la semaine.</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>{category}, there and back from Monday to Sunday: {shares} of the people.</source>
      <translation>{category}, aller et retour du lundi au dimanche : {shares} des habitants.</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>{count} person is too far from the roads by car: who depends on the car is not computed for them.|{count} people are too far from the roads by car: who depends on the car is not computed for them.</source>
      <translation>{count} habitant est trop loin des routes pour la voiture : pour lui, la dépendance à la voiture n'est pas calculée.|{count} habitants sont trop loin des routes pour la voiture : pour eux, la dépendance à la voiture n'est pas calculée.</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>{network}: nothing runs on {day}.</source>
      <translation>{network} : rien ne circule le {day}.</translation>
    </message>
    <message>
      <location filename="processing/withoutcar.py" />
      <source>The feed {feed} says nothing of {days}: who goes by it on these days is not known, and where no feed does the day is left empty.</source>
      <translation>Le jeu {feed} ne dit rien de ces jours : {days}. On ne sait pas qui peut alors y voyager ; un jour dont aucun jeu ne parle reste vide.</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>This follows roads alone: on the page Access, choose a way of travelling other than public transport.</source>
      <translation>Ceci ne suit que les routes : page Accès, choisissez un autre déplacement que les transports en commun.</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>The network file was built for travelling {built}: choose that way of travelling, a file made for travelling {asked}, or no file and the layer of roads.</source>
      <translation>Le fichier de réseau a été construit pour se déplacer {built} : choisissez cette façon de se déplacer, un fichier construit pour se déplacer {asked}, ou aucun fichier et la couche des routes.</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>People (demand)</source>
      <translation>Habitants (demande)</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>Groups of people</source>
      <translation>Groupes d'habitants</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>none</source>
      <translation>aucun</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>Zones of the table</source>
      <translation>Zones de la table</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>Road network (*.network);;All files (*)</source>
      <translation>Réseau routier (*.network);;Tous les fichiers (*)</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>or a network file already built</source>
      <translation>ou un fichier de réseau déjà construit</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>Travelling</source>
      <translation>Déplacement</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>Only what is open on</source>
      <translation>Ouvert le</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>counted by</source>
      <translation>comptés par</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>and groups</source>
      <translation>et groupes</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>known by</source>
      <translation>désignées par</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>Thresholds (min)</source>
      <translation>Seuils (min)</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>each service</source>
      <translation>chaque service</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>{count} service|{count} services</source>
      <translation>{count} service|{count} services</translation>
    </message>
    <message>
      <location filename="ui/access_question.py" />
      <source>{day} {hour}:00</source>
      <translation>{day} {hour} h</translation>
    </message>
    <message>
      <location filename="ui/answers.py" />
      <source>Kept: {question}</source>
      <translation>Gardée : {question}</translation>
    </message>
    <message>
      <location filename="ui/background.py" />
      <source>Stopped.</source>
      <translation>Arrêté.</translation>
    </message>
    <message>
      <location filename="ui/background.py" />
      <source>The server cannot be reached: {reason}</source>
      <translation>Le serveur est hors d'atteinte : {reason}</translation>
    </message>
    <message>
      <location filename="ui/bar_chart.py" />
      <source>Zones where most people are far</source>
      <translation>Zones où l'on est le plus nombreux à être loin</translation>
    </message>
    <message>
      <location filename="ui/browser.py" />
      <source>Public services</source>
      <translation>Services publics</translation>
    </message>
    <message>
      <location filename="ui/browser.py" />
      <source>Load services…</source>
      <translation>Charger des services…</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Corrections from a layer</source>
      <translation>Corrections depuis une couche</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Comparing with the registry…</source>
      <translation>Comparaison avec le référentiel…</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Comparing corrections</source>
      <translation>Comparaison des corrections</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Registry</source>
      <translation>Référentiel</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Preview</source>
      <translation>Aperçu</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Differences</source>
      <translation>Différences</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Cancel</source>
      <translation>Annuler</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Send</source>
      <translation>Envoyer</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Choose a layer, then look at what it would change.</source>
      <translation>Choisissez une couche, puis regardez ce qu'elle changerait.</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Problem</source>
      <translation>Problème</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Send {count} correction|Send {count} corrections</source>
      <translation>Envoyer {count} correction|Envoyer {count} corrections</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Corrections: {count}; rows without change: {unchanged}; unusable rows: {unusable}.</source>
      <translation>Corrections : {count} ; lignes sans changement : {unchanged} ; lignes inutilisables : {unusable}.</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Not proposed, because the copy lost them on its way: {fields}.</source>
      <translation>Non proposé, car la copie les a perdus en route : {fields}.</translation>
    </message>
    <message>
      <location filename="ui/bulk_dialog.py" />
      <source>Changed meanwhile by someone else: {count}.</source>
      <translation>Modifiées entre-temps par quelqu'un d'autre : {count}.</translation>
    </message>
    <message>
      <location filename="ui/category_tree.py" />
      <source>Categories of services</source>
      <translation>Catégories de services</translation>
    </message>
    <message>
      <location filename="ui/communes_model.py" />
      <source>Together</source>
      <translation>Ensemble</translation>
    </message>
    <message>
      <location filename="ui/communes_model.py" />
      <source>&gt; {minutes} min</source>
      <translation>&gt; {minutes} min</translation>
    </message>
    <message>
      <location filename="ui/communes_model.py" />
      <source>Inhab.</source>
      <translation>Hab.</translation>
    </message>
    <message>
      <location filename="ui/communes_model.py" />
      <source>mean</source>
      <translation>moy.</translation>
    </message>
    <message>
      <location filename="ui/communes_model.py" />
      <source>unknown</source>
      <translation>inc.</translation>
    </message>
    <message>
      <location filename="ui/communes_model.py" />
      <source>{what}: {figure}</source>
      <translation>{what} : {figure}</translation>
    </message>
    <message>
      <location filename="ui/communes_model.py" />
      <source>A click on a row shows it on the map.</source>
      <translation>Un clic sur une ligne la montre sur la carte.</translation>
    </message>
    <message>
      <location filename="ui/communes_model.py" />
      <source>Inhabitants beyond the threshold</source>
      <translation>Habitants au-delà du seuil</translation>
    </message>
    <message>
      <location filename="ui/communes_model.py" />
      <source>Their share of those whose journey was computed</source>
      <translation>Leur part parmi ceux dont le trajet est calculé</translation>
    </message>
    <message>
      <location filename="ui/communes_model.py" />
      <source>Mean time of those who reach the service (min)</source>
      <translation>Temps moyen de ceux qui atteignent le service (min)</translation>
    </message>
    <message>
      <location filename="ui/communes_model.py" />
      <source>Inhabitants whose journey could not be computed</source>
      <translation>Habitants dont le trajet n'a pas pu être calculé</translation>
    </message>
    <message>
      <location filename="ui/communes_table.py" />
      <source>Figures by zone</source>
      <translation>Chiffres par zone</translation>
    </message>
    <message>
      <location filename="ui/communes_table.py" />
      <source>Copy for a spreadsheet</source>
      <translation>Copier pour un tableur</translation>
    </message>
    <message>
      <location filename="ui/communes_table.py" />
      <source>All rows, or those selected (Ctrl+C in the table)</source>
      <translation>Toutes les lignes, ou celles qui sont sélectionnées (Ctrl+C dans le tableau)</translation>
    </message>
    <message>
      <location filename="ui/communes_table.py" />
      <source>Inhabitants more than {threshold} min away, by zone</source>
      <translation>Habitants à plus de {threshold} min, par zone</translation>
    </message>
    <message>
      <location filename="ui/communes_table.py" />
      <source>{count} row copied.|{count} rows copied.</source>
      <translation>{count} ligne copiée.|{count} lignes copiées.</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>The service has changed meanwhile</source>
      <translation>Le service a changé entre-temps</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>Choose, field by field, what the record should say. Nothing leaves before you have.</source>
      <translation>Choisissez, champ par champ, ce que la fiche doit dire. Rien ne part avant votre choix.</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>Propose this</source>
      <translation>Proposer ceci</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>Field</source>
      <translation>Champ</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>As you read it</source>
      <translation>Telle que vous l'avez lue</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>As it is now</source>
      <translation>Telle qu'elle est</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>As you propose</source>
      <translation>Telle que vous la proposez</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>{field}, as it is now: {value}</source>
      <translation>{field}, valeur actuelle : {value}</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>{field}, mine: {value}</source>
      <translation>{field}, ma valeur : {value}</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>Everything as it is now</source>
      <translation>Tout garder tel quel</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>Everything as I propose</source>
      <translation>Tout proposer à ma façon</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>Nothing is left to propose: the correction will be withdrawn.</source>
      <translation>Il ne reste rien à proposer : la correction sera retirée.</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>To be chosen: {fields}.</source>
      <translation>À choisir : {fields}.</translation>
    </message>
    <message>
      <location filename="ui/conflict_dialog.py" />
      <source>To be proposed: {fields}.</source>
      <translation>À proposer : {fields}.</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Shared registry (OGC API – Features)</source>
      <translation>Référentiel partagé (OGC API – Features)</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Annuaire de l'administration (DILA)</source>
      <translation>Annuaire de l'administration (DILA)</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>File of a producer</source>
      <translation>Fichier d'un producteur</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Connections</source>
      <translation>Connexions</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Remove</source>
      <translation>Supprimer</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Those that come with the plugin stay; edit them, and yours replaces them.</source>
      <translation>Celles livrées avec l'extension restent ; modifiez-les, et la vôtre les remplace.</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Connection to a registry</source>
      <translation>Connexion à un référentiel</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>File…</source>
      <translation>Fichier…</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Test</source>
      <translation>Tester</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Kind</source>
      <translation>Type</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Asking…</source>
      <translation>Demande en cours…</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Add…</source>
      <translation>Ajouter…</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Edit…</source>
      <translation>Modifier…</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Give a name and an address.</source>
      <translation>Donnez un nom et une adresse.</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Another connection has this name: choose one of its own.</source>
      <translation>Une autre connexion porte ce nom : choisissez-en un autre.</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>The registry answers.</source>
      <translation>Le référentiel répond.</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>Testing {name}</source>
      <translation>Test de {name}</translation>
    </message>
    <message>
      <location filename="ui/connections_widget.py" />
      <source>The registry answers: {count} service.|The registry answers: {count} services.</source>
      <translation>Le référentiel répond : {count} service.|Le référentiel répond : {count} services.</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Give the name and the category of the missing service.</source>
      <translation>Donnez le nom et la catégorie du service manquant.</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>A field needs your attention.</source>
      <translation>Un champ demande votre attention.</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>What is to be said</source>
      <translation>Ce qu'il y a à dire</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Show the right place on the map…</source>
      <translation>Montrer le bon endroit sur la carte…</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Drag it or click; by keyboard: move the map with the arrows, Enter takes its centre.</source>
      <translation>Faites-le glisser ou cliquez ; au clavier : déplacez la carte avec les flèches, Entrée prend son centre.</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Pick the other record on the map…</source>
      <translation>Désigner l'autre fiche sur la carte…</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Send my e-mail, so that the moderator can answer me (used for nothing else)</source>
      <translation>Transmettre mon courriel, pour qu'on puisse me répondre (et rien d'autre)</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Propose</source>
      <translation>Proposer</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Keep as a draft</source>
      <translation>Garder en brouillon</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Discard</source>
      <translation>Abandonner</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>My organisation</source>
      <translation>Mon organisme</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>My e-mail</source>
      <translation>Mon courriel</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Change at least one field.</source>
      <translation>Modifiez au moins un champ.</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Show the right place on the map.</source>
      <translation>Montrez le bon endroit sur la carte.</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Pick the other record on the map.</source>
      <translation>Désignez l'autre fiche sur la carte.</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Say what is wrong in the comment.</source>
      <translation>Dites dans le commentaire ce qui est inexact.</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Placed on the map.</source>
      <translation>Placé sur la carte.</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>In the referential</source>
      <translation>Dans le référentiel</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>What I propose</source>
      <translation>Ce que je propose</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>The missing service</source>
      <translation>Le service manquant</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>A service that the referential lacks</source>
      <translation>Un service absent du référentiel</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Same as: {name}</source>
      <translation>Le même que : {name}</translation>
    </message>
    <message>
      <location filename="ui/correction_form.py" />
      <source>Moved by {metres} m.</source>
      <translation>Déplacé de {metres} m.</translation>
    </message>
    <message>
      <location filename="ui/correction_tool.py" />
      <source>Click the service to correct, or an empty place to add a missing one.</source>
      <translation>Cliquez sur le service à corriger, ou sur un endroit vide pour ajouter un service manquant.</translation>
    </message>
    <message>
      <location filename="ui/correction_tool.py" />
      <source>Load services first: page Referential of the panel.</source>
      <translation>Chargez d'abord des services : page Référentiel du panneau.</translation>
    </message>
    <message>
      <location filename="ui/correction_tool.py" />
      <source>Address of the place</source>
      <translation>Adresse du lieu</translation>
    </message>
    <message>
      <location filename="ui/correction_tool.py" />
      <source>Correction kept. Hand it over to its producer from the Corrections page of the panel.</source>
      <translation>Correction gardée : à transmettre depuis la page Corrections.</translation>
    </message>
    <message>
      <location filename="ui/correction_tool.py" />
      <source>Kept as a draft: the Corrections page of the panel opens it again.</source>
      <translation>Gardée en brouillon : la page Corrections du panneau la rouvre.</translation>
    </message>
    <message>
      <location filename="ui/correction_tool.py" />
      <source>This is beside the map of the world: show a place on it.</source>
      <translation>Ce point est hors de la carte du monde : montrez un lieu sur la carte.</translation>
    </message>
    <message>
      <location filename="ui/correction_tool.py" />
      <source>Correction kept and on its way. The Corrections page of the panel follows its answer.</source>
      <translation>Correction en cours d'envoi : sa réponse se lira à la page Corrections.</translation>
    </message>
    <message>
      <location filename="ui/correction_tool.py" />
      <source>Correction kept. The Corrections page of the panel sends it and follows its answer.</source>
      <translation>Correction gardée : à envoyer depuis la page Corrections.</translation>
    </message>
    <message>
      <location filename="ui/correction_tool.py" />
      <source>It has left meanwhile. Propose again: what you typed since goes as another correction.</source>
      <translation>Elle est partie entre-temps. Proposez de nouveau : ce que vous avez saisi depuis partira comme une autre correction.</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>Something is wrong in the record</source>
      <translation>Quelque chose est inexact dans la fiche</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>The place is not where the map shows it</source>
      <translation>Le lieu n'est pas là où la carte le montre</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>The service has closed</source>
      <translation>Le service a fermé</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>The service is open again</source>
      <translation>Le service est de nouveau ouvert</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>The same service is there twice</source>
      <translation>Le même service y est deux fois</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>Everything is right (confirm it)</source>
      <translation>Tout est exact (le confirmer)</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>Something else</source>
      <translation>Autre chose</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>A service is missing</source>
      <translation>Il manque un service</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>Modification</source>
      <translation>Modification</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>Move</source>
      <translation>Déplacement</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>Closing</source>
      <translation>Fermeture</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>Opening again</source>
      <translation>Réouverture</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>Confirmation</source>
      <translation>Confirmation</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>Alert</source>
      <translation>Alerte</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>New service</source>
      <translation>Nouveau service</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>Kind of correction</source>
      <translation>Genre de correction</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>{what}: {words}</source>
      <translation>{what} : {words}</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>at a fixed place</source>
      <translation>dans un lieu fixe</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>by someone who comes at set hours</source>
      <translation>par quelqu'un qui vient à heures fixes (permanence)</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>by a round (bus, van)</source>
      <translation>par une tournée (bus, camionnette)</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>not known</source>
      <translation>inconnue</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>accessible</source>
      <translation>accessible</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>accessible on request</source>
      <translation>accessible sur demande</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>not accessible</source>
      <translation>non accessible</translation>
    </message>
    <message>
      <location filename="ui/correction_words.py" />
      <source>Closed on public holidays</source>
      <translation>Fermé les jours fériés</translation>
    </message>
    <message>
      <location filename="ui/corrections_model.py" />
      <source>draft</source>
      <translation>brouillon</translation>
    </message>
    <message>
      <location filename="ui/corrections_model.py" />
      <source>to be sent</source>
      <translation>à envoyer</translation>
    </message>
    <message>
      <location filename="ui/corrections_model.py" />
      <source>sent</source>
      <translation>envoyée</translation>
    </message>
    <message>
      <location filename="ui/corrections_model.py" />
      <source>handed over</source>
      <translation>transmise</translation>
    </message>
    <message>
      <location filename="ui/corrections_model.py" />
      <source>accepted</source>
      <translation>acceptée</translation>
    </message>
    <message>
      <location filename="ui/corrections_model.py" />
      <source>rejected</source>
      <translation>rejetée</translation>
    </message>
    <message>
      <location filename="ui/corrections_model.py" />
      <source>conflict</source>
      <translation>en conflit</translation>
    </message>
    <message>
      <location filename="ui/corrections_model.py" />
      <source>refused</source>
      <translation>refusée</translation>
    </message>
    <message>
      <location filename="ui/corrections_model.py" />
      <source>Since</source>
      <translation>Depuis</translation>
    </message>
    <message>
      <location filename="ui/curve_chart.py" />
      <source>From {count} site on, each more brings little: {people}|From {count} sites on, each more brings little: {people}</source>
      <translation>À partir de {count} lieu, chaque lieu de plus apporte peu : {people}|À partir de {count} lieux, chaque lieu de plus apporte peu : {people}</translation>
    </message>
    <message>
      <location filename="ui/curve_chart.py" />
      <source>{count} inhabitant covered ({share} %)|{count} inhabitants covered ({share} %)</source>
      <translation>{count} habitant couvert ({share} %)|{count} habitants couverts ({share} %)</translation>
    </message>
    <message>
      <location filename="ui/curve_chart.py" />
      <source>{count} site: {people}|{count} sites: {people}</source>
      <translation>{count} nouveau lieu : {people}|{count} nouveaux lieux : {people}</translation>
    </message>
    <message>
      <location filename="ui/curve_chart.py" />
      <source>new sites</source>
      <translation>nouveaux lieux</translation>
    </message>
    <message>
      <location filename="ui/curve_chart.py" />
      <source>Population covered</source>
      <translation>Population couverte</translation>
    </message>
    <message>
      <location filename="ui/curve_chart.py" />
      <source>{count} inhabitant covered|{count} inhabitants covered</source>
      <translation>{count} habitant couvert|{count} habitants couverts</translation>
    </message>
    <message>
      <location filename="ui/curve_chart.py" />
      <source>bend: {sites}</source>
      <translation>coude : {sites}</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Save as a model</source>
      <translation>Enregistrer comme modèle</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Model saved. The command that runs it again is in the clipboard; results go to {folder}.</source>
      <translation>Modèle enregistré. La commande qui le relance est dans le presse-papiers ; les résultats vont dans {folder}.</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Complete diagnosis</source>
      <translation>Diagnostic complet</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Basket</source>
      <translation>Panier</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Service put forward</source>
      <translation>Service mis en avant</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>the worst served</source>
      <translation>le plus mal desservi</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Territory</source>
      <translation>Territoire</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Folder of the report</source>
      <translation>Dossier du rapport</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Signed by</source>
      <translation>Signé par</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Atlas</source>
      <translation>Atlas</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Compared with</source>
      <translation>Comparer à</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>by class of density</source>
      <translation>par classe de densité</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Run</source>
      <translation>Exécuter</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Save as a model…</source>
      <translation>Enregistrer comme modèle…</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Figures of other territories</source>
      <translation>Chiffres d'autres territoires</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Class of density of the zones</source>
      <translation>Classe de densité des zones</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>name, function, service</source>
      <translation>nom, fonction, service</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Pages of the atlas</source>
      <translation>Pages de l'atlas</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>a page for each zone</source>
      <translation>une page par zone</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Open the layout</source>
      <translation>Ouvrir la mise en page</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Change the pages of the atlas in QGIS's layout window; the report follows it.</source>
      <translation>Changer les pages de l'atlas dans la fenêtre de mise en page de QGIS ; le rapport la suit.</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Diagnosis under way…</source>
      <translation>Diagnostic en cours…</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Models (*.model3)</source>
      <translation>Modèles (*.model3)</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Writing the report…</source>
      <translation>Rédaction du rapport…</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>a page for each EPCI</source>
      <translation>une page par EPCI</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>EPCI, then their zones</source>
      <translation>les EPCI, puis leurs zones</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>A layer was removed since this window was opened: open it again.</source>
      <translation>Une couche a été retirée depuis l'ouverture de cette fenêtre : ouvrez-la de nouveau.</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>About {seconds} s left.</source>
      <translation>Encore {seconds} s environ.</translation>
    </message>
    <message>
      <location filename="ui/diagnostic_dialog.py" />
      <source>Report: {path}</source>
      <translation>Rapport : {path}</translation>
    </message>
    <message>
      <location filename="ui/dock.py" />
      <source>Access</source>
      <translation>Accès</translation>
    </message>
    <message>
      <location filename="ui/dock.py" />
      <source>Act</source>
      <translation>Agir</translation>
    </message>
    <message>
      <location filename="ui/dock.py" />
      <source>My territory…</source>
      <translation>Mon territoire…</translation>
    </message>
    <message>
      <location filename="ui/dock.py" />
      <source>Fetch roads, people and services of your territory, or bring them up to date.</source>
      <translation>Faire venir routes, habitants et services de votre territoire, ou les mettre à jour.</translation>
    </message>
    <message>
      <location filename="ui/dock.py" />
      <source>Clean map</source>
      <translation>Carte propre</translation>
    </message>
    <message>
      <location filename="ui/dock.py" />
      <source>Hide the results, or show the latest again (Ctrl+Shift+J)</source>
      <translation>Cacher les résultats, ou montrer à nouveau le dernier (Ctrl+Maj+J)</translation>
    </message>
    <message>
      <location filename="ui/dock.py" />
      <source>What was there before is kept: {names}.</source>
      <translation>Ce qu'il y avait avant est conservé : {names}.</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>On the map: the services on {day}. QGIS's temporal controller goes through the dates.</source>
      <translation>Sur la carte : les services au {day}. Le contrôleur temporel de QGIS parcourt les dates.</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>The referential has one edition: what changed is seen with the next.</source>
      <translation>Le référentiel n'a qu'une édition : ce qui change se verra à la suivante.</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>{count} place changed; the note is {path}.|{count} places changed; the note is {path}.</source>
      <translation>{count} lieu a changé ; la note est {path}.|{count} lieux ont changé ; la note est {path}.</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>Editions of a referential</source>
      <translation>Éditions d'un référentiel</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>Comparing the editions…</source>
      <translation>Comparaison des éditions…</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>Services in time</source>
      <translation>Services dans le temps</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>{count} of them has no position.|{count} of them have no position.</source>
      <translation>{count} d'entre eux n'a pas de position.|{count} d'entre eux n'ont pas de position.</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>See what changed</source>
      <translation>Voir ce qui a changé</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>Added, changed, moved, merged and closed places: a layer, and a note to read.</source>
      <translation>Lieux ajoutés, modifiés, déplacés, réunis, fermés : une couche, et une note à lire.</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>Read the note</source>
      <translation>Lire la note</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>Services on this date</source>
      <translation>Services à cette date</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>Every state of every service, for QGIS's temporal controller</source>
      <translation>Chaque état de chaque service, pour le contrôleur temporel de QGIS</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>Close</source>
      <translation>Fermer</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>From the edition of</source>
      <translation>De l'édition du</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>To the edition of</source>
      <translation>À l'édition du</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>Reading the referential…</source>
      <translation>Lecture du référentiel…</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>Choose the GeoPackage of a consolidated referential.</source>
      <translation>Choisissez le GeoPackage d'un référentiel consolidé.</translation>
    </message>
    <message>
      <location filename="ui/editions_dialog.py" />
      <source>What changed</source>
      <translation>Ce qui a changé</translation>
    </message>
    <message>
      <location filename="ui/feed_chooser.py" />
      <source>Public transport feeds of my territory</source>
      <translation>Jeux de transport de mon territoire</translation>
    </message>
    <message>
      <location filename="ui/feed_chooser.py" />
      <source>Keep and use</source>
      <translation>Garder et utiliser</translation>
    </message>
    <message>
      <location filename="ui/feed_chooser.py" />
      <source>Reading the catalogue of public transport…</source>
      <translation>Lecture du catalogue des transports…</translation>
    </message>
    <message>
      <location filename="ui/feed_chooser.py" />
      <source>Fetching the feeds…</source>
      <translation>Les jeux arrivent…</translation>
    </message>
    <message>
      <location filename="ui/feed_chooser.py" />
      <source>Feeds</source>
      <translation>Jeux GTFS</translation>
    </message>
    <message>
      <location filename="ui/feed_chooser.py" />
      <source>{count} of {total} feeds chosen.</source>
      <translation>Jeux choisis : {count} sur {total}.</translation>
    </message>
    <message>
      <location filename="ui/feed_chooser.py" />
      <source>Licence</source>
      <translation>Licence</translation>
    </message>
    <message>
      <location filename="ui/feed_chooser.py" />
      <source>Valid</source>
      <translation>Validité</translation>
    </message>
    <message>
      <location filename="ui/feed_chooser.py" />
      <source>kept</source>
      <translation>gardé</translation>
    </message>
    <message>
      <location filename="ui/feed_chooser.py" />
      <source>licence not said</source>
      <translation>licence non précisée</translation>
    </message>
    <message>
      <location filename="ui/feed_chooser.py" />
      <source>To be cited: {licences}.</source>
      <translation>À citer : {licences}.</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>Result</source>
      <translation>Résultat</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>Make the folder</source>
      <translation>Faire le dossier</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>Open the folder</source>
      <translation>Ouvrir le dossier</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>Making the folder…</source>
      <translation>Le dossier se fait…</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>{count} service is in it. Copy the whole folder to the phone (QField) or to the server (Lizmap).|{count} services are in it. Copy the whole folder to the phone (QField) or to the server (Lizmap).</source>
      <translation>{count} service y est. Copiez le dossier entier sur le téléphone (QField) ou sur le serveur (Lizmap).|{count} services y sont. Copiez le dossier entier sur le téléphone (QField) ou sur le serveur (Lizmap).</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>GeoPackages brought back</source>
      <translation>GeoPackages rapportés</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>Services as they are now</source>
      <translation>Services tels qu'ils sont aujourd'hui</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>As the registry has them</source>
      <translation>Comme le référentiel les a</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>Keep in the outbox</source>
      <translation>Mettre dans la boîte d'envoi</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>Reading the copies…</source>
      <translation>Lecture des copies…</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>Choose the files, then look at what they bring. Nothing is kept before.</source>
      <translation>Choisissez les fichiers, puis regardez ce qu'ils apportent. Rien n'est gardé avant.</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>Rows read: {read}. To be sent: {added}; to choose from: {conflicts}; with nothing to add: {others}; unusable: {failed}.</source>
      <translation>Lignes lues : {read}. À envoyer : {added} ; à choisir : {conflicts} ; sans rien à ajouter : {others} ; inutilisables : {failed}.</translation>
    </message>
    <message>
      <location filename="ui/field_dialogs.py" />
      <source>None</source>
      <translation>Aucune</translation>
    </message>
    <message>
      <location filename="ui/field_row.py" />
      <source>{field}, proposed value</source>
      <translation>{field}, valeur proposée</translation>
    </message>
    <message>
      <location filename="ui/folding.py" />
      <source>Change the question</source>
      <translation>Changer la question</translation>
    </message>
    <message>
      <location filename="ui/folding.py" />
      <source>Fold the question away</source>
      <translation>Replier la question</translation>
    </message>
    <message>
      <location filename="ui/ground.py" />
      <source>Ground</source>
      <translation>Fond</translation>
    </message>
    <message>
      <location filename="ui/handover_dialog.py" />
      <source>Hand over corrections</source>
      <translation>Transmettre des corrections</translation>
    </message>
    <message>
      <location filename="ui/handover_dialog.py" />
      <source>Copied. Paste it into a message to the producer.</source>
      <translation>Copié. Collez-le dans un message au producteur.</translation>
    </message>
    <message>
      <location filename="ui/handover_dialog.py" />
      <source>Folder for the message and its attachments</source>
      <translation>Dossier du message et de ses pièces jointes</translation>
    </message>
    <message>
      <location filename="ui/handover_dialog.py" />
      <source>Message</source>
      <translation>Message</translation>
    </message>
    <message>
      <location filename="ui/handover_dialog.py" />
      <source>Copy the text</source>
      <translation>Copier le texte</translation>
    </message>
    <message>
      <location filename="ui/handover_dialog.py" />
      <source>Write text, CSV and GeoJSON…</source>
      <translation>Écrire le texte, le CSV et le GeoJSON…</translation>
    </message>
    <message>
      <location filename="ui/handover_dialog.py" />
      <source>I have handed it over</source>
      <translation>Je l'ai transmis</translation>
    </message>
    <message>
      <location filename="ui/handover_dialog.py" />
      <source>These producers take no corrections over the network. Send each its message, by its own form or by e-mail, then say so here: the next reading of its records tells whether it was heard.</source>
      <translation>Ces producteurs ne reçoivent pas de corrections par le réseau. Envoyez à chacun son message, par son propre formulaire ou par courriel, puis dites-le ici : la prochaine lecture de ses fiches dira s'il a été entendu.</translation>
    </message>
    <message>
      <location filename="ui/handover_dialog.py" />
      <source>{producer}: {count} correction|{producer}: {count} corrections</source>
      <translation>{producer} : {count} correction|{producer} : {count} corrections</translation>
    </message>
    <message>
      <location filename="ui/handover_dialog.py" />
      <source>producer not known</source>
      <translation>producteur inconnu</translation>
    </message>
    <message>
      <location filename="ui/handover_dialog.py" />
      <source>Written to {folder}: {names}</source>
      <translation>Écrit dans {folder} : {names}</translation>
    </message>
    <message>
      <location filename="ui/hour_chart.py" />
      <source>Share of people near an open place, by day and hour</source>
      <translation>Part des habitants proches d'un lieu ouvert, par jour et par heure</translation>
    </message>
    <message>
      <location filename="ui/isochrone_contents.py" />
      <source>{count} inhabitant|{count} inhabitants</source>
      <translation>{count} habitant|{count} habitants</translation>
    </message>
    <message>
      <location filename="ui/isochrone_legend.py" />
      <source>What the isochrones hold</source>
      <translation>Ce que contiennent les isochrones</translation>
    </message>
    <message>
      <location filename="ui/isochrone_legend.py" />
      <source>Keep as a layer</source>
      <translation>Garder comme couche</translation>
    </message>
    <message>
      <location filename="ui/isochrone_tool.py" />
      <source>Click a place to see its isochrones, drag to compare; Escape to leave.</source>
      <translation>Cliquez sur un lieu pour voir ses isochrones, faites glisser pour comparer ; Échap pour quitter.</translation>
    </message>
    <message>
      <location filename="ui/isochrone_tool.py" />
      <source>Move over the map; click to keep a place, drag to compare, right click to go on; Escape to leave.</source>
      <translation>Survolez la carte ; clic : garder, glisser : comparer, clic droit : reprendre, Échap : quitter.</translation>
    </message>
    <message>
      <location filename="ui/isochrone_tool.py" />
      <source>Isochrones of the place</source>
      <translation>Isochrones du lieu</translation>
    </message>
    <message>
      <location filename="ui/isochrone_tool.py" />
      <source>Click to keep this place in sight.</source>
      <translation>Un clic garde ce lieu à l'écran.</translation>
    </message>
    <message>
      <location filename="ui/isochrone_tool.py" />
      <source>Choose the roads first: page Access of the panel.</source>
      <translation>Choisissez d'abord les routes : page Accès du panneau.</translation>
    </message>
    <message>
      <location filename="ui/isochrone_tool.py" />
      <source>The place has no position in the coordinates of the roads.</source>
      <translation>Le lieu n'a pas de position dans les coordonnées des routes.</translation>
    </message>
    <message>
      <location filename="ui/kept_answers.py" />
      <source>Keep to compare</source>
      <translation>Garder pour comparer</translation>
    </message>
    <message>
      <location filename="ui/kept_answers.py" />
      <source>It stays as it is, to be seen beside another service, time or question.</source>
      <translation>Elle reste telle quelle, pour être vue à côté d'un autre service, d'un autre temps ou d'une autre question.</translation>
    </message>
    <message>
      <location filename="ui/kept_answers.py" />
      <source>Side by side…</source>
      <translation>Côte à côte…</translation>
    </message>
    <message>
      <location filename="ui/kept_answers.py" />
      <source>The answer kept and this one: two maps that move together</source>
      <translation>La réponse gardée et celle-ci : deux cartes qui bougent ensemble</translation>
    </message>
    <message>
      <location filename="ui/kept_answers.py" />
      <source>Forget it</source>
      <translation>L'oublier</translation>
    </message>
    <message>
      <location filename="ui/kept_answers.py" />
      <source>Take the answer kept and its layers out of the project.</source>
      <translation>Retirer du projet la réponse gardée et ses couches.</translation>
    </message>
    <message>
      <location filename="ui/kept_answers.py" />
      <source>Kept. Turn to another service or time, or ask something else: both are compared.</source>
      <translation>Gardée. Choisissez un autre service ou un autre temps, ou posez une autre question : les deux sont comparées.</translation>
    </message>
    <message>
      <location filename="ui/kept_answers.py" />
      <source>Against “{question}”, kept: {difference}</source>
      <translation>Face à « {question} », gardée : {difference}</translation>
    </message>
    <message>
      <location filename="ui/kept_isochrones.py" />
      <source>Isochrones of a place {rank}</source>
      <translation>Isochrones d'un lieu {rank}</translation>
    </message>
    <message>
      <location filename="ui/linked_maps.py" />
      <source>Line between the two answers</source>
      <translation>Ligne entre les deux réponses</translation>
    </message>
    <message>
      <location filename="ui/linked_maps.py" />
      <source>Drag the line, or move it with the arrow keys.</source>
      <translation>Faites glisser la ligne, ou déplacez-la avec les flèches du clavier.</translation>
    </message>
    <message>
      <location filename="ui/live_scenario.py" />
      <source>{count} inhabitant nearer, by {minutes} min on average|{count} inhabitants nearer, by {minutes} min on average</source>
      <translation>{count} habitant se rapproche, de {minutes} min en moyenne|{count} habitants se rapprochent, de {minutes} min en moyenne</translation>
    </message>
    <message>
      <location filename="ui/live_scenario.py" />
      <source>{count} farther, by {minutes} min on average</source>
      <translation>{count} habitant s'éloigne, de {minutes} min en moyenne|{count} habitants s'éloignent, de {minutes} min en moyenne</translation>
    </message>
    <message>
      <location filename="ui/live_scenario.py" />
      <source>Sites farther than {distance} m from any road, that serve nobody: {count}.</source>
      <translation>Lieux à plus de {distance} m de toute route, qui ne desservent personne : {count}.</translation>
    </message>
    <message>
      <location filename="ui/live_scenario.py" />
      <source>{service}: {changes}.</source>
      <translation>{service} : {changes}.</translation>
    </message>
    <message>
      <location filename="ui/live_scenario.py" />
      <source>Within {threshold} min: {people} more.</source>
      <translation>À {threshold} min ou moins : {people} habitants de plus.</translation>
    </message>
    <message>
      <location filename="ui/live_scenario.py" />
      <source>Within {threshold} min: {people} fewer.</source>
      <translation>À {threshold} min ou moins : {people} habitants de moins.</translation>
    </message>
    <message>
      <location filename="ui/live_scenario.py" />
      <source>{count} gets access|{count} get access</source>
      <translation>{count} habitant gagne un accès|{count} habitants gagnent un accès</translation>
    </message>
    <message>
      <location filename="ui/live_scenario.py" />
      <source>{count} loses all access|{count} lose all access</source>
      <translation>{count} habitant perd tout accès|{count} habitants perdent tout accès</translation>
    </message>
    <message>
      <location filename="ui/live_scenario.py" />
      <source>Sites without a category</source>
      <translation>Lieux sans catégorie</translation>
    </message>
    <message>
      <location filename="ui/live_scenario.py" />
      <source>nobody's journey changes</source>
      <translation>aucun trajet ne change</translation>
    </message>
    <message>
      <location filename="ui/map_tools.py" />
      <source>{name} – {kind}</source>
      <translation>{name} ({kind})</translation>
    </message>
    <message>
      <location filename="ui/moderation_button.py" />
      <source>Moderate…</source>
      <translation>Modérer…</translation>
    </message>
    <message>
      <location filename="ui/moderation_button.py" />
      <source>Decide on the corrections that came in at the registries that you keep.</source>
      <translation>Décider des corrections reçues par les référentiels que vous tenez.</translation>
    </message>
    <message>
      <location filename="ui/moderation_button.py" />
      <source>Looking for registries to moderate</source>
      <translation>Recherche des référentiels à modérer</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Moderate</source>
      <translation>Modérer</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Reading what came in…</source>
      <translation>Lecture des corrections reçues…</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Reading what came in</source>
      <translation>Lecture des corrections reçues</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Click the dot of a correction on the map.</source>
      <translation>Cliquez le point d'une correction sur la carte.</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Deciding…</source>
      <translation>Décision en cours…</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Deciding</source>
      <translation>Décision sur des corrections</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>{count} correction is chosen.|{count} corrections are chosen: one decision for all.</source>
      <translation>{count} correction est choisie.|{count} corrections sont choisies : une décision pour toutes.</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Reading the service</source>
      <translation>Lecture du service</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Corrections that wait</source>
      <translation>Corrections en attente</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>As its author read it</source>
      <translation>Tel que l'auteur l'a lu</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>As proposed</source>
      <translation>Proposé</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Side by side</source>
      <translation>Côte à côte</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Perhaps the same place</source>
      <translation>Peut-être le même lieu</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Likeness</source>
      <translation>Ressemblance</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Services around</source>
      <translation>Services alentour</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Reason or question</source>
      <translation>Motif ou question</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Why it is refused, or what you ask: its author reads it</source>
      <translation>Pourquoi vous refusez, ou ce que vous demandez : l'auteur le lira</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Accept (A)</source>
      <translation>Accepter (A)</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Refuse (R)</source>
      <translation>Refuser (R)</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Ask (D)</source>
      <translation>Demander (D)</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>See the proof (P)</source>
      <translation>Voir la preuve (P)</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>On the map (M)</source>
      <translation>Sur la carte (M)</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Read again (F5)</source>
      <translation>Relire (F5)</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>No correction that waits is there.</source>
      <translation>Aucune correction en attente n'est là.</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>Say why, then press Enter: the author reads it.</source>
      <translation>Dites pourquoi, puis Entrée : l'auteur le lira.</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>By</source>
      <translation>De</translation>
    </message>
    <message>
      <location filename="ui/moderation_dock.py" />
      <source>On</source>
      <translation>Le</translation>
    </message>
    <message>
      <location filename="ui/moderation_words.py" />
      <source>No correction waits for a decision.</source>
      <translation>Aucune correction n'attend de décision.</translation>
    </message>
    <message>
      <location filename="ui/moderation_words.py" />
      <source>{count} is not shown: it comes after these.|{count} are not shown: they come after these.</source>
      <translation>{count} n'est pas montrée : elle vient après celles-ci.|{count} ne sont pas montrées : elles viennent après celles-ci.</translation>
    </message>
    <message>
      <location filename="ui/moderation_words.py" />
      <source>{count} cannot be read as a correction.|{count} cannot be read as corrections.</source>
      <translation>{count} ne se lit pas comme une correction.|{count} ne se lisent pas comme des corrections.</translation>
    </message>
    <message>
      <location filename="ui/moderation_words.py" />
      <source>Asked already</source>
      <translation>Déjà demandé</translation>
    </message>
    <message>
      <location filename="ui/moderation_words.py" />
      <source>Duplicate of</source>
      <translation>Doublon de</translation>
    </message>
    <message>
      <location filename="ui/moderation_words.py" />
      <source>{count} correction waits.|{count} corrections wait.</source>
      <translation>{count} correction attend.|{count} corrections attendent.</translation>
    </message>
    <message>
      <location filename="ui/moderation_words.py" />
      <source>{count} accepted</source>
      <translation>{count} acceptée|{count} acceptées</translation>
    </message>
    <message>
      <location filename="ui/moderation_words.py" />
      <source>{count} rejected</source>
      <translation>{count} rejetée|{count} rejetées</translation>
    </message>
    <message>
      <location filename="ui/moderation_words.py" />
      <source>{count} asked about</source>
      <translation>{count} en question</translation>
    </message>
    <message>
      <location filename="ui/moderation_words.py" />
      <source>{count} not decided by you</source>
      <translation>{count} non décidée(s) par vous</translation>
    </message>
    <message>
      <location filename="ui/moderation_words.py" />
      <source>{count} not tried</source>
      <translation>{count} non tentée(s)</translation>
    </message>
    <message>
      <location filename="ui/moderation_words.py" />
      <source>{count} accepted change is not in the record: this registry does not apply it by itself.|{count} accepted changes are not in the records: this registry does not apply them by itself.</source>
      <translation>{count} changement accepté n'est pas dans la fiche : ce référentiel ne l'applique pas de lui-même.|{count} changements acceptés ne sont pas dans les fiches : ce référentiel ne les applique pas de lui-même.</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Roads (BD TOPO)</source>
      <translation>Routes (BD TOPO)</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Inhabitants (cells of 200 m)</source>
      <translation>Habitants (carreaux de 200 m)</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Buildings (BD TOPO)</source>
      <translation>Bâtiments (BD TOPO)</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Communes (ADMIN EXPRESS)</source>
      <translation>Communes (ADMIN EXPRESS)</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Setting aside what the map shows meanwhile…</source>
      <translation>Mise de côté de ce que la carte montre en attendant…</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>INSEE's cells of 200 m, with ages</source>
      <translation>Carreaux de 200 m de l'INSEE, avec les âges</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Populations of communes, over dwellings</source>
      <translation>Populations des communes, sur les logements</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Without these files</source>
      <translation>Sans ces fichiers</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Fetch from the service what they would give.</source>
      <translation>Demander au service ce qu'ils donneraient.</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Add the base map</source>
      <translation>Ajouter le fond de plan</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>My territory</source>
      <translation>Mon territoire</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Go on where it stopped</source>
      <translation>Reprendre où cela s'était arrêté</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Bring up to date</source>
      <translation>Mettre à jour</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Fetch, and see who is far</source>
      <translation>Faire venir, et voir qui est loin</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Counting what there is</source>
      <translation>Compter ce qu'il y a</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>{what}: {count} at most, {producer}, edition {edition}, {licence}.</source>
      <translation>{what} : {count} au plus, {producer}, édition {edition}, {licence}.</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Looking into the files…</source>
      <translation>Lecture des fichiers…</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Edits that are not saved: {names}. They are saved first; where the services or a newer edition say otherwise, that takes their place, and the file as it was is kept under its date.</source>
      <translation>Modifications non enregistrées : {names}. Elles sont d'abord enregistrées ; ce qui est relu (services, édition plus récente) prend ensuite leur place, et le fichier tel qu'il était est gardé sous sa date.</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Type the name of your commune, intercommunality or département.</source>
      <translation>Tapez le nom de votre commune, intercommunalité ou département.</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>not stated</source>
      <translation>non indiquée</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Stopped: another project was opened.</source>
      <translation>Arrêté : un autre projet a été ouvert.</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Fetching {place}…</source>
      <translation>{place} : lecture…</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Services: {source}, read now.</source>
      <translation>Services : {source}, lus maintenant.</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Save, and bring up to date</source>
      <translation>Enregistrer et mettre à jour</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>{new} (you have {old})</source>
      <translation>{new} (vous avez {old})</translation>
    </message>
    <message>
      <location filename="ui/my_territory.py" />
      <source>Files in place of the service: {names}.</source>
      <translation>Fichiers à la place du service : {names}.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>{zone}: {share} % more than {minutes} min from {service} on {date}, {change} since {first} ({people} inhabitant){latest}.|{zone}: {share} % more than {minutes} min from {service} on {date}, {change} since {first} ({people} inhabitants){latest}.</source>
      <translation>{zone} : {share} % à plus de {minutes} min ({service}) le {date}, {change} depuis le {first} ({people} habitant){latest}.|{zone} : {share} % à plus de {minutes} min ({service}) le {date}, {change} depuis le {first} ({people} habitants){latest}.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Kept, {date}: {count} figure.|Kept, {date}: {count} figures.</source>
      <translation>Gardé, {date} : {count} chiffre.|Gardé, {date} : {count} chiffres.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Remove {count} measure from the file for ever?|Remove {count} measures from the file for ever?</source>
      <translation>Retirer définitivement {count} mesure du fichier ?|Retirer définitivement {count} mesures du fichier ?</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>{count} measure now counts: {people}.|{count} measures now count: {people}.</source>
      <translation>{count} mesure compte désormais : {people}.|{count} mesures comptent désormais : {people}.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>{zone}: {share} % more than {minutes} min from {service} on {date}, {change} since {first} ({people} beyond){latest}.</source>
      <translation>{zone} : {share} % à plus de {minutes} min ({service}) le {date}, {change} depuis le {first} ({people} au-delà){latest}.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>, {change} since {before}</source>
      <translation>, {change} depuis le {before}</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>{signed} point|{signed} points</source>
      <translation>{signed} point|{signed} points</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Keeping the measure…</source>
      <translation>La mesure est mise de côté…</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>{count} of them takes the place of one of the same day.|{count} of them take the place of those of the same day.</source>
      <translation>{count} remplace celui du même jour.|{count} remplacent ceux du même jour.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>{count} measure removed.|{count} measures removed.</source>
      <translation>{count} mesure retirée.|{count} mesures retirées.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>{count} stays as it was: the same day has a measure of these people.|{count} stay as they were: the same days have measures of these people.</source>
      <translation>{count} reste comme elle était : une mesure de cette population est déjà gardée ce jour-là.|{count} restent comme elles étaient : des mesures de cette population sont déjà gardées ces jours-là.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>The measures chosen whose population is not said counted, as this answer does: {people}</source>
      <translation>Les mesures choisies dont la population n'est pas précisée comptaient, comme cette réponse : {people}</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>the whole territory</source>
      <translation>tout le territoire</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Another series of this question: {people}; choose it above.|Other series of this question: {people}; choose one above.</source>
      <translation>Une autre série de cette question : {people} ; choisissez-la au-dessus.|D'autres séries de cette question : {people} ; choisissez au-dessus.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Measures that do not say whom they count: choose them in the list, then “{button}”.</source>
      <translation>Pour les mesures à la population non précisée : choisissez-les dans la liste, puis « {button} ».</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>{count} zone was not measured at every date and is left out.|{count} zones were not measured at every date and are left out.</source>
      <translation>{count} zone n'a pas été mesurée à chaque date et n'est pas comptée.|{count} zones n'ont pas été mesurées à chaque date et ne sont pas comptées.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>On the map: QGIS's temporal controller goes through the dates. Other results are not drawn meanwhile.</source>
      <translation>Sur la carte : le contrôleur temporel de QGIS parcourt les dates. Les autres résultats ne sont pas dessinés pendant ce temps.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Observatory…</source>
      <translation>Observatoire…</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Keep this answer, and see how it changes from one year to the next.</source>
      <translation>Garder cette réponse, et voir comment elle change d'une année à l'autre.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Measures kept (*.gpkg)</source>
      <translation>Mesures de l'observatoire (*.gpkg)</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>file of the measures</source>
      <translation>fichier des mesures</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Date of the measure</source>
      <translation>Date de la mesure</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Of the data, when they are not of today</source>
      <translation>Celle des données, si elles ne sont pas d'aujourd'hui</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Keep this answer</source>
      <translation>Garder cette réponse</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Measures kept</source>
      <translation>Mesures gardées</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Take the measures chosen out of the file</source>
      <translation>Retirer du fichier les mesures choisies</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Say whom they count</source>
      <translation>Préciser la population</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Series shown</source>
      <translation>Série montrée</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Zone of the series</source>
      <translation>Zone de la série</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>On the map</source>
      <translation>Sur la carte</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>The zones at each date, for QGIS's temporal controller</source>
      <translation>Les zones à chaque date, pour le contrôleur temporel de QGIS</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>File</source>
      <translation>Fichier</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Date</source>
      <translation>Date</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>No measure of this answer is kept yet.</source>
      <translation>Aucune mesure de cette réponse n'est encore gardée.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Only one date is kept of this answer: the series begins with the next.</source>
      <translation>Une seule date est gardée de cette réponse : la série commence à la prochaine.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Only one date is kept of this series.</source>
      <translation>Une seule date est gardée de cette série.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>{service}: through the years</source>
      <translation>{service} : au fil des ans</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Observatory</source>
      <translation>Observatoire</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>Question</source>
      <translation>Question</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>This series: {people}.</source>
      <translation>Cette série : {people}.</translation>
    </message>
    <message>
      <location filename="ui/observatory.py" />
      <source>On all dates: {points} a year.</source>
      <translation>Sur toutes les dates : {points} par an.</translation>
    </message>
    <message>
      <location filename="ui/outbox.py" />
      <source>Sending corrections</source>
      <translation>Envoi des corrections</translation>
    </message>
    <message>
      <location filename="ui/outbox.py" />
      <source>No new answer.</source>
      <translation>Pas de nouvelle réponse.</translation>
    </message>
    <message>
      <location filename="ui/outbox.py" />
      <source>{count} sent</source>
      <translation>{count} envoyée|{count} envoyées</translation>
    </message>
    <message>
      <location filename="ui/outbox.py" />
      <source>{count} will be tried again</source>
      <translation>{count} à retenter</translation>
    </message>
    <message>
      <location filename="ui/outbox.py" />
      <source>{count} changed meanwhile</source>
      <translation>{count} en conflit : la fiche a changé entre-temps</translation>
    </message>
    <message>
      <location filename="ui/outbox.py" />
      <source>{count} refused</source>
      <translation>{count} refusée|{count} refusées</translation>
    </message>
    <message>
      <location filename="ui/outbox.py" />
      <source>{count} new answer.|{count} new answers.</source>
      <translation>{count} nouvelle réponse.|{count} nouvelles réponses.</translation>
    </message>
    <message>
      <location filename="ui/outbox.py" />
      <source>Asking for answers</source>
      <translation>Lecture des réponses</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>Choose services, people and roads, then ask who is badly served.</source>
      <translation>Choisissez services, habitants et routes, puis demandez qui est mal desservi.</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>Working out the week…</source>
      <translation>Calcul de la semaine…</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>{count} place has no isochrone; the layer “{name}” says why.|{count} places have no isochrone; the layer “{name}” says why.</source>
      <translation>{count} lieu sans isochrone ; la couche « {name} » dit pourquoi.|{count} lieux sans isochrone ; la couche « {name} » dit pourquoi.</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>The hours of no place are known for: {category}. Who is far from one open {moment} is unknown.</source>
      <translation>Horaires inconnus pour tous les lieux : {category}. On ne peut dire qui est loin d'un lieu ouvert {moment}.</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>{sentence}; {count} place of {total}, whose hours are unknown, counts as closed|{sentence}; {count} places of {total}, whose hours are unknown, count as closed</source>
      <translation>{sentence} ; {count} lieu sur {total}, aux horaires inconnus, compte comme fermé|{sentence} ; {count} lieux sur {total}, aux horaires inconnus, comptent comme fermés</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>Interval of the answer, and groups of people</source>
      <translation>Intervalle de la réponse, et groupes d'habitants</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>What the fields of the roads gave</source>
      <translation>Ce que les champs des routes ont donné</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>Who is badly served</source>
      <translation>Qui est mal desservi</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>Computed on the roads, or by the server chosen in Settings ▸ Options ▸ Carto Services Publics.</source>
      <translation>Calculées sur les routes, ou par le serveur choisi dans Préférences ▸ Options ▸ Carto Services Publics.</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>Share of people beyond each threshold</source>
      <translation>Part des habitants au-delà de chaque seuil</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>A click on a figure shows it on the map.</source>
      <translation>Un clic sur un chiffre le montre sur la carte.</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>The answer is still to the layers, columns and groups chosen before.</source>
      <translation>La réponse est encore celle des couches, colonnes et groupes choisis avant.</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>Looking for gaps…</source>
      <translation>Recherche des manques…</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>Drawing isochrones…</source>
      <translation>Tracé des isochrones…</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>The question was changed after this answer: ask who is badly served again first.</source>
      <translation>La question a changé depuis cette réponse : redemandez d'abord « Qui est mal desservi ? ».</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>The answer is still to: {question}</source>
      <translation>La réponse est encore à : {question}</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>Choose zones first: measures are kept zone by zone.</source>
      <translation>Choisissez d'abord des zones : les mesures sont gardées zone par zone.</translation>
    </message>
    <message>
      <location filename="ui/page_access.py" />
      <source>Choose first: {lacking}.</source>
      <translation>Choisissez d'abord : {lacking}.</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>{sentence} for those whom a place serves already; {count} inhabitant whom none serves is newly served|{sentence} for those whom a place serves already; {count} inhabitants whom none serves are newly served</source>
      <translation>{sentence} pour ceux qu'un lieu dessert déjà ; {count} habitant que rien ne desservait est nouvellement desservi|{sentence} pour ceux qu'un lieu dessert déjà ; {count} habitants que rien ne desservait sont nouvellement desservis</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Nobody lives where a place could serve.</source>
      <translation>Personne n'habite là où un lieu pourrait desservir.</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>reach the most people within the time</source>
      <translation>toucher le plus d'habitants</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>reach everyone within the time, with the fewest sites</source>
      <translation>toucher tout le monde, avec le moins de lieux</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>make all journeys shortest on the whole</source>
      <translation>raccourcir l'ensemble des trajets</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>make the longest journey shortest</source>
      <translation>raccourcir le plus long trajet</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>No place to propose: nobody is left to gain.</source>
      <translation>Aucun lieu à proposer : il n'y a plus personne à rapprocher.</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>{count} place: {gain} more inhabitants within {threshold} min|{count} places: {gain} more inhabitants within {threshold} min</source>
      <translation>{count} lieu : {gain} habitants de plus à {threshold} min ou moins|{count} lieux : {gain} habitants de plus à {threshold} min ou moins</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>{count} place: the longest journey takes {minutes} min|{count} places: the longest journey takes {minutes} min</source>
      <translation>{count} lieu : le plus long trajet dure {minutes} min|{count} lieux : le plus long trajet dure {minutes} min</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>{count} place: journeys take {minutes} min on average|{count} places: journeys take {minutes} min on average</source>
      <translation>{count} lieu : les trajets durent {minutes} min en moyenne|{count} lieux : les trajets durent {minutes} min en moyenne</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Minutes × inhabitants saved</source>
      <translation>Minutes × habitants gagnées</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Minutes off the longest journey</source>
      <translation>Minutes de moins au trajet le plus long</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>People gained</source>
      <translation>Habitants gagnés</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Proven: no other choice does better.</source>
      <translation>Prouvé : aucun autre choix ne fait mieux.</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Not everyone can be served: the layer of what could not be computed says who and why.</source>
      <translation>Tout le monde ne peut pas être desservi : la couche de ce qui n'a pu être calculé dit qui et pourquoi.</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Not everyone is served; whether other places would serve everyone was not found out in the time given.</source>
      <translation>Tout le monde n'est pas desservi ; le temps donné n'a pas suffi pour savoir si d'autres lieux desserviraient tout le monde.</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Looking for the best places…</source>
      <translation>Recherche des meilleurs lieux…</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Choose the service, then ask where to open it.</source>
      <translation>Choisissez le service, puis demandez où l'ouvrir.</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Service to open</source>
      <translation>Service à ouvrir</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Candidate places</source>
      <translation>Lieux candidats</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>anywhere people live</source>
      <translation>partout où l'on habite</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Capacity column</source>
      <translation>Champ de la capacité</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Column of what must be or cannot be</source>
      <translation>Champ des lieux imposés ou exclus</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Capacity</source>
      <translation>Capacité</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Role</source>
      <translation>Rôle</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Values: obligatoire (must be), exclu (cannot be), empty.</source>
      <translation>Valeurs : obligatoire (imposé), exclu (écarté), vide.</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>What is sought</source>
      <translation>Ce qui est recherché</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Within</source>
      <translation>Temps maximal</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Where to open</source>
      <translation>Où ouvrir</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Complete diagnosis and report…</source>
      <translation>Diagnostic complet et rapport…</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Take these places up in a scenario</source>
      <translation>Reprendre ces lieux dans un scénario</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Candidates</source>
      <translation>Candidats</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>I want to</source>
      <translation>Je souhaite</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>whatever the service</source>
      <translation>quel que soit le service</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>{count} place reaches everyone who can be reached within {threshold} min|{count} places reach everyone who can be reached within {threshold} min</source>
      <translation>{count} lieu met à {threshold} min ou moins tous ceux qui peuvent l'être|{count} lieux mettent à {threshold} min ou moins tous ceux qui peuvent l'être</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>{count} place is enough to reach everyone within {threshold} min|{count} places are enough to reach everyone within {threshold} min</source>
      <translation>{count} lieu suffit pour que chacun soit à {threshold} min ou moins|{count} lieux suffisent pour que chacun soit à {threshold} min ou moins</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>{sentence}, {less} min less than today</source>
      <translation>{sentence}, soit {less} min de moins qu'aujourd'hui</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>A good choice; how far it is from the best could not be proven.</source>
      <translation>Un bon choix ; son écart au meilleur n'a pas pu être prouvé.</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Fill in the page Access first: services, people, zones and roads.</source>
      <translation>Remplissez d'abord la page Accès : services, habitants, zones et routes.</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>{sentence} – {how}</source>
      <translation>{sentence} ; {how}</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>{sentence} (from {before} % to {after} %)</source>
      <translation>{sentence} (de {before} % à {after} %)</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>Proven: no other choice does better by more than {gap} %.</source>
      <translation>Prouvé : aucun autre choix ne fait mieux de plus de {gap} %.</translation>
    </message>
    <message>
      <location filename="ui/page_action.py" />
      <source>{service}, {how}</source>
      <translation>{service} ; {how}</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Forget {count} correction? What was typed is lost.|Forget {count} corrections? What was typed is lost.</source>
      <translation>Oublier {count} correction ? Ce qui a été saisi est perdu.|Oublier {count} corrections ? Ce qui a été saisi est perdu.</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>{count} correction written to {path}, with your comments and e-mail.|{count} corrections written to {path}, with your comments and e-mail.</source>
      <translation>{count} correction écrite dans {path}, avec vos commentaires et votre courriel.|{count} corrections écrites dans {path}, avec vos commentaires et votre courriel.</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>No correction yet. Click “New correction”, then the service on the map.</source>
      <translation>Pas encore de correction. Cliquez sur « Nouvelle correction », puis sur le service dans la carte.</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Send as soon as proposed</source>
      <translation>Envoyer dès que proposée</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Asking for the service as it is now…</source>
      <translation>Lecture du service tel qu'il est…</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Reading my corrections</source>
      <translation>Lecture de mes corrections</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Export my corrections</source>
      <translation>Exporter mes corrections</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>New correction</source>
      <translation>Nouvelle correction</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>From a layer…</source>
      <translation>Depuis une couche…</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Show on the map</source>
      <translation>Voir sur la carte</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Export…</source>
      <translation>Exporter…</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Quality…</source>
      <translation>Qualité…</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>What the producers of a consolidated referential should correct, in bulk.</source>
      <translation>Ce que les producteurs d'un référentiel consolidé ont à corriger, en nombre.</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>For the field…</source>
      <translation>Pour le terrain…</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>The territory in a folder for QField or Lizmap, corrections included.</source>
      <translation>Le territoire dans un dossier pour QField ou Lizmap, corrections comprises.</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Read the field back…</source>
      <translation>Relire le terrain…</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>The folders that agents bring back, into this list.</source>
      <translation>Les dossiers que les agents rapportent, dans cette liste.</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Editions…</source>
      <translation>Éditions…</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>What changed between two editions of a referential, on the map and as a note.</source>
      <translation>Ce qui a changé entre deux éditions d'un référentiel, sur la carte et en note.</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Send again</source>
      <translation>Renvoyer</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Withdraw</source>
      <translation>Retirer</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Send now</source>
      <translation>Envoyer</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Ask for answers</source>
      <translation>Lire les réponses</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Hand over…</source>
      <translation>Transmettre…</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>{count} needs you|{count} need you</source>
      <translation>{count} à reprendre par vous</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>{count} to be sent</source>
      <translation>{count} à envoyer</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>{count} without answer yet</source>
      <translation>{count} encore sans réponse</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Corrections: {counts}.</source>
      <translation>Corrections : {counts}.</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>The registry does not have this service any more: withdraw the correction.</source>
      <translation>Le référentiel n'a plus ce service : retirez la correction.</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>Compare…</source>
      <translation>Comparer…</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>The registry may already have this correction. Have you checked that it has not?</source>
      <translation>Le référentiel a peut-être déjà cette correction. Avez-vous vérifié qu'il ne l'a pas ?</translation>
    </message>
    <message>
      <location filename="ui/page_corrections.py" />
      <source>{names}: takes no corrections over the network. Choose “Hand over…”.</source>
      <translation>{names} : pas de corrections reçues par le réseau. Choisissez « Transmettre… ».</translation>
    </message>
    <message>
      <location filename="ui/page_referential.py" />
      <source>Manage connections</source>
      <translation>Gérer les connexions</translation>
    </message>
    <message>
      <location filename="ui/page_referential.py" />
      <source>Counting services</source>
      <translation>Compte des services</translation>
    </message>
    <message>
      <location filename="ui/page_referential.py" />
      <source>Remove {count} service all the same|Remove {count} services all the same</source>
      <translation>Retirer quand même {count} service|Retirer quand même {count} services</translation>
    </message>
    <message>
      <location filename="ui/page_referential.py" />
      <source>Load services</source>
      <translation>Charger les services</translation>
    </message>
    <message>
      <location filename="ui/page_referential.py" />
      <source>Tick a category to load its services</source>
      <translation>Cochez ce qui est à charger</translation>
    </message>
    <message>
      <location filename="ui/page_referential.py" />
      <source>Load {count} service|Load {count} services</source>
      <translation>Charger {count} service|Charger {count} services</translation>
    </message>
    <message>
      <location filename="ui/page_referential.py" />
      <source>Reading {source}…</source>
      <translation>Lecture de {source}…</translation>
    </message>
    <message>
      <location filename="ui/page_referential.py" />
      <source>{added} added, {changed} changed, {removed} closed or gone since the last reading.</source>
      <translation>Depuis la dernière lecture – ajouts : {added} ; modifications : {changed} ; fermetures ou retraits : {removed}.</translation>
    </message>
    <message>
      <location filename="ui/page_referential.py" />
      <source>Services – {place}</source>
      <translation>Services – {place}</translation>
    </message>
    <message>
      <location filename="ui/places_table.py" />
      <source>Places proposed</source>
      <translation>Lieux proposés</translation>
    </message>
    <message>
      <location filename="ui/places_table.py" />
      <source>Place on the network</source>
      <translation>Lieu sur le réseau</translation>
    </message>
    <message>
      <location filename="ui/progress_row.py" />
      <source>Progress</source>
      <translation>Avancement</translation>
    </message>
    <message>
      <location filename="ui/proposal_preview.py" />
      <source>Nothing differs in the pairs that are sure or accepted.</source>
      <translation>Rien ne diffère dans les paires sûres ou acceptées.</translation>
    </message>
    <message>
      <location filename="ui/proposal_preview.py" />
      <source>Corrections to propose</source>
      <translation>Corrections à proposer</translation>
    </message>
    <message>
      <location filename="ui/proposal_preview.py" />
      <source>Put them in my outbox</source>
      <translation>Les placer dans ma boîte d'envoi</translation>
    </message>
    <message>
      <location filename="ui/proposal_preview.py" />
      <source>moved</source>
      <translation>déplacé</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>{count} link written to {path}.|{count} links written to {path}.</source>
      <translation>{count} lien écrit dans {path}.|{count} liens écrits dans {path}.</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>{count} correction is in your outbox; send it from the page Corrections.|{count} corrections are in your outbox; send them from the page Corrections.</source>
      <translation>{count} correction est dans votre boîte d'envoi ; envoyez-la depuis la page Corrections.|{count} corrections sont dans votre boîte d'envoi ; envoyez-les depuis la page Corrections.</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>{count} was there already.|{count} were there already.</source>
      <translation>{count} y était déjà.|{count} y étaient déjà.</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Put in my outbox…</source>
      <translation>Mettre dans ma boîte d'envoi…</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Empty fields that others fill</source>
      <translation>Champs vides que d'autres remplissent</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Values that the referential does not show</source>
      <translation>Valeurs que le référentiel ne retient pas</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Positions in doubt that another has to the address</source>
      <translation>Positions douteuses qu'un autre a à l'adresse</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Records of the same place</source>
      <translation>Fiches d'un même lieu</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Establishments closed by Sirene</source>
      <translation>Établissements fermés selon Sirene</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Quality of a referential</source>
      <translation>Qualité d'un référentiel</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Bridge…</source>
      <translation>Passerelle…</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Establishments of Sirene (optional)</source>
      <translation>Établissements de Sirene (facultatif)</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Look</source>
      <translation>Regarder</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>See the page</source>
      <translation>Voir la page</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Which identifier stands for which record of which producer: CSV or Parquet.</source>
      <translation>Quel identifiant vaut quelle fiche de quel producteur : CSV ou Parquet.</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Choose…</source>
      <translation>Choisir…</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>Choose a producer, what it should correct, and the registry it goes to.</source>
      <translation>Choisissez un producteur, ce qu'il a à corriger et le référentiel à qui cela va.</translation>
    </message>
    <message>
      <location filename="ui/quality_dialog.py" />
      <source>The page is written</source>
      <translation>La page est écrite</translation>
    </message>
    <message>
      <location filename="ui/result_groups.py" />
      <source>Kept: the next answer stands beside it. A click lets it go.</source>
      <translation>Gardé : la réponse suivante se met à côté. Un clic le laisse partir.</translation>
    </message>
    <message>
      <location filename="ui/result_groups.py" />
      <source>The next answer of this kind takes its place. A click keeps it.</source>
      <translation>La prochaine réponse de ce genre prend sa place. Un clic la garde.</translation>
    </message>
    <message>
      <location filename="ui/results_keeper.py" />
      <source>{count} result is temporary: it will be empty when the project is opened again.|{count} results are temporary: they will be empty when the project is opened again.</source>
      <translation>{count} résultat est temporaire : il sera vide à la prochaine ouverture du projet.|{count} résultats sont temporaires : ils seront vides à la prochaine ouverture du projet.</translation>
    </message>
    <message>
      <location filename="ui/results_keeper.py" />
      <source>Keep beside the project</source>
      <translation>Enregistrer à côté du projet</translation>
    </message>
    <message>
      <location filename="ui/review_cases.py" />
      <source>same service</source>
      <translation>même service</translation>
    </message>
    <message>
      <location filename="ui/review_cases.py" />
      <source>not the same</source>
      <translation>pas le même</translation>
    </message>
    <message>
      <location filename="ui/review_cases.py" />
      <source>sure</source>
      <translation>sûre</translation>
    </message>
    <message>
      <location filename="ui/review_cases.py" />
      <source>to check</source>
      <translation>à vérifier</translation>
    </message>
    <message>
      <location filename="ui/review_cases.py" />
      <source>only in my list</source>
      <translation>seulement dans ma liste</translation>
    </message>
    <message>
      <location filename="ui/review_cases.py" />
      <source>Decision</source>
      <translation>Décision</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>Choose your list and a layer of services, then match them.</source>
      <translation>Choisissez votre liste et une couche de services, puis rapprochez-les.</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>My list against the referential</source>
      <translation>Ma liste face au référentiel</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>Matching…</source>
      <translation>Rapprochement en cours…</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>Click the same service of the referential on the map.</source>
      <translation>Cliquez sur la carte sur le même service du référentiel.</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>Shown</source>
      <translation>Affichage</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>All</source>
      <translation>Tout</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>Same service (A)</source>
      <translation>Même service (A)</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>Not the same (R)</source>
      <translation>Pas le même (R)</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>Link on the map (L)</source>
      <translation>Lier sur la carte (L)</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>Undo (Z)</source>
      <translation>Annuler la décision (Z)</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>Propose corrections…</source>
      <translation>Proposer des corrections…</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>Lists</source>
      <translation>Listes</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>Choose your list and a layer of services.</source>
      <translation>Choisissez votre liste et une couche de services.</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>This service is not in the layer that your list was matched with.</source>
      <translation>Ce service n'est pas dans la couche avec laquelle votre liste a été rapprochée.</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>To check</source>
      <translation>À vérifier</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>Sure</source>
      <translation>Sûres</translation>
    </message>
    <message>
      <location filename="ui/review_dock.py" />
      <source>{sure} sure pairs, {check} to check ({left} left), {new} only in your list.</source>
      <translation>Paires sûres : {sure}, à vérifier : {check} (dont {left} restantes) ; lignes seulement dans votre liste : {new}.</translation>
    </message>
    <message>
      <location filename="ui/review_lists.py" />
      <source>Category of my whole list</source>
      <translation>Catégorie de toute ma liste</translation>
    </message>
    <message>
      <location filename="ui/review_lists.py" />
      <source>as the list says</source>
      <translation>selon la liste</translation>
    </message>
    <message>
      <location filename="ui/review_lists.py" />
      <source>by category</source>
      <translation>selon la catégorie</translation>
    </message>
    <message>
      <location filename="ui/review_lists.py" />
      <source>Farthest that two positions of one place may be</source>
      <translation>Distance maximale entre deux positions d'un même lieu</translation>
    </message>
    <message>
      <location filename="ui/review_lists.py" />
      <source>Match</source>
      <translation>Rapprocher</translation>
    </message>
    <message>
      <location filename="ui/review_lists.py" />
      <source>Farthest</source>
      <translation>Distance maximale</translation>
    </message>
    <message>
      <location filename="ui/review_lists.py" />
      <source>Fields of my list, as guessed; change what is wrong.</source>
      <translation>Champs de ma liste, tels que devinés ; modifiez ce qui est faux.</translation>
    </message>
    <message>
      <location filename="ui/runner.py" />
      <source>Stopped. What was finished is kept.</source>
      <translation>Arrêté. Ce qui était terminé est gardé.</translation>
    </message>
    <message>
      <location filename="ui/runner.py" />
      <source>The computation did not end well.</source>
      <translation>Le calcul ne s'est pas bien terminé.</translation>
    </message>
    <message>
      <location filename="ui/scenario_acts.py" />
      <source>Move a place</source>
      <translation>Déplacer un lieu</translation>
    </message>
    <message>
      <location filename="ui/scenario_acts.py" />
      <source>Close a place</source>
      <translation>Fermer un lieu</translation>
    </message>
    <message>
      <location filename="ui/scenario_acts.py" />
      <source>Add {count} place|Add {count} places</source>
      <translation>Ajouter {count} lieu|Ajouter {count} lieux</translation>
    </message>
    <message>
      <location filename="ui/scenario_acts.py" />
      <source>Change hours</source>
      <translation>Changer des horaires</translation>
    </message>
    <message>
      <location filename="ui/scenario_bar.py" />
      <source>Add</source>
      <translation>Ajouter</translation>
    </message>
    <message>
      <location filename="ui/scenario_bar.py" />
      <source>Move it</source>
      <translation>Déplacer</translation>
    </message>
    <message>
      <location filename="ui/scenario_bar.py" />
      <source>Hours…</source>
      <translation>Horaires…</translation>
    </message>
    <message>
      <location filename="ui/scenario_bar.py" />
      <source>Undo</source>
      <translation>Annuler</translation>
    </message>
    <message>
      <location filename="ui/scenario_bar.py" />
      <source>Redo</source>
      <translation>Rétablir</translation>
    </message>
    <message>
      <location filename="ui/scenario_layers.py" />
      <source>Scenario {number}</source>
      <translation>Scénario {number}</translation>
    </message>
    <message>
      <location filename="ui/scenario_map.py" />
      <source>Minutes gained and lost</source>
      <translation>Minutes gagnées et perdues</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>Move, add or close sites on the map: the effect shows here as you go.</source>
      <translation>Déplacez, ajoutez ou fermez des lieux sur la carte : l'effet s'affiche ici au fur et à mesure.</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>Start a scenario</source>
      <translation>Commencer un scénario</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>A copy of the services to edit. To go on with the last scenario of these services: the button above; with another one: choose its layer as services (page Access).</source>
      <translation>Une copie des services à modifier. Pour reprendre le dernier scénario de ces services : le bouton au-dessus ; un autre : choisissez sa couche comme services (page Accès).</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>Compare</source>
      <translation>Comparer</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>Who gains and who loses, on the map and by zone</source>
      <translation>Qui gagne et qui perd, sur la carte et par zone</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>Getting ready: roads and people are being read…</source>
      <translation>Préparation : lecture des routes et des habitants…</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>Getting a scenario ready</source>
      <translation>Préparation d'un scénario</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>Effect of the scenario</source>
      <translation>Effet du scénario</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>Comparing…</source>
      <translation>Comparaison en cours…</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>The roads are as they are again: those of the scenario were changed on other ones.</source>
      <translation>Les routes sont de nouveau celles d'aujourd'hui : celles du scénario avaient été changées sur d'autres.</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>Hours count once the page Access asks for a day and an hour.</source>
      <translation>Les horaires comptent quand la page Accès demande un jour et une heure.</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>The scenario changes nothing so far.</source>
      <translation>Le scénario ne change rien pour l'instant.</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>Go on with “{name}”</source>
      <translation>Reprendre « {name} »</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>There is no place of the scenario here.</source>
      <translation>Il n'y a pas de lieu du scénario ici.</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>Ready. Move, add or delete a site of the layer “{name}”.</source>
      <translation>Prêt. Déplacez, ajoutez ou supprimez un lieu de la couche « {name} ».</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>{service}: figures</source>
      <translation>{service} : chiffres</translation>
    </message>
    <message>
      <location filename="ui/scenario_panel.py" />
      <source>{service}: by zone</source>
      <translation>{service} : par zone</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>{count} road is changed in the scenario.|{count} roads are changed in the scenario.</source>
      <translation>{count} route change dans le scénario.|{count} routes changent dans le scénario.</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>The roads are being changed…</source>
      <translation>Les routes sont modifiées…</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>Roads of the scenario</source>
      <translation>Routes du scénario</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>Close a road</source>
      <translation>Fermer une route</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>Close an area</source>
      <translation>Fermer une zone</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>One way</source>
      <translation>Sens unique</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>Another speed</source>
      <translation>Autre vitesse</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source> km/h</source>
      <translation> km/h</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>Speed of the road</source>
      <translation>Vitesse de la route</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>Take the last act back</source>
      <translation>Annuler le dernier geste</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>Roads as they are</source>
      <translation>Routes actuelles</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>There is no road here.</source>
      <translation>Il n'y a pas de route ici.</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>Each click on the map closes the nearest road, both ways; Escape to leave.</source>
      <translation>Chaque clic sur la carte ferme la route la plus proche, dans les deux sens ; Échap pour quitter.</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>Click around an area (flood, works): its roads are closed. A right click ends it.</source>
      <translation>Cliquez le tour d'une zone (crue, travaux) : ses routes sont fermées. Un clic droit la termine.</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>Each click on the map makes the nearest road one-way, or turns it round; Escape to leave.</source>
      <translation>Chaque clic sur la carte met la route la plus proche en sens unique, ou retourne ce sens ; Échap pour quitter.</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>Click along a new road, of this speed: it joins others at its ends. A right click ends it.</source>
      <translation>Cliquez le long d'une nouvelle route, de cette vitesse : elle rejoint les autres à ses bouts. Un clic droit la termine.</translation>
    </message>
    <message>
      <location filename="ui/scenario_roads.py" />
      <source>Each click on the map gives the nearest road this speed; Escape to leave.</source>
      <translation>Chaque clic sur la carte donne cette vitesse à la route la plus proche ; Échap pour quitter.</translation>
    </message>
    <message>
      <location filename="ui/scenario_tool.py" />
      <source>Each click on the map adds a place of the current service; Escape to leave.</source>
      <translation>Chaque clic sur la carte ajoute un lieu du service courant ; Échap pour quitter.</translation>
    </message>
    <message>
      <location filename="ui/scenario_tool.py" />
      <source>Drag a place, or click it and then where it goes; Escape to leave.</source>
      <translation>Faites glisser un lieu, ou cliquez-le puis cliquez où il va ; Échap pour quitter.</translation>
    </message>
    <message>
      <location filename="ui/scenario_tool.py" />
      <source>Each click on a place closes it; Escape to leave.</source>
      <translation>Chaque clic sur un lieu le ferme ; Échap pour quitter.</translation>
    </message>
    <message>
      <location filename="ui/scenario_tool.py" />
      <source>Click a place to change its hours; Escape to leave.</source>
      <translation>Cliquez un lieu pour changer ses horaires ; Échap pour quitter.</translation>
    </message>
    <message>
      <location filename="ui/scenario_view.py" />
      <source>Minutes gained and lost on the map</source>
      <translation>Minutes gagnées et perdues sur la carte</translation>
    </message>
    <message>
      <location filename="ui/scenario_view.py" />
      <source>{service}: minutes, against today</source>
      <translation>{service} : minutes, par rapport à aujourd'hui</translation>
    </message>
    <message>
      <location filename="ui/scenario_zones.py" />
      <source>Who gains and who loses, by zone</source>
      <translation>Qui gagne et qui perd, par zone</translation>
    </message>
    <message>
      <location filename="ui/scenario_zones.py" />
      <source>gain</source>
      <translation>gagnent</translation>
    </message>
    <message>
      <location filename="ui/scenario_zones.py" />
      <source>Inhabitants who come nearer, or who get access</source>
      <translation>Habitants qui se rapprochent, ou qui obtiennent un accès</translation>
    </message>
    <message>
      <location filename="ui/scenario_zones.py" />
      <source>lose</source>
      <translation>perdent</translation>
    </message>
    <message>
      <location filename="ui/scenario_zones.py" />
      <source>Inhabitants who get farther, or who lose all access</source>
      <translation>Habitants qui s'éloignent, ou qui perdent tout accès</translation>
    </message>
    <message>
      <location filename="ui/scenario_zones.py" />
      <source>min</source>
      <translation>min</translation>
    </message>
    <message>
      <location filename="ui/scenario_zones.py" />
      <source>Mean change for those whose journey changes (minutes)</source>
      <translation>Changement moyen pour ceux dont le trajet change (minutes)</translation>
    </message>
    <message>
      <location filename="ui/series_chart.py" />
      <source>Share of people beyond the threshold over the dates</source>
      <translation>Part des habitants au-delà du seuil, au fil des dates</translation>
    </message>
    <message>
      <location filename="ui/series_chart.py" />
      <source>{zone}, {date}: {share} %</source>
      <translation>{zone}, {date} : {share} %</translation>
    </message>
    <message>
      <location filename="ui/setting_field.py" />
      <source>The variable {variable} says “{text}”, which means nothing here: it does not count.</source>
      <translation>La variable {variable} vaut « {text} », ce qui n'a pas de sens ici : elle ne compte pas.</translation>
    </message>
    <message>
      <location filename="ui/setting_field.py" />
      <source>imposed by the administrator ({variable})</source>
      <translation>imposé par l'administrateur ({variable})</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>A scheduler's address begins with tcp:// or tls://, and names a machine and its port.</source>
      <translation>L'adresse d'un ordonnanceur commence par tcp:// ou tls://, puis nomme une machine et son port.</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>This computer, on the roads given</source>
      <translation>Cet ordinateur, sur les routes données</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Empty what is kept</source>
      <translation>Vider le cache</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Stays, because a computation or a tool works with it: {what}. End it, then empty again.</source>
      <translation>Reste, parce qu'un calcul ou un outil s'en sert : {what}. Terminez-le, puis videz à nouveau.</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>What is kept in the folder of now stays there: empty it first to have its room back.</source>
      <translation>Le contenu du dossier actuel y restera : videz-le d'abord pour récupérer la place.</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>What it says there</source>
      <translation>Ce qui s'y écrit</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>No correction waits to be sent.</source>
      <translation>Aucune correction n'attend d'être envoyée.</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Computed by default by</source>
      <translation>Calculées par défaut par</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Try</source>
      <translation>Essayer</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Computing elsewhere</source>
      <translation>Calculer ailleurs</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Dask scheduler (empty: this computer)</source>
      <translation>Ordonnanceur Dask (vide : cet ordinateur)</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Kept to work faster</source>
      <translation>Cache</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Folder</source>
      <translation>Dossier</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Empty…</source>
      <translation>Vider…</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Content</source>
      <translation>Contenu</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Deleting…</source>
      <translation>Suppression…</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Report</source>
      <translation>Rapport</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Layout of the atlas (.qpt)</source>
      <translation>Mise en page de l'atlas (.qpt)</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>the plugin's own</source>
      <translation>celle de l'extension</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Addresses are asked of</source>
      <translation>Géocodeur</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Outbox</source>
      <translation>Boîte d'envoi</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Open the folder of the outbox</source>
      <translation>Ouvrir le dossier de la boîte d'envoi</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Message log of QGIS</source>
      <translation>Journal des messages de QGIS</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Corrections waiting to be sent: {count}.</source>
      <translation>Corrections en attente d'envoi : {count}.</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Address of {server}</source>
      <translation>Adresse de {server}</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Authentication of {server}</source>
      <translation>Authentification pour {server}</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Give the address of the server first.</source>
      <translation>Donnez d'abord l'adresse du serveur.</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Try {server}</source>
      <translation>Essayer {server}</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Roads, outlines and inhabitants (WFS)</source>
      <translation>Routes, contours et habitants (WFS)</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Populations of communes</source>
      <translation>Populations des communes</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Populations of communes, else</source>
      <translation>Populations des communes, sinon</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Catalogue of public transport</source>
      <translation>Catalogue des transports</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Base map (WMTS)</source>
      <translation>Fond de plan (WMTS)</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>Nothing yet.</source>
      <translation>Encore vide.</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>This will be deleted from {folder}, and made again when it is needed:

{parts}

Services, scenarios, decisions and corrections stay. Delete?</source>
      <translation>Ceci sera supprimé de {folder}, puis refait au besoin :

{parts}

Services, scénarios, décisions et corrections restent. Supprimer ?</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>{size} free again.</source>
      <translation>{size} libérés.</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>errors only</source>
      <translation>les erreurs seulement</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>errors and warnings</source>
      <translation>les erreurs et les avertissements</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>everything: requests, networks built, corrections sent</source>
      <translation>tout : requêtes, réseaux construits, corrections envoyées</translation>
    </message>
    <message>
      <location filename="ui/settings_boxes.py" />
      <source>{size}: {parts}.</source>
      <translation>{size} : {parts}.</translation>
    </message>
    <message>
      <location filename="ui/territory_layers.py" />
      <source>Intercommunalities – {place}</source>
      <translation>Intercommunalités – {place}</translation>
    </message>
    <message>
      <location filename="ui/territory_layers.py" />
      <source>Communes – {place}</source>
      <translation>Communes – {place}</translation>
    </message>
    <message>
      <location filename="ui/territory_layers.py" />
      <source>Roads – {place}</source>
      <translation>Routes – {place}</translation>
    </message>
    <message>
      <location filename="ui/territory_layers.py" />
      <source>Inhabitants – {place}</source>
      <translation>Habitants – {place}</translation>
    </message>
    <message>
      <location filename="ui/territory_picker.py" />
      <source>Delete or a double click removes the territory; none chosen means everywhere.</source>
      <translation>Suppr ou un double clic retire le territoire ; sans choix, tout le pays.</translation>
    </message>
    <message>
      <location filename="ui/territory_picker.py" />
      <source>region</source>
      <translation>région</translation>
    </message>
    <message>
      <location filename="ui/territory_picker.py" />
      <source>département</source>
      <translation>département</translation>
    </message>
    <message>
      <location filename="ui/territory_picker.py" />
      <source>intercommunality</source>
      <translation>intercommunalité</translation>
    </message>
    <message>
      <location filename="ui/territory_picker.py" />
      <source>commune</source>
      <translation>commune</translation>
    </message>
    <message>
      <location filename="ui/territory_picker.py" />
      <source>municipal arrondissement</source>
      <translation>arrondissement municipal</translation>
    </message>
    <message>
      <location filename="ui/territory_picker.py" />
      <source>former commune</source>
      <translation>ancienne commune</translation>
    </message>
    <message>
      <location filename="ui/territory_picker.py" />
      <source>Commune, intercommunality, département or region…</source>
      <translation>Commune, intercommunalité, département ou région…</translation>
    </message>
    <message>
      <location filename="ui/territory_picker.py" />
      <source>Chosen territories</source>
      <translation>Territoires choisis</translation>
    </message>
    <message>
      <location filename="ui/territory_picker.py" />
      <source>{label} — {kind}, {population} inhabitants</source>
      <translation>{label} — {kind}, {population} habitants</translation>
    </message>
    <message>
      <location filename="ui/transit_fields.py" />
      <source>timetable of the day</source>
      <translation>offre du jour</translation>
    </message>
    <message>
      <location filename="ui/transit_fields.py" />
      <source>Make it…</source>
      <translation>La faire…</translation>
    </message>
    <message>
      <location filename="ui/transit_fields.py" />
      <source>From GTFS feeds, for one day: opens “Build the public transport timetable”.</source>
      <translation>À partir de jeux GTFS, pour un jour : ouvre « Construire l'offre de transport ».</translation>
    </message>
    <message>
      <location filename="ui/transit_fields.py" />
      <source>Feeds of my territory…</source>
      <translation>Ceux de mon territoire…</translation>
    </message>
    <message>
      <location filename="ui/transit_fields.py" />
      <source>From transport.data.gouv.fr: chosen, kept on this computer, brought up to date.</source>
      <translation>De transport.data.gouv.fr : choisis, gardés sur cet ordinateur, mis à jour.</translation>
    </message>
    <message>
      <location filename="ui/transit_fields.py" />
      <source>The week…</source>
      <translation>La semaine…</translation>
    </message>
    <message>
      <location filename="ui/transit_fields.py" />
      <source>Who can go and be back on each day, who depends on the car, which places have no stop.</source>
      <translation>Qui peut aller et revenir chaque jour, qui dépend de la voiture, quels lieux n'ont pas d'arrêt.</translation>
    </message>
    <message>
      <location filename="ui/transit_fields.py" />
      <source>Leaving between</source>
      <translation>Départ entre</translation>
    </message>
    <message>
      <location filename="ui/transit_fields.py" />
      <source>these are times of arrival</source>
      <translation>ce sont des heures d'arrivée</translation>
    </message>
    <message>
      <location filename="ui/two_answers.py" />
      <source>Two answers side by side</source>
      <translation>Deux réponses côte à côte</translation>
    </message>
    <message>
      <location filename="ui/two_answers.py" />
      <source>First answer</source>
      <translation>Première réponse</translation>
    </message>
    <message>
      <location filename="ui/two_answers.py" />
      <source>Second answer</source>
      <translation>Seconde réponse</translation>
    </message>
    <message>
      <location filename="ui/two_answers.py" />
      <source>One over the other, with a line to drag</source>
      <translation>L'une sur l'autre, avec une ligne à faire glisser</translation>
    </message>
    <message>
      <location filename="ui/two_answers.py" />
      <source>As the map of QGIS</source>
      <translation>Comme la carte de QGIS</translation>
    </message>
    <message>
      <location filename="ui/two_answers.py" />
      <source>Show what the main map shows</source>
      <translation>Montrer ce que montre la carte principale</translation>
    </message>
    <message>
      <location filename="ui/two_answers.py" />
      <source>Copy the picture</source>
      <translation>Copier l'image</translation>
    </message>
    <message>
      <location filename="ui/two_answers.py" />
      <source>The whole window into the clipboard, for a document</source>
      <translation>La fenêtre entière dans le presse-papiers, pour un document</translation>
    </message>
    <message>
      <location filename="ui/two_answers.py" />
      <source>Keep an answer, then ask another question: both are shown here.</source>
      <translation>Gardez une réponse, puis posez une autre question : les deux se voient ici.</translation>
    </message>
    <message>
      <location filename="ui/two_answers.py" />
      <source>People beyond the time, by zone:</source>
      <translation>Habitants au-delà du temps, par zone :</translation>
    </message>
    <message>
      <location filename="ui/week_grid.py" />
      <source>Same hours until Friday</source>
      <translation>Mêmes horaires jusqu'au vendredi</translation>
    </message>
    <message>
      <location filename="ui/week_grid.py" />
      <source>Copies the hours of the chosen day to the following ones, until Friday.</source>
      <translation>Recopie les horaires du jour choisi sur les suivants, jusqu'au vendredi.</translation>
    </message>
    <message>
      <location filename="ui/week_grid.py" />
      <source>opens</source>
      <translation>ouvre</translation>
    </message>
    <message>
      <location filename="ui/week_grid.py" />
      <source>closes</source>
      <translation>ferme</translation>
    </message>
    <message>
      <location filename="ui/week_grid.py" />
      <source>reopens</source>
      <translation>rouvre</translation>
    </message>
    <message>
      <location filename="ui/week_grid.py" />
      <source>These hours do not fit in a week: {text}</source>
      <translation>Ces horaires ne tiennent pas dans une semaine : {text}</translation>
    </message>
    <message>
      <location filename="ui/week_grid.py" />
      <source>{day}: write times as 9:00 or 9h30.</source>
      <translation>{day} : écrivez les heures sous la forme 9:00 ou 9h30.</translation>
    </message>
    <message>
      <location filename="ui/week_grid.py" />
      <source>{day}: the second opening begins before the first ends.</source>
      <translation>{day} : la seconde ouverture commence avant la fin de la première.</translation>
    </message>
    <message>
      <location filename="ui/week_grid.py" />
      <source>{day}: an opening needs its closing.</source>
      <translation>{day} : il manque la fermeture d'une ouverture.</translation>
    </message>
    <message>
      <location filename="ui/week_map.py" />
      <source>Through the week</source>
      <translation>Au fil de la semaine</translation>
    </message>
    <message>
      <location filename="ui/week_map.py" />
      <source>{moment}: {share} % of the people are more than {minutes} min from an open place ({service}, {travel}).</source>
      <translation>{moment} : {share} % des habitants sont à plus de {minutes} min d'un lieu ouvert ({service}, {travel}).</translation>
    </message>
    <message>
      <location filename="ui/week_map.py" />
      <source>{count} place of unknown hours counts as closed.|{count} places of unknown hours count as closed.</source>
      <translation>{count} lieu aux horaires inconnus compte comme fermé.|{count} lieux aux horaires inconnus comptent comme fermés.</translation>
    </message>
    <message>
      <location filename="ui/week_map.py" />
      <source>Through the week…</source>
      <translation>Au fil de la semaine…</translation>
    </message>
    <message>
      <location filename="ui/week_map.py" />
      <source>Day and hour as sliders; the map shows who is far from an open place then.</source>
      <translation>Le jour et l'heure en curseurs ; la carte montre qui est alors loin d'un lieu ouvert.</translation>
    </message>
    <message>
      <location filename="ui/week_map.py" />
      <source>Day</source>
      <translation>Jour</translation>
    </message>
    <message>
      <location filename="ui/week_map.py" />
      <source>The hours of no place are known for: {category}. Nobody can say who is far at what hour.</source>
      <translation>Aucun lieu n'a d'horaires connus pour : {category}. Nul ne peut dire qui est loin à quelle heure.</translation>
    </message>
    <message>
      <location filename="ui/week_map.py" />
      <source>{day} {hour}:00 to {next}:00</source>
      <translation>{day} de {hour} h à {next} h</translation>
    </message>
    <message>
      <location filename="ui/week_map.py" />
      <source>The darker, the more people near an open place:</source>
      <translation>Plus c'est foncé, plus d'habitants sont proches d'un lieu ouvert :</translation>
    </message>
    <message>
      <location filename="ui/welcome.py" />
      <source>Welcome. This panel follows the work from left to right: load services, measure who is far from what, find where to open, propose corrections.</source>
      <translation>Bienvenue. De gauche à droite : charger les services, mesurer qui est loin de quoi, trouver où ouvrir, proposer des corrections.</translation>
    </message>
    <message>
      <location filename="ui/welcome.py" />
      <source>Try it on the demonstration territory</source>
      <translation>Voir la démonstration</translation>
    </message>
    <message>
      <location filename="ui/welcome.py" />
      <source>Start with my own</source>
      <translation>Commencer avec mon territoire</translation>
    </message>
    <message>
      <location filename="ui/welcome.py" />
      <source>Demonstration – communes</source>
      <translation>Démonstration – communes</translation>
    </message>
    <message>
      <location filename="ui/welcome.py" />
      <source>Demonstration – roads</source>
      <translation>Démonstration – routes</translation>
    </message>
    <message>
      <location filename="ui/welcome.py" />
      <source>Demonstration – inhabitants</source>
      <translation>Démonstration – habitants</translation>
    </message>
    <message>
      <location filename="ui/welcome.py" />
      <source>Demonstration – services</source>
      <translation>Démonstration – services</translation>
    </message>
  </context>
</TS>
