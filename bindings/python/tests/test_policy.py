"""Policies: how they are made, what they say of alerts, and how they say what is wrong."""

from __future__ import annotations

import json
import pickle
from collections import UserDict
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kentongan import (
    Alert,
    AlertStatus,
    DataError,
    Engine,
    Entry,
    History,
    KentonganError,
    Level,
    OnCall,
    Policy,
    PolicyError,
    Ruling,
    Scenario,
    Snapshot,
    Source,
    alerts_from,
    escape,
    ics,
)
from kentongan.errors import Diagnostic

from .conftest import AT, ROOT, SHOP


def test_a_policy_is_made_from_text_a_file_a_dict_and_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP)
    from_text = Policy.from_yaml(SHOP)

    assert Policy.load(path) == from_text
    again = Policy.from_dict(from_text.to_dict())
    assert again.classify({"key": "a"}) == Ruling("low")
    assert again.rules == from_text.rules != []
    assert Policy.kreki().name == "kreki"
    assert from_text.severities == ["high", "low"]
    assert from_text.zone == "Asia/Jakarta"
    assert "classify" in Policy.schema()["properties"]


def test_a_program_writes_lengths_days_and_instants_as_it_has_them() -> None:
    document = Policy.from_yaml(SHOP).to_dict()
    document["severities"]["high"]["targets"] = {"acknowledge": timedelta(minutes=5), "resolve": AT + timedelta(days=1)}
    document["calendars"] = {"office": {"hours": {"mon-fri": "09:00-17:00"}, "holidays": [date(2026, 12, 25)]}}
    shift = {"from": datetime(2026, 11, 24, 9), "to": datetime(2026, 11, 24, 12), "people": ["ana"]}
    document["schedules"] = {"desk": {"layers": [{"shifts": (shift,)}]}}
    policy = Policy.from_dict(UserDict(document))

    targets = policy.to_dict()["severities"]["high"]["targets"]
    assert targets == {"acknowledge": "5m", "respond": None, "resolve": "2026-11-25T02:00:00Z"}
    assert policy.calendar("office").next_holiday(AT) == (date(2026, 12, 25), "holiday")
    # What has no zone is what clocks show in the policy's: 09:00 in Jakarta.
    assert policy.schedule("desk").shifts(AT, AT + timedelta(hours=9))[0].to == datetime(2026, 11, 24, 5, tzinfo=timezone.utc)


@pytest.mark.parametrize("wrong", [{"high"}, float("nan"), timedelta(-1), {(1, 2): "x"}, b"high"])
def test_what_no_document_can_hold_is_refused(wrong: Any) -> None:
    with pytest.raises(DataError) as caught:
        Policy.from_dict({**Policy.from_yaml(SHOP).to_dict(), "policy": wrong})
    assert caught.value.help


def test_a_file_that_is_no_text_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    path.write_bytes(b"\n# Caf\xe9\n" + SHOP.encode())
    with pytest.raises(DataError) as caught:
        Policy.load(path)
    assert (caught.value.code, caught.value.where) == ("not_utf8", f"{path}:2")
    path.write_bytes(b"\xef\xbb\xbf" + SHOP.replace("\n", "\r\n").encode())
    assert Policy.load(path).digest == Policy.from_yaml(SHOP).digest


def test_a_policy_that_does_not_come_with_the_package_is_refused_with_those_that_do() -> None:
    assert Policy.shipped("kreki") == Policy.kreki()
    with pytest.raises(KentonganError) as caught:
        Policy.shipped("kerki")
    assert (caught.value.code, caught.value.help) == ("unknown_policy", "known are `kreki`")


def test_people_are_called_by_their_names(kreki: Policy) -> None:
    assert (kreki.named("sari"), kreki.named("cto"), kreki.named("nobody")) == (
        "Sari Wulandari",
        "CTO/Lead Architect",
        "nobody",
    )


def test_severities_of_a_dict_are_ranked_in_their_order() -> None:
    document = Policy.from_yaml(SHOP.replace("high", "urgent").replace("low", "average")).to_dict()
    document["severities"] = {name: document["severities"][name] for name in ("urgent", "average")}

    assert Policy.from_dict(document).severities == ["urgent", "average"]


def test_a_table_beside_a_policy_is_read_and_pickled_with_it(tmp_path: Path) -> None:
    text = SHOP.replace("  - default: low", "  - { id: matrix, table: { file: severities.csv } }\n  - default: low")
    (tmp_path / "shop.yaml").write_text(text)
    (tmp_path / "severities.csv").write_text("alert.labels.impact,severity\noutage,high\n")
    policy = Policy.load(tmp_path / "shop.yaml")
    (tmp_path / "severities.csv").unlink()

    copy = pickle.loads(pickle.dumps(policy))

    assert copy == policy
    assert copy.classify({"key": "a", "labels": {"impact": "outage"}}).severity == "high"


