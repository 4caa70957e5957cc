"""The incident engine: severities, clocks, escalation and routing as one pure state machine.

Classify alerts with :class:`Policy`; run incidents with :class:`Engine`, or let :class:`kentongan.asyncio.Host` do it.
What a host hands in is in :mod:`kentongan.inputs`, what it must do in :mod:`kentongan.effects`, and why in
:mod:`kentongan.decisions`; what :class:`History` tells is in :mod:`kentongan.reports`, and :mod:`kentongan.escape` is for
whoever delivers what people wrote. All data is immutable, compares by value, pickles, and is the same JSON in every language.
"""

from kentongan import data, decisions, effects, errors, escape, ics, inputs, reports
from kentongan._kentongan import Ruling, Rulings, __version__
from kentongan.calendar import Calendar, time_zone_data_version
from kentongan.data import (
    AlertStatus,
    Classification,
    Coverage,
    Explanation,
    Impact,
    Incident,
    Outcome,
    PublicStatus,
    Purpose,
    Shift,
    State,
)
from kentongan.decisions import Decision
from kentongan.documents import Document
from kentongan.effects import Breach, Effect, Notify, OpenChannel, StatusPage
from kentongan.engine import Engine, Replay, Snapshot, Step
from kentongan.entry import Entry, Reload
from kentongan.errors import (
    DataError,
    Diagnostic,
    InternalError,
    JournalError,
    KentonganError,
    Level,
    PolicyError,
    Rejected,
    RestoreError,
)
from kentongan.history import History, PeriodReport
from kentongan.inputs import Acknowledge, Alert, Input, Report, Resolve, Respond
from kentongan.intake import Intake, Source, alerts_from
from kentongan.oncall import OnCall
from kentongan.policy import Policy
from kentongan.records import Record, Records
from kentongan.reports import Account, Handoff, MonthlyReport, QuarterlyReview
from kentongan.scenario import Run, Scenario
from kentongan.schedule import Schedule
from kentongan.store import Recovery, Store

__all__ = [
    "Account",
    "Acknowledge",
    "Alert",
    "AlertStatus",
    "Breach",
    "Calendar",
    "Classification",
    "Coverage",
    "DataError",
    "Decision",
    "Diagnostic",
    "Document",
    "Effect",
    "Engine",
    "Entry",
    "Explanation",
    "Handoff",
    "History",
    "Impact",
    "Incident",
    "Input",
    "Intake",
    "InternalError",
    "JournalError",
    "KentonganError",
    "Level",
    "MonthlyReport",
    "Notify",
    "OnCall",
    "OpenChannel",
    "Outcome",
    "PeriodReport",
    "Policy",
    "PolicyError",
    "PublicStatus",
    "Purpose",
    "QuarterlyReview",
    "Record",
    "Records",
    "Recovery",
    "Rejected",
    "Reload",
    "Replay",
    "Report",
    "Resolve",
    "Respond",
    "RestoreError",
    "Ruling",
    "Rulings",
    "Run",
    "Scenario",
    "Schedule",
    "Shift",
    "Snapshot",
    "Source",
    "State",
    "StatusPage",
    "Step",
    "Store",
    "__version__",
    "alerts_from",
    "data",
    "decisions",
    "effects",
    "errors",
    "escape",
    "ics",
    "inputs",
    "reports",
    "time_zone_data_version",
]
