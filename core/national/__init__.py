"""All of a country at once, without QGIS: territory by territory, on one machine or many, as one run would answer.

`python -m carto_services_publics.core.national --help` is the program. `plan` reads the demand and the services and
parts them among territories; `territory` answers for one, on the roads around it, and proves its answer; `cluster`
spreads the territories over processes; `tables` writes what was found.
"""
