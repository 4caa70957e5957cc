"""``python -m kentongan`` is the command, whole."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

from .conftest import ROOT

PAYLOAD = ROOT / "tests/fixtures/kreki/panic-button-down.json"


def command(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "kentongan", *map(str, arguments)], input=stdin, capture_output=True, cwd=ROOT
    )


def test_every_verb_of_the_program_is_there() -> None:
    help = command("--help").stdout.decode()
    for verb in ("check", "classify", "simulate", "test", "replay", "oncall", "schema", "completions"):
        assert verb in help
    assert command("--version").stdout.decode().startswith("kentongan ")
    assert command("no-such-verb").returncode == 2


def test_alerts_are_classified_in_rows_columns_and_lines() -> None:
    lines = command("classify", "--policy", "kreki", PAYLOAD, "--format", "jsonl")
    table = command("classify", "--policy", "kreki", PAYLOAD, "--format", "table")
    rows = command("classify", "--policy", "kreki", "--format", "csv", stdin=PAYLOAD.read_bytes())

    answers = [json.loads(line) for line in lines.stdout.splitlines()]
    assert [answer["severity"] for answer in answers] == ["SEV-1"] * len(answers)
    found = list(csv.DictReader(io.StringIO(rows.stdout.decode())))
    assert [row["severity"] for row in found] == ["SEV-1"] * len(answers)
    assert [row["rule"] for row in found] == [answer["rule"] for answer in answers]
    heading, *rest = table.stdout.decode().splitlines()
    assert heading.split() == ["alert", "service", "status", "severity", "rule", "title"]
    assert len(rest) == len(answers)
    assert all(row.index("SEV-1") == heading.index("severity") for row in rest)


def test_what_cannot_be_is_refused_with_a_remedy() -> None:
    for arguments, remedy in (
        (["check", "kreki", "--format", "csv"], b"[possible values: text, jsonl]"),
        (["classify", "--policy", "nobody", str(PAYLOAD)], b"; "),
    ):
        refused = command(*arguments)
        assert refused.returncode == 2
        assert b"error" in refused.stderr and remedy in refused.stderr
    explained = command("classify", "--policy", "kreki", "--explain", "--format", "table", PAYLOAD)
    assert explained.returncode == 2


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    lines = "\n".join(json.dumps({"key": f"a{number}", "service": "x"}) for number in range(20_000))
    process = subprocess.Popen(
        [sys.executable, "-m", "kentongan", "classify", "--policy", "kreki", "--format", "csv"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdin.write(lines.encode())
    process.stdin.close()
    assert process.stdout.readline().startswith(b"alert,")
    process.stdout.close()
    assert process.wait() == 0
    assert process.stderr.read() == b""
    process.stderr.close()
