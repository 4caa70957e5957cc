"""The host itself: inputs in turn, deliveries and their outcomes, and the passing of time."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from datetime import datetime, timedelta
from types import TracebackType

from kentongan.asyncio._desk import FileDesk, JournalDesk
from kentongan.asyncio._outcome import delivered, failed, plain
from kentongan.asyncio.clock import Clock, SystemClock
from kentongan.asyncio.journal import Journal
from kentongan.data import Incident, Outcome
from kentongan.effects import Effect
from kentongan.engine import Engine, Step
from kentongan.errors import JournalError, KentonganError, Rejected
from kentongan.inputs import Input, Report, Tick
from kentongan.intake import Payload, Source, alerts_from
from kentongan.oncall import OnCall
from kentongan.policy import Policy
from kentongan.store import Store

__all__ = ["Handler", "Host", "again"]

#: In a handler: whether the effect may have been performed before, by a host that was stopped before it was reported. A
#: transport that takes no key to tell a second one by can then say so in the message: ``if again.get(): …``.
again: ContextVar[bool] = ContextVar("kentongan.again", default=False)

#: Delivers one effect: returns when it has arrived, and raises when it has not. A plain function runs in a thread. For an
#: :class:`~kentongan.OpenChannel` it may return the name that the channel has got, where the one asked for was taken.
Handler = Callable[[Effect], "Awaitable[object] | object"]

_log = logging.getLogger("kentongan")
#: After how long a journal that could not be written is tried again, in seconds.
_RETRY_SECONDS = 1.0
#: How many handlers that are plain functions run at once. The journal has a thread of its own, so that deliveries which
#: hang hold up each other at the most.
_HANDLER_THREADS_MAX = 64


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
    than ``delivery_timeout``, and then the engine goes on to the next way or the next person. A channel whose name was taken
    is opened under another, and the handler returns that name: what is told from then on goes there. After a crash, what was
    under way is handed out again with the same ``effect.id``: pass that on as the idempotency key (:data:`again` says
    that it is so). A plain function that is given up goes on in its thread, so give it a timeout of its own as well.

    What is handed in is done to the end, also where whoever waits for it gives up: a web server that cancels a request
    cancels no page.
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
            FileDesk(policy, journal, adopt_policy, tuple(policies))
            if isinstance(journal, (str, os.PathLike))
            else JournalDesk(policy, journal, adopt_policy, tuple(policies))
        )
        self._clock: Clock = clock or SystemClock()
        self._timeout = delivery_timeout.total_seconds()
        self._turn = asyncio.Lock()
        self._changed = asyncio.Event()
        self._closing = asyncio.Event()
        # The last step's. To ask the engine would be to wait for a disk, and everything on this loop with it.
        self._wakeup: datetime | None = None
        self._threads = ThreadPoolExecutor(_HANDLER_THREADS_MAX, thread_name_prefix="kentongan handler")
        self._handed_in: set[asyncio.Task[Step]] = set()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._timekeeper: asyncio.Task[None] | None = None

    @property
    def engine(self) -> Engine | Store:
        """The engine, to be asked whatever :meth:`incidents` and the like do not answer. Only the host hands it anything.

        Over the project's file, it answers once what is being written is on the disk. A web server asks it in a thread:
        ``await asyncio.to_thread(host.engine.coverage, …)``.

        Raises:
            KentonganError: The host is not started.
        """
        return self._desk.engine

    async def __aenter__(self) -> Host:
        """Opens the journal, hands out what was under way, and begins to keep time.

        Raises:
            JournalError: The journal cannot be opened.
        """
        opened = await self._desk.open()
        self._closing.clear()
        self._wakeup = opened.wakeup
        self._perform(opened.effects, may_be_done=True)
        self._timekeeper = asyncio.create_task(self._keep_time(), name="kentongan timekeeper")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Lets deliveries that are under way end, and closes the journal.

        Where the journal cannot be written meanwhile, what was not reported is left to the next start. What is handed in
        afterwards is refused: :class:`JournalError`, ``closed``.
        """
        self._closing.set()
        timekeeper, self._timekeeper = self._timekeeper, None
        if timekeeper is not None:
            timekeeper.cancel()
            await asyncio.gather(timekeeper, return_exceptions=True)
        while self._under_way or self._handed_in:
            await asyncio.gather(*self._under_way.values(), *self._handed_in, return_exceptions=True)
        async with self._turn:
            await self._desk.close()

    async def apply(self, input: Input) -> Step:
        """Hands in what happened, now. It is in the journal before anything comes of it.

        Returns:
            What came of it; the handler has been called with its effects, or is about to be.

        Raises:
            Rejected: The input cannot be; it is not in the journal.
            JournalError: The journal cannot be written, or the host is closed; nothing has happened.
        """
        return await self._to_the_end(lambda: self._desk.apply(self._clock.now(), input))

    async def reload(self, policy: Policy, severities: Mapping[str, str] | None = None) -> Step:
        """Moves everything that is open to another policy, now. The journal says so before anything comes of it.

        Args:
            policy: The policy that takes over.
            severities: What becomes of severities that have another name in it, old to new.

        Raises:
            Rejected: An incident would be left without a severity. The old policy is in force.
            JournalError: The journal cannot be written. The old policy is in force.
        """
        return await self._to_the_end(lambda: self._desk.reload(self._clock.now(), policy, dict(severities or {})))

    async def receive(self, payload: Payload, source: Source | str | None = None) -> tuple[Step, ...]:
        """Hands in the alerts of a payload, such as the body of a webhook; what was odd about it is logged.

        Answer the sender once this returns: all of it is in the journal then.

        Raises:
            DataError: The payload cannot be read; none of it is handed in.
            JournalError: The journal cannot be written; let the sender send it again.
        """
        intake = alerts_from(payload, source)
        for warning in intake.warnings:
            _log.warning("%s: %s", warning.code, warning.message)
        return tuple([await self.apply(alert) for alert in intake])

    async def incidents(self) -> tuple[Incident, ...]:
        """Every incident that the engine remembers, in the order of opening, the resolved ones until they are forgotten."""
        return await self._desk.ask(lambda engine: engine.incidents())

    async def incident(self, id: str) -> Incident | None:
        """One incident, by its id."""
        return await self._desk.ask(lambda engine: engine.incident(id))

    async def who(self, role: str, at: datetime | None = None) -> OnCall:
        """Who is on call in a role, now or at an instant: whom the engine would page then."""
        moment = self._clock.now() if at is None else at
        return await self._desk.ask(lambda engine: engine.who(role, moment))

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
            if self._timekeeper is not None and self._timekeeper.done():
                await self._timekeeper
            # Without a timekeeper, what is due is done by the next start.
            due = self._timekeeper is not None and self._is_due()
            if not due and not self._under_way and not self._handed_in:
                return
            await asyncio.sleep(0.001)

    async def _to_the_end(self, work: Callable[[], Awaitable[Step]]) -> Step:
        """Does what changes the engine, in its turn, and what comes of it, even if the caller is cancelled meanwhile."""

        async def do() -> Step:
            async with self._turn:
                step = await work()
                self._wakeup = step.wakeup
            self._perform(step.effects)
            self._changed.set()
            return step

        doing = asyncio.create_task(do(), name="kentongan input")
        self._handed_in.add(doing)
        doing.add_done_callback(self._handed_in.discard)
        return await asyncio.shield(doing)

    async def _keep_time(self) -> None:
        """Lets time pass at each wake-up, for ever."""
        try:
            while True:
                self._changed.clear()
                await self._wait(self._wakeup)
                if self._is_due():
                    await self._insist(Tick())
        except Exception as error:
            # Not everybody waits for `run`, and from here on nobody is escalated to.
            _log.critical("the host keeps time no more: %s", error)
            raise

    def _is_due(self) -> bool:
        return self._wakeup is not None and self._wakeup <= self._clock.now()

    async def _wait(self, wakeup: datetime | None) -> None:
        """Waits for the wake-up, or until it may have become another."""
        changed = asyncio.create_task(self._changed.wait())
        waits: set[asyncio.Task[object]] = {changed}
        if wakeup is not None:
            waits.add(asyncio.create_task(self._clock.sleep_until(wakeup)))
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                if one.cancelled():  # By the clock: whoever stops the timekeeper ends the waiting for both.
                    raise KentonganError("clock_cancelled", "the clock cancelled its own sleep", "see the host's clock")
                one.result()
        finally:
            for wait in waits:
                wait.cancel()

    async def _insist(self, input: Input) -> bool:
        """Hands in what nobody else would hand in again: a full disk must not lose it. Gives whether the engine took it.

        Raises:
            JournalError: It cannot be written, and the host is about to stop.
        """
        while True:
            try:
                await self.apply(input)
                return True
            except JournalError as error:
                if error.code in ("poisoned", "closed") or self._closing.is_set():
                    raise
                _log.error("the journal cannot be written, trying again: %s", error)
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), _RETRY_SECONDS)
            except (Rejected, ValueError) as error:  # A text that no JSON can hold is a `ValueError`.
                _log.error("the engine refuses %s: %s", input.kind, error)
                return False

    def _perform(self, effects: Iterable[Effect], may_be_done: bool = False) -> None:
        for effect in effects:
            # One that is under way is not begun again.
            if effect.id not in self._under_way:
                # A task has the context in which it is made.
                context = copy_context()
                context.run(again.set, may_be_done)
                task = context.run(asyncio.create_task, self._deliver(effect), name=f"kentongan {effect.id}")
                self._under_way[effect.id] = task

    async def _deliver(self, effect: Effect) -> None:
        report = await self._attempt(effect)
        try:
            if effect.wants_report:
                # Whatever was wrong with what the transport said: until the outcome is known, nobody else is paged.
                if not await self._insist(report):
                    await self._insist(plain(report))
            elif report.outcome is Outcome.FAILED:
                _log.error("%s %s was not handled: %s", effect.kind, effect.id, report.detail)
        except Exception as error:
            # It stays pending, and is handed out again after a restart.
            _log.critical("%s was not reported: %s", effect.id, error)
        finally:
            self._under_way.pop(effect.id, None)

    async def _attempt(self, effect: Effect) -> Report:
        """How a delivery went. Whatever a transport does, somebody waits for this page."""
        handled = asyncio.create_task(self._handled(effect), name=f"kentongan handler of {effect.id}")
        try:
            await asyncio.wait({handled}, timeout=self._timeout)
        finally:
            # It may not listen, and is not waited for.
            handled.cancel()
        if not handled.done():
            return failed(effect, f"it took longer than {self._timeout:g} s")
        if handled.cancelled():
            return failed(effect, "the handler was cancelled")
        error = handled.exception()
        return delivered(effect, handled.result()) if error is None else failed(effect, error)

    async def _handled(self, effect: Effect) -> object:
        handler = self._handler
        if inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(getattr(handler, "__call__", None)):
            result = handler(effect)
        else:
            # A plain function may block; the clock and the other pages must not wait for it.
            loop, context = asyncio.get_running_loop(), copy_context()
            result = await loop.run_in_executor(self._threads, lambda: context.run(handler, effect))
        return await result if inspect.isawaitable(result) else result
