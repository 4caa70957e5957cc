"""A host on asyncio: it owns the clock and the journal, delivers by your handler, and goes on where it was.

The engine is pure; somebody has to do the rest. A :class:`Host` writes each input to its journal before the engine
acts on it, hands effects to a handler, reports how they went, and sleeps until the engine's next wake-up. Stopped at
any point, even by ``kill -9``, it goes on where it was when it is started again: what was not reported is handed out
once more under the same id, so that whoever delivers can drop what was done.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta, timezone
from types import TracebackType
from typing import Protocol, TypeVar

from kentongan._codec import aware
from kentongan.data import Outcome
from kentongan.effects import Effect
from kentongan.engine import Engine, Entry, Reload, Step, Store
from kentongan.errors import InternalError, JournalError, KentonganError, Rejected
from kentongan.inputs import Input, Report, Tick
from kentongan.intake import alerts_from
from kentongan.policy import Policy

__all__ = ["Clock", "Handler", "Host", "Journal", "ManualClock", "MemoryJournal", "SystemClock"]

#: Delivers one effect: returns when it has arrived, and raises when it has not. A plain function runs in a thread.
Handler = Callable[[Effect], "Awaitable[object] | object"]
T = TypeVar("T")

_log = logging.getLogger("kentongan")
#: How much of what a transport said is kept; the engine takes no more than a few thousand bytes.
_DETAIL_CHARACTERS_MAX = 500
#: After how long a journal that could not be written is tried again, in seconds.
_RETRY_SECONDS = 1.0


class Journal(Protocol):
    """Where a host keeps what happened. Both methods may be plain functions or coroutines.

    A journal of this kind is lived through from its first entry at each start, and keeps no snapshots: it is read by
    nobody but the host, so that its owner can move, copy and compact it freely, and a snapshot that does not belong to
    what is in it would be worse than none. A hundred thousand entries take about a second. Where that is too long, use the
    project's own journal file, which keeps snapshots and knows which records they stand for.
    """

    def load(self) -> Iterable[Entry] | Awaitable[Iterable[Entry]]:
        """Every entry, in the order in which they were appended."""
        ...

    def append(self, entry: Entry) -> Awaitable[None] | None:
        """Keeps an entry. It must be safe when this returns: the host acts on it then."""
        ...


class MemoryJournal:
    """A journal that is gone with the process, for tests."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries = list(entries)

    def load(self) -> Iterable[Entry]:
        """Every entry, in order."""
        return tuple(self.entries)

    def append(self, entry: Entry) -> None:
        """Keeps an entry."""
        self.entries.append(entry)


