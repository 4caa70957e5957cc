"""The host on asyncio: it keeps time, journals before it acts, reports, and comes back after a crash."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Awaitable, Coroutine, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kentongan import (
    Acknowledge,
    Alert,
    DataError,
    Effect,
    Engine,
    Entry,
    History,
    JournalError,
    KentonganError,
    Notify,
    OpenChannel,
    Policy,
    Rejected,
    Reload,
)
from kentongan.asyncio import Host, ManualClock, MemoryJournal, again
from kentongan.engine import Machine
from kentongan.inputs import Report, Tick

from .conftest import AT, ROOT, SHOP, break_down

DOWN = Alert("a1", service="checkout", summary="Payments fail")


def run(test: Coroutine[Any, Any, None]) -> None:
    # Generous, for a machine that is busy with much else.
    asyncio.run(asyncio.wait_for(test, 300))


class Desk:
    """A handler that remembers what it was handed."""

    def __init__(self, broken: str = "", error: Exception | None = None) -> None:
        self.seen: list[Effect] = []
        self.broken, self.error = broken, error or ConnectionError("503")

    async def __call__(self, effect: Effect) -> None:
        self.seen.append(effect)
        if isinstance(effect, Notify) and effect.channel == self.broken:
            raise self.error

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
    ("result", "name"),
    [("#taken-2", "#taken-2"), (None, None), ("", None), ("#" * 9_000, None), ("#\udcff", None), (7, None)],
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


class Nameless(Exception):
    def __str__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        # As of a file whose name is in no known encoding.
        (OSError("no such file: caf\udce9"), "OSError: no such file: caf?"),
        (Nameless(), "Nameless, which cannot say why"),
        (OSError("x" * 9_000), "OSError: " + "x" * 491),
    ],
)
def test_whatever_a_transport_says_the_next_way_is_tried(
    shop: Policy, tmp_path: Path, error: Exception, detail: str
) -> None:
    async def test(journal: MemoryJournal | Path) -> None:
        desk = Desk(broken="pager", error=error)
        async with Host(shop, desk, journal=journal, clock=ManualClock(AT)) as host:
            await host.apply(DOWN)
            await host.idle()
            assert desk.told()[:2] == [("pager", "ana"), ("sms", "ana")]
            assert host.engine.pending() == ()
        if isinstance(journal, MemoryJournal):
            (report, *_) = (entry.input for entry in journal.entries if isinstance(entry.input, Report))
            assert (report.outcome, report.detail) == ("failed", detail)

    run(test(MemoryJournal()))
    run(test(tmp_path / "shop.journal"))


def test_a_report_that_is_refused_is_made_once_more_in_plain_words(
    shop: Policy, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # More than the engine takes.
    monkeypatch.setattr("kentongan.asyncio._outcome._DETAIL_CHARACTERS_MAX", 1_000_000)

    async def test() -> None:
        desk, journal = Desk(broken="pager", error=OSError("x" * 900_000)), MemoryJournal()
        async with Host(shop, desk, journal=journal, clock=ManualClock(AT)) as host:
            await host.apply(DOWN)
            await host.idle()
            assert desk.told()[:2] == [("pager", "ana"), ("sms", "ana")]
            assert host.engine.pending() == ()
        (report, *_) = (entry.input for entry in journal.entries if isinstance(entry.input, Report))
        assert (report.outcome, report.detail) == ("failed", "it failed")
        assert "the engine refuses report" in caplog.text

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


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError("no such clock"), "no such clock"),
        # As where somebody cancels what it waits for: nobody has stopped this host.
        (asyncio.CancelledError(), "the clock cancelled its own sleep"),
    ],
)
def test_a_clock_that_fails_ends_a_host_that_serves(
    shop: Policy, caplog: pytest.LogCaptureFixture, error: BaseException, said: str
) -> None:
    class Broken(ManualClock):
        async def sleep_until(self, at: datetime) -> None:
            raise error

    async def test() -> None:
        async with Host(shop, Desk(), journal=MemoryJournal(), clock=Broken(AT)) as host:
            await host.apply(DOWN)
            with pytest.raises((OSError, KentonganError), match=said):
                await host.run()
            assert f"keeps time no more: {said}" in caplog.text

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


@pytest.mark.parametrize("plain", [False, True])
def test_a_store_that_cannot_be_read_says_so_with_its_own_error(shop: Policy, plain: bool) -> None:
    class Away(MemoryJournal):
        def __init__(self, error: BaseException) -> None:
            super().__init__()
            self.error: BaseException | None = error

        def load(self) -> Any:
            return self.read() if plain else self.read_later()

        async def read_later(self) -> list[Entry]:
            return list(self.read())

        def read(self) -> Iterator[Entry]:
            """Raises once somebody looks at the entries, as a cursor does."""
            yield Entry(AT, DOWN)
            if self.error is not None:
                raise self.error

    async def test() -> None:
        for error in (ConnectionError("the database is away"), asyncio.CancelledError("the pool was closed")):
            store = Away(error)
            host = Host(shop, Desk(), journal=store, clock=ManualClock(AT))
            with pytest.raises(JournalError, match=str(error)) as caught:
                await host.__aenter__()
            assert (caught.value.code, caught.value.__cause__) == ("not_read", error)
            store.error = None
            async with host:
                assert len(await host.incidents()) == 1
        # What is an error of ours already says it itself.
        own = JournalError("io", "the disk is gone")
        with pytest.raises(JournalError) as caught:
            await Host(shop, Desk(), journal=Away(own)).__aenter__()
        assert caught.value is own

    run(test())


def test_a_store_that_gives_no_entries_says_so(shop: Policy) -> None:
    class Rows(MemoryJournal):
        def load(self) -> Any:
            return [Entry(AT, DOWN).to_dict()]

    async def test() -> None:
        with pytest.raises(JournalError, match="from_dict") as caught:
            await Host(shop, Desk(), journal=Rows()).__aenter__()
        assert caught.value.code == "not_read"
        assert isinstance(caught.value.__cause__, DataError)

    run(test())


def test_who_gives_up_starting_stops_the_reading(shop: Policy) -> None:
    told: list[str] = []

    class Slow(MemoryJournal):
        async def load(self) -> list[Entry]:  # type: ignore[override]
            try:
                await asyncio.sleep(3_600)
            except asyncio.CancelledError:
                told.append("stopped")
                raise
            return []

    async def test() -> None:
        starting = asyncio.create_task(Host(shop, Desk(), journal=Slow()).__aenter__())
        for _ in range(10):
            await asyncio.sleep(0)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        await asyncio.sleep(0)
        assert told == ["stopped"]

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


@pytest.mark.parametrize("plain", [False, True])
def test_a_store_that_cancels_a_call_stops_no_clock(shop: Policy, monkeypatch: pytest.MonkeyPatch, plain: bool) -> None:
    monkeypatch.setattr("kentongan.asyncio.host._RETRY_SECONDS", 0.01)

    class Pool:
        """Connections that are shared; whoever closes one cancels what others wait for."""

        def __init__(self) -> None:
            self.kept, self.cancelled, self.is_closing = MemoryJournal(), 0, False

        def load(self) -> list[Entry]:
            return self.kept.entries

        def append(self, entry: Entry) -> Awaitable[None] | None:
            if not plain:
                return self.write_later(entry)
            self.write(entry)
            return None

        def write(self, entry: Entry) -> None:
            if self.is_closing:
                self.cancelled += 1
                raise asyncio.CancelledError
            self.kept.append(entry)

        async def write_later(self, entry: Entry) -> None:
            await asyncio.sleep(0)
            self.write(entry)

    async def test() -> None:
        clock, desk, pool = ManualClock(AT), Desk(), Pool()
        async with Host(shop, desk, journal=pool, clock=clock) as host:
            await host.apply(DOWN)
            await host.idle()
            pool.is_closing = True
            with pytest.raises(JournalError) as caught:
                await host.apply(DOWN)
            assert caught.value.code == "not_kept"
            clock.advance(timedelta(minutes=15))
            while pool.cancelled < 3:
                await asyncio.sleep(0.01)
            pool.is_closing = False
            await host.idle()
            assert ("pager", "ben") in desk.told()

    run(test())


def test_who_cancels_a_host_at_work_is_heard(shop: Policy) -> None:
    """It is the store's own doing only where nobody has cancelled the host's call."""
    heard: list[str] = []

    class Slow(MemoryJournal):
        async def append(self, entry: Entry) -> None:  # type: ignore[override]
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                heard.append("the store")
                raise

    async def test() -> None:
        async with Host(shop, Desk(), journal=Slow(), clock=ManualClock(AT)) as host:
            request = asyncio.create_task(host.apply(DOWN))
            while not any(task.get_name() == "kentongan append" for task in asyncio.all_tasks()):
                await asyncio.sleep(0)
            await asyncio.sleep(0)
            # What `asyncio.run` does at its end.
            for task in asyncio.all_tasks():
                if task.get_name() == "kentongan input":
                    task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await request
            await asyncio.sleep(0)
            assert heard == ["the store"]

    run(test())


def test_a_host_stops_while_its_store_is_away_and_the_next_one_does_the_rest(shop: Policy) -> None:
    class Database(MemoryJournal):
        is_away = False

        def append(self, entry: Entry) -> None:
            if self.is_away:
                raise ConnectionError("no route to host")
            super().append(entry)

    async def test() -> None:
        clock, desk, database = ManualClock(AT), Desk(), Database()

        async def deliver(effect: Effect) -> None:
            await desk(effect)
            database.is_away = True

        async with Host(shop, deliver, journal=database, clock=clock) as host:
            await host.apply(DOWN)
            while not database.is_away:
                await asyncio.sleep(0)
        assert [type(entry.input) for entry in database.entries] == [Alert]
        database.is_away, after = False, Desk()
        async with Host(shop, after, journal=database, clock=clock) as host:
            await host.idle()
            assert host.engine.pending() == ()
        assert after.told() == desk.told() == [("pager", "ana")]

    run(asyncio.wait_for(test(), 60))


def test_a_host_that_was_left_takes_nothing_until_it_is_started_again(shop: Policy, tmp_path: Path) -> None:
    async def test(journal: Any) -> None:
        desk = Desk()
        host = Host(shop, desk, journal=journal, clock=ManualClock(AT))
        async with host:
            pass
        for handed_in in (host.apply(DOWN), host.apply(Tick()), host.reload(shop)):
            with pytest.raises(JournalError) as caught:
                await handed_in
            assert caught.value.code == "closed"
        async with host:
            assert await host.incidents() == ()
            await host.apply(DOWN)
            await host.idle()
        assert desk.told() == [("pager", "ana")]

    run(test(MemoryJournal()))
    run(test(tmp_path / "shop.journal"))


def test_a_host_answers_without_keeping_its_loop_from_anything(
    shop: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine that is being written answers once the disk is done, so the loop's own thread must never ask it."""
    asked: dict[str, set[str]] = {}

    def watch(name: str) -> None:
        of: Any = getattr(Machine, name)
        is_property = isinstance(of, property)

        def watched(engine: Machine, *arguments: Any) -> Any:
            asked.setdefault(name, set()).add(threading.current_thread().name.rpartition("_")[0])
            return of.__get__(engine) if is_property else of(engine, *arguments)

        monkeypatch.setattr(Machine, name, property(watched) if is_property else watched)

    for name in ("apply", "incident", "incidents", "now", "pending", "wakeup", "who"):
        watch(name)

    async def test() -> None:
        clock, desk = ManualClock(AT), Desk()
        journal = tmp_path / "shop.journal"
        async with Host(shop, desk, journal=journal, clock=clock) as host:
            await host.apply(DOWN)
            await host.idle()
            clock.advance(timedelta(minutes=15))
            await host.idle()
            assert ("pager", "ben") in desk.told()
            (incident,) = await host.incidents()
            assert await host.incident(incident.id) == incident
            assert await host.incident("nothing") is None
            assert (await host.who("primary")).people == ("ana",)
            assert (await host.who("secondary", AT - timedelta(days=1))).people == ("ben",)
        clock.advance(timedelta(hours=1))
        async with Host(shop, desk, journal=journal, clock=clock) as host:
            desk.seen.clear()
            await host.idle()
            assert desk.seen, "what came due between two hosts is done by the second"

    run(test())
    assert asked.keys() >= {"apply", "incident", "incidents", "wakeup", "who"}
    assert set().union(*asked.values()) == {"kentongan journal"}


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


