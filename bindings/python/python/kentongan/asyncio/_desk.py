"""An engine at work for a host, with what it writes its journal to."""

from __future__ import annotations

import asyncio
import inspect
import os
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar

from kentongan.asyncio._outcome import words_of
from kentongan.asyncio.journal import Journal
from kentongan.engine import Engine, Machine, Step
from kentongan.entry import Entry, Reload, checked
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

    async def open(self) -> Step:
        """What is to be done again, and when the engine wants to be called."""

        def opened() -> tuple[Store, Step]:
            store = Store(self._path, self._policy, adopt_policy=self._adopt_policy, policies=self._policies)
            return store, Step(store.recovery.effects, store.wakeup)

        self._store, step = await self._off_the_loop(opened)
        return step

    async def ask(self, question: Callable[[Machine], T]) -> T:
        """Whoever asks waits for the disk as well: an engine that is being written answers nobody."""
        return await self._off_the_loop(lambda: question(self.engine))

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
        self._is_closed = False

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            raise _not_started()
        return self._engine

    async def open(self) -> Step:
        """What is to be done again, and when the engine wants to be called."""
        first, entries = self._course(await self._of_the_store("load", "not_read", "the journal cannot be read", self._load))
        engine, last = Engine(first), Step()
        for entry in entries:
            try:
                last = self._live(engine, entry)
            except Rejected:  # Under another policy or release, what was taken before may be refused.
                continue
        self._engine, self._is_closed = engine, False
        notes = (effect for effect in last.effects if not effect.wants_report)
        return Step(sorted([*engine.pending(), *notes], key=lambda effect: effect.at), engine.wakeup)

    async def _load(self) -> list[Entry]:
        loaded: Iterable[Entry] = await _finished(self._journal.load())
        return [checked(one) for one in loaded]

    def _course(self, entries: Sequence[Entry]) -> tuple[Policy, list[Entry]]:
        """The policy that the journal is lived through under at first, and what counts of it.

        An entry under another policy than the one before, without a reload to it, says that the journal was adopted then.
        What is adopted is lived through under the new policy alone: the reloads before it count no more.
        """
        begins: str | None = None
        ends: str | None = None
        since = 0
        for index, entry in enumerate(entries):
            reload = entry.input if isinstance(entry.input, Reload) else None
            # An entry of an earlier release does not say which it was; it goes with those before it.
            before = reload.old if reload else entry.policy or ends
            if before != ends:
                begins, since = before, index
            ends = reload.new if reload else before
        current = self._policy.digest
        if ends not in (None, current):
            if not self._adopt_policy:
                message = f"the journal was written under policy `{ends}`, not `{current}`"
                raise JournalError("other_policy", message, "start the host with that policy, or set `adopt_policy`")
            begins, since = current, len(entries)
        counting = [one for index, one in enumerate(entries) if index >= since or not isinstance(one.input, Reload)]
        return self._find(begins or current), counting

    async def ask(self, question: Callable[[Machine], T]) -> T:
        """Answers at once: this engine is never kept while anything is written."""
        return question(self.engine)

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
        engine = self._at_work()
        engine.check_reload(at, policy, severities)
        if policy != engine.policy or severities:
            change = Reload(engine.policy.digest, policy.digest, severities)
            await self._keep(Entry(at, change, policy=policy.digest))
        return engine.reload(at, policy, severities)

    async def apply(self, at: datetime, input: Input) -> Step:
        engine = self._at_work()
        # What is refused, and what comes too early to matter, leaves no record.
        engine.check(at, input)
        if not isinstance(input, Tick) or (engine.wakeup is not None and engine.wakeup <= at):
            await self._keep(Entry(at, input, policy=engine.policy.digest))
        return engine.apply(at, input)

    async def _keep(self, entry: Entry) -> None:
        async def append() -> None:
            await _finished(self._journal.append(entry))

        await self._of_the_store("append", "not_kept", "the journal did not keep it", append)

    async def _of_the_store(self, name: str, code: str, what: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What the user's store gives. Whatever else it raises, such as that its database is away, is told by a code."""
        # In a task of its own, a call that the store itself cancelled is told from this one being cancelled.
        working = asyncio.create_task(work(), name=f"kentongan {name}")
        try:
            await asyncio.wait({working})
        except asyncio.CancelledError:
            working.cancel()
            raise
        try:
            return working.result()
        except JournalError:
            raise
        except (Exception, asyncio.CancelledError) as error:
            raise JournalError(code, f"{what}: {words_of(error)}", "see the store of this host") from error

    def _at_work(self) -> Engine:
        if self._is_closed:
            raise JournalError("closed", "the journal is closed", "open it again")
        return self.engine

    async def close(self) -> None:
        """The journal is the user's to close; nothing is written to it any more."""
        self._is_closed = True


async def _finished(result: T | Awaitable[T]) -> T:
    if inspect.isawaitable(result):
        return await result
    return result


def _not_started() -> KentonganError:
    return KentonganError("not_started", "the host is not started", "use `async with Host(…) as host`")
