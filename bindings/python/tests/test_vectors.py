"""Every scenario of the shared vectors holds, and comes to the same bytes as in every other language."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from itertools import takewhile
from textwrap import dedent
from typing import Any, cast

import pytest

from kentongan import Effect, Engine, Entry, Policy, Rejected, Reload, Run, Scenario, Snapshot
from kentongan._codec import decode_instant, encode_instant
from kentongan.inputs import Input

from .conftest import ROOT

FOLDER = ROOT / "tests/vectors"
MANIFEST: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text())
STEMS = sorted(path.stem for path in FOLDER.glob("*.yaml"))


@lru_cache(maxsize=None)
def run(stem: str) -> Run:
    return Scenario.load(FOLDER / f"{stem}.yaml").run()


def policies_of(stem: str) -> dict[str, Policy]:
    """The policies that a scenario can be under: shipped ones, files, and those that are written out in it."""
    known = [*_policies(), *map(Policy.from_yaml, written_out((FOLDER / f"{stem}.yaml").read_text()))]
    return {policy.digest: policy for policy in known}


def written_out(scenario: str) -> list[str]:
    """The texts of the policies in a scenario: what stands deeper than its `policy:`."""
    lines, found = scenario.splitlines(), list[str]()
    for place, line in enumerate(lines):
        if line.strip() == "policy:":
            depth = len(line) - len(line.lstrip())
            deeper = takewhile(lambda line: not line.strip() or len(line) - len(line.lstrip()) > depth, lines[place + 1 :])
            found.append(dedent("\n".join(deeper)))
    return found


@lru_cache(maxsize=None)
def _policies() -> list[Policy]:
    return [Policy.kreki(), *(Policy.load(path) for path in sorted((ROOT / "tests/policies").glob("*.yaml")))]


def pin(lines: str) -> dict[str, Any]:
    return {"effects": lines.count("\n"), "sha256": hashlib.sha256(lines.encode()).hexdigest()}


def test_the_manifest_lists_every_vector() -> None:
    assert MANIFEST["count"] == len(MANIFEST["vectors"]) == len(STEMS) > 100
    assert sorted(MANIFEST["vectors"]) == STEMS


@pytest.mark.parametrize("stem", STEMS)
def test_a_vector_holds_and_comes_to_the_pinned_bytes(stem: str) -> None:
    found = run(stem)

    assert found.failures == ()
    assert pin(found.lines) == MANIFEST["vectors"][stem]


@pytest.mark.parametrize("stem", STEMS)
def test_its_data_comes_back_from_json_as_it_was(stem: str) -> None:
    found = run(stem)

    for line, effect in zip(found.lines.splitlines(), found.effects, strict=True):
        assert effect.to_dict() == json.loads(line)
    entries = found.details["entries"]
    for decision, data in zip(found.decisions, [one["decision"] for one in entries if "decision" in one], strict=True):
        assert decision.to_dict() == data
    inputs = [entry for entry in found.inputs if not isinstance(entry.input, Reload)]
    for entry, data in zip(inputs, [one["input"] for one in entries if "input" in one], strict=True):
        assert entry.to_dict() == in_micros(data)
    assert [Entry.from_dict(entry.to_dict()) for entry in found.inputs] == list(found.inputs)
    for entry in inputs:
        data = entry.input.to_dict()
        assert Input.from_dict({"kind": entry.input.kind, **data}) == entry.input
    assert len(found.incidents) == len(found.details["incidents"])


def in_micros(entry: Any) -> Any:
    """What an entry says, as far as Python's instants go: monitoring tells nanoseconds, which nothing depends on."""
    if isinstance(entry, dict):
        return {key: in_micros(value) for key, value in cast("dict[str, Any]", entry).items()}
    is_instant = isinstance(entry, str) and re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{9}Z", entry)
    return encode_instant(decode_instant(entry)) if is_instant else entry


def shared() -> list[str]:
    """Those whose policies are at hand, reloads among them."""
    # A week of pages shows nothing here that a night does not.
    nights = [stem for stem in STEMS if len(run(stem).inputs) < 2_000]
    return [stem for stem in nights if run(stem).details["policy"]["digest"] in policies_of(stem)]


def test_most_vectors_have_their_policies_at_hand_and_all_with_a_reload() -> None:
    reloads = [stem for stem in STEMS if any(isinstance(entry.input, Reload) for entry in run(stem).inputs)]
    assert len(reloads) >= 10
    assert set(reloads) <= set(shared())
    assert len(shared()) > 100


@pytest.mark.parametrize("stem", shared())
def test_an_engine_that_is_handed_the_journal_comes_to_the_same_bytes(stem: str) -> None:
    """Input by input through Python's own classes, with a snapshot in the middle that must not be noticed."""
    found, policies = run(stem), policies_of(stem)
    policy = policies[found.details["policy"]["digest"]]
    assert Engine.replay(policy, found.inputs, policies=policies.values()).lines == found.lines

    engine = Engine(policy)
    effects: list[Effect] = []
    reported: set[str] = set()
    for place, entry in enumerate(found.inputs):
        if place == len(found.inputs) // 2:
            snapshot = Snapshot.from_dict(engine.snapshot().to_dict())
            engine = Engine.restore(engine.policy, snapshot)
            assert engine.snapshot() == snapshot
        try:
            effects += apply(engine, entry, policies)
        except Rejected:
            continue
        # Of long runs, the beginning is as good as all of it.
        if place < 20:
            reported |= {effect.id for effect in engine.pending()}
    for effect, line in zip(effects, found.lines.splitlines(), strict=True):
        assert effect.to_dict() == json.loads(line)
    assert all(effect.wants_report for effect in effects if effect.id in reported)
    assert engine.audit() == []


def apply(engine: Engine, entry: Entry, policies: dict[str, Policy]) -> tuple[Effect, ...]:
    match entry.input:
        case Reload(new=new, severities=severities):
            return engine.reload(at=entry.at, policy=policies[new], severities=severities).effects
        case input:
            return engine.apply(entry.at, input).effects