async def reloaded(policy: Policy, to: Policy) -> MemoryJournal:
    """A journal in which what is open was moved to another policy."""
    journal = MemoryJournal()
    async with Host(policy, Desk(), journal=journal, clock=ManualClock(AT)) as host:
        await host.apply(DOWN)
        await host.reload(to)
        await host.idle()
    return journal


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
        journal, clock = await reloaded(shop, stricter), ManualClock(AT)
        with pytest.raises(JournalError, match=shop.digest) as caught:
            async with Host(stricter, Desk(), journal=journal, clock=clock):
                pass
        assert caught.value.code == "missing_policy"
        # Adopted, it is lived through under the one policy, as if that had always been in force.
        async with Host(shop, Desk(), journal=journal, clock=clock, adopt_policy=True) as host:
            alone = Engine.replay(shop, [one for one in journal.entries if not isinstance(one.input, Reload)])
            assert host.engine.snapshot() == alone.engine.snapshot()

    run(test())


def test_a_policy_that_was_edited_is_noticed_at_the_next_start(shop: Policy, tmp_path: Path) -> None:
    stricter = Policy.from_yaml(STRICTER)

    async def test(journal: Any) -> None:
        clock, desk = ManualClock(AT), Desk()
        async with Host(shop, desk, journal=journal, clock=clock) as host:
            await host.apply(DOWN)
            await host.idle()
        with pytest.raises(JournalError, match=shop.digest) as refused:
            async with Host(stricter, desk, journal=journal, clock=clock):
                pass
        assert refused.value.code == "other_policy"
        async with Host(stricter, desk, journal=journal, clock=clock, adopt_policy=True) as host:
            assert host.engine.policy == stricter
            await host.apply(Alert("a2", service="checkout"))
            await host.idle()
            before = host.engine.snapshot()
        # From what was written since, it is known that it was adopted.
        async with Host(stricter, desk, journal=journal, clock=clock) as host:
            assert (host.engine.snapshot(), host.engine.policy) == (before, stricter)
        with pytest.raises(JournalError, match=stricter.digest):
            async with Host(shop, desk, journal=journal, clock=clock):
                pass
        assert desk.told() == [("pager", "ana")] * 2, "nobody was paged again"

    run(test(MemoryJournal()))
    run(test(tmp_path / "shop.journal"))


