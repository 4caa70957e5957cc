"""The engine: a state machine over incidents, without a clock and without I/O."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, cast

from kentongan._codec import Data, encode_instant, decode_instant, instant, micros
from kentongan._kentongan import EngineCore
from kentongan._wire import input_json
from kentongan.data import Coverage, Duty, Incident, Shift
from kentongan.decisions import Decision
from kentongan.effects import Effect
from kentongan.errors import DataError, RestoreError
from kentongan.inputs import Input, Tick
from kentongan.oncall import OnCall
from kentongan.policy import Policy
from kentongan.reports import Handoff

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Engine", "Entry", "Recovery", "Reload", "Replay", "Snapshot", "Step", "Store"]


class Step:
    """What one call came to.

    Attributes:
        effects: What the host must do, in this order.
        wakeup: The instant at which the host must call again at the latest; None where nothing is due. Calls before
            it do no harm.
        decisions: Why, and why not.
    """

    __slots__ = ("_decided", "effects", "wakeup")
    __match_args__ = ("effects", "wakeup", "decisions")

    effects: tuple[Effect, ...]
    wakeup: datetime | None
    _decided: tuple[Decision, ...] | str

    def __init__(
        self,
        effects: Iterable[Effect] = (),
        wakeup: datetime | None = None,
        decisions: Iterable[Decision] | str = (),
    ) -> None:
        object.__setattr__(self, "effects", tuple(effects))
        object.__setattr__(self, "wakeup", wakeup)
        # Reasons are many and seldom read: they stay as JSON until somebody does.
        object.__setattr__(self, "_decided", decisions if isinstance(decisions, str) else tuple(decisions))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Why, and why not."""
        decided = self._decided
        if isinstance(decided, str):
            decided = tuple(Decision.from_dict(one) for one in json.loads(decided))
            object.__setattr__(self, "_decided", decided)
        return decided

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a step does not change: `{name}` cannot be set")

    def __repr__(self) -> str:
        return f"Step(effects={self.effects!r}, wakeup={self.wakeup!r}, decisions={self.decisions!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Step):
            return NotImplemented
        return (self.effects, self.wakeup, self.decisions) == (other.effects, other.wakeup, other.decisions)

    def __hash__(self) -> int:
        return hash((tuple(effect.id for effect in self.effects), self.wakeup))

    def __reduce__(self) -> tuple[Any, ...]:
        return Step, (self.effects, self.wakeup, self.decisions)

    def to_dict(self) -> dict[str, Any]:
        """The shape that it has in JSON."""
        return {
            "effects": [effect.to_dict() for effect in self.effects],
            "wakeup": None if self.wakeup is None else encode_instant(self.wakeup),
            "decisions": [decision.to_dict() for decision in self.decisions],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Step:
        """Reads the shape that it has in JSON."""
        wakeup = data.get("wakeup")
        return cls(
            (Effect.from_dict(one) for one in data["effects"]),
            None if wakeup is None else decode_instant(wakeup),
            (Decision.from_dict(one) for one in data["decisions"]),
        )


@dataclass(frozen=True, slots=True)
class Reload:
    """A reload of the policy as a journal keeps it: the policies stand there by their digests.

    Attributes:
        old: The digest of the policy before it.
        new: The digest of the policy after it.
        severities: The severities that have another name after it, old to new.
    """

    old: str
    new: str
    severities: Mapping[str, str] = field(default_factory=dict[str, str])
    kind: ClassVar[str] = "reload"

    def __hash__(self) -> int:
        return hash((self.old, self.new))

    def to_dict(self) -> dict[str, Any]:
        """The shape that it has in JSON, the same in every language."""
        renamed = {"severities": dict(self.severities)} if self.severities else {}
        return {"from": self.old, "to": self.new, **renamed}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reload:
        """Reads the shape that it has in JSON.

        Raises:
            DataError: A digest is missing.
        """
        try:
            return cls(data["from"], data["to"], dict(data.get("severities", {})))
        except KeyError as error:
            raise DataError("missing_field", f"a reload has no `{error.args[0]}`") from None


@dataclass(frozen=True, slots=True)
class Entry(Data):
    """One input, or one reload of the policy, at its instant: a record of a journal.

    Attributes:
        at: When it was handed in.
        input: What was handed in.
    """

    at: datetime
    input: Input | Reload

    def to_dict(self) -> dict[str, Any]:
        """The shape that it has in JSON, the same in every language."""
        at = encode_instant(self.at)
        if isinstance(self.input, Reload):
            return {"at": at, "reload": self.input.to_dict()}
        return {"at": at, "input": {"kind": self.input.kind, **self.input.to_dict()}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Reads the shape that it has in JSON.

        Raises:
            DataError: A field is missing or of a wrong type.
        """
        try:
            at = decode_instant(data["at"])
            what = Reload.from_dict(data["reload"]) if "reload" in data else Input.from_dict(data["input"])
        except KeyError as error:
            raise DataError("missing_field", f"an entry has no `{error.args[0]}`") from None
        return cls(at, what)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole state of an engine as data.

    Attributes:
        text: Its JSON, which is canonical: the same state gives the same text.
    """

    text: str

    @property
    def policy(self) -> str:
        """The digest of the policy that it was taken under."""
        return str(self.to_dict()["policy"])

    def to_dict(self) -> dict[str, Any]:
        """The shape that it has in JSON.

        Raises:
            RestoreError: It is no JSON object.
        """
        try:
            found = json.loads(self.text)
        except ValueError as error:
            raise RestoreError("unreadable_snapshot", f"the snapshot cannot be read: {error}") from None
        if not isinstance(found, dict):
            raise RestoreError("unreadable_snapshot", "the snapshot is no object", "replay the journal instead")
        return cast("dict[str, Any]", found)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Snapshot:
        """A snapshot from the shape that it has in JSON."""
        return cls(json.dumps(data, ensure_ascii=False, separators=(",", ":")))


@dataclass(frozen=True)
class Replay:
    """What a journal comes to.

    Attributes:
        engine: An engine that has lived through it.
        lines: The effects as canonical JSON, one a line: every language gives the same bytes.
        refused: How many entries the engine refused.
    """

    engine: Engine
    lines: str
    refused: int

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The effects, in order."""
        return tuple(Effect.from_dict(json.loads(line)) for line in self.lines.splitlines())


def _step(effects: str, wakeup: int | None, decisions: str) -> Step:
    """A step as the native half gives it."""
    found = () if effects == "[]" else map(Effect.from_dict, json.loads(effects))
    return Step(found, None if wakeup is None else instant(wakeup), decisions)


class _Machine(EngineCore):
    """What an engine can be asked, whoever keeps its journal."""

    _policy: Policy

    def __new__(cls, policy: Policy) -> Self:
        machine = super().__new__(cls, policy)
        machine._policy = policy
        return machine

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self._policy

    def apply(self, at: datetime, input: Input) -> Step:
        """Applies one input at an instant, after what was due before it.

        Time never runs backwards: an instant before the last one counts as the last one and leaves a decision.

        Args:
            at: When it happened; aware, in any zone. The engine counts in milliseconds: an instant between two of
                them, here and in data, counts as the earlier one.
            input: What happened.

        Returns:
            What to do, when to call again, and why.

        Raises:
            Rejected: The input cannot be. Nothing has changed.
            DataError: The instant is naive, or a field of the input holds what it cannot.
            JournalError: The journal cannot be written. The engine is as it was.
        """
        return _step(*self.apply_json(micros(at), input_json(input)))

    def reload(self, at: datetime, policy: Policy, severities: Mapping[str, str] | None = None) -> Step:
        """Moves everything that is open to another policy, whole or not at all.

        Running clocks get the new targets from their original start, climbs go on on the path of the same name without
        telling anybody twice, and nothing that was met or missed becomes otherwise. The policy that is in force
        already changes nothing.

        Args:
            at: When; aware, in any zone.
            policy: The policy that takes over.
            severities: What becomes of severities that have another name in it, old to new.

        Returns:
            What came of it, as of :meth:`apply`.

        Raises:
            Rejected: An incident's severity is gone and ``severities`` does not say what becomes of it
                (``severity_gone``), or names one that is not there. The old policy is in force.
            JournalError: The journal cannot be written. The old policy is in force.
        """
        step = _step(*self.reload_json(micros(at), policy, dict(severities or {})))
        self._policy = policy
        return step

    def check_reload(self, at: datetime, policy: Policy, severities: Mapping[str, str] | None = None) -> None:
        """Raises what :meth:`reload` would raise, and changes nothing.

        Raises:
            Rejected: The reload cannot be.
        """
        self.check_reload_json(micros(at), policy, dict(severities or {}))

    def advance(self, at: datetime) -> Step:
        """Lets time pass: does whatever is due by an instant. The same as applying a :class:`Tick`.

        Raises:
            Rejected: The instant is out of range.
        """
        return self.apply(at, Tick())

    def check(self, at: datetime, input: Input) -> None:
        """Raises what :meth:`apply` would raise, and changes nothing. A host asks before it writes to its journal.

        Raises:
            Rejected: The input cannot be.
        """
        self.check_json(micros(at), input_json(input))

    @property
    def now(self) -> datetime | None:
        """The engine's time: the latest instant handed in."""
        found = self.now_micros()
        return None if found is None else instant(found)

    @property
    def wakeup(self) -> datetime | None:
        """The earliest instant at which anything is due; before it, :meth:`advance` does nothing."""
        found = self.wakeup_micros()
        return None if found is None else instant(found)

    def incidents(self) -> tuple[Incident, ...]:
        """Every incident it remembers, in the order of opening, the resolved ones until they are forgotten."""
        return tuple(Incident.from_dict(one) for one in json.loads(self.incidents_json()))

    def incident(self, id: str) -> Incident | None:
        """One incident, by its id."""
        found = self.incident_json(id)
        return None if found is None else Incident.from_dict(json.loads(found))

    def handoffs(self) -> tuple[Handoff, ...]:
        """The latest hand-off of each on-call role."""
        return tuple(Handoff.from_dict(one) for one in json.loads(self.handoffs_json()))

    def pending(self) -> tuple[Effect, ...]:
        """Every effect whose outcome has not been reported. After a crash, those are to be done again."""
        return tuple(Effect.from_dict(one) for one in json.loads(self.pending_json()))

    def who(self, role: str, at: datetime) -> OnCall:
        """Who is on call in a role at an instant: whom the engine would page then."""
        return OnCall.from_dict(json.loads(self.who_json(role, micros(at))))

    def duty(self, role: str, at: datetime) -> Duty:
        """Who is on call in a role at an instant, by which layer, and who was passed over."""
        return Duty.from_dict(json.loads(self.duty_json(role, micros(at))))

    def next_in_line(self, role: str, at: datetime) -> OnCall:
        """Who is next in line behind whoever is on call in a role."""
        return OnCall.from_dict(json.loads(self.next_in_line_json(role, micros(at))))

    def shadow_shifts(self, role: str, start: datetime, end: datetime) -> tuple[Shift, ...]:
        """When somebody looks over the shoulder of those on call in a role, between two instants."""
        found = json.loads(self.shadow_shifts_json(role, micros(start), micros(end)))
        return tuple(Shift.from_dict(one) for one in found)

    def shifts_svg(
        self, start: datetime, end: datetime, *, roles: Iterable[str] | None = None, mark: datetime | None = None
    ) -> str:
        """Who is on call between two instants, as a picture: SVG.

        Args:
            start: Where it begins.
            end: Where it ends.
            roles: Which roles it shows, in their order; all of the policy otherwise.
            mark: An instant that is marked.
        """
        shown = self.policy.on_call_roles if roles is None else list(roles)
        return self.shifts_picture(shown, micros(start), micros(end), None if mark is None else micros(mark))

    def shifts_ics(self, role: str, start: datetime, end: datetime) -> str:
        """The shifts of a role between two instants as a calendar to subscribe to (.ics). Shifts are whole, also where they
        began before or end after."""
        return self.shifts_calendar(role, micros(start), micros(end))

    def coverage(self, role: str, start: datetime, end: datetime) -> Coverage:
        """Who is on call in a role between two instants, gaps included, overrides and absences counted."""
        return Coverage.from_dict(json.loads(self.coverage_json(role, micros(start), micros(end))))

    def next_change(self, role: str, after: datetime) -> datetime | None:
        """The next instant at which :meth:`who` answers otherwise."""
        found = self.next_change_micros(role, micros(after))
        return None if found is None else instant(found)

    def snapshot(self) -> Snapshot:
        """The whole state as data."""
        return Snapshot(self.snapshot_json())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._policy.name} at {self.now or 'no time yet'}>"


class Engine(_Machine):
    """The incident engine, pure: time is an argument, effects are data, and it does no I/O.

    A host writes each input to its journal, then hands it to :meth:`apply`, performs the effects, reports each outcome
    with :class:`Report`, and calls again at ``wakeup`` at the latest. :class:`kentongan.asyncio.Host` is such a host.

    It may be shared by threads; one call at a time gets through. It can be pickled, with its policy and its state.

    >>> from datetime import datetime, timezone
    >>> engine = Engine(Policy.kreki())
    >>> engine.wakeup is None
    True
    """

    def __new__(cls, policy: Policy) -> Engine:
        """An engine without incidents."""
        return super().__new__(cls, policy)

    @classmethod
    def restore(cls, policy: Policy, snapshot: Snapshot) -> Engine:
        """An engine in the state of a snapshot.

        Raises:
            RestoreError: The snapshot is damaged, of a newer release, or was taken under another policy.
        """
        engine = cls(policy)
        engine.restore_json(snapshot.text)
        return engine

    @classmethod
    def replay(cls, policy: Policy, entries: Iterable[Entry], *, policies: Iterable[Policy] = ()) -> Replay:
        """What a journal comes to under a policy. Other threads run meanwhile.

        Args:
            policy: The policy that the first entry is lived through under.
            entries: The journal.
            policies: Those that reloads move to, in any order.

        Raises:
            DataError: An entry holds what it cannot.
            JournalError: The policy of a reload is not at hand (``missing_policy``).
        """
        lines = "\n".join(json.dumps(entry.to_dict(), ensure_ascii=False, allow_nan=False) for entry in entries)
        engine, known = cls(policy), (policy, *policies)
        effects, refused = engine.replay_jsonl(lines, known)
        digest = engine.policy_digest()
        engine._policy = next(one for one in known if one.digest == digest)
        return Replay(engine, effects, refused)

    def __reduce__(self) -> tuple[Any, ...]:
        return Engine.restore, (self._policy, self.snapshot())


@dataclass(frozen=True, slots=True)
class Recovery:
    """What opening a journal found.

    Attributes:
        created: Whether the journal was begun now, for want of one.
        records: How many records it holds.
        replayed: How many of them the engine lived through again; the snapshot stands for the others.
        effects: What is to be done unless the host knows that it has: what is not reported, and what the last record
            came to.
        details: Everything, as in JSON: what was cut off, what became of the snapshot, who wrote the last record.
    """

    created: bool
    records: int
    replayed: int
    effects: tuple[Effect, ...]
    details: dict[str, Any]


class Store(_Machine):
    """An engine whose inputs are in a journal file, on disk, before it acts on them.

    One store writes a journal at a time. Use it as a context manager, or :meth:`close` it.

    Attributes:
        recovery: What opening the journal found.
    """

    recovery: Recovery

    def __new__(
        cls,
        path: str | os.PathLike[str],
        policy: Policy,
        *,
        adopt_policy: bool = False,
        snapshot_every: int | None = 10_000,
        policies: Iterable[Policy] = (),
    ) -> Store:
        """Opens a journal, or begins one, and brings the engine to where it was.

        Args:
            path: The file; its snapshot stands beside it.
            policy: The policy in force.
            adopt_policy: Whether a journal that was written under another policy is replayed under this one and goes
                on with it. Effects may then have ids of others from before.
            snapshot_every: After how many records a snapshot is written, and after a reload; None for never.
            policies: Those that were in force before a reload. They are needed where the journal was stopped between
                a reload and its snapshot.

        Raises:
            JournalError: The file is no journal, is damaged, belongs to another writer, or was written under another
                policy.
        """
        store = super().__new__(cls, policy)
        found = json.loads(store.open(os.fspath(path), adopt_policy, snapshot_every, tuple(policies)))
        effects = tuple(Effect.from_dict(one) for one in found["effects"])
        store.recovery = Recovery(found["created"], found["records"], found["replayed"], effects, found)
        return store

    def __init__(self, *_: Any, **__: Any) -> None:
        """Everything is done when it is made."""

    @staticmethod
    def recover(path: str | os.PathLike[str]) -> dict[str, Any] | None:
        """Gives up what follows the last good record of a damaged journal, and keeps it in a file beside it.

        A step for people to take: what is cut off had been confirmed.

        Returns:
            What was cut off, as in JSON: ``records`` before it, ``offset``, ``bytes``, ``damage``, and the file in which it
            is ``kept``; None where nothing is damaged.

        Raises:
            JournalError: The journal is open in a writer, or cannot be read or written.
        """
        found = Store.recover_json(os.fspath(path))
        return None if found is None else dict(json.loads(found))

    @property
    def records(self) -> int:
        """How many records the journal holds."""
        return self.journal_parts()[0]

    @property
    def snapshot_fault(self) -> str | None:
        """Why the last snapshot that it took by itself failed. The journal is whole without it."""
        return self.journal_parts()[1]

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
