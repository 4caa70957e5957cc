"""An engine at work for a host, with what it writes its journal to."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TypeVar

from kentongan.asyncio.journal import Journal
from kentongan.effects import Effect
from kentongan.engine import Engine, Step
from kentongan.entry import Entry, Reload
from kentongan.errors import JournalError, KentonganError, Rejected
from kentongan.inputs import Input, Tick
from kentongan.policy import Policy
from kentongan.store import Store

__all__ = ["FileDesk", "JournalDesk"]

T = TypeVar("T")


class FileDesk:
    """A journal file of the project, which the native half writes together with the engine."""

    def __init__(
        self, policy: Policy, path: str | os.PathLike[str], adopt_policy: bool, policies: tuple[Policy, ...]
    ) -> None:
        self._policy, self._path, self._adopt_policy, self._policies = policy, path, adopt_policy, policies
        self._store: Store | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kentongan journal")

    @property
    def engine(self) -> Store:
        if self._store is None:
            raise _not_started()
        return self._store

    async def open(self) -> tuple[Effect, ...]:
        def store() -> Store:
            return Store(self._path, self._policy, adopt_policy=self._adopt_policy, policies=self._policies)

        self._store = await self._off_the_loop(store)
        return self._store.recovery.effects

    async def reload(self, at: datetime, policy: Policy, severities: dict[str, str]) -> Step:
        return await self._off_the_loop(lambda: self.engine.reload(at, policy, severities))

    async def apply(self, at: datetime, input: Input) -> Step:
        return await self._off_the_loop(lambda: self.engine.apply(at, input))

    async def close(self) -> None:
        if self._store is not None:
            await self._off_the_loop(self._store.close)

    async def _off_the_loop(self, work: Callable[[], T]) -> T:
        """Waits for a disk without keeping the loop from anything else."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


class JournalDesk:
    """A journal of the user's."""

    def __init__(self, policy: Policy, journal: Journal, adopt_policy: bool, policies: tuple[Policy, ...]) -> None:
        self._policy, self._journal = policy, journal
        self._adopt_policy = adopt_policy
        self._known = {one.digest: one for one in (*policies, policy)}
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            raise _not_started()
        return self._engine

    async def open(self) -> tuple[Effect, ...]:
        loaded: Iterable[Entry] = await _finished(self._journal.load())
        entries = list(loaded)
        reloads = [entry.input for entry in entries if isinstance(entry.input, Reload)]
        ended_under = reloads[-1].new if reloads else self._policy.digest
        adopts = ended_under != self._policy.digest
        if adopts and not self._adopt_policy:
            message = f"the journal was written under policy `{ended_under}`, not `{self._policy.digest}`"
            raise JournalError("other_policy", message, "start the host with that policy, or set `adopt_policy`")
        # What is adopted is lived through under the new policy alone.
        first = self._policy if adopts or not reloads else self._find(reloads[0].old)
        engine, last = Engine(first), Step()
        for entry in entries:
            if adopts and isinstance(entry.input, Reload):
                continue
            try:
                last = self._live(engine, entry)
            except Rejected:  # Under another policy or release, what was taken before may be refused.
                continue
        self._engine = engine
        notes = (effect for effect in last.effects if not effect.wants_report)
        return tuple(sorted([*engine.pending(), *notes], key=lambda effect: effect.at))

    def _live(self, engine: Engine, entry: Entry) -> Step:
        if isinstance(entry.input, Reload):
            return engine.reload(entry.at, self._find(entry.input.new), entry.input.severities)
        return engine.apply(entry.at, entry.input)

    def _find(self, digest: str) -> Policy:
        try:
            return self._known[digest]
        except KeyError:
            message = f"the policy `{digest}` is needed to live through the journal again"
            help = "hand in the policies that were in force before a reload as well, with `policies`"
            raise JournalError("missing_policy", message, help) from None

    async def reload(self, at: datetime, policy: Policy, severities: dict[str, str]) -> Step:
        engine = self.engine
        engine.check_reload(at, policy, severities)
        if policy != engine.policy or severities:
            await self._keep(Entry(at, Reload(engine.policy.digest, policy.digest, severities)))
        return engine.reload(at, policy, severities)

    async def apply(self, at: datetime, input: Input) -> Step:
        engine = self.engine
        # What is refused, and what comes too early to matter, leaves no record.
        engine.check(at, input)
        if not isinstance(input, Tick) or (engine.wakeup is not None and engine.wakeup <= at):
            await self._keep(Entry(at, input))
        return engine.apply(at, input)

    async def _keep(self, entry: Entry) -> None:
        try:
            await _finished(self._journal.append(entry))
        except JournalError:
            raise
        except Exception as error:  # Whatever a store raises, such as that its database is away.
            message = f"the journal did not keep it: {type(error).__name__}: {error}"
            raise JournalError("not_kept", message, "see the store of this host") from error

    async def close(self) -> None:
        """The journal is the user's to close."""


async def _finished(result: T | Awaitable[T]) -> T:
    if inspect.isawaitable(result):
        return await result
    return result


def _not_started() -> KentonganError:
    return KentonganError("not_started", "the host is not started", "use `async with Host(…) as host`")
