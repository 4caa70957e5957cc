"""Reports and documents: from a journal's file, from entries in memory, and as things stood."""

from __future__ import annotations

import dataclasses
import json
import pickle
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from kentongan import (
    Acknowledge,
    Alert,
    Engine,
    Entry,
    History,
    JournalError,
    KentonganError,
    PeriodReport,
    Policy,
    Resolve,
    Store,
)
from kentongan.data import ClockKind
from kentongan.inputs import AddAction, FinishAction, Input, Tick, WritePostmortem
from kentongan.reports import Deed, Measure, MetricName

from .conftest import AT, SHOP

DOWN = Alert("a1", service="checkout", summary="Payments | fail")


def lived(path: Path, policy: Policy) -> tuple[str, list[Entry]]:
    """A journal with one incident that is over after half an hour; its incident and its entries."""
    entries: list[Entry] = []
    with Store(path, policy) as store:

        def apply(minutes: int, input: Input) -> None:
            at = AT + timedelta(minutes=minutes)
            entries.append(Entry(at, input))
            store.apply(at, input)

        apply(0, DOWN)
        incident = store.incidents()[0].id
        apply(3, Acknowledge(incident, "ana"))
        apply(30, Resolve(incident, "ana"))
        apply(60 * 24 * 40, Tick())
    return incident, entries


def test_a_file_and_its_entries_tell_the_same(tmp_path: Path, shop: Policy) -> None:
    incident, entries = lived(tmp_path / "shop.journal", shop)
    filed = History.from_journal(tmp_path / "shop.journal", shop)
    held = History(shop, entries)

    month = filed.monthly("2026-11")
    assert month == held.monthly("2026-11")
    assert (month.metrics.total, month.metrics.left_out.drills) == (1, 0)
    assert month.metrics.acknowledge.mean == timedelta(minutes=3)
    assert month.markdown.startswith("# Incident Report: 2026-11\n")
    assert (month.fault, month.data.complete) == (None, False)
    (worst,) = month.data.worst
    assert (worst.incident, worst.opened, worst.resolved_after) == (incident, AT, timedelta(minutes=30))
    mtta = next(one for one in month.data.targets if one.metric is MetricName.MTTA)
    assert (mtta.current, mtta.before) == (Measure(time=timedelta(minutes=3)), None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        month.data.month = "2026-12"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(month)) == month

    quarter = filed.quarterly("2026-Q4")
    assert quarter == held.quarterly("2026-Q4")
    assert quarter.data.quarter == "2026-Q4"
    assert [one.metrics.total for one in quarter.data.months] == [0, 1, 0]
    assert quarter.markdown.startswith("# Incident Review: 2026-Q4\n")

    written = filed.postmortem(incident)
    assert written == held.postmortem(incident)
    assert (filed.began, filed.ended) == (AT, AT + timedelta(days=40))
    assert (History(shop, []).began, History(shop, []).ended) == (None, None)
    assert str(written).startswith("# Incident Post-Mortem: Payments \\| fail\n")


def test_reports_are_the_same_json_as_everywhere(tmp_path: Path, shop: Policy) -> None:
    _, entries = lived(tmp_path / "shop.journal", shop)
    history = History(shop, entries)
    for parts, report in (
        (history.monthly_parts("2026-11", None), history.monthly("2026-11")),
        (history.quarterly_parts("2026-Q4", None), history.quarterly("2026-Q4")),
    ):
        assert report.to_dict() == json.loads(parts[0])
        assert type(report.data).from_dict(report.to_dict()) == report.data


def test_an_account_tells_all_of_an_incident(kreki: Policy) -> None:
    def after(minutes: int) -> datetime:
        return AT + timedelta(minutes=minutes)

    down = Alert("a1", service="panic-button", labels={"impact": "outage"}, summary="Panic button is down")
    engine = Engine(kreki)
    engine.apply(AT, down)
    (incident,) = (one.id for one in engine.incidents())
    entries = [
        Entry(AT, down),
        Entry(after(3), Acknowledge(incident, "sari")),
        Entry(after(30), Resolve(incident, "sari", override_reason="it is late")),
        Entry(after(60), WritePostmortem(incident, "sari", root_cause="A full disk", follow_up=date(2026, 12, 24))),
        Entry(after(61), AddAction(incident, "disk", "sari", "Watch the disk", owner="budi", due=date(2026, 12, 1))),
        Entry(after(62), FinishAction(incident, "disk", "budi")),
    ]
    history = History(kreki, entries)

    account = history.account(incident)

    assert history.incidents == (incident,)
    assert (account.incident.id, account.incident.title) == (incident, "Panic button is down")
    assert (account.open_for, account.reopened) == (timedelta(minutes=30), 0)
    assert account.first_answer == Deed("sari", after(3))
    assert [(one.severity, one.from_, one.to) for one in account.stretches] == [("SEV-1", AT, after(30))]
    taken = next(one for one in account.promises if one.clock is ClockKind.ACKNOWLEDGE)
    assert (taken.took, taken.missed) == (timedelta(minutes=3), False)
    assert (account.calls[0].who, account.calls[0].until, account.calls[0].answered_by) == ("sari", after(3), "sari")
    assert [(page.channel, page.at, page.arrived) for page in account.calls[0].pages] == [("pager", AT, None)]
    assert [event.at for event in account.timeline] == sorted(event.at for event in account.timeline)
    assert account.postmortem is not None
    assert (account.postmortem.root_cause, account.postmortem.follow_up) == ("A full disk", date(2026, 12, 24))
    (action,) = account.postmortem.actions
    assert (action.owner, action.due, action.done) == ("budi", date(2026, 12, 1), Deed("budi", after(62)))
    assert account.to_dict()["open_for"] == "30m"
    assert type(account).from_dict(account.to_dict()) == account
    assert history.timeline_svg(incident).startswith("<svg ")
    for ask in (history.account, history.timeline_svg):
        with pytest.raises(KentonganError) as refused:
            ask("nowhere")
        assert refused.value.code == "unknown_incident"