def test_everything_wrong_with_a_policy_is_told_at_once() -> None:
    broken = SHOP.replace("severity: high }", "severity: hihg }").replace("escalation: standard", "escalation: standrad")

    with pytest.raises(PolicyError) as caught:
        Policy.from_yaml(broken, name="shop.yaml")

    error = caught.value
    assert len(error.diagnostics) >= 2
    assert {one.place.file for one in error.diagnostics} == {"shop.yaml"}
    assert error.where is not None and error.where.startswith("shop.yaml:")
    assert "did you mean" in str(error)
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.diagnostics, str(copy)) == (error.diagnostics, str(error))
    assert Policy.check(broken, name="shop.yaml") == error.diagnostics
    assert {one.level for one in error.diagnostics} == {Level.ERROR, Level.WARNING}
    assert [Diagnostic.from_dict(one.to_dict()) for one in error.diagnostics] == list(error.diagnostics)
    assert Policy.check(SHOP) == Policy.from_yaml(SHOP).warnings


def test_a_file_is_checked_with_what_stands_beside_it(tmp_path: Path) -> None:
    text = SHOP.replace("  - default: low", "  - { id: matrix, table: { file: severities.csv } }\n  - default: low")
    path = tmp_path / "shop.yaml"
    path.write_text(text)
    (missing,) = (one for one in Policy.check(path) if one.level is Level.ERROR)
    assert (missing.place.file, missing.code) == (str(path), "missing_table")
    (tmp_path / "severities.csv").write_text("alert.labels.impact,severity\noutage,hihg\n")
    (wrong,) = (one for one in Policy.check(path) if one.level is Level.ERROR)
    assert (wrong.code, wrong.help) == ("unknown_severity", "did you mean `high`?")
    (tmp_path / "severities.csv").write_text("alert.labels.impact,severity\noutage,high\n")
    assert Policy.check(path) == Policy.load(path).warnings


def test_what_a_reader_raises_is_raised() -> None:
    def read(name: str) -> bytes:
        raise PermissionError(name)

    text = SHOP.replace("  - default: low", "  - { id: matrix, table: { file: severities.csv } }\n  - default: low")
    with pytest.raises(PermissionError, match=r"severities\.csv"):
        Policy.from_yaml(text, read=read)


ALERTS: list[tuple[dict[str, Any], str, str | None]] = [
    ({"key": "a", "labels": {"env": "prod"}, "values": {"error_rate": 0.5}}, "high", "errors"),
    ({"key": "a", "labels": {"env": "prod"}, "values": {"error_rate": 1}}, "high", "errors"),
    ({"key": "a", "labels": {"env": "prod"}, "values": {"error_rate": 0.4}}, "low", None),
    ({"key": "a", "labels": {"env": "prod"}, "values": {}}, "low", None),
    ({"key": "a", "labels": None}, "low", None),
    ({"key": "a", "service": "checkout"}, "high", "core"),
    ({"key": "a", "service": "checkout", "status": AlertStatus.RESOLVED}, "low", None),
    ({}, "low", None),
]


@pytest.mark.parametrize(("alert", "severity", "rule"), ALERTS)
def test_dicts_alerts_and_whole_explanations_agree(
    shop: Policy, alert: dict[str, Any], severity: str, rule: str | None
) -> None:
    expected = Ruling(severity, rule)
    whole = Alert.from_dict({key: value for key, value in alert.items() if value is not None})

    assert shop.classify(alert) == expected
    assert shop.classify(whole) == expected
    assert shop.classify(UserDict({})) == shop.classify({}) if not alert else True
    reasons = shop.reasons(whole)
    assert (reasons.severity, reasons.rule) == (severity, rule)
    explanation = shop.explain(whole)
    assert explanation.severity == severity
    assert [account.rule for account in explanation.rules] == ["errors", "core"]
    assert str(explanation).startswith(f"{severity}: ") and "core (policy.yaml:" in str(explanation)


def test_mappings_that_are_no_dicts_are_read_too(shop: Policy) -> None:
    labels = UserDict({"env": "prod"})
    assert shop.classify({"labels": labels, "values": UserDict({"error_rate": 0.9})}).rule == "errors"


class Odd:
    """Says that it is a number, and is none, as an array of many does."""

    def __float__(self) -> float:
        raise TypeError("only one of many can be a number")


