"""The engine: time, refusals, snapshots, journals, and what happens when it breaks."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from kentongan import (
    Acknowledge,
    Alert,
    DataError,
    Engine,
    Entry,
    History,
    Incident,
    InternalError,
    JournalError,
    KentonganError,
    Notify,
    Outcome,
    Policy,
    Purpose,
    Rejected,
    Reload,
    Report,
    Resolve,
    RestoreError,
    Snapshot,
    State,
    Step,
    Store,
    __version__,
    time_zone_data_version,
)
from kentongan.decisions import Classified, ClockStarted, NothingDue
from kentongan.inputs import Absence, Detect, FalseAlarm, Link, Merge, Pause, Split, Tick, TickHandoff, Unlink
from kentongan.reports import Deed

from .conftest import AT, SHOP, break_down

DOWN = Alert("a1", service="checkout", summary="Payments fail")


def incident(engine: Engine | Store) -> str:
    return engine.incidents()[0].id


def test_an_alert_pages_and_a_failed_page_goes_on_to_the_next_way(shop: Policy) -> None:
    engine = Engine(shop)
    step = engine.apply(AT, DOWN)

    match step.effects:
        case (Notify(channel="pager", to="ana", purpose=Purpose.PAGE, address=address) as page,):
            assert address == "ana-1"
        case other:
            pytest.fail(f"ana is paged, not {other}")
    assert (page.at, page.severity) == (AT, "high")
    assert step.wakeup == AT + timedelta(seconds=150)
    assert engine.pending() == (page,)

    step = engine.apply(AT, Report(page.id, Outcome.FAILED, detail="503"))

    assert [(effect.channel, effect.to) for effect in step.effects if isinstance(effect, Notify)] == [("sms", "ana")]


def test_incidents_say_what_they_are_to_each_other_and_what_they_turned_out_to_be() -> None:
    engine = Engine(Policy.from_yaml(SHOP + "sources: { exercise: {} }\n"))
    for key in ("a1", "a2", "a3"):
        engine.apply(AT, Alert(key, service=f"checkout-{key}"))
    one, two, three = (found.id for key in ("a1", "a2", "a3") for found in engine.incidents() if found.service == f"checkout-{key}")

    def told(id: str) -> Incident:
        return next(found for found in engine.incidents() if found.id == id)

    engine.apply(AT, Link(two, one, "ana"))
    assert (told(one).children, told(two).parent) == ((two,), one)
    engine.apply(AT, Unlink(two, "ana"))
    assert (told(one).children, told(two).parent) == ((), None)
    engine.apply(AT, Merge(two, one, "ana"))
    assert told(two).merged_into == one
    engine.apply(AT, Split(one, ("a2",), "ana", title="Apart"))
    assert [found.split_from for found in engine.incidents() if found.title == "Apart"] == [one]
    engine.apply(AT, FalseAlarm(three, "ana", "a test ran"))
    assert (told(three).false_alarm, told(one).false_alarm) == (True, False)
    engine.apply(AT, Detect("exercise", "ana", "Practice", drill=True))
    assert [found.title for found in engine.incidents() if found.drill] == ["Practice"]


def test_documents_tell_how_things_stand_now(shop: Policy) -> None:
    engine = Engine(shop)
    engine.apply(AT, DOWN)
    id = incident(engine)
    assert engine.topic(id).text.startswith("high checkout: Payments fail | open since ")
    engine.apply(AT + timedelta(minutes=2), Acknowledge(id, by="ana"))
    assert "acknowledged since" in str(engine.topic(id))
    assert "open for 2m" in engine.status_update(id).text
    assert engine.handoff("primary").text.startswith("# On-Call Hand-Off: primary\n")
    own = Policy.from_yaml(SHOP + 'documents: { topic: { text: "{{ title }} !" } }\n')
    assert engine.topic(id, templates=own).text == "Payments fail !"
    for ask, of, code in (
        (engine.topic, "nowhere", "unknown_incident"),
        (engine.public_update, id, "not_public"),
        (engine.handoff, "tertiary", "unknown_role"),
    ):
        with pytest.raises(KentonganError) as refused:
            ask(of)
        assert refused.value.code == code


def test_what_is_no_input_is_refused_with_a_remedy(shop: Policy) -> None:
    engine = Engine(shop)
    for wrong in ({"kind": "alert", "key": "a1"}, None, shop):
        with pytest.raises(DataError, match="from_dict") as refused:
            engine.apply(AT, wrong)  # type: ignore[arg-type]
        assert refused.value.code == "wrong_type"
    assert engine.now is None
    for read in (Engine.replay, History):
        with pytest.raises(DataError, match="from_dict") as refused:
            read(shop, [Entry(AT, DOWN).to_dict()])  # type: ignore[list-item]
        assert refused.value.code == "wrong_type"


def test_decisions_say_why(shop: Policy) -> None:
    step = Engine(shop).apply(AT, DOWN)

    classified = next(one for one in step.decisions if isinstance(one, Classified))
    assert (classified.rule, dict(classified.facts)) == ("core", {"alert.status": "firing", "service.tier": "core"})
    assert any(isinstance(one, ClockStarted) and one.clock == "acknowledge" for one in step.decisions)
    assert isinstance(Engine(shop).advance(AT).decisions[0], NothingDue)


def test_the_life_of_an_incident(shop: Policy) -> None:
    engine = Engine(shop)
    engine.apply(AT, DOWN)
    id = incident(engine)
    engine.apply(AT + timedelta(minutes=1), Acknowledge(id, by="ana"))
    engine.apply(AT + timedelta(minutes=2), Resolve(id, by="ana", note="A full disk"))

    found = engine.incident(id)
    assert found is not None
    assert (found.state, found.acknowledged_by, found.resolved_by) == (State.RESOLVED, "ana", "ana")
    assert found.opened_at == AT
    assert engine.now == AT + timedelta(minutes=2)
    assert engine.incident("nothing") is None


def test_an_instant_between_two_milliseconds_is_the_earlier_one(shop: Policy) -> None:
    """As in Rust: the engine counts in milliseconds, and is never later than it was told."""
    engine = Engine(shop)
    step = engine.apply(AT + timedelta(microseconds=1_999), DOWN)
    assert engine.now == step.effects[0].at == AT + timedelta(milliseconds=1)
    wakeup = AT + timedelta(seconds=150, milliseconds=1)
    assert step.wakeup == wakeup
    # Just before the wake-up nothing is due, however little is missing.
    assert engine.advance(wakeup - timedelta(microseconds=1)).effects == ()
    assert engine.advance(wakeup).effects


def test_instants_of_any_zone_are_taken_and_naive_ones_are_not(shop: Policy) -> None:
    jakarta = timezone(timedelta(hours=7))
    engine = Engine(shop)
    assert engine.apply(AT.astimezone(jakarta), DOWN) == Engine(shop).apply(AT, DOWN)

    with pytest.raises(DataError) as caught:
        engine.apply(datetime(2026, 11, 24, 2), DOWN)
    assert caught.value.code == "naive_datetime"
    with pytest.raises(DataError) as caught:
        engine.apply(AT, Pause(incident(engine), by="ana", until=datetime(2026, 11, 24, 2)))
    assert (caught.value.code, caught.value.where) == ("naive_datetime", "until")


def test_a_refusal_has_a_code_and_a_remedy_and_changes_nothing(shop: Policy) -> None:
    engine = Engine(shop)
    before = engine.snapshot()

    with pytest.raises(Rejected) as caught:
        engine.apply(AT, Acknowledge("nothing", by="ana"))
    with pytest.raises(Rejected):
        engine.check(AT, Acknowledge("nothing", by="ana"))

    assert caught.value.code == "unknown_incident"
    assert caught.value.help
    assert engine.snapshot() == before
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (type(copy), copy.code, str(copy)) == (Rejected, "unknown_incident", str(caught.value))


def test_snapshots_engines_steps_and_data_are_pickled(shop: Policy, kreki: Policy) -> None:
    engine = Engine(shop)
    step = engine.apply(AT, DOWN)

    assert pickle.loads(pickle.dumps(step)) == step == Step.from_dict(step.to_dict())
    assert pickle.loads(pickle.dumps(engine)).snapshot() == engine.snapshot()
    assert pickle.loads(pickle.dumps(engine.snapshot())) == engine.snapshot()
    entry = Entry(AT, DOWN)
    assert pickle.loads(pickle.dumps(entry)) == entry == Entry.from_dict(entry.to_dict())
    with pytest.raises(RestoreError) as caught:
        Engine.restore(kreki, engine.snapshot())
    assert caught.value.code == "other_policy"
    with pytest.raises(RestoreError, match="cannot be read"):
        Engine.restore(shop, Snapshot("{}"))


def test_a_replay_under_the_same_policy_is_the_same(shop: Policy) -> None:
    entries = [Entry(AT, DOWN), Entry(AT + timedelta(hours=1), Tick()), Entry(AT, Acknowledge("nothing", by="ana"))]

    replay = Engine.replay(shop, entries)

    assert replay.refused == 1
    assert replay.effects[0].to_dict() == Engine(shop).apply(AT, DOWN).effects[0].to_dict()
    assert len(replay.effects) > 2


def test_a_panic_is_an_ordinary_exception_and_poisons_that_engine_alone(shop: Policy) -> None:
    engine, other = Engine(shop), Engine(shop)

    with pytest.raises(Exception, match="the engine panicked") as caught:
        break_down(engine)
    assert isinstance(caught.value, InternalError) and caught.value.code == "panic"
    for attempt in (lambda: engine.advance(AT), engine.incidents, engine.snapshot):
        with pytest.raises(InternalError) as again:
            attempt()
        assert again.value.code == "poisoned"
        assert "restore" in str(again.value)
    assert other.apply(AT, DOWN).effects


def test_a_store_goes_on_where_it_was(shop: Policy, tmp_path: Path) -> None:
    path = tmp_path / "shop.journal"
    with pytest.raises(DataError) as odd:
        Store(path, shop, snapshot_every=-1)
    assert (odd.value.code, odd.value.where, path.exists()) == ("invalid_value", "snapshot_every", False)
    with Store(path, shop) as store:
        assert store.recovery.created
        page = store.apply(AT, DOWN).effects[0]
        before = store.snapshot()
        with pytest.raises(JournalError) as caught:
            Store(path, shop)
        assert (caught.value.code, caught.value.where) == ("locked", str(path.resolve()))
        assert str(caught.value).count(str(path.resolve())) == 1

    with Store(path, shop, snapshot_every=None) as store:
        assert (store.recovery.records, store.recovery.effects) == (1, (page,))
        assert store.snapshot() == before
        store.save()
        assert (store.path.name, store.recovery.snapshot, store.recovery.torn) == ("shop.journal", "absent", None)
    with Store(path, shop) as store:
        assert (store.recovery.snapshot, store.recovery.replayed, store.recovery.written_by) == ("used", 0, None)
        snapshot = store.snapshot()
        assert (snapshot.policy, snapshot.engine) == (shop.digest, __version__)
        assert snapshot.time_zone_data == time_zone_data_version()
    for attempt in (lambda: store.advance(AT), lambda: store.path):
        with pytest.raises(JournalError, match="closed") as shut:
            attempt()
        assert shut.value.code == "closed"
    other = Policy.from_yaml(SHOP.replace("policy: shop", "policy: other"))
    with pytest.raises(JournalError) as caught:
        Store(path, other)
    assert caught.value.code == "other_policy"
    with Store(path, other, adopt_policy=True) as store:
        assert store.recovery.adopted_from == shop.digest


def test_a_reload_moves_an_engine_whole_or_not_at_all(shop: Policy) -> None:
    stricter = Policy.from_yaml(SHOP.replace("acknowledge: 5m", "acknowledge: 2m"))
    renamed = Policy.from_yaml(SHOP.replace("high", "urgent"))
    engine = Engine(shop)
    engine.apply(AT, DOWN)

    step = engine.reload(at=AT + timedelta(minutes=1), policy=stricter)
    assert step.wakeup == AT + timedelta(seconds=90)
    assert engine.policy == stricter
    before = engine.snapshot()
    for attempt in (engine.check_reload, engine.reload):
        with pytest.raises(Rejected) as caught:
            attempt(AT + timedelta(minutes=1), renamed)
        assert (caught.value.code, engine.policy, engine.snapshot()) == ("severity_gone", stricter, before)
    assert pickle.loads(pickle.dumps(engine)).policy == stricter

    engine.reload(at=AT + timedelta(minutes=1), policy=renamed, severities={"high": "urgent"})
    assert engine.incidents()[0].severity == "urgent"
    entries = [
        Entry(AT, DOWN),
        Entry(AT + timedelta(minutes=1), Reload(shop.digest, stricter.digest)),
        Entry(AT + timedelta(minutes=1), Reload(stricter.digest, renamed.digest, {"high": "urgent"})),
    ]
    assert [Entry.from_dict(entry.to_dict()) for entry in entries] == entries == pickle.loads(pickle.dumps(entries))
    replay = Engine.replay(shop, entries, policies=[stricter, renamed])
    assert (replay.engine.snapshot(), replay.engine.policy) == (engine.snapshot(), renamed)
    with pytest.raises(JournalError, match=stricter.digest) as missing:
        Engine.replay(shop, entries, policies=[renamed])
    assert missing.value.code == "missing_policy"


def test_a_store_records_a_reload_and_goes_on_across_it(shop: Policy, tmp_path: Path) -> None:
    path = tmp_path / "shop.journal"
    stricter = Policy.from_yaml(SHOP.replace("acknowledge: 5m", "acknowledge: 2m"))
    with Store(path, shop, snapshot_every=None) as store:
        store.apply(AT, DOWN)
        store.reload(at=AT + timedelta(minutes=1), policy=stricter)
        before = store.snapshot()
    with pytest.raises(JournalError, match=shop.digest) as caught:
        Store(path, stricter)
    assert caught.value.code == "missing_policy"
    with Store(path, stricter, policies=[shop]) as store:
        assert (store.recovery.replayed, store.snapshot(), store.policy) == (2, before, stricter)


HANDOFF = """
handoff: { roles: [primary], points: [ { id: incidents, text: Go through what is open } ], within: 30m }
"""
TURNS = """
on_call: { primary: { schedule: desk }, secondary: { next_of: primary } }
schedules:
  desk:
    layers:
      - rotation: { every: 1 day, handoff: "09:00", start: 2026-11-23, people: [ana, ben] }
      - { shadow: true, shifts: [ { from: 2026-11-24, to: 2026-11-25, people: ben } ] }
