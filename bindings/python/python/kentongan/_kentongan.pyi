"""The native half of the package; import from `kentongan` instead."""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar, Self, final, overload

from typing_extensions import disjoint_base

from kentongan.inputs import Alert

__all__ = [
    "CalendarCore",
    "EngineCore",
    "HistoryCore",
    "PolicyCore",
    "RecordsCore",
    "RotaCore",
    "Ruling",
    "Rulings",
    "ScenarioCore",
    "ScheduleCore",
    "__version__",
    "alerts_from",
    "explanation_text",
    "holidays_json",
    "mail_header",
    "markdown",
    "paragraphs",
    "readable",
    "rulings_of",
    "run_command",
    "schema",
    "shapes",
    "slack",
    "time_zone_data_version",
]

__version__: str

@disjoint_base
class PolicyCore:
    """A compiled policy. Import kentongan.Policy instead, which is this and more."""

    def __new__(cls, name: str, text: str, form: str, read: Callable[[str], bytes | None]) -> Self: ...
    @staticmethod
    def diagnose(name: str, text: str, form: str, read: Callable[[str], bytes | None]) -> str:
        """Everything odd about a policy, errors and warnings, as JSON."""
    @staticmethod
    def shipped_source(name: str) -> tuple[str, list[tuple[str, str]]] | None:
        """The text of a policy that comes with the package, and the files beside it."""
    @staticmethod
    def shipped_names() -> list[str]:
        """The names of the policies that come with the package."""
    @property
    def name(self) -> str:
        """Its name."""
    @property
    def digest(self) -> str:
        """The SHA-256 of its content, comments and layout aside: `sha256:…`."""
    @property
    def zone(self) -> str:
        """The zone in which its people read dates and times."""
    @property
    def severities(self) -> list[str]:
        """The names of its severities, the worst first."""
    @property
    def rules(self) -> list[str]:
        """The names of its rules, in their order and without the default."""
    @property
    def on_call_roles(self) -> list[str]:
        """The on-call roles, as the policy orders them."""
    @property
    def schedules(self) -> list[str]:
        """The names of its schedules, as it orders them."""
    @property
    def calendars(self) -> list[str]:
        """The names of its calendars, as it orders them."""
    def named(self, person: str) -> str:
        """What people read for the id of a person: their name, where the policy has one."""
    @property
    def alert_facts(self) -> list[str]:
        """The facts of an alert that the rules read."""
    def warnings_json(self) -> str:
        """What can be used as it stands, but likely does not mean what its author thinks: diagnostics as JSON."""
    def document_json(self) -> str:
        """The document that it was compiled from, as JSON."""
    def summary_json(self) -> str:
        """What it holds, as JSON."""
    def classify(self, alert: Alert | Mapping[str, Any]) -> Ruling:
        """Says which severity an alert has, and which rule gave it, as quickly as can be."""
    def classify_batch(
        self,
        alerts: Any,
        *,
        progress: Callable[[int, int | None], object] | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> Rulings:
        """Classifies many alerts in one call; other threads run meanwhile."""
    def reasons_json(self, alert: str) -> str:
        """The severity of an alert with its reasons, as JSON."""
    def explanation_json(self, alert: str) -> str:
        """What every rule says of an alert, as JSON."""
    def who_json(self, role: str, at: int) -> str:
        """Who is on call in a role at an instant, in microseconds since 1970: as JSON."""
    def coverage_json(self, role: str, start: int, end: int) -> str:
        """Who is on call in a role between two instants, as JSON."""
    def next_change_micros(self, role: str, after: int) -> int | None:
        """The next instant at which somebody else is on call, in microseconds since 1970."""
    def over_at(self, at: int) -> list[str]:
        """What of it is over at an instant, in microseconds since 1970: in words."""
    def next_release_micros(self, after: int) -> int | None:
        """The first release strictly after an instant, in microseconds since 1970."""

@disjoint_base
class CalendarCore:
    """A calendar of a policy. Import kentongan.Calendar instead."""

    def __new__(cls, policy: PolicyCore, name: str) -> Self: ...
    @property
    def name(self) -> str:
        """What the policy calls it."""
    @property
    def zone(self) -> str:
        """The zone of its hours."""
    @property
    def hours(self) -> str:
        """Its hours of the week, as people read them."""
    def is_open_at(self, at: int) -> bool:
        """Whether an instant, in microseconds since 1970, is working time."""
    def opens_again(self, at: int) -> bool:
        """Whether it is open at any instant from another one on, in microseconds since 1970."""
    def next_holiday_parts(self, at: int) -> tuple[str, str] | None:
        """The next holiday on or after the local date of an instant: its date and its name."""
    def next_opening_micros(self, at: int) -> int:
        """The first instant of working time at or after another, in microseconds since 1970."""
    def next_closing_micros(self, at: int) -> int:
        """The end of the stretch of working time that the next opening lies in, in microseconds since 1970."""
    def add_micros(self, at: int, millis: int) -> int:
        """The instant by which so many milliseconds of working time have passed, in microseconds since 1970."""
    def subtract_micros(self, at: int, millis: int) -> int:
        """The latest instant from which so many milliseconds of working time lead to another."""
    def elapsed_millis(self, start: int, end: int) -> int:
        """The working time between two instants, in milliseconds."""
    def close_of_business_day_micros(self, at: int, days: int) -> int:
        """When a later day that is worked closes, so many of them after an instant's own."""

@disjoint_base
class ScheduleCore:
    """A schedule of a policy. Import kentongan.Schedule instead."""

    def __new__(cls, policy: PolicyCore, name: str) -> Self: ...
    @property
    def name(self) -> str:
        """What the policy calls it."""
    @property
    def zone(self) -> str:
        """The zone of its people."""
    def who_json(self, at: int) -> str:
        """Who is on call at an instant, in microseconds since 1970: as JSON."""
    def coverage_json(self, start: int, end: int) -> str:
        """Who is on call between two instants, as JSON."""
    def next_change_micros(self, after: int) -> int | None:
        """The next instant at which somebody else is on call, in microseconds since 1970."""
    def shadows_at(self, at: int) -> list[str]:
        """Who looks over the shoulder of those on call at an instant, in microseconds since 1970."""
    def shadow_shifts_json(self, start: int, end: int) -> str:
        """When somebody looks over the shoulder of those on call between two instants, as JSON."""

@disjoint_base
class RotaCore:
    """Who is on call by a calendar. Import kentongan.ics.Rota instead."""

    def __new__(
        cls,
        name: str,
        calendar: bytes,
        policy: PolicyCore,
        called: dict[str, str | None],
        zone: str | None,
        until: str | None,
    ) -> Self: ...
    def details_json(self) -> str:
        """What it says, as JSON: rotation, shifts, until, warnings."""
    def layer_json(self, name: str, zone: str) -> str:
        """The layer of a schedule that it comes to, as JSON."""
    @property
    def zone(self) -> str | None:
        """The zone in which its schedule is best kept: where it turns, if it is a rotation."""
    def to_yaml(self, schedule: str) -> str:
        """The section of a policy for it, as YAML that a person pastes."""

@disjoint_base
class EngineCore:
    """An engine, with or without a journal. Import kentongan.Engine or kentongan.Store instead."""

    def __new__(cls, policy: PolicyCore) -> Self: ...
    def restore_json(self, text: str) -> None:
        """Puts the engine into the state of a snapshot."""
    def open(
        self, path: str | PathLike[str], adopt_policy: bool, snapshot_every: int | None, earlier: Sequence[PolicyCore]
    ) -> str:
        """Opens a journal and puts the engine where it was; returns what was found, as JSON."""
    def close(self) -> None:
        """Closes the journal, so that another writer can open it."""
    def apply_json(self, at: int, text: str) -> tuple[str, int | None, str]:
        """Applies an input; effects as JSON, the wake-up in microseconds since 1970, decisions as JSON."""
    def check_json(self, at: int, text: str) -> None:
        """Says whether an input would be refused, and raises what would be."""
    def reload_json(self, at: int, policy: PolicyCore, severities: dict[str, str]) -> tuple[str, int | None, str]:
        """Moves the engine to another policy; what came of it as `apply_json` gives it."""
    def check_reload_json(self, at: int, policy: PolicyCore, severities: dict[str, str]) -> None:
        """Raises what `reload_json` would raise, and changes nothing."""
    def policy_digest(self) -> str:
        """The digest of the policy in force."""
    def replay_jsonl(self, lines: str, others: Sequence[PolicyCore]) -> tuple[str, int]:
        """Applies a journal, one JSON entry a line; returns the effects, one a line, and how many were refused."""
    def snapshot_json(self) -> str:
        """The whole state, as canonical JSON."""
    def save(self) -> None:
        """Writes a snapshot beside the journal."""
    def wakeup_micros(self) -> int | None:
        """The earliest instant at which anything is due, in microseconds since 1970."""
    def now_micros(self) -> int | None:
        """The engine's time, in microseconds since 1970."""
    def pending_json(self) -> str:
        """Every effect whose outcome has not been reported, as JSON."""
    def incidents_json(self) -> str:
        """Every incident it remembers, as JSON."""
    def incident_json(self, id: str) -> str | None:
        """One incident, as JSON; none where it remembers no such one."""
    def role_holders(self, incident: str, role: str) -> list[str]:
        """Who holds a role of an incident now; nobody where it was given up, or there is no such incident."""
    def handoffs_json(self) -> str:
        """The latest hand-off of each on-call role, as JSON."""
    def next_in_line_json(self, role: str, at: int) -> str:
        """Who is next in line behind whoever is on call in a role, as JSON."""
    def shadow_shifts_json(self, role: str, start: int, end: int) -> str:
        """Who looks over the shoulder of those on call in a role between two instants, as JSON."""
    def shifts_picture(self, roles: Sequence[str], start: int, end: int, mark: int | None) -> str:
        """The shifts of some roles between two instants as a picture, SVG; an instant may be marked."""
    def shifts_calendar(self, role: str, start: int, end: int) -> str:
        """The shifts of a role between two instants as a calendar to subscribe to, in the form of RFC 5545."""
    def document_parts(self, kind: str, subject: str, templates: PolicyCore | None) -> tuple[str, str | None]:
        """A document of what is open, or of a hand-off, and why the policy's own template was not used."""
    def journal_path(self) -> Path | None:
        """Where the journal is; none where there is none."""
    def journal_parts(self) -> tuple[int, str | None]:
        """How many records the journal holds, and why the last snapshot that it took by itself failed, if it did."""
    @staticmethod
    def recover_json(path: str | PathLike[str]) -> str | None:
        """Cuts a damaged journal after its last good record; what was cut off, as JSON, if anything was."""
    def audit(self) -> list[str]:
        """What the engine promises of its own state, checked: each line is a promise that is broken."""
    def who_json(self, role: str, at: int) -> str:
        """Who is on call in a role at an instant, in microseconds since 1970: as JSON."""
    def duty_json(self, role: str, at: int) -> str:
        """Who is on call in a role, by which layer, and who was passed over: as JSON."""
    def coverage_json(self, role: str, start: int, end: int) -> str:
        """Who is on call in a role between two instants, as JSON."""
    def next_change_micros(self, role: str, after: int) -> int | None:
        """The next instant at which somebody else is on call, in microseconds since 1970."""

@disjoint_base
class HistoryCore:
    """A journal lived through. Import kentongan.History instead."""

    def __new__(
        cls,
        policy: PolicyCore,
        path: str | PathLike[str] | None,
        lines: str,
        others: Sequence[PolicyCore],
        until: int | None,
    ) -> Self: ...
    def monthly_parts(self, month: str, templates: PolicyCore | None) -> tuple[str, str, str | None]:
        """The report on a month: its data as JSON, the same as Markdown, and why the policy's own template was not used."""
    def quarterly_parts(self, quarter: str, templates: PolicyCore | None) -> tuple[str, str, str | None]:
        """The review of a quarter, as `monthly_parts` gives a month."""
    def document_parts(self, kind: str, subject: str, templates: PolicyCore | None) -> tuple[str, str | None]:
        """A document of an incident, or of a hand-off, and why the policy's own template was not used."""
    def span_micros(self) -> tuple[int, int] | None:
        """The first and the last instant that it tells of, in microseconds since 1970; none where it tells nothing."""
    def account_json(self, incident: str) -> str:
        """What it tells of an incident, as JSON."""
    def incident_ids(self) -> list[str]:
        """The ids of all incidents that it tells of, in the order of their opening."""
    def picture(self, incident: str) -> str:
        """How an incident went, as a picture: SVG."""

@disjoint_base
class RecordsCore:
    """The records of a journal. Import kentongan.Records instead."""

    def __new__(cls, path: str | PathLike[str]) -> Self: ...
    def next_json(self) -> str | None:
        """The next record as JSON; None where they end."""
    def tail_parts(self) -> tuple[int, int, str] | None:
        """What is left over after the last good record, once they have ended: offset, length in bytes, damage."""

@disjoint_base
class ScenarioCore:
    """A scenario. Import kentongan.Scenario instead."""

    def __new__(
        cls, name: str, text: str, policy: PolicyCore | None, read: Callable[[str], bytes | None]
    ) -> Self: ...
    @property
    def name(self) -> str:
        """What it is called."""
    @property
    def why(self) -> str | None:
        """Why it must hold."""
    @property
    def expectations(self) -> int:
        """How many things it expects."""
    def told(self, all: bool, width: int) -> str:
        """Runs it: what happened as a person reads it, in lines of a width where words allow it."""
    def run_json(self) -> tuple[str, str, list[str]]:
        """Runs it: all that happened as JSON, the effects as canonical lines, what failed as people read it."""

@final
class Ruling:
    """What a policy's rules say of an alert: the severity and the rule that gave it."""

    __match_args__: ClassVar[tuple[str, str, str]]
    def __new__(cls, severity: str, rule: str | None = None, fault: bool = False) -> Ruling: ...
    @property
    def severity(self) -> str:
        """The severity, as the policy names it."""
    @property
    def rule(self) -> str | None:
        """The rule that gave it; None where the default stands."""
    @property
    def fault(self) -> bool:
        """Whether a rule failed before one decided."""
    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Ruling:
        """A ruling from the dict that `to_dict` gives."""
    def to_dict(self) -> dict[str, str | bool | None]:
        """The ruling as a dict: severity, rule, fault."""
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __getnewargs__(self) -> tuple[str, str | None, bool]: ...

@final
class Rulings(Sequence[Ruling]):
    """The rulings on many alerts, in their order."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, place: int, /) -> Ruling: ...
    @overload
    def __getitem__(self, place: slice, /) -> tuple[Ruling, ...]: ...
    def __eq__(self, other: object, /) -> bool: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]
    def __reduce__(self) -> tuple[Any, ...]: ...
    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """The place of the first ruling that is equal to one, from a place on and up to another."""
    def count(self, value: Any) -> int:
        """How many rulings are equal to one."""
    def counts(self) -> dict[str, int]:
        """How many alerts have each severity, the worst first; severities that none has are left out."""
    def __arrow_c_array__(self, requested_schema: object | None = None) -> tuple[object, object]:
        """The rulings as Arrow columns."""
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The rulings as a stream of Arrow columns."""
    def __arrow_c_schema__(self) -> object:
        """The names and types of the columns."""

def alerts_from(payload: bytes, source: str | None = None) -> str:
    """Reads the alerts of a payload, as JSON: source, alerts, warnings."""

def explanation_text(explanation: str) -> str:
    """An explanation as people read it, from its JSON."""

def holidays_json(name: str, calendar: bytes, zone: str, until: str | None) -> str:
    """The holidays of a calendar, as JSON: days, warnings."""

def rulings_of(
    severities: Sequence[str], rules: Sequence[str], severity_keys: bytes, rule_keys: bytes, faults: bytes
) -> Rulings:
    """Rulings from the parts that pickle keeps."""

def markdown(text: str) -> str:
    """Text within Markdown, on one line: what would be read as markup is shown as it was written."""

def paragraphs(text: str) -> str:
    """Text within Markdown whose paragraphs stay paragraphs."""

def slack(text: str) -> str:
    """Text of a message for Slack."""

def mail_header(text: str) -> str:
    """The value of a mail's header that is free text, such as its subject."""

def readable(text: str) -> str:
    """Text without what a reader cannot see."""

def time_zone_data_version() -> str:
    """The version of the time zone data that the engine brings, `2026f`."""

def schema(of: str) -> str:
    """The JSON Schema of `policy`, `scenario`, `effect`, `input`, `decision`, `monthly` or `quarterly`."""

def shapes() -> str:
    """The JSON Schema of every kind of data: `data` that may be handed in, and `reports` that are only given."""

def run_command(arguments: list[str]) -> int:
    """Runs the `kentongan` command with its arguments, the name of the program first; returns the exit code."""
