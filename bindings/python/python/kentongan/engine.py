"""The engine: a state machine over incidents, without a clock and without I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from kentongan._codec import decode_instant, encode_instant, instant, micros
from kentongan._kentongan import EngineCore
from kentongan._wire import entries_jsonl, input_json
from kentongan.data import Coverage, Duty, Incident, Shift
from kentongan.decisions import Decision
from kentongan.documents import Documents
from kentongan.effects import Effect
from kentongan.entry import Entry
from kentongan.errors import RestoreError
from kentongan.inputs import Input, Tick
from kentongan.oncall import OnCall
from kentongan.policy import Policy
from kentongan.reports import Handoff

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Engine", "Machine", "Replay", "Snapshot", "Step"]


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

    @property
    def engine(self) -> str:
        """The version of the engine that it was taken by."""
        return str(self.to_dict()["engine"])

    @property
    def time_zone_data(self) -> str:
        """The version of the time zone data which that engine brought."""
        return str(self.to_dict()["time_zone_data"])

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


class Machine(EngineCore, Documents):
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

    def shifts(self, role: str, start: datetime, end: datetime) -> tuple[Shift, ...]:
        """The shifts of a role between two instants in order, gaps among them, overrides and absences counted."""
        return self.coverage(role, start, end).shifts

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


class Engine(Machine):
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
        lines = entries_jsonl(entries)
        engine, known = cls(policy), (policy, *policies)
        effects, refused = engine.replay_jsonl(lines, known)
        digest = engine.policy_digest()
        engine._policy = next(one for one in known if one.digest == digest)
        return Replay(engine, effects, refused)

    def __reduce__(self) -> tuple[Any, ...]:
        return Engine.restore, (self._policy, self.snapshot())