class Clock(Protocol):
    """What time it is, and waiting for a later one."""

    def now(self) -> datetime:
        """The present instant, aware."""
        ...

    async def sleep_until(self, at: datetime) -> None:
        """Returns at that instant or a little later; never long after it."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(timezone.utc)

    async def sleep_until(self, at: datetime) -> None:
        """Sleeps in short turns, so that a clock that was set and a machine that slept are noticed."""
        while (rest := (at - self.now()).total_seconds()) > 0:
            await asyncio.sleep(min(rest, 30.0))


class ManualClock:
    """A clock that stands still until it is set, so that tests of a host take no time."""

    def __init__(self, at: datetime) -> None:
        self._at = aware(at)
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """The instant it was set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Sets it to an instant, and wakes up whoever sleeps."""
        self._at = aware(at)
        self._moved.set()
        self._moved = asyncio.Event()

    def advance(self, by: timedelta) -> None:
        """Sets it to a later instant."""
        self.set(self._at + by)

    async def sleep_until(self, at: datetime) -> None:
        """Sleeps until it is set to that instant or a later one."""
        while self._at < at:
            await self._moved.wait()


class Host:
    """An engine with a clock, a journal and a handler.

    ::

        async def deliver(effect: Effect) -> None:
            match effect:
                case Notify(channel="pager", address=address, subject=subject):
                    await pager.send(address, subject, key=effect.id)

        async with Host(Policy.load("policy.yaml"), deliver, journal="night.journal") as host:
            await host.receive(webhook_body)
            await host.run()

    The handler is called with every effect, in order and without waiting for the one before. Those that want a report
    (:attr:`Effect.wants_report`) are reported: as delivered when it returns, as failed when it raises or takes longer
    than ``delivery_timeout``, and then the engine goes on to the next way or the next person. After a crash, what was
    under way is handed out again with the same ``effect.id``: pass that on as the idempotency key.
    """

    def __init__(
        self,
        policy: Policy,
        handler: Handler,
        *,
        journal: str | os.PathLike[str] | Journal,
        clock: Clock | None = None,
        delivery_timeout: timedelta = timedelta(seconds=30),
        adopt_policy: bool = False,
        policies: Iterable[Policy] = (),
    ) -> None:
        """A host that is not started yet; ``async with`` starts it.

        Args:
            policy: The policy in force.
            handler: Delivers effects.
            journal: A file in the format of the project, which is begun if there is none; or any object with the two
                methods of :class:`Journal`.
            clock: The machine's clock, unless given.
            delivery_timeout: How long a delivery may take.
            adopt_policy: Whether a journal that was written under another policy goes on under this one.
            policies: Those that were in force before a reload, where the journal holds one: the file needs them if it was
                stopped between a reload and its snapshot, any other journal always.
        """
        self._policy = policy
        self._handler = handler
        self._desk = (
            _FileDesk(policy, journal, adopt_policy, tuple(policies))
            if isinstance(journal, (str, os.PathLike))
            else _JournalDesk(policy, journal, adopt_policy, tuple(policies))
        )
        self._clock: Clock = clock or SystemClock()
        self._timeout = delivery_timeout.total_seconds()
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._timekeeper: asyncio.Task[None] | None = None

    @property
    def engine(self) -> Engine | Store:
        """The engine, to be asked: incidents, who is on call. Only the host hands it anything.

        Raises:
            KentonganError: The host is not started.
        """
        return self._desk.engine

    async def __aenter__(self) -> Host:
        """Opens the journal, hands out what was under way, and begins to keep time.

        Raises:
            JournalError: The journal cannot be opened.
        """
        self._perform(await self._desk.open())
        self._timekeeper = asyncio.create_task(self._keep_time(), name="kentongan timekeeper")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lets deliveries that are under way end, and closes the journal."""
        timekeeper, self._timekeeper = self._timekeeper, None
        if timekeeper is not None:
            timekeeper.cancel()
            await asyncio.gather(timekeeper, return_exceptions=True)
        while self._under_way:
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)
        async with self._turn:
            await asyncio.to_thread(self._desk.close)

    async def apply(self, input: Input) -> Step:
        """Hands in what happened, now. It is in the journal before anything comes of it.

        Returns:
            What came of it; the handler has been called with its effects, or is about to be.

        Raises:
            Rejected: The input cannot be; it is not in the journal.
            JournalError: The journal cannot be written; nothing has happened.
        """
        async with self._turn:
            step = await self._desk.apply(self._clock.now(), input)
        self._perform(step.effects)
        self._changed.set()
        return step

    async def reload(self, policy: Policy, severities: Mapping[str, str] | None = None) -> Step:
        """Moves everything that is open to another policy, now. The journal says so before anything comes of it.

        Args:
            policy: The policy that takes over.
            severities: What becomes of severities that have another name in it, old to new.

        Raises:
            Rejected: An incident would be left without a severity. The old policy is in force.
            JournalError: The journal cannot be written. The old policy is in force.
        """
        async with self._turn:
            step = await self._desk.reload(self._clock.now(), policy, dict(severities or {}))
        self._perform(step.effects)
        self._changed.set()
        return step

    async def receive(self, payload: bytes | str, source: str | None = None) -> tuple[Step, ...]:
        """Hands in the alerts of a payload, such as the body of a webhook.

        Raises:
            KentonganError: The payload cannot be read; none of it is handed in.
        """
        return tuple([await self.apply(alert) for alert in alerts_from(payload, source)])

    async def run(self) -> None:
        """Serves until it is cancelled.

        Raises:
            InternalError: The engine has a defect. Start the host again: it replays the journal.
        """
        if self._timekeeper is None:
            raise KentonganError("not_started", "the host is not started", "use `async with Host(…) as host`")
        await asyncio.shield(self._timekeeper)

    async def idle(self) -> None:
        """Returns when nothing is due and no delivery is under way, for tests."""
        while True:
            await asyncio.sleep(0)
            wakeup = self.engine.wakeup
            due = wakeup is not None and wakeup <= self._clock.now()
            if self._timekeeper is not None and self._timekeeper.done():
                await self._timekeeper
            if not due and not self._under_way and not self._turn.locked():
                return
            await asyncio.sleep(0.001)

    async def _keep_time(self) -> None:
        """Lets time pass at each wake-up, for ever."""
        while True:
            self._changed.clear()
            await self._wait(self.engine.wakeup)
            wakeup = self.engine.wakeup
            if wakeup is not None and wakeup <= self._clock.now():
                await self._insist(Tick())

    async def _wait(self, wakeup: datetime | None) -> None:
        """Waits for the wake-up, or until it may have become another."""
        changed = asyncio.create_task(self._changed.wait())
        waits: set[asyncio.Task[object]] = {changed}
        if wakeup is not None:
            waits.add(asyncio.create_task(self._clock.sleep_until(wakeup)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _insist(self, input: Input) -> None:
        """Hands in what nobody else would hand in again: a full disk must not lose it."""
        while True:
            try:
                await self.apply(input)
                return
            except JournalError as error:
                if error.code in ("poisoned", "closed"):
                    raise
                _log.error("the journal cannot be written, trying again: %s", error)
                await asyncio.sleep(_RETRY_SECONDS)
            except Rejected as error:
                _log.error("the engine refuses %s: %s", input.kind, error)
                return

    def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            # One that is under way is not begun again.
            if effect.id not in self._under_way:
                task = asyncio.create_task(self._deliver(effect), name=f"kentongan {effect.id}")
                self._under_way[effect.id] = task

    async def _deliver(self, effect: Effect) -> None:
        outcome, detail = Outcome.DELIVERED, ""
        try:
            await asyncio.wait_for(self._handled(effect), self._timeout)
        except asyncio.TimeoutError:
            outcome, detail = Outcome.FAILED, f"it took longer than {self._timeout:g} s"
        except Exception as error:  # Whatever a transport raises, somebody waits for this page.
            outcome, detail = Outcome.FAILED, f"{type(error).__name__}: {error}"[:_DETAIL_CHARACTERS_MAX]
        try:
            if effect.wants_report:
                await self._insist(Report(effect.id, outcome, detail=detail))
            elif outcome is Outcome.FAILED:
                _log.error("%s %s was not handled: %s", effect.kind, effect.id, detail)
        except (InternalError, JournalError) as error:
            # It stays pending, and is handed out again after a restart.
            _log.critical("%s was not reported: %s", effect.id, error)
        finally:
            self._under_way.pop(effect.id, None)

    async def _handled(self, effect: Effect) -> None:
        handler = self._handler
        if inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(getattr(handler, "__call__", None)):
            result = handler(effect)
        else:
            # A plain function may block; the clock and the other pages must not wait for it.
            result = await asyncio.to_thread(handler, effect)
        if inspect.isawaitable(result):
            await result


class _FileDesk:
    """A journal file of the project, which the native half writes together with the engine."""

    def __init__(
        self, policy: Policy, path: str | os.PathLike[str], adopt_policy: bool, policies: tuple[Policy, ...]
    ) -> None:
        self._policy, self._path, self._adopt_policy, self._policies = policy, path, adopt_policy, policies
        self._store: Store | None = None

    @property
    def engine(self) -> Store:
        if self._store is None:
            raise _not_started()
        return self._store

    async def open(self) -> tuple[Effect, ...]:
        self._store = await asyncio.to_thread(
            Store, self._path, self._policy, adopt_policy=self._adopt_policy, policies=self._policies
        )
        return self._store.recovery.effects

    async def reload(self, at: datetime, policy: Policy, severities: dict[str, str]) -> Step:
        return await asyncio.to_thread(self.engine.reload, at, policy, severities)

    async def apply(self, at: datetime, input: Input) -> Step:
        return await asyncio.to_thread(self.engine.apply, at, input)

    def close(self) -> None:
        if self._store is not None:
            self._store.close()


class _JournalDesk:
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
            await _finished(self._journal.append(Entry(at, Reload(engine.policy.digest, policy.digest, severities))))
        return engine.reload(at, policy, severities)

    async def apply(self, at: datetime, input: Input) -> Step:
        engine = self.engine
        # What is refused, and what comes too early to matter, leaves no record.
        engine.check(at, input)
        if not isinstance(input, Tick) or (engine.wakeup is not None and engine.wakeup <= at):
            await _finished(self._journal.append(Entry(at, input)))
        return engine.apply(at, input)

    def close(self) -> None:
        """The journal is the user's to close."""


async def _finished(result: T | Awaitable[T]) -> T:
    if inspect.isawaitable(result):
        return await result
    return result


def _not_started() -> KentonganError:
    return KentonganError("not_started", "the host is not started", "use `async with Host(…) as host`")
