"""What the documentation shows, run as it stands."""

from __future__ import annotations

import asyncio
import doctest
import re
import runpy
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import kentongan.asyncio.host
import kentongan.engine
import kentongan.escape
import kentongan.history
import kentongan.policy
from kentongan import Policy, PolicyError, Scenario
from kentongan.asyncio import SystemClock

from .conftest import AT, ROOT
from .installed import PAYLOAD, examples, run_example

EXAMPLES = ROOT / "examples/python"
HOST = EXAMPLES / "host.py"


#: What an example prints first, by what it is about.
SHOWS = {
    "History": "0:03:00\n# Incident Post-Mortem: Panic button presses are not reaching dispatch\n",
    "Host(": "02:00 page sari by pager: ",
    "Engine(": "sari pager sari@pager.example.org ; call again at 2026-11-24 02:02:30+00:00\n[('sari', 'sms'",
    "shifts(": "('sari',)\n24 Nov 02:00 sari for 6 days, 0:00:00\n30 Nov 02:00 budi for 7 days, 0:00:00\n",
    "alerts_from": "SEV-1 panic-button-not-working Panic button",
}


@pytest.mark.parametrize(("name", "block"), examples(), ids=[name for name, _ in examples()])
def test_the_examples_run_as_they_stand(name: str, block: str, tmp_path: Path) -> None:
    about = next(word for word in SHOWS if word in block)
    assert len(block.splitlines()) <= (40 if about == "Host(" else 15)
    printed = run_example(block, tmp_path)
    assert printed.startswith(SHOWS[about]), name
    if about == "Host(":
        # It breaks what it promised, pages again, and stops once somebody has taken it.
        assert printed.index("02:05 acknowledge was missed: 5m") < printed.index("02:10 page budi by pager")
        assert printed.index("02:15 respond was missed") < printed.index("02:15 page budi by pager")
        assert "02:2" not in printed


def test_the_policy_of_the_readme_its_mistake_and_its_scenario_are_as_it_says(tmp_path: Path) -> None:
    blocks = re.findall(r"^```(yaml|text)\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
    policy = next(block for _, block in blocks if block.startswith("policy: shop"))
    mistake = next(block for _, block in blocks if block.startswith("error["))
    scenario = next(block for _, block in blocks if block.startswith("scenario: "))
    (tmp_path / "shop.yaml").write_text(policy.replace("severity: high\n", "severity: hihg\n", 1))
    with pytest.raises(PolicyError) as wrong:
        Policy.load(tmp_path / "shop.yaml")
    assert str(wrong.value).replace(f"{tmp_path}/", "").rstrip() == mistake.rstrip()
    (tmp_path / "shop.yaml").write_text(policy)
    (tmp_path / "scenario.yaml").write_text(scenario)
    assert Scenario.load(tmp_path / "scenario.yaml").run().failures == ()


def test_every_readme_has_examples() -> None:
    assert {name.split(",")[0] for name, _ in examples()} == {"README.md", "bindings/python/README.md"}
    for word in SHOWS:
        assert any(word in block for _, block in examples()), word


@pytest.mark.parametrize("module", [kentongan.engine, kentongan.escape, kentongan.history, kentongan.policy])
def test_the_examples_in_docstrings_hold(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]
    assert (failed, tried > 0) == (0, True)


def test_a_new_user_s_script_classifies_what_alertmanager_sent() -> None:
    script = EXAMPLES / "classify.py"
    assert len(script.read_text().splitlines()) <= 15
    result = subprocess.run([sys.executable, str(script), str(PAYLOAD)], capture_output=True, text=True, check=True)
    (line, *_) = result.stdout.splitlines()
    assert line.startswith("SEV-1 panic-button-not-working Panic button")


def test_the_host_of_the_examples_pages(tmp_path: Path) -> None:
    arguments = [sys.executable, str(HOST), str(tmp_path / "night.journal"), str(PAYLOAD)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout
    with process.stdout as lines:
        # It serves until it is stopped.
        assert next(line for line in lines if line.startswith("page sari by pager: "))
        process.kill()
    process.wait()


class FastClock(SystemClock):
    """A minute passes in a hundredth of a second."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def now(self) -> datetime:
        return AT + timedelta(minutes=100 * (time.monotonic() - self.began))

    async def sleep_until(self, at: datetime) -> None:
        while self.now() < at:
            await asyncio.sleep(0.01)


def test_the_host_of_the_examples_escalates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The whole of it, at another clock: nobody answers for an hour or more."""
    assert len(HOST.read_text().splitlines()) <= 40
    monkeypatch.setattr(kentongan.asyncio.host, "SystemClock", FastClock)
    main = runpy.run_path(str(HOST))["main"]
    printed = ""

    async def until_it_is_seen() -> None:
        nonlocal printed
        serving = asyncio.create_task(main(str(tmp_path / "night.journal"), str(PAYLOAD)))
        while not all(wanted in printed for wanted in ("page sari", "page budi", "page ratna", "acknowledge was missed")):
            await asyncio.sleep(0.05)
            printed += capsys.readouterr().out
            assert not serving.done(), serving.exception()
        serving.cancel()

    try:
        asyncio.run(asyncio.wait_for(until_it_is_seen(), timeout=300))
    except asyncio.TimeoutError:
        pytest.fail(f"in weeks it came to this:\n{printed}")
    assert printed.index("page sari") < printed.index("acknowledge was missed")
