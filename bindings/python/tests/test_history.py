"""Reports and documents: from a journal's file, from entries in memory, and as things stood."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kentongan import (
    Acknowledge,
    Alert,
    Entry,
    History,
    JournalError,
    KentonganError,
    PeriodReport,
    Policy,
    Resolve,
    Store,
)
from kentongan.inputs import Input, Tick

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
    assert month.metrics["total"] == 1
    assert month.metrics["acknowledge"]["mean"] == "3m"
    assert month.markdown.startswith("# Incident Report: 2026-11\n")
    assert (month.fault, month.to_dict()["complete"]) == (None, False)

    quarter = filed.quarterly("2026-Q4")
    assert quarter == held.quarterly("2026-Q4")
    assert quarter.data["quarter"] == "2026-Q4"
    assert quarter.markdown.startswith("# Incident Review: 2026-Q4\n")

    written = filed.postmortem(incident)
    assert written == held.postmortem(incident)
    assert str(written).startswith("# Incident Post-Mortem: Payments \\| fail\n")


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
    assert refused.value.code == "unknown_incident"


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
    topic = history.topic(incident)
    assert topic.text.startswith("high checkout: Payments | fail | open since ")
    assert topic.fault is not None and "documents.topic" in topic.fault
