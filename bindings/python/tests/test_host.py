"""The host on asyncio: it keeps time, journals before it acts, reports, and comes back after a crash."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Awaitable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kentongan import (
    Acknowledge,
    Alert,
    Effect,
    Engine,
    Entry,
    JournalError,
    KentonganError,
    Notify,
    OpenChannel,
    Policy,
    Rejected,
    Reload,
)
from kentongan.asyncio import Host, ManualClock, MemoryJournal, again
from kentongan.inputs import Report

from .conftest import AT, ROOT, SHOP, break_down

DOWN = Alert("a1", service="checkout", summary="Payments fail")


def run(test: Coroutine[Any, Any, None]) -> None:
    # Generous, for a machine that is busy with much else.
    asyncio.run(asyncio.wait_for(test, 300))


class Desk:
    """A handler that remembers what it was handed."""

    def __init__(self, broken: str = "") -> None:
        self.seen: list[Effect] = []
        self.broken = broken

    async def __call__(self, effect: Effect) -> None:
        self.seen.append(effect)
        if isinstance(effect, Notify) and effect.channel == self.broken:
            raise ConnectionError("503")

    def told(self) -> list[tuple[str, str]]:
        return [(one.channel, one.to) for one in self.seen if isinstance(one, Notify)]


def test_a_page_that_nobody_answers_escalates_on_time(shop: Policy) -> None:
    async def test() -> None:
        clock, desk = ManualClock(AT), Desk()
        async with Host(shop, desk, journal=MemoryJournal(), clock=clock) as host:
            await host.apply(DOWN)
            await host.idle()
            assert desk.told() == [("pager", "ana")]
            clock.advance(timedelta(minutes=15))
            await host.idle()
            assert ("pager", "ben") in desk.told()
            assert host.engine.pending() == ()
            desk.seen.clear()
            await host.apply(Acknowledge(host.engine.incidents()[0].id, by="ben"))
            clock.advance(timedelta(minutes=14))
            await host.idle()
            assert [one for one in desk.told() if one[0] == "pager"] == []

    run(test())


def test_a_failed_delivery_goes_on_to_the_next_way_with_what_the_transport_said(shop: Policy) -> None:
    async def test() -> None:
        desk, journal = Desk(broken="pager"), MemoryJournal()
        async with Host(shop, desk, journal=journal, clock=ManualClock(AT)) as host:
            await host.apply(DOWN)
            await host.idle()
        assert desk.told()[:2] == [("pager", "ana"), ("sms", "ana")]
        reports = [entry.input for entry in journal.entries if isinstance(entry.input, Report)]
        assert (reports[0].outcome, reports[0].detail) == ("failed", "ConnectionError: 503")
        assert reports[1].outcome == "delivered"

    run(test())


@pytest.mark.parametrize(
    ("result", "name"), [("#taken-2", "#taken-2"), (None, None), ("", None), ("#" * 9_000, None), (7, None)]
)
@pytest.mark.parametrize("plain", [False, True])
def test_a_channel_is_where_its_handler_says_that_it_was_opened(
    kreki: Policy, plain: bool, result: object, name: str | None
) -> None:
    asked: list[str] = []

    def deliver(effect: Effect) -> object:
        if not isinstance(effect, OpenChannel):
            return "not a channel"
        asked.append(effect.name)
        return result

    async def deliver_later(effect: Effect) -> object:
        return deliver(effect)

    async def test() -> None:
        handler = deliver if plain else deliver_later
        async with Host(kreki, handler, journal=MemoryJournal(), clock=ManualClock(AT)) as host:
            await host.apply(Alert("a1", service="panic-button", labels={"impact": "outage"}))
            await host.idle()
            (incident,) = host.engine.incidents()
            assert incident.channel == (name or asked[0])
            assert host.engine.pending() == ()

    run(test())


def test_a_delivery_that_hangs_is_given_up_and_holds_nobody_up(shop: Policy) -> None:
    async def test() -> None:
        told: list[str] = []

        async def handler(effect: Effect) -> None:
            if isinstance(effect, Notify):
                told.append(effect.channel)
                if effect.channel == "pager":
                    await asyncio.Event().wait()

        timeout = timedelta(milliseconds=50)
        async with Host(shop, handler, journal=MemoryJournal(), clock=ManualClock(AT), delivery_timeout=timeout) as host:
            await host.apply(DOWN)
            await host.idle()
        assert told[:2] == ["pager", "sms"]

    run(test())


@pytest.mark.parametrize("way", ["cancelled", "deaf"])
def test_a_delivery_that_is_cancelled_or_cannot_be_has_failed_as_any_other(shop: Policy, way: str) -> None:
    async def test() -> None:
        told: list[str] = []
        over = asyncio.Event()

        async def handler(effect: Effect) -> None:
            if isinstance(effect, Notify):
                told.append(effect.channel)
                if effect.channel == "pager" and way == "cancelled":
                    # As where a connection that several share is closed by another.
                    raise asyncio.CancelledError
                while effect.channel == "pager" and not over.is_set():
                    with contextlib.suppress(asyncio.CancelledError):
                        await over.wait()

        timeout = timedelta(milliseconds=50)
        journal = MemoryJournal()
        async with Host(shop, handler, journal=journal, clock=ManualClock(AT), delivery_timeout=timeout) as host:
            await host.apply(DOWN)
            await host.idle()
        over.set()
        assert told[:2] == ["pager", "sms"]
        (report, *_) = (entry.input for entry in journal.entries if isinstance(entry.input, Report))
        reason = "the handler was cancelled" if way == "cancelled" else "it took longer than 0.05 s"
        assert (report.outcome, report.detail) == ("failed", reason)

    run(test())


def test_a_clock_that_fails_ends_a_host_that_serves(shop: Policy) -> None:
    class Broken(ManualClock):
        async def sleep_until(self, at: datetime) -> None:
            raise OSError("no such clock")

    async def test() -> None:
        async with Host(shop, Desk(), journal=MemoryJournal(), clock=Broken(AT)) as host:
            await host.apply(DOWN)
            with pytest.raises(OSError, match="no such clock"):
                await host.run()

    run(test())


def test_a_plain_function_runs_in_a_thread(shop: Policy) -> None:
    async def test() -> None:
        told: list[str] = []

        def handler(effect: Effect) -> None:
            time.sleep(0.02)
            told.append(effect.kind)

        async with Host(shop, handler, journal=MemoryJournal(), clock=ManualClock(AT)) as host:
            await host.apply(DOWN)
            await host.idle()
            assert host.engine.pending() == ()
        assert told == ["notify"]

    run(test())


def test_handlers_that_hang_in_threads_hold_up_neither_the_journal_nor_the_clock(shop: Policy, tmp_path: Path) -> None:
    release = threading.Event()
    told: list[str] = []

    def handler(effect: Effect) -> None:
        if isinstance(effect, Notify):
            told.append(effect.to)
            release.wait(300)

    async def test() -> None:
        clock = ManualClock(AT)
        hour = timedelta(hours=1)
        async with Host(shop, handler, journal=tmp_path / "shop.journal", clock=clock, delivery_timeout=hour) as host:
            try:
                # More than any machine has threads of its own accord.
                for number in range(50):
                    await host.apply(Alert(f"a{number}", service="checkout"))
                assert len(host.engine.incidents()) == 50
                clock.advance(timedelta(minutes=15))
                while "ben" not in told:
                    await asyncio.sleep(0.01)
            finally:
                release.set()
            await host.idle()
            assert host.engine.pending() == ()

    run(test())


def test_a_restart_hands_out_what_was_not_reported_and_nothing_else(shop: Policy, tmp_path: Path) -> None:
    async def test(journal: Any) -> None:
        clock, desk = ManualClock(AT), Desk()
        async with Host(shop, desk, journal=journal, clock=clock) as host:
            await host.apply(DOWN)
            await host.idle()
        again = Desk()
        async with Host(shop, again, journal=journal, clock=clock) as host:
            await host.idle()
            assert again.seen == []
            assert len(host.engine.incidents()) == 1
            # A crash: the journal holds the alert, and nobody has reported.
        entries = [Entry(AT, Alert("a2", service="checkout"))]
        crashed, after = MemoryJournal(entries), Desk()
        async with Host(shop, after, journal=crashed, clock=clock) as host:
            await host.idle()
        assert after.told() == [("pager", "ana")]

    run(test(MemoryJournal()))
    run(test(tmp_path / "shop.journal"))


def test_a_journal_needs_two_methods_that_may_wait(shop: Policy) -> None:
    class Rows:
        def __init__(self) -> None:
            self.rows: list[str] = []

        async def load(self) -> list[Entry]:
            await asyncio.sleep(0)
            return [Entry.from_dict(json.loads(row)) for row in self.rows]

        async def append(self, entry: Entry) -> None:
            await asyncio.sleep(0)
            self.rows.append(json.dumps(entry.to_dict()))

    async def test() -> None:
        rows, clock = Rows(), ManualClock(AT)
        async with Host(shop, Desk(), journal=rows, clock=clock) as host:
            await host.receive((ROOT / "tests/fixtures/kreki/panic-button-down.json").read_bytes())
            await host.idle()
            before = host.engine.snapshot()
        async with Host(shop, Desk(), journal=rows, clock=clock) as host:
            assert host.engine.snapshot() == before

    run(test())


def test_nothing_happens_that_is_not_in_the_journal(shop: Policy) -> None:
    class Full:
        def load(self) -> list[Entry]:
            return []

        def append(self, entry: Entry) -> Awaitable[None] | None:
            raise JournalError("io", "the disk is full")

    async def test() -> None:
        desk = Desk()
        async with Host(shop, desk, journal=Full(), clock=ManualClock(AT)) as host:
            with pytest.raises(JournalError):
                await host.apply(DOWN)
            with pytest.raises(Rejected):
                await host.apply(Acknowledge("nothing", by="ana"))
            assert host.engine.incidents() == ()
        assert desk.seen == []

    run(test())


def test_a_store_that_is_away_is_tried_again(shop: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kentongan.asyncio.host._RETRY_SECONDS", 0.01)

    class Database(MemoryJournal):
        is_away = True
        refused = 0

        def append(self, entry: Entry) -> None:
            if self.is_away:
                self.refused += 1
                raise ConnectionError("no route to host")
            super().append(entry)

    async def test() -> None:
        clock, desk, database = ManualClock(AT), Desk(), Database()
        async with Host(shop, desk, journal=database, clock=clock) as host:
            with pytest.raises(JournalError, match="ConnectionError: no route to host") as caught:
                await host.apply(DOWN)
            assert (caught.value.code, host.engine.incidents()) == ("not_kept", ())
            database.is_away = False
            await host.apply(DOWN)
            await host.idle()
            # Nobody but the host hands in that time has passed.
            database.is_away, database.refused = True, 0
            clock.advance(timedelta(minutes=15))
            while database.refused < 3:
                await asyncio.sleep(0.01)
            assert desk.told() == [("pager", "ana")]
            database.is_away = False
            await host.idle()
            assert ("pager", "ben") in desk.told()
            assert host.engine.pending() == ()

    run(test())


def test_who_gives_up_waiting_cancels_no_page(shop: Policy) -> None:
    gate = asyncio.Event()

    class Slow(MemoryJournal):
        async def append(self, entry: Entry) -> None:  # type: ignore[override]
            await gate.wait()
            super().append(entry)

    async def test() -> None:
        desk = Desk()
        async with Host(shop, desk, journal=Slow(), clock=ManualClock(AT)) as host:
            request = asyncio.create_task(host.apply(DOWN))
            for _ in range(10):
                await asyncio.sleep(0)
            request.cancel()
            with pytest.raises(asyncio.CancelledError):
                await request
            gate.set()
        # Leaving the host waited for it, and for the page.
        assert desk.told() == [("pager", "ana")]

    run(test())


def test_a_delivery_says_whether_it_may_have_been_made_before(shop: Policy) -> None:
    async def test(plain: bool) -> None:
        told: list[tuple[str, bool]] = []

        async def handler(effect: Effect) -> None:
            told.append((effect.kind, again.get()))

        def in_a_thread(effect: Effect) -> None:
            told.append((effect.kind, again.get()))

        clock, crashed = ManualClock(AT), MemoryJournal([Entry(AT, DOWN)])
        async with Host(shop, in_a_thread if plain else handler, journal=crashed, clock=clock) as host:
            await host.idle()
            await host.apply(Alert("a2", service="checkout"))
            await host.idle()
        assert told == [("notify", True), ("notify", False)]
        assert again.get() is False

    run(test(plain=False))
    run(test(plain=True))


def test_a_host_that_is_not_started_says_so(shop: Policy) -> None:
    async def test() -> None:
        host = Host(shop, Desk(), journal=MemoryJournal())
        with pytest.raises(KentonganError, match="not started"):
            await host.run()
        with pytest.raises(KentonganError, match="not started"):
            await host.apply(DOWN)

    run(test())


def test_a_panic_ends_a_host_that_serves(shop: Policy, caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        clock = ManualClock(AT)
        async with Host(shop, Desk(), journal=MemoryJournal(), clock=clock) as host:
            await host.apply(DOWN)
            await host.idle()
            with pytest.raises(KentonganError, match="panicked"):
                break_down(host.engine)
            clock.advance(timedelta(minutes=3))
            # Whoever serves requests instead of waiting for `run` finds it in the log.
            while not any(record.levelname == "CRITICAL" for record in caplog.records):
                await asyncio.sleep(0.01)
            assert "keeps time no more" in caplog.text
            with pytest.raises(KentonganError, match="panicked before"):
                await host.run()

    run(test())


STRICTER = SHOP.replace("acknowledge: 5m", "acknowledge: 2m")
RENAMED = STRICTER.replace("high", "urgent")


def test_a_reload_moves_what_is_open_and_a_restart_lives_through_it_again(shop: Policy, tmp_path: Path) -> None:
    stricter, renamed = Policy.from_yaml(STRICTER), Policy.from_yaml(RENAMED)

    async def test(journal: Any) -> None:
        clock, desk = ManualClock(AT), Desk()
        async with Host(shop, desk, journal=journal, clock=clock) as host:
            await host.apply(DOWN)
            await host.idle()
            await host.reload(stricter)
            assert host.engine.policy == stricter
            clock.advance(timedelta(minutes=2))
            await host.idle()
            assert [one.kind for one in desk.seen if one.kind == "breach"] == ["breach"], "of the new target"
            with pytest.raises(Rejected) as caught:
                await host.reload(renamed)
            assert (caught.value.code, host.engine.policy) == ("severity_gone", stricter)
            await host.reload(renamed, {"high": "urgent"})
            await host.apply(Alert("a2", service="checkout"))
            await host.idle()
            before = host.engine.snapshot()
        async with Host(renamed, Desk(), journal=journal, clock=clock, policies=[shop, stricter]) as host:
            assert host.engine.snapshot() == before
            assert (host.engine.policy, host.engine.incidents()[0].severity) == (renamed, "urgent")
        with pytest.raises(JournalError) as refused:
            async with Host(shop, Desk(), journal=journal, clock=clock):
                pass
        assert refused.value.code == "other_policy"

    run(test(MemoryJournal()))
    run(test(tmp_path / "shop.journal"))


def test_a_journal_across_a_reload_names_the_policy_that_is_missing(shop: Policy) -> None:
    stricter = Policy.from_yaml(STRICTER)

    async def test() -> None:
        journal, clock = MemoryJournal(), ManualClock(AT)
        async with Host(shop, Desk(), journal=journal, clock=clock) as host:
            await host.apply(DOWN)
            await host.reload(stricter)
            await host.idle()
        with pytest.raises(JournalError, match=shop.digest) as caught:
            async with Host(stricter, Desk(), journal=journal, clock=clock):
                pass
        assert caught.value.code == "missing_policy"
        # Adopted, it is lived through under the one policy, as if that had always been in force.
        async with Host(shop, Desk(), journal=journal, clock=clock, adopt_policy=True) as host:
            alone = Engine.replay(shop, [one for one in journal.entries if not isinstance(one.input, Reload)])
            assert host.engine.snapshot() == alone.engine.snapshot()

    run(test())