@pytest.mark.parametrize(
    ("alert", "code", "where"),
    [
        ({"labels": {"env": 1}}, "wrong_type", "labels.env"),
        ({"values": {"error_rate": "0.5"}}, "wrong_type", "values.error_rate"),
        ({"values": {"error_rate": True}}, "wrong_type", "values.error_rate"),
        ({"values": {"error_rate": float("nan")}}, "invalid_value", "values.error_rate"),
        ({"values": {"error_rate": 10**400}}, "invalid_value", "values.error_rate"),
        # Python does not even write this one.
        ({"values": {"error_rate": -(10**5_000)}}, "invalid_value", "values.error_rate"),
        ({"values": {"error_rate": Fraction(10**400)}}, "invalid_value", "values.error_rate"),
        ({"values": {"error_rate": Odd()}}, "wrong_type", "values.error_rate"),
        ({"values": [0.5]}, "wrong_type", "values"),
        ({"labels": {"env": "\ud800"}}, "invalid_value", "labels.env"),
        ({"labels": "env"}, "wrong_type", "labels"),
        (17, "wrong_type", None),
    ],
)
def test_what_cannot_be_a_fact_is_refused_with_its_place(shop: Policy, alert: Any, code: str, where: str | None) -> None:
    with pytest.raises(DataError) as caught:
        shop.classify(alert)
    assert (caught.value.code, caught.value.where) == (code, where)
    with pytest.raises(DataError):
        shop.classify_batch([alert])


def test_what_a_number_of_their_own_raises_is_theirs(shop: Policy) -> None:
    class Away:
        def __float__(self) -> float:
            raise ConnectionError("the sensor is away")

    with pytest.raises(ConnectionError, match="sensor"):
        shop.classify({"values": {"error_rate": Away()}})


def test_what_are_no_alerts_are_refused(shop: Policy) -> None:
    with pytest.raises(DataError, match="int") as caught:
        shop.classify_batch(17)
    assert caught.value.code == "wrong_type"


HALF = "caf\ud800"
HALVED: dict[str, Callable[[Policy], object]] = {
    "a policy": lambda shop: Policy.from_yaml(f"{SHOP}# {HALF}"),
    "a check": lambda shop: Policy.check(HALF),
    "a document": lambda shop: Policy.from_dict({**shop.to_dict(), "policy": HALF}),
    "a document beside a whole character": lambda shop: Policy.from_dict({**shop.to_dict(), "policy": f"\U0001f514{HALF}"}),
    "a scenario": lambda shop: Scenario.from_yaml(HALF, policy=shop),
    "a scenario of a dict": lambda shop: Scenario.from_dict({"scenario": HALF}, policy=shop),
    "reasons": lambda shop: shop.reasons({"key": HALF}),
    "a name": lambda shop: shop.named(HALF),
    "a role": lambda shop: shop.who(HALF, AT),
    "a calendar": lambda shop: shop.calendar(HALF),
    "a schedule": lambda shop: shop.schedule(HALF),
    "a column": lambda shop: shop.classify_batch([], columns={"service": HALF}),
    "a place": lambda shop: shop.classify_batch([], columns={HALF: "service"}),
    "a payload": lambda shop: alerts_from(b"[]", HALF),
    "an alert": lambda shop: Engine(shop).apply(AT, Alert(HALF)),
    "an incident": lambda shop: Engine(shop).incident(HALF),
    "a document of an incident": lambda shop: Engine(shop).topic(HALF),
    "a chart": lambda shop: Engine(shop).shifts_svg(AT, AT, roles=[HALF]),
    "a severity": lambda shop: Engine(shop).reload(AT, shop, {"high": HALF}),
    "a snapshot": lambda shop: Engine.restore(shop, Snapshot(HALF)),
    "an entry": lambda shop: Engine.replay(shop, [Entry(AT, Alert("a1"), policy=HALF)]),
    "a history": lambda shop: History(shop, [Entry(AT, Alert("a1"), policy=HALF)]),
    "a month": lambda shop: History(shop, []).monthly(HALF),
    "a person of a calendar": lambda shop: ics.Rota("", shop, people={HALF: None}),
    "a zone": lambda shop: ics.holidays("", zone=HALF),
    "markdown": lambda shop: escape.markdown(HALF),
}


@pytest.mark.parametrize("name", HALVED)
def test_half_a_character_is_refused_wherever_a_text_is_handed_in(shop: Policy, name: str) -> None:
    with pytest.raises(DataError) as caught:
        HALVED[name](shop)
    assert (caught.value.code, "decode" in str(caught.value.help)) == ("invalid_value", True)


