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

#: After how long a host that hangs is given up, on a machine however loaded.
PATIENCE_SECONDS = 300

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
        for alert in range(int(number)):
            await host.apply(Alert(f"{os.getpid()}-{alert}", service="checkout", labels={"n": str(alert)}))
            print(alert, flush=True)
        await host.idle()

asyncio.run(main())
"""


def test_kill_9_loses_and_doubles_no_page(shop: Policy, tmp_path: Path) -> None:
    """Hosts are killed at any point while they page; the last one ends by itself. All pages arrived once."""
    journal, transport = tmp_path / "shop.journal", tmp_path / "transport"
    dice = random.Random(9)
    for _ in range(8):
        # It would page for an hour, so that it is always killed at work; how far it comes is counted, not timed.
        with started(journal, transport, 1_000_000) as host:
            for _ in range(dice.randint(1, 40)):
                assert host.stdout and host.stdout.readline(), "the host ended by itself"
            time.sleep(dice.uniform(0, 0.01))
            os.kill(host.pid, signal.SIGKILL)
            assert host.wait() == -signal.SIGKILL
    with started(journal, transport, 1) as last:
        assert last.wait() == 0

    records = [json.loads(line) for line in journal.read_text().splitlines()[1:]]
    replay = Engine.replay(shop, [Entry.from_dict({"at": one["at"], "input": one["input"]}) for one in records])
    wanted = [effect.id for effect in replay.effects if effect.wants_report]
    arrived = transport.read_text().splitlines()
    assert len(wanted) >= 9, "each host was at work"
    assert len(arrived) == len(set(arrived)), "no page is doubled"
    assert set(arrived) == set(wanted), "no page is lost, and none comes from nowhere"
    assert replay.engine.pending() == ()


@contextmanager
def started(journal: Path, transport: Path, number: int) -> Generator[subprocess.Popen[str], None, None]:
    """A host in a process of its own. One that hangs is killed, so that whoever reads from it goes on."""
    arguments = [sys.executable, "-c", PROGRAM, str(journal), str(transport), str(number)]
    host = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    patience = threading.Timer(PATIENCE_SECONDS, host.kill)
    patience.start()
    try:
        yield host
    finally:
        patience.cancel()
        host.kill()
        host.communicate()
