"""What monitoring systems send, as alerts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kentongan import _kentongan
from kentongan._word import Word
from kentongan.errors import DataError
from kentongan.inputs import Alert

__all__ = ["Intake", "IntakeWarning", "Payload", "Source", "alerts_from"]

#: JSON as it was received, or what a web framework has made of it.
Payload = bytes | bytearray | str | Mapping[str, Any] | Sequence[Any]


class Source(Word):
    """What a payload can be read as."""

    ALERTMANAGER = "alertmanager"
    """The webhook of Prometheus Alertmanager, version 4."""
    ALERT = "alert"
    """Alerts of one's own: one object, a list, or one a line."""


@dataclass(frozen=True, slots=True)
class IntakeWarning:
    """Something about a payload that its sender or the host should hear of.

    Attributes:
        code: The stable name of this kind of warning: ``missing_fingerprint``.
        message: What is odd.
        where: Where in the payload; None where it is about all of it.
    """

    code: str
    message: str
    where: str | None


@dataclass(frozen=True, slots=True)
class Intake:
    """The alerts of a payload; iterate over it to have them.

    Attributes:
        source: What the payload was read as.
        alerts: Its alerts, in the payload's order.
        warnings: What was missing or dropped on the way. The alerts are usable in spite of it.
    """

    source: Source
    alerts: tuple[Alert, ...]
    warnings: tuple[IntakeWarning, ...] = ()

    def __iter__(self) -> Iterator[Alert]:
        return iter(self.alerts)

    def __len__(self) -> int:
        return len(self.alerts)

    def to_dict(self) -> dict[str, Any]:
        """The shape that it has in JSON."""
        warnings = [{"code": one.code, "message": one.message, "where": {"path": one.where}} for one in self.warnings]
        return {"source": self.source.value, "alerts": [one.to_dict() for one in self.alerts], "warnings": warnings}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Intake:
        """Reads the shape that it has in JSON."""
        warnings = (IntakeWarning(one["code"], one["message"], one["where"].get("path")) for one in data["warnings"])
        alerts = (Alert.from_dict(one) for one in data["alerts"])
        return cls(Source(data["source"]), tuple(alerts), tuple(warnings))


def alerts_from(payload: Payload, source: Source | str | None = None) -> Intake:
    """Reads the alerts of a payload: the body of a webhook, or a file of alerts.

    Args:
        payload: UTF-8 JSON as it was received, or what a web framework has made of it: what Alertmanager posts, or alerts
            of one's own as an object, a list, or one a line.
        source: Who sent it; without it the payload's own marks tell.

    Raises:
        DataError: It cannot be read; ``where`` says at which place. All of a payload is read, or none of it.
    """
    found = json.loads(_kentongan.alerts_from(_body(payload), None if source is None else str(source)))
    return Intake.from_dict(found)


def _body(payload: Payload) -> bytes:
    if isinstance(payload, str):
        return payload.encode("utf-8", "surrogatepass")
    if isinstance(payload, (bytes, bytearray, memoryview)):
        return bytes(payload)
    try:
        return json.dumps(payload).encode()
    except (TypeError, ValueError, RecursionError) as error:
        help = "hand in the body as it was received, or what `json.loads` makes of it"
        raise DataError("wrong_type", f"this is no payload: {error}", help) from None
