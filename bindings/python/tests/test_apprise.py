"""Delivery through Apprise, against a service that really listens."""

from __future__ import annotations

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from kentongan import Alert, Policy
from kentongan.apprise import Channels
from kentongan.asyncio import Host, ManualClock, MemoryJournal

from .conftest import AT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Service(BaseHTTPRequestHandler):
    taken: list[tuple[str, Any]] = []
    answer = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((self.path, json.loads(body)))
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def service() -> Any:
    Service.taken, Service.answer = [], 200
    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def page(policy: Policy, channels: Channels) -> MemoryJournal:
    journal = MemoryJournal()

    async def test() -> None:
        async with Host(policy, channels, journal=journal, clock=ManualClock(AT)) as host:
            await host.apply(Alert("a1", service="checkout", summary="Payments fail"))
            await host.idle()

    asyncio.run(asyncio.wait_for(test(), 60))
    return journal


def test_a_page_arrives_with_its_words(shop: Policy, service: HTTPServer) -> None:
    journal = page(shop, Channels({"pager": f"json://127.0.0.1:{service.server_port}/{{address}}"}))

    (path, message), *others = Service.taken
    assert (path, message["type"], others) == ("/ana-1", "failure", [])
    assert "Payments fail" in message["title"] + message["message"]
    assert journal.entries[-1].input.to_dict()["outcome"] == "delivered"


def test_what_the_service_refuses_goes_on_to_the_next_way(shop: Policy, service: HTTPServer) -> None:
    Service.answer = 500
    journal = page(shop, Channels({"pager": f"json://127.0.0.1:{service.server_port}/{{address}}"}))

    details = [entry.input.to_dict().get("detail", "") for entry in journal.entries]
    assert any("did not take it" in detail for detail in details)
    assert any("no service for channel `sms`" in detail for detail in details)


def test_a_url_that_is_none_is_told(shop: Policy) -> None:
    journal = page(shop, Channels({"pager": "no-such-service://x"}))
    assert "does not know the URL" in journal.entries[1].input.to_dict()["detail"]