def test_a_whole_character_outside_the_first_65_536_is_a_text(shop: Policy) -> None:
    assert Policy.from_dict({**shop.to_dict(), "policy": "\U0001f514"}).name == "\U0001f514"
    assert Engine(shop).apply(AT, Alert("\U0001f514")).decisions


def test_a_naive_instant_is_refused_with_a_remedy() -> None:
    policy = Policy.from_yaml(SHOP.replace('alert.status == "firing"', 'alert.starts_at > 0'))
    alert = {"service": "checkout", "starts_at": AT.replace(tzinfo=None)}

    with pytest.raises(DataError) as caught:
        policy.classify(alert)

    assert caught.value.code == "naive_datetime"
    assert "timezone.utc" in str(caught.value)
    assert policy.classify({**alert, "starts_at": AT}).rule == "core"
    assert policy.classify({**alert, "starts_at": "2026-11-24T02:00:00Z"}).rule == "core"
    with pytest.raises(DataError, match="has no zone"):
        policy.who("primary", AT.replace(tzinfo=None))


def test_policies_that_look_at_whole_alerts_are_asked_with_whole_alerts() -> None:
    policy = Policy.from_yaml(SHOP.replace('alert.labels.env == "prod" &&', "alert.labels.len() > 1 &&"))
    alert = {"key": "a", "labels": {"a": "1", "b": "2"}, "values": {"error_rate": 0.9}}

    assert policy.classify(alert).rule == "errors"
    assert policy.classify_batch([alert, {"key": "b"}]).counts() == {"high": 1, "low": 1}


def test_captured_payloads_are_classified(kreki: Policy) -> None:
    payload = ROOT / "tests/fixtures/kreki/panic-button-down.json"
    intake = alerts_from(payload.read_bytes())

    assert intake.source is Source.ALERTMANAGER
    assert [kreki.classify(alert).severity for alert in intake] == ["SEV-1"] * len(intake)
    # As a web framework hands it over, and back from JSON.
    body = json.loads(payload.read_bytes())
    assert alerts_from(body) == intake == type(intake).from_dict(intake.to_dict())
    assert alerts_from([one.to_dict() for one in intake], Source.ALERT).alerts == intake.alerts
    with pytest.raises(DataError) as caught:
        alerts_from('[{"key": "a"}, {"key": "b", "sevice": "x"}]')
    assert (caught.value.code, caught.value.where) == ("unknown_field", "[1].sevice")
    for wrong, code in (({"key": {"a"}}, "wrong_type"), (b"{}", "unknown_source"), (b"", "not_json")):
        with pytest.raises(DataError) as refused:
            alerts_from(wrong)
        assert refused.value.code == code
    with pytest.raises(DataError) as refused:
        alerts_from(body, "alertmanger")
    assert refused.value.code == "unknown_source"


def test_an_explanation_is_text_for_people(kreki: Policy) -> None:
    alert = alerts_from((ROOT / "tests/fixtures/kreki/panic-button-down.json").read_bytes()).alerts[0]
    told = str(kreki.explain(alert)).splitlines()
    assert told[0] == "SEV-1: Panic button not working"
    assert told[1].startswith("  panic-button-not-working (kreki/policy.yaml:")
    assert 'decides: SEV-1; alert.labels.impact = "outage"' in told[1]


def test_who_is_on_call(shop: Policy) -> None:
    who = shop.who("primary", AT)
    assert who and who.people == ("ana",)
    coverage = shop.coverage("primary", AT, AT + timedelta(days=1))
    assert [shift.on_call.people for shift in coverage.shifts] == [("ana",)]
    assert (coverage.shifts[0].from_, coverage.shifts[0].to) == (AT, AT + timedelta(days=1))
    assert shop.who("primry", AT) == OnCall(gap="the policy has no on-call role `primry`; did you mean `primary`?")


def test_rulings_are_values() -> None:
    ruling = Ruling("high", "errors")
    assert repr(ruling) == "Ruling(severity='high', rule='errors', fault=False)"
    assert pickle.loads(pickle.dumps(ruling)) == ruling
    assert {ruling, Ruling("high", "errors")} == {ruling}
    assert ruling != Ruling("high")
    assert Ruling.from_dict(ruling.to_dict()) == ruling
    assert Ruling.from_dict({"severity": "low"}) == Ruling("low")
    for wrong in ({}, {"severity": 1}, {"severity": "low", "fault": "no"}, ["low"]):
        with pytest.raises(DataError):
            Ruling.from_dict(wrong)  # type: ignore[arg-type]
    assert json.dumps(ruling.to_dict()) == '{"severity": "high", "rule": "errors", "fault": false}'
    match ruling:
        case Ruling(severity="high", rule=rule):
            assert rule == "errors"
        case _:
            pytest.fail("it does not match")
