"""What crosses to the native half as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from kentongan.entry import Entry, checked
from kentongan.errors import DataError
from kentongan.inputs import Alert, Input

__all__ = ["alert_json", "entries_jsonl", "input_json"]


def alert_json(alert: Alert | Mapping[str, Any]) -> str:
    """A whole alert. The native half asks for it where a rule looks at all of one."""
    whole = alert if isinstance(alert, Alert) else Alert.from_dict(alert)
    return _json(whole.to_dict())


def input_json(input: Input) -> str:
    """An input. An alert has a kind only where it stands among other inputs.

    Raises:
        DataError: It is none, or a field of it holds what it cannot.
    """
    if not isinstance(input, Input):
        raise DataError("wrong_type", f"{type(input).__name__} is no input", "make one of a dict with `Input.from_dict`")
    return _json({"kind": input.kind, **input.to_dict()})


def entries_jsonl(entries: Iterable[Entry]) -> str:
    """A journal, an entry a line.

    Raises:
        DataError: One is none, or holds what it cannot.
    """
    return "\n".join(_json(checked(entry).to_dict()) for entry in entries)


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
