"""What the documentation shows, run as it stands."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

import kentongan.engine
import kentongan.policy

from .conftest import ROOT

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


@pytest.mark.parametrize("module", [kentongan.engine, kentongan.policy])
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