def test_documents_tell_how_things_stood(tmp_path: Path, shop: Policy) -> None:
    incident, entries = lived(tmp_path / "shop.journal", shop)
    until = AT + timedelta(minutes=10)
    for history in (
        History(shop, entries, until=until),
        History.from_journal(tmp_path / "shop.journal", shop, until=until),
    ):
        assert history.topic(incident).text.startswith("high checkout: Payments | fail | acknowledged since ")
        assert "open for 10m" in history.status_update(incident).text
        assert history.handoff("primary").text.startswith("# On-Call Hand-Off: primary\n")
    # It is over and forgotten by the end of the journal, and its post-mortem is written all the same.
    with pytest.raises(KentonganError) as refused:
        History(shop, entries).topic(incident)
    assert refused.value.code == "forgotten_incident"


def test_the_shape_of_reports_is_described() -> None:
    assert "metrics" in PeriodReport.schema("monthly")["properties"]
    assert "recurring" in PeriodReport.schema("quarterly")["properties"]


def test_what_there_is_no_report_of_is_refused(tmp_path: Path, shop: Policy) -> None:
    incident, entries = lived(tmp_path / "shop.journal", shop)
    history = History(shop, entries)
    for ask, code in (
        (lambda: history.monthly("November"), "invalid_period"),
        (lambda: history.quarterly("2026-11"), "invalid_period"),
        (lambda: history.monthly("2020-01"), "outside_journal"),
        (lambda: history.postmortem("nowhere"), "unknown_incident"),
        (lambda: history.handoff("tertiary"), "unknown_role"),
        (lambda: History(shop, []).monthly("2026-11"), "empty_journal"),
        (lambda: History(shop, entries[:1]).public_update(incident), "not_public"),
    ):
        with pytest.raises(KentonganError) as refused:
            ask()
        assert (refused.value.code, bool(refused.value.help)) == (code, True)
    other = Policy.from_yaml(SHOP.replace("policy: shop", "policy: other"))
    with pytest.raises(JournalError) as foreign:
        History.from_journal(tmp_path / "shop.journal", other)
    assert foreign.value.code == "other_policy"
    with pytest.raises(JournalError):
        History.from_journal(tmp_path / "there-is-none.journal", shop)


def test_a_template_of_the_policy_s_own(tmp_path: Path) -> None:
    text = SHOP + 'documents: { topic: { text: "{{ title|slack }} {% if incident|length > 9 %}{{ 1 // 0 }}{% endif %}" }, monthly: { file: own.jinja } }\n'
    (tmp_path / "policy.yaml").write_text(text)
    (tmp_path / "own.jinja").write_text("{{ month }}: {{ metrics.total }}")
    policy = Policy.load(tmp_path / "policy.yaml")
    incident, entries = lived(tmp_path / "shop.journal", policy)
    history = History(policy, entries, until=AT)
    assert history.monthly("2026-11").markdown == "2026-11: 1\n"
    # The templates of a policy are tried on what another tells.
    plain = Policy.from_yaml(SHOP)
    told = History(plain, entries, until=AT)
    assert told.monthly("2026-11").markdown.startswith("# Incident Report: 2026-11")
    assert told.monthly("2026-11", templates=policy).markdown == "2026-11: 1\n"
    assert told.quarterly("2026-Q4", templates=policy) == told.quarterly("2026-Q4")
    assert told.topic(incident, templates=policy) == history.topic(incident)
    assert history.postmortem(incident, templates=plain) == history.postmortem(incident)

    topic = history.topic(incident)
    assert topic.text.startswith("high checkout: Payments | fail | open since ")
    assert topic.fault is not None and "documents.topic" in topic.fault
