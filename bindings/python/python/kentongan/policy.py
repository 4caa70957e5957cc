"""The policy: how bad an alert is, what is promised, who is told and who is told next."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kentongan._codec import encode_length, instant, is_mapping, micros, whole_text
from kentongan._kentongan import PolicyCore, schema
from kentongan._wire import alert_json
from kentongan.calendar import Calendar
from kentongan.data import Classification, Coverage, Explanation, Shift
from kentongan.errors import DataError, Diagnostic, KentonganError
from kentongan.inputs import Alert
from kentongan.oncall import OnCall
from kentongan.schedule import Schedule

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Policy", "Read"]

#: Gives the content of a file that a document names, or None where there is none.
Read = Callable[[str], "bytes | None"]

P = TypeVar("P", bound="Policy")


def read_beside(path: str | os.PathLike[str]) -> Read:
    """Reads files as a document in a folder names them."""
    folder = Path(path).parent

    def read(name: str) -> bytes | None:
        try:
            return folder.joinpath(name).read_bytes()
        except FileNotFoundError:
            return None

    return read


def read_text(path: str | os.PathLike[str]) -> str:
    """The text of a document.

    Raises:
        DataError: It is not UTF-8 (``not_utf8``).
        OSError: The file cannot be read.
    """
    content = Path(path).read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError("not_utf8", "the file is not UTF-8 text", "save it as UTF-8", f"{path}:{line}") from None


def document_text(document: Mapping[str, Any]) -> str:
    """A document that a program built, as JSON.

    Raises:
        DataError: It holds what a document cannot.
    """
    try:
        text = json.dumps(document, allow_nan=False, default=_written)
        if "\\ud" in text:  # Two of these are a character, and one alone is half of one.
            whole_text(json.dumps(document, ensure_ascii=False, default=_written))
        return text
    except DataError:
        raise
    except (TypeError, ValueError, RecursionError) as error:
        help = "use texts, numbers, lists, dicts with texts as keys, dates, instants and lengths of time"
        raise DataError("wrong_type", f"a document cannot hold this: {error}", help) from None


def _written(value: Any) -> Any:
    """What a program may put where people write text."""
    if isinstance(value, timedelta):
        return encode_length(value)
    # Without a zone it is what the clocks of the policy's zone show, as in a document.
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if is_mapping(value):
        return dict(value)
    raise TypeError(f"a value of type {type(value).__name__}")


class _Recorder:
    """Remembers what was read, so that a policy can be pickled with the files that it names."""

    def __init__(self, read: Read | None) -> None:
        self.read = read
        self.files: dict[str, bytes] = {}

    def __call__(self, name: str) -> bytes | None:
        found = self.read(name) if self.read else None
        if found is not None:
            self.files[name] = found
        return found


class Policy(PolicyCore):
    """A policy, compiled and whole. It never changes, so engines and threads share one.

    Make one with :meth:`load`, :meth:`from_yaml`, :meth:`from_dict` or :meth:`kreki`.

    >>> policy = Policy.kreki()
    >>> policy.classify({"key": "a1", "service": "panic-button", "labels": {"impact": "outage"}}).severity
    'SEV-1'
    """

    _source: tuple[str, str, str, dict[str, bytes]]

    def __new__(cls, name: str, text: str, form: str = "text", read: Read | None = None) -> Self:
        """Compiles a document; the other ways to make a policy are easier to call.

        Args:
            name: What diagnostics call it.
            text: YAML or JSON.
            form: ``text``, or ``data`` for JSON that stands for an object built by a program.
            read: Gives the content of a file that it names.
        """
        recorder = _Recorder(read)
        policy = super().__new__(cls, name, text, form, recorder)
        policy._source = (name, text, form, recorder.files)
        return policy

    @classmethod
    def load(cls: type[P], path: str | os.PathLike[str]) -> P:
        """Reads a policy file, YAML or JSON, and the tables, scripts and calendars that it names beside itself.

        Raises:
            PolicyError: Everything wrong with it at once, with file, line, column and a remedy.
            DataError: It is not UTF-8 text (``not_utf8``).
            OSError: The file cannot be read.
        """
        return cls(str(path), read_text(path), "text", read_beside(path))

    @classmethod
    def from_yaml(cls: type[P], text: str, *, name: str = "policy.yaml", read: Read | None = None) -> P:
        """Reads a policy from YAML or JSON text.

        Args:
            text: The policy.
            name: What diagnostics call it.
            read: Gives the content of a file that it names; without it there are none.

        Raises:
            PolicyError: Everything wrong with it at once.
        """
        return cls(name, text, "text", read)

    @classmethod
    def from_dict(cls: type[P], document: Mapping[str, Any], *, read: Read | None = None) -> P:
        """Compiles a policy that a program built as data. Problems are placed by their path in it.

        Where people write a length of time, a date or an instant, a ``timedelta``, a ``date`` or a ``datetime`` will do;
        one without a zone is what clocks show in the policy's.

        >>> targets = {"acknowledge": timedelta(minutes=5)}
        >>> high = {"definition": "Nobody can pay", "targets": targets, "notify": [{"sms": "ana"}]}
        >>> policy = Policy.from_dict({
        ...     "policy": "shop",
        ...     "people": {"ana": {"contacts": {"sms": "+62811"}}},
        ...     "severities": {"high": high},
        ...     "classify": [{"default": "high"}],
        ...     "last_resort": [{"sms": "ana"}],
        ... })
        >>> policy.to_dict()["severities"]["high"]["targets"]["acknowledge"]
        '5m'

        Raises:
            PolicyError: Everything wrong with it at once.
            DataError: It holds what no document can, such as a set.
        """
        return cls("policy", document_text(document), "data", read)

    @classmethod
    def kreki(cls: type[P]) -> P:
        """The policy that comes with the package: the procedure of KREKI, volunteers who dispatch emergency help."""
        return cls.shipped("kreki")

    @classmethod
    def shipped(cls: type[P], name: str) -> P:
        """A policy that comes with the package, by its name.

        Raises:
            KentonganError: There is none of that name.
        """
        found = PolicyCore.shipped_source(name)
        if found is None:
            known = "`, `".join(PolicyCore.shipped_names())
            raise KentonganError("unknown_policy", f"no policy `{name}` comes with kentongan", f"known are `{known}`")
        text, files = found
        beside = {file: content.encode() for file, content in files}
        return cls(f"{name}/policy.yaml", text, "text", beside.get)

    @staticmethod
    def check(
        policy: str | os.PathLike[str], *, name: str | None = None, read: Read | None = None
    ) -> tuple[Diagnostic, ...]:
        """Everything odd about a policy, errors and warnings, in the order of the text; empty where all is well.

        Args:
            policy: Its text, or the path of its file as a ``Path``: then the files beside it are read as well.
            name: What diagnostics call it; ``policy.yaml`` or the path otherwise.
            read: Gives the content of a file that it names.

        Raises:
            DataError: The file is not UTF-8 text (``not_utf8``).
            OSError: The file cannot be read.
        """
        if isinstance(policy, str):
            text, name, read = policy, name or "policy.yaml", read or _nothing
        else:
            text, name, read = read_text(policy), name or str(policy), read or read_beside(policy)
        return _diagnostics(PolicyCore.diagnose(name, text, "text", read))

    @staticmethod
    def schema() -> dict[str, Any]:
        """The JSON Schema of policy documents, for editors."""
        found: dict[str, Any] = json.loads(schema("policy"))
        return found

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """What can be used as it stands, but likely does not mean what its author thinks."""
        return _diagnostics(self.warnings_json())

    def reasons(self, alert: Alert | Mapping[str, Any]) -> Classification:
        """The severity of an alert with its reasons: the rule, the facts it read, what was absent, the runner-up.

        Raises:
            DataError: It is no alert.
        """
        return Classification.from_dict(json.loads(self.reasons_json(alert_json(alert))))

    def explain(self, alert: Alert | Mapping[str, Any]) -> Explanation:
        """Why an alert has its severity, and what every other rule says of it. As text it is for people.

        Raises:
            DataError: It is no alert.
        """
        return Explanation.from_dict(json.loads(self.explanation_json(alert_json(alert))))

    def who(self, role: str, at: datetime) -> OnCall:
        """Who is on call in a role at an instant, as the policy has it; :meth:`Engine.who` knows of changes, too."""
        return OnCall.from_dict(json.loads(self.who_json(role, micros(at))))

    def shifts(self, role: str, start: datetime, end: datetime) -> tuple[Shift, ...]:
        """The shifts of a role between two instants in order, gaps among them, as the policy has them."""
        return self.coverage(role, start, end).shifts

    def coverage(self, role: str, start: datetime, end: datetime) -> Coverage:
        """Who is on call in a role between two instants, gaps included, as the policy has it."""
        return Coverage.from_dict(json.loads(self.coverage_json(role, micros(start), micros(end))))

    def next_change(self, role: str, after: datetime) -> datetime | None:
        """The next instant at which :meth:`who` answers otherwise."""
        found = self.next_change_micros(role, micros(after))
        return None if found is None else instant(found)

    def calendar(self, name: str) -> Calendar:
        """One of its calendars, for arithmetic over working time.

        Raises:
            KentonganError: It has none of that name (``unknown_calendar``).
        """
        return Calendar(self, name)

    def schedule(self, name: str) -> Schedule:
        """One of its schedules, by itself.

        Raises:
            KentonganError: It has none of that name (``unknown_schedule``).
        """
        return Schedule(self, name)

    def over(self, at: datetime) -> tuple[str, ...]:
        """What of it is over at an instant, in words, which a policy cannot tell by itself, having no clock.

        Releases that do not come any more, calendars that never open again and what is promised by them, and roles in
        which nobody is on call any more, or from a day of the next quarter on. A host asks when it starts.
        """
        return tuple(self.over_at(micros(at)))

    def next_release(self, after: datetime) -> datetime | None:
        """The first release strictly after an instant; None where no more is planned."""
        found = self.next_release_micros(micros(after))
        return None if found is None else instant(found)

    def summary(self) -> dict[str, Any]:
        """What it holds: severities with their promises, paths, conditions and how each runs."""
        found: dict[str, Any] = json.loads(self.summary_json())
        return found

    def to_dict(self) -> dict[str, Any]:
        """The document that it was compiled from, calendars and tables included."""
        found: dict[str, Any] = json.loads(self.document_json())
        return found

    def __repr__(self) -> str:
        return f"<Policy {self.name} {self.digest[:19]}>"

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Policy) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Any, ...]:
        return _compiled, (type(self), *self._source)


def _compiled(cls: type[Policy], name: str, text: str, form: str, files: dict[str, bytes]) -> Policy:
    """A policy from its source, as pickle keeps it."""
    return cls(name, text, form, files.get)


def _nothing(_: str) -> bytes | None:
    return None


def _diagnostics(text: str) -> tuple[Diagnostic, ...]:
    return tuple(Diagnostic.from_dict(one) for one in json.loads(text))
