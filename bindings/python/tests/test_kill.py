"""A host is killed while it pages, and the next one goes on: no page is lost, and none is doubled."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from kentongan import Engine, Entry, Policy
from kentongan.inputs import Report

#: After how long a host that hangs is given up, on a machine however loaded.
PATIENCE_SECONDS = 300

PROGRAM = """
import asyncio, os, sys
from kentongan import Alert, Effect, Policy
from kentongan.asyncio import Host, again
from tests.conftest import SHOP

journal, transport, attempts, number = sys.argv[1:]

def write(path: str, line: str) -> None:
    with open(path, "a") as file:
        file.write(line + "\\n")
        file.flush()
        os.fsync(file.fileno())

async def deliver(effect: Effect) -> None:
    '''A transport that keeps what it took, and drops what it has taken before.'''
    if not effect.wants_report:
        return
    write(attempts, f"{effect.id} {again.get()}")
    with open(transport, "a+") as file:
        file.seek(0)
        taken = file.readlines()
    if effect.id + "\\n" in taken:
        return
    write(transport, effect.id)
    await asyncio.sleep(0.002)

async def main() -> None:
    async with Host(Policy.from_yaml(SHOP), deliver, journal=journal) as host:
        for alert in range(int(number)):
            await host.apply(Alert(f"{os.getpid()}-{alert}", service="checkout", labels={"n": str(alert)}))
            print(alert, flush=True)
        await host.idle()

asyncio.run(main())
"""


def test_kill_9_loses_and_doubles_no_page(shop: Policy, tmp_path: Path) -> None:
    """Hosts are killed at any point while they page; the last one ends by itself. All pages arrived once.

    The transport drops what it has taken before, as a real one does by its key. What it is asked to do is counted before
    that: a host that did everything again at each start would page everybody again where a transport has no keys.
    """
    journal, transport, attempts = tmp_path / "shop.journal", tmp_path / "transport", tmp_path / "attempts"
    dice = random.Random(9)
    for _ in range(8):
        # It would page for an hour, so that it is always killed at work; how far it comes is counted, not timed.
        begun = len(attempted(attempts))
        reported = {entry.input.effect for entry in entries(journal) if isinstance(entry.input, Report)}
        with started(journal, transport, attempts, 1_000_000) as host:
            for _ in range(dice.randint(1, 40)):
                assert host.stdout and host.stdout.readline(), "the host ended by itself"
            time.sleep(dice.uniform(0, 0.01))
            os.kill(host.pid, signal.SIGKILL)
            assert host.wait() == -signal.SIGKILL
        assert reported.isdisjoint(id for id, _ in attempted(attempts)[begun:]), "what was reported is not done again"
    begun = len(attempted(attempts))
    reported = {entry.input.effect for entry in entries(journal) if isinstance(entry.input, Report)}
    assert reported, "the hosts have reported"
    with started(journal, transport, attempts, 1) as last:
        assert last.wait() == 0
    assert reported.isdisjoint(id for id, _ in attempted(attempts)[begun:]), "what was reported is not done again"

    tried: set[str] = set()
    repeats: list[bool] = []
    for id, again in attempted(attempts):
        if id in tried:
            repeats.append(again)
        tried.add(id)
    assert repeats and all(repeats), "a host was killed before it reported, and a repeat is marked as one"

    replay = Engine.replay(shop, entries(journal))
    wanted = [effect.id for effect in replay.effects if effect.wants_report]
    arrived = transport.read_text().splitlines()
    assert len(wanted) >= 9, "each host was at work"
    assert len(arrived) == len(set(arrived)), "no page is doubled"
    assert set(arrived) == set(wanted), "no page is lost, and none comes from nowhere"
    assert replay.engine.pending() == ()


def entries(journal: Path) -> list[Entry]:
    """What a journal holds so far. A line that a kill cut short is no record; the next host cuts it off."""
    if not journal.exists():
        return []
    whole = journal.read_bytes().rpartition(b"\n")[0]
    return [Entry.from_dict(json.loads(line)) for line in whole.splitlines()[1:]]


def attempted(attempts: Path) -> list[tuple[str, bool]]:
    """Every delivery that was begun, in order, with whether its handler was told that it may be one more."""
    lines = attempts.read_text().splitlines() if attempts.exists() else []
    pairs = [line.rsplit(" ", 1) for line in lines]
    return [(id, again == "True") for id, again in pairs]


@contextmanager
def started(journal: Path, transport: Path, attempts: Path, number: int) -> Generator[subprocess.Popen[str], None, None]:
    """A host in a process of its own. One that hangs is killed, so that whoever reads from it goes on."""
    arguments = [sys.executable, "-c", PROGRAM, str(journal), str(transport), str(attempts), str(number)]
    host = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    patience = threading.Timer(PATIENCE_SECONDS, host.kill)
    patience.start()
    try:
        yield host
    finally:
        patience.cancel()
        host.kill()
        host.communicate()
