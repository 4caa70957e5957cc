"""The host on asyncio: it keeps time, journals before it acts, reports, and comes back after a crash."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Coroutine
from datetime import timedelta
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
    Policy,
    Rejected,
    Reload,
)
from kentongan.asyncio import Host, ManualClock, MemoryJournal
from kentongan.inputs import Report

from .conftest import AT, ROOT, SHOP, break_down

DOWN = Alert("a1", service="checkout", summary="Payments fail")


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 60))


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


def test_a_host_that_is_not_started_says_so(shop: Policy) -> None:
    async def test() -> None:
        host = Host(shop, Desk(), journal=MemoryJournal())
        with pytest.raises(KentonganError, match="not started"):
            await host.run()
        with pytest.raises(KentonganError, match="not started"):
            await host.apply(DOWN)

    run(test())


def test_a_panic_ends_a_host_that_serves(shop: Policy) -> None:
    async def test() -> None:
        clock = ManualClock(AT)
        async with Host(shop, Desk(), journal=MemoryJournal(), clock=clock) as host:
            await host.apply(DOWN)
            await host.idle()
            with pytest.raises(KentonganError, match="panicked"):
                break_down(host.engine)
            clock.advance(timedelta(minutes=3))
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


PROGRAM = """
import asyncio, os, sys
from kentongan import Alert, Effect, Policy
from kentongan.asyncio import Host
from tests.conftest import SHOP

journal, transport, number = sys.argv[1:]

async def deliver(effect: Effect) -> None:
    '''A transport that keeps what it took, and drops what it has taken before.'''
    if not effect.wants_report:
        return
    with open(transport, "a+") as file:
        file.seek(0)
        if effect.id + "\\n" in file.readlines():
            return
        file.write(effect.id + "\\n")
        file.flush()
        os.fsync(file.fileno())
    await asyncio.sleep(0.002)

async def main() -> None:
    async with Host(Policy.from_yaml(SHOP), deliver, journal=journal) as host:
        print("started", flush=True)
        for alert in range(int(number)):
            await host.apply(Alert(f"{os.getpid()}-{alert}", service="checkout", labels={"n": str(alert)}))
        await host.idle()

asyncio.run(main())
"""


def test_kill_9_loses_and_doubles_no_page(shop: Policy, tmp_path: Path) -> None:
    """Hosts are killed at any point while they page; the last one ends by itself. All pages arrived once."""
    journal, transport = tmp_path / "shop.journal", tmp_path / "transport"
    dice = random.Random(9)
    killed = 0
    for _ in range(8):
        host = start(journal, transport, "200")
        assert host.stdout and host.stdout.readline() == "started\n"
        time.sleep(dice.uniform(0.005, 0.3))
        if host.poll() is None:
            os.kill(host.pid, signal.SIGKILL)
            killed += 1
        host.communicate()
    last = start(journal, transport, "1")
    assert last.wait() == 0
    last.communicate()

    records = [json.loads(line) for line in journal.read_text().splitlines()[1:]]
    replay = Engine.replay(shop, [Entry.from_dict({"at": one["at"], "input": one["input"]}) for one in records])
    wanted = [effect.id for effect in replay.effects if effect.wants_report]
    arrived = transport.read_text().splitlines()
    assert killed >= 4, "hosts are to be killed while they work"
    assert len(arrived) == len(set(arrived)), "no page is doubled"
    assert set(arrived) == set(wanted), "no page is lost, and none comes from nowhere"
    assert replay.engine.pending() == ()


def start(journal: Path, transport: Path, number: str) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", PROGRAM, str(journal), str(transport), number]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
