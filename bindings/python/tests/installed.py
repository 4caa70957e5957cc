"""The package as it is installed: its parts, the command, and every Python example of the documentation as it stands.

It needs nothing but Python, so that it runs where the wheel alone is installed: ``python -I tests/installed.py``.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
ROOT = PACKAGE.parents[1]
READMES = [ROOT / "README.md", PACKAGE / "README.md"]
PAYLOAD = ROOT / "tests/fixtures/kreki/panic-button-down.json"
#: What the wheel must bring, and what it is described by.
PARTS = (
    "kentongan/py.typed",
    "kentongan/_kentongan.pyi",
    "kentongan/examples/panic-button-down.json",
    "licenses/LICENSE-MIT",
    "licenses/LICENSE-APACHE",
)


def examples() -> list[tuple[str, str]]:
    """Every Python example of the documentation, with the name of where it stands."""
    return [
        (f"{path.relative_to(ROOT)}, example {number}", block)
        for path in READMES
        for number, block in enumerate(re.findall(r"^```python\n(.*?)^```$", path.read_text("utf-8"), re.M | re.S), 1)
    ]


def run_example(block: str, folder: Path) -> str:
    """What an example prints, run in a folder that holds the journal that the README makes."""
    if "incidents.journal" in block:
        made = r"^cargo run --quiet -p kentongan-cli -- (simulate .*) --journal incidents\.journal$"
        (command,) = re.findall(made, READMES[0].read_text("utf-8"), re.M)
        run(["-m", "kentongan", *command.split(), "--journal", str(folder / "incidents.journal")], ROOT)
    return run(["-I", "-c", block], folder)


def run(arguments: list[str], folder: Path) -> str:
    """What this Python prints, in UTF-8 wherever it runs."""
    command = [sys.executable, "-X", "utf8", *arguments]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def main() -> None:
    """Checks the package that is installed."""
    brought = metadata.distribution("kentongan")
    files = [file.as_posix() for file in brought.files or []]
    for part in PARTS:
        assert any(file.endswith(part) for file in files), f"{part} is not in the wheel"
    # What pip compiles while it installs has no hash; what has one was in the wheel.
    compiled = [file for file in brought.files or [] if file.suffix == ".pyc" and file.hash]
    assert compiled == [], compiled
    wheel = brought.read_text("WHEEL") or ""
    assert re.search(r"^Tag: cp310-abi3-", wheel, re.M), wheel
    assert brought.requires is None or all("extra ==" in one for one in brought.requires), brought.requires
    assert brought.metadata["License-Expression"] == "MIT OR Apache-2.0"
    with tempfile.TemporaryDirectory() as temporary:
        for number, (name, block) in enumerate(examples()):
            folder = Path(temporary, str(number))
            folder.mkdir()
            assert run_example(block, folder).strip(), name
            print(f"ran {name}")
        rulings = run(["-m", "kentongan", "classify", "--policy", "kreki", str(PAYLOAD)], Path(temporary))
        assert "SEV-1" in rulings, rulings
        program = Path(sys.executable).with_name("kentongan")
        told = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
        assert told.split() == ["kentongan", brought.version], told
    print(f"kentongan {brought.version}: its parts are there, and its command and examples run")


if __name__ == "__main__":
    main()
