"""A host: `python host.py JOURNAL [PAYLOAD…]` pages, escalates, and goes on where it was when it is started again."""

import asyncio
import sys
from pathlib import Path

from kentongan import Breach, Effect, Notify, OpenChannel, Policy, StatusPage
from kentongan.asyncio import Host


async def deliver(effect: Effect) -> None:
    """Returns when it has arrived, raises when it has not. A real one calls the pager's service, with the id as key."""
    match effect:
        case Notify(purpose=purpose, to=to, channel=channel, subject=subject):
            print(f"{purpose} {to} by {channel}: {subject}", flush=True)
        case OpenChannel(name=name):
            print(f"open {name}", flush=True)
        case StatusPage(page=page, text=text):
            print(f"post on {page}: {text}", flush=True)
        case Breach(clock=clock, target=target):
            print(f"{clock} was missed: {target}", flush=True)
        case _:
            pass


async def main(journal: str, *payloads: str) -> None:
    async with Host(Policy.kreki(), deliver, journal=journal) as host:
        for payload in payloads:
            await host.receive(Path(payload).read_bytes())
        await host.run()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