def test_what_was_reloaded_before_a_policy_was_adopted_counts_no_more(shop: Policy) -> None:
    stricter, renamed = Policy.from_yaml(STRICTER), Policy.from_yaml(RENAMED)

    async def test() -> None:
        journal, clock = await reloaded(shop, stricter), ManualClock(AT)
        async with Host(shop, Desk(), journal=journal, clock=clock, adopt_policy=True) as host:
            await host.apply(Alert("a2", service="checkout"))
            await host.reload(renamed, {"high": "urgent"})
            await host.idle()
            before = host.engine.snapshot()
        # `stricter` is needed no more.
        async with Host(renamed, Desk(), journal=journal, clock=clock, policies=[shop]) as host:
            assert (host.engine.snapshot(), host.engine.policy) == (before, renamed)

    run(test())


def test_entries_of_an_earlier_release_do_not_say_their_policy_and_are_read_as_ever(shop: Policy) -> None:
    stricter, renamed = Policy.from_yaml(STRICTER), Policy.from_yaml(RENAMED)

    async def test() -> None:
        journal, clock = MemoryJournal(), ManualClock(AT)
        async with Host(shop, Desk(), journal=journal, clock=clock) as host:
            await host.apply(DOWN)
            await host.idle()
            before = host.engine.snapshot()
            old = MemoryJournal(replace(entry, policy=None) for entry in journal.entries)
            assert old.entries != journal.entries
            await host.reload(stricter)
            await host.apply(Alert("a2", service="checkout"))
            await host.reload(renamed, {"high": "urgent"})
            await host.idle()
            after = host.engine.snapshot()
        async with Host(shop, Desk(), journal=old, clock=clock) as host:
            assert host.engine.snapshot() == before
        async with Host(stricter, Desk(), journal=old, clock=clock) as host:
            assert host.engine.policy == stricter
        old = MemoryJournal(replace(entry, policy=None) for entry in journal.entries)
        async with Host(renamed, Desk(), journal=old, clock=clock, policies=[shop, stricter]) as host:
            assert host.engine.snapshot() == after
        with pytest.raises(JournalError) as refused:
            async with Host(shop, Desk(), journal=old, clock=clock):
                pass
        assert refused.value.code == "other_policy"

    run(test())


def test_an_entry_says_the_policy_in_force_as_that_of_other_languages_does(shop: Policy) -> None:
    stricter = Policy.from_yaml(STRICTER)

    async def test() -> None:
        journal = await reloaded(shop, stricter)
        lines = [entry.to_dict() for entry in journal.entries]
        assert lines[0] == {
            "at": "2026-11-24T02:00:00Z",
            "input": {"kind": "alert", **DOWN.to_dict()},
            "policy": shop.digest,
        }
        assert lines[1] == {
            "at": "2026-11-24T02:00:00Z",
            "reload": {"from": shop.digest, "to": stricter.digest},
            "policy": stricter.digest,
        }
        # Node's say of which life of which host they are, too.
        assert [Entry.from_dict({**line, "host": "0b2c"}) for line in lines] == journal.entries
        assert Engine.replay(shop, journal.entries, policies=[stricter]).refused == 0
        assert len(History(shop, journal.entries, policies=[stricter]).incidents) == 1
        with pytest.raises(DataError) as caught:
            Entry.from_dict({**lines[0], "policy": 7})
        assert (caught.value.code, caught.value.where) == ("wrong_type", "policy")

    run(test())
