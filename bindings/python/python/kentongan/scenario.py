"""Scenarios: a policy, what happens when, and what must come of it, run in virtual time."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kentongan._codec import count, decode_instant
from kentongan._kentongan import ScenarioCore, schema
from kentongan.data import Incident
from kentongan.decisions import Decision
from kentongan.effects import Effect
from kentongan.entry import Entry, Reload
from kentongan.policy import Policy, Read, document_text, read_beside, read_text

__all__ = ["Run", "Scenario"]


@dataclass(frozen=True, slots=True)
class Run:
    """All that happened in a scenario.

    Attributes:
        scenario: The scenario's name.
        failures: What was not as expected, each as people read it.
        lines: The effects as canonical JSON, one a line: every language gives the same bytes.
        details: Everything, as in JSON.
    """

    scenario: str
    failures: tuple[str, ...]
    lines: str
    details: dict[str, Any]

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.failures

    @property
    def start(self) -> datetime:
        """When it began."""
        return decode_instant(self.details["start"])

    @property
    def until(self) -> datetime:
        """When it ended."""
        return decode_instant(self.details["until"])

    @property
    def effects(self) -> tuple[Effect, ...]:
        """What the engine asked of the host, in order."""
        return tuple(Effect.from_dict(one) for one in self._of("effect"))

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Why, and why not, in order."""
        return tuple(Decision.from_dict(one) for one in self._of("decision"))

    @property
    def inputs(self) -> tuple[Entry, ...]:
        """What the engine was handed, in order, reloads of the policy among it: the journal of the run."""
        return tuple(self._journal())

    def _journal(self) -> Iterator[Entry]:
        in_force: str = self.details["policy"]["digest"]
        entries: list[dict[str, Any]] = self.details["entries"]
        for entry, after in zip(entries, [*entries[1:], {}], strict=False):
            if "input" in entry:
                yield Entry.from_dict(entry["input"])
            elif "reload" in entry:
                reload = entry["reload"]
                at, to = decode_instant(reload["at"]), str(reload["policy"])
                yield Entry(at, Reload(in_force, to, reload.get("severities", {})))
                in_force = in_force if "refusal" in after else to

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """The incidents as they were at the end, in the order of opening."""
        return tuple(Incident.from_dict(one) for one in self.details["incidents"])

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [entry[kind] for entry in self.details["entries"] if kind in entry]


class Scenario(ScenarioCore):
    """A policy, timed inputs, and what must come of them.

    >>> run = Scenario.load("acknowledged-in-time.yaml").run()  # doctest: +SKIP
    >>> run.passed  # doctest: +SKIP
    True
    """

    def __new__(cls, name: str, text: str, policy: Policy | None = None, read: Read | None = None) -> Scenario:
        """Reads a scenario; :meth:`load` and :meth:`from_yaml` are easier to call."""
        return super().__new__(cls, name, text, policy, read or (lambda _: None))

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, policy: Policy | None = None) -> Scenario:
        """Reads a scenario file, YAML or JSON, and the policy and payloads that it names beside itself.

        Args:
            path: The file.
            policy: Used instead of the scenario's own.

        Raises:
            PolicyError: Everything wrong with it at once.
            DataError: It is not UTF-8 text (``not_utf8``).
            OSError: The file cannot be read.
        """
        return cls(str(path), read_text(path), policy, read_beside(path))

    @classmethod
    def from_yaml(
        cls,
        text: str,
        *,
        name: str = "scenario.yaml",
        policy: Policy | None = None,
        read: Callable[[str], bytes | None] | None = None,
    ) -> Scenario:
        """Reads a scenario from YAML or JSON text.

        Raises:
            PolicyError: Everything wrong with it at once.
        """
        return cls(name, text, policy, read)

    @classmethod
    def from_dict(
        cls, document: Mapping[str, Any], *, policy: Policy | None = None, read: Read | None = None
    ) -> Scenario:
        """Reads a scenario that a program built as data; a ``timedelta`` and a ``datetime`` will do where people write them.

        Raises:
            PolicyError: Everything wrong with it at once.
            DataError: It holds what no document can, such as a set.
        """
        return cls("scenario", document_text(document), policy, read)

    @staticmethod
    def schema() -> dict[str, Any]:
        """The JSON Schema of scenario documents, for editors."""
        found: dict[str, Any] = json.loads(schema("scenario"))
        return found

    def run(self) -> Run:
        """Runs it, wake-up by wake-up, and compares what came of it with what it expects. Other threads run meanwhile.

        Raises:
            KentonganError: It takes more steps than a run may (``too_many_steps``).
        """
        details, lines, failures = self.run_json()
        return Run(self.name, tuple(failures), lines, json.loads(details))

    def timeline(self, *, everything: bool = False, width: int = 100) -> str:
        """Runs it, and tells what happened as people read it: when, to which incident, what, to whom, and why.

        Args:
            everything: Each repeat, confirmed delivery and decision as well; what repeats unchanged is folded otherwise.
            width: How many characters a line has, where words allow it: at most 1,000.

        Raises:
            KentonganError: As :meth:`run`; or the width is no number of characters.
        """
        return self.told(everything, count(width, "width"))

    def __repr__(self) -> str:
        return f"<Scenario {self.name}>"
