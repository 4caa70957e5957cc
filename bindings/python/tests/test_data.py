"""Data: immutable, comparable, JSON as everywhere, and refused where it cannot be."""

from __future__ import annotations

import dataclasses
import importlib.util
import inspect
import json
import pickle
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import kentongan
import kentongan.asyncio
import kentongan.documents
import kentongan.entry
import kentongan.oncall
import kentongan.policy
import kentongan.records
import kentongan.store
from kentongan import (
    Alert,
    AlertStatus,
    DataError,
    Effect,
    Entry,
    Impact,
    Input,
    Purpose,
    Reload,
    _kentongan,
    data,
    decisions,
    effects,
    errors,
    ics,
    inputs,
    reports,
)
from kentongan._codec import decode_length, encode_instant, encode_length
from kentongan.inputs import AddAction, Assess, Override

from .conftest import AT

PACKAGE = Path(__file__).parents[1]


def test_the_generated_classes_are_fresh() -> None:
    spec = importlib.util.spec_from_file_location("generate", PACKAGE / "generate.py")
    assert spec and spec.loader
    generate = importlib.util.module_from_spec(spec)
    sys.modules["generate"] = generate
    spec.loader.exec_module(generate)
    for path, text in generate.render().items():
        assert path.read_text() == text, f"{path.name} is stale: run `python generate.py` and commit what it writes"


def test_data_does_not_change_and_compares_by_value() -> None:
    alert = Alert("a1", labels={"env": "prod"})

    with pytest.raises(dataclasses.FrozenInstanceError):
        alert.key = "a2"  # type: ignore[misc]
    assert alert == Alert("a1", labels={"env": "prod"}) != Alert("a1")
    assert pickle.loads(pickle.dumps(alert)) == alert
    assert repr(alert) == "Alert(key='a1', labels={'env': 'prod'})"


def test_an_alert_is_the_same_json_as_everywhere() -> None:
    shape: dict[str, Any] = {
        "key": "a1",
        "status": "resolved",
        "service": "checkout",
        "labels": {"env": "prod"},
        "values": {"error_rate": 0.5},
        "starts_at": "2026-11-24T02:00:00.250Z",
    }
    alert = Alert.from_dict(shape)

    assert alert.status is AlertStatus.RESOLVED
    assert alert.starts_at == AT + timedelta(milliseconds=250)
    assert alert.to_dict() == shape
    assert Input.from_dict({"kind": "alert", **shape}) == alert
    assert Alert("a1").to_dict() == {"key": "a1", "status": "firing"}


def test_an_alert_has_a_title_and_resolves() -> None:
    alert = Alert("a1", name="PanicButtonDown", summary="Panic button is down")
    assert [one.title for one in (alert, dataclasses.replace(alert, summary=""), Alert("a1"), Alert(""))] == [
        "Panic button is down",
        "PanicButtonDown",
        "a1",
        "alert",
    ]
    assert alert.resolved() == dataclasses.replace(alert, status=AlertStatus.RESOLVED)


@pytest.mark.parametrize(
    ("shape", "code", "where"),
    [
        ({"sevice": "x"}, "unknown_field", "sevice"),
        ({"labels": {"env": 1}}, "wrong_type", "labels.env"),
        ({"labels": ["env"]}, "wrong_type", "labels"),
        ({"values": {"rate": "1"}}, "wrong_type", "values.rate"),
        ({"values": {"rate": float("inf")}}, "invalid_value", "values.rate"),
        ({"values": {"rate": 10**5_000}}, "invalid_value", "values.rate"),
        ({"summary": "\ud800"}, "invalid_value", "summary"),
        ({"labels": {"\ud800": "x"}}, "invalid_value", "labels"),
        ({"starts_at": datetime.max.replace(tzinfo=timezone(-timedelta(hours=7)))}, "time_out_of_range", "starts_at"),
        ({"status": "firring"}, "unknown_value", "status"),
        ({"starts_at": "2026-11-24T02:00:00"}, "naive_datetime", "starts_at"),
        ({"starts_at": "yesterday"}, "invalid_value", "starts_at"),
        ({"starts_at": datetime(2026, 11, 24)}, "naive_datetime", "starts_at"),
    ],
)
def test_what_is_no_alert_is_refused_with_its_place(shape: dict[str, Any], code: str, where: str) -> None:
    with pytest.raises(DataError) as caught:
        Alert.from_dict(shape)
    assert (caught.value.code, caught.value.where) == (code, where)


