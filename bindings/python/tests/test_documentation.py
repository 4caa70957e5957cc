"""What the documentation shows, run as it stands."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

import kentongan.engine
import kentongan.history
import kentongan.policy
from kentongan import Acknowledge, Alert, Policy, Resolve, Store

from .conftest import AT, ROOT

README = ROOT / "README.md"
PACKAGE_README = Path(__file__).parents[1] / "README.md"
EXAMPLES = ROOT / "examples/python"


def python_blocks(path: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", path.read_text(), flags=re.M | re.S)


@pytest.mark.parametrize("path", [README, PACKAGE_README], ids=["README.md", "bindings/python/README.md"])
def test_the_example_runs_as_it_stands(path: Path) -> None:
    (block, *_) = python_blocks(path)
    assert len(block.splitlines()) <= 15
    result = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "SEV-1" in result.stdout


def test_the_example_of_a_report_runs_as_it_stands(tmp_path: Path) -> None:
    (block,) = (block for block in python_blocks(README) if "History" in block)
    assert len(block.splitlines()) <= 8
    with Store(tmp_path / "incidents.journal", Policy.kreki()) as store:
        down = Alert("a1", service="panic-button", labels={"impact": "outage"}, summary="Panic button is down")
        store.apply(AT, down)
        incident = store.incidents()[0].id
        store.apply(AT + timedelta(minutes=3), Acknowledge(incident, "sari"))
        store.apply(AT + timedelta(minutes=30), Resolve(incident, "sari", override_reason="it is late"))
    result = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert result.stdout.startswith("3m\n# Incident Post-Mortem: Panic button is down\n")


@pytest.mark.parametrize("module", [kentongan.engine, kentongan.history, kentongan.policy])
def test_the_examples_in_docstrings_hold(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]
    assert (failed, tried > 0) == (0, True)


def test_the_host_of_the_examples_pages_and_escalates(tmp_path: Path) -> None:
    host = EXAMPLES / "host.py"
    assert len(host.read_text().splitlines()) <= 40
    payload = ROOT / "tests/fixtures/kreki/panic-button-down.json"
    arguments = [sys.executable, str(host), str(tmp_path / "night.journal"), str(payload)]
    with pytest.raises(subprocess.TimeoutExpired) as caught:
        subprocess.run(arguments, capture_output=True, timeout=8, cwd=ROOT)
    printed = (caught.value.stdout or b"").decode()
    assert "page sari" in printed, printed
