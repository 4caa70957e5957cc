"""The native half of the package; import from `kentongan` instead."""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any, ClassVar, Self, final, overload

from typing_extensions import disjoint_base

from kentongan.inputs import Alert

__all__ = [
    "CalendarCore",
    "EngineCore",
    "HistoryCore",
    "PolicyCore",
    "RecordsCore",
    "Ruling",
    "Rulings",
    "ScenarioCore",
    "__version__",
    "alerts_from",
    "mail_header",
    "markdown",
    "paragraphs",
    "readable",
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
    def explanation_json(self, alert: str) -> tuple[str, str]:
        """What every rule says of an alert: as JSON, and as people read it."""
    def who_json(self, role: str, at: int) -> str:
        """Who is on call in a role at an instant, in microseconds since 1970: as JSON."""
    def coverage_json(self, role: str, start: int, end: int) -> str:
        """Who is on call in a role between two instants, as JSON."""
    def next_change_micros(self, role: str, after: int) -> int | None:
        """The next instant at which somebody else is on call, in microseconds since 1970."""
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
    def monthly_parts(self, month: str) -> tuple[str, str, str | None]:
        """The report on a month: its data as JSON, the same as Markdown, and why the policy's own template was not used."""
    def quarterly_parts(self, quarter: str) -> tuple[str, str, str | None]:
        """The review of a quarter, as `monthly_parts` gives a month."""
    def document_parts(self, kind: str, subject: str) -> tuple[str, str | None]:
        """A document of an incident, or of a hand-off, and why the policy's own template was not used."""

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