"""


def test_an_engine_tells_who_is_on_call_next_and_what_is_handed_over() -> None:
    text = SHOP.replace("on_call: { primary: [ana], secondary: [ben] }\n", "") + TURNS + HANDOFF
    engine = Engine(Policy.from_yaml(text))
    assert (engine.advance(AT - timedelta(hours=1)).effects, engine.handoffs()) == ((), ())
    # 09:00 in Jakarta is 02:00 in UTC.
    engine.advance(AT)
    assert (engine.who("primary", AT).people, engine.next_in_line("primary", AT).people) == (("ben",), ("ana",))
    (handoff,) = engine.handoffs()
    assert (handoff.role, handoff.at, handoff.from_, handoff.to) == ("primary", AT, ("ana",), ("ben",))
    assert (dict(handoff.ticked), handoff.confirmed_at) == ({}, None)
    engine.apply(AT + timedelta(minutes=1), TickHandoff(handoff.id, "incidents", "ben"))
    (handoff,) = engine.handoffs()
    assert handoff.ticked["incidents"] == Deed("ben", AT + timedelta(minutes=1))

    until = AT + timedelta(days=2)
    (shadow,) = engine.shadow_shifts("primary", AT, until)
    assert (shadow.on_call.people, shadow.to) == (("ben",), datetime(2026, 11, 24, 17, tzinfo=timezone.utc))
    coverage = engine.coverage("primary", AT, until)
    assert coverage.by_person() == {"ben": timedelta(days=1), "ana": timedelta(days=1)}
    assert (coverage.is_whole, coverage.gaps, coverage.uncovered) == (True, (), timedelta())
    assert engine.shifts_svg(AT, until, mark=AT).startswith("<svg ")
    assert "secondary" not in engine.shifts_svg(AT, until, roles=["primary"])
    calendar = engine.shifts_ics("primary", AT, until)
    assert calendar.startswith("BEGIN:VCALENDAR\r\n") and calendar.count("BEGIN:VEVENT") == 2
    engine.apply(AT + timedelta(minutes=2), Absence("leave", "ben", until, "ben"))
    engine.apply(AT + timedelta(minutes=2), Absence("ill", "ana", until, "ana"))
    gap = engine.coverage("primary", AT + timedelta(hours=1), until)
    assert (gap.is_whole, gap.uncovered) == (False, timedelta(days=2, hours=-1))


def test_one_incident_is_found_by_its_id_and_its_roles_are_told(shop: Policy) -> None:
    engine = Engine(shop)
    for key in ("a1", "a2", "a3"):
        engine.apply(AT, Alert(key, service=f"checkout-{key}"))
    assert [engine.incident(found.id) for found in engine.incidents()] == list(engine.incidents())
    assert engine.role_holders("nothing", "lead") == []
    led = Engine(Policy.from_yaml(SHOP + 'roles: { lead: { held_by: on-call.primary } }\n'))
    led.apply(AT, DOWN)
    assert led.role_holders(incident(led), "lead") == ["ana"]


def test_memory_is_flat_over_engines_and_policies() -> None:
    """Engines and policies that are dropped leave nothing behind. In a process of its own, whose memory is its own.

    For a million of them: ``KENTONGAN_BATCHES=50``.
    """
    program = """
import resource
from datetime import datetime, timezone
from kentongan import Alert, Engine, Policy
from tests.conftest import SHOP

AT = datetime(2026, 11, 24, 2, tzinfo=timezone.utc)
policy, alert = Policy.from_yaml(SHOP), Alert("a1", service="checkout")

def live(count):
    for _ in range(count):
        Engine(policy).apply(AT, alert)
        policy.classify(alert)
    for _ in range(count // 200):
        Policy.from_yaml(SHOP)
        policy.classify_batch([alert] * 10)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

# What each leaves behind would add up.
first = max(live(1_000), live(BATCH // 10))
then = max(live(BATCH) for _ in range(BATCHES))
assert then - first < 4_000, f"{first} KiB, then {then} KiB"
""".replace("BATCHES", os.environ.get("KENTONGAN_BATCHES", "1")).replace("BATCH", "20_000")
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[1])