def test_kinds_are_told_apart_and_unknown_ones_refused() -> None:
    shape = {"kind": "assess", "incident": "x", "by": "ana", "impact": {"users_affected": 3}}
    assert Input.from_dict(shape) == Assess("x", "ana", Impact(users_affected=3))
    assert Assess.from_dict(shape).to_dict() == shape
    for wrong in ({"kind": "asess"}, {}, {"kind": "notify"}):
        with pytest.raises(DataError) as caught:
            Input.from_dict(wrong)
        assert caught.value.code == "unknown_kind"
    with pytest.raises(DataError, match="`incident` is missing"):
        Assess.from_dict({"kind": "assess"})
    with pytest.raises(DataError):
        Effect.from_dict(shape)
    for odd in (17, ["assess"], None):
        for read in (Input.from_dict, Assess.from_dict, Entry.from_dict, Reload.from_dict):
            with pytest.raises(DataError) as caught:
                read(odd)  # type: ignore[arg-type]
            assert caught.value.code == "wrong_type"
    with pytest.raises(DataError) as caught:
        Input.from_dict({"kind": ["assess"]})
    assert caught.value.code == "unknown_kind"
    with pytest.raises(DataError) as caught:
        Reload.from_dict({"from": "a", "to": "b", "severities": ["high"]})
    assert caught.value.code == "wrong_type"


def test_numbers_that_no_other_language_holds_are_refused_with_their_place() -> None:
    for wrong in (2**64, -(2**63) - 1, 10**5_000):
        with pytest.raises(DataError) as caught:
            Assess("x", "ana", Impact(users_affected=wrong)).to_dict()
        assert (caught.value.code, caught.value.where) == ("invalid_value", "impact.users_affected")
    assert Impact(users_affected=2**64 - 1).to_dict() == {"users_affected": 2**64 - 1}


def test_a_length_that_is_too_long_is_refused() -> None:
    for wrong in ("9999999999w", "9" * 5_000 + "s"):
        with pytest.raises(DataError) as caught:
            decode_length(wrong)
        assert caught.value.code == "invalid_value"


def test_a_name_that_python_keeps_for_itself_has_an_underscore() -> None:
    takes_over = Override("swap", "primary", "ben", AT, "ana", from_=AT - timedelta(hours=1))
    assert takes_over.to_dict()["from"] == "2026-11-24T01:00:00Z"
    assert Input.from_dict(takes_over.to_dict()) == takes_over


def test_days_are_dates() -> None:
    action = AddAction("x", "disk", "ana", "Watch the disk", due=date(2026, 12, 1))
    assert action.to_dict()["due"] == "2026-12-01"
    assert Input.from_dict(action.to_dict()) == action
    for wrong, code in (("2026-02-30", "invalid_value"), ("tomorrow", "invalid_value"), (AT, "wrong_type"), (7, "wrong_type")):
        with pytest.raises(DataError) as caught:
            Input.from_dict({**action.to_dict(), "due": wrong})
        assert (caught.value.code, caught.value.where) == (code, "due")
    with pytest.raises(DataError):
        dataclasses.replace(action, due="2026-12-01").to_dict()  # type: ignore[arg-type]


def test_every_family_describes_its_json() -> None:
    for family, word in ((Input, "assess"), (Effect, "notify"), (kentongan.Decision, "classified")):
        schema = family.schema()
        assert f'"{word}"' in json.dumps(schema["oneOf"])
        assert "$schema" in schema


def test_words_are_their_text() -> None:
    assert Purpose("page") is Purpose.PAGE
    assert {"page": 1}[Purpose.PAGE] == 1
    assert f"{Purpose.PAGE} {Purpose.DO_BY_HAND!s}" == "page do_by_hand"


@pytest.mark.parametrize("text", ["0s", "500ms", "1s500ms", "30s", "5m", "1h30m", "49h1m"])
def test_lengths_are_written_as_in_rust(text: str) -> None:
    assert encode_length(decode_length(text)) == text


def test_instants_have_as_many_digits_as_they_need() -> None:
    assert encode_instant(AT) == "2026-11-24T02:00:00Z"
    assert encode_instant(AT.replace(microsecond=7_000)) == "2026-11-24T02:00:00.007Z"
    assert encode_instant(AT.replace(microsecond=7)) == "2026-11-24T02:00:00.000007Z"
    assert encode_instant(AT.astimezone(timezone(timedelta(hours=7)))) == "2026-11-24T02:00:00Z"


def test_every_public_name_is_documented() -> None:
    modules = (kentongan, _kentongan, kentongan.asyncio, data, decisions, effects, errors, ics, inputs, reports)
    others = (kentongan.documents, kentongan.entry, kentongan.oncall, kentongan.policy, kentongan.records, kentongan.store)
    for module in (*modules, *others):
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isroutine(value) or inspect.isclass(value):
                assert value.__doc__, f"{module.__name__}.{name}"
            if not inspect.isclass(value):
                continue
            for member in (one for one in dir(value) if not one.startswith("_")):
                static = inspect.getattr_static(value, member)
                fields = getattr(value, "__dataclass_fields__", {})
                if member in fields or hasattr(BaseException, member) or hasattr(str, member):
                    continue
                # What help() shows: methods, and the properties of both halves.
                if inspect.isroutine(getattr(value, member)) or isinstance(static, property) or inspect.isgetsetdescriptor(static):
                    assert inspect.getdoc(getattr(value, member)), f"{module.__name__}.{name}.{member}"
