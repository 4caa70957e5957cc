"""What a journal tells: reports, reviews, post-mortems, and the documents of incidents as they stood."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from kentongan._codec import instant, micros
from kentongan._kentongan import HistoryCore, schema
from kentongan._wire import entries_jsonl
from kentongan.documents import Document, Documents
from kentongan.entry import Entry
from kentongan.policy import Policy
from kentongan.reports import Account, Metrics, MonthlyReport, QuarterlyReview

__all__ = ["History", "PeriodReport"]


R = TypeVar("R", MonthlyReport, QuarterlyReview)


@dataclass(frozen=True, slots=True)
class PeriodReport(Generic[R]):
    """The report on a month, or the review of a quarter.

    Attributes:
        data: What it says as data: a :class:`MonthlyReport` or a :class:`QuarterlyReview`.
        markdown: The same as a document.
        fault: Why the policy's own template could not be used, and the one that comes with the library was.
    """

    data: R
    markdown: str
    fault: str | None = None

    def __hash__(self) -> int:
        return hash(self.markdown)

    def __str__(self) -> str:
        return self.markdown

    @staticmethod
    def schema(of: Literal["monthly", "quarterly"]) -> dict[str, Any]:
        """The JSON Schema of the data of a report or a review."""
        found: dict[str, Any] = json.loads(schema(of))
        return found

    @property
    def metrics(self) -> Metrics:
        """The figures of the whole time."""
        return self.data.metrics

    def to_dict(self) -> dict[str, Any]:
        """The shape that its data has in JSON, the same in every language."""
        return self.data.to_dict()


class History(HistoryCore, Documents):
    """A journal that was lived through for what it tells.

    It changes no more, and may be shared by threads. Others run while it is made or asked. Documents are written by the
    templates of the policy that it ends under, or of another, ``templates``: so one is tried before it is in force.

    >>> history = History(Policy.kreki(), [])
    >>> history.monthly("2026-11")
    Traceback (most recent call last):
    ...
    kentongan.errors.KentonganError: the journal is empty, so there is nothing to report on; name a journal that an engine has written
    """

    def __new__(
        cls,
        policy: Policy,
        entries: Iterable[Entry],
        *,
        policies: Iterable[Policy] = (),
        until: datetime | None = None,
    ) -> History:
        """That of entries in memory, or of a store of the host's own.

        Args:
            policy: The policy that the first entry is lived through under.
            entries: The journal.
            policies: Those that reloads move to, in any order.
            until: Up to when; what is later is left out. All of it otherwise.

        Raises:
            DataError: An entry holds what it cannot.
            JournalError: The policy of a reload is not at hand (``missing_policy``).
        """
        lines = entries_jsonl(entries)
        return super().__new__(cls, policy, None, lines, tuple(policies), None if until is None else micros(until))

    @classmethod
    def from_journal(
        cls,
        path: str | os.PathLike[str],
        policy: Policy,
        *,
        policies: Iterable[Policy] = (),
        until: datetime | None = None,
    ) -> History:
        """That of a journal file, which another may go on writing.

        Raises:
            JournalError: The file is no journal, is damaged, or was written under another policy.
        """
        moment = None if until is None else micros(until)
        return super().__new__(cls, policy, os.fspath(path), "", tuple(policies), moment)

    def __init__(self, *_: Any, **__: Any) -> None:
        """Everything is done when it is made."""

    @property
    def began(self) -> datetime | None:
        """The first instant that it tells of; None where it tells nothing."""
        span = self.span_micros()
        return None if span is None else instant(span[0])

    @property
    def ended(self) -> datetime | None:
        """The last instant that it tells of; None where it tells nothing."""
        span = self.span_micros()
        return None if span is None else instant(span[1])

    def monthly(self, month: str, *, templates: Policy | None = None) -> PeriodReport[MonthlyReport]:
        """The report on a month, ``2026-11``, on the calendar of the policy's zone.

        Raises:
            KentonganError: It is no month (``invalid_period``), or the journal tells nothing of it (``outside_journal``,
                ``empty_journal``).
        """
        data, markdown, fault = self.monthly_parts(month, templates)
        return PeriodReport(MonthlyReport.from_dict(json.loads(data)), markdown, fault)

    def quarterly(self, quarter: str, *, templates: Policy | None = None) -> PeriodReport[QuarterlyReview]:
        """The review of a quarter, ``2026-Q4``.

        Raises:
            KentonganError: As :meth:`monthly`.
        """
        data, markdown, fault = self.quarterly_parts(quarter, templates)
        return PeriodReport(QuarterlyReview.from_dict(json.loads(data)), markdown, fault)

    @property
    def incidents(self) -> tuple[str, ...]:
        """The ids of all incidents that it tells of, in the order of their opening, those that are forgotten among them."""
        return tuple(self.incident_ids())

    def account(self, incident: str) -> Account:
        """What it tells of an incident, as data: promises, pages, timeline, and what its post-mortem says.

        Raises:
            KentonganError: The journal knows of no such incident (``unknown_incident``).
        """
        return Account.from_dict(json.loads(self.account_json(incident)))

    def timeline_svg(self, incident: str) -> str:
        """How an incident went, as a picture: SVG.

        Raises:
            KentonganError: As :meth:`account`.
        """
        return self.picture(incident)

    def postmortem(self, incident: str, *, templates: Policy | None = None) -> Document:
        """The post-mortem of an incident, also of one that the engine has forgotten.

        Raises:
            KentonganError: The journal knows of no such incident (``unknown_incident``).
        """
        return Document(*self.document_parts("postmortem", incident, templates))
