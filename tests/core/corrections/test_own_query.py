"""Corrections go to an address with its own query, which is kept with none of them."""

from __future__ import annotations

from unittest import mock

import requests
from carto_services_publics.core.corrections import items as items_module
from carto_services_publics.core.corrections.sender import Sender
from carto_services_publics.core.registry import Connection


def test_the_query_of_the_address_goes_with_each_request_and_into_no_reference():
    connection = Connection("t", "ogcapi", "https://x.example/ogc/?MAP=/srv/p.qgs&token=k&limit=5")
    sender = Sender(requests.Session(), connection, mock.Mock())
    with mock.patch.object(items_module, "exchange") as exchange:
        sender._exchange("POST", sender._items("corrections"))
    assert exchange.call_args[0][2] == "https://x.example/ogc/collections/corrections/items?MAP=/srv/p.qgs&token=k"
    answer = requests.Response()
    answer.url = "https://x.example/ogc/collections/corrections/items?MAP=/srv/p.qgs&token=k"
    answer.headers["Location"] = "https://x.example/ogc/collections/corrections/items/7?MAP=/srv/p.qgs&token=k"
    assert sender._location(answer) == "https://x.example/ogc/collections/corrections/items/7"
