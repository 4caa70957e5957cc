"""What monitoring systems send, as alerts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from kentongan import _kentongan
from kentongan.inputs import Alert

__all__ = ["Intake", "IntakeWarning", "alerts_from"]


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
        source: What the payload was read as: ``alertmanager`` or ``alert``.
        alerts: Its alerts, in the payload's order.
        warnings: What was missing or dropped on the way. The alerts are usable in spite of it.
    """

    source: str
    alerts: tuple[Alert, ...]
    warnings: tuple[IntakeWarning, ...] = ()

    def __iter__(self) -> Iterator[Alert]:
        return iter(self.alerts)

    def __len__(self) -> int:
        return len(self.alerts)


def alerts_from(payload: bytes | bytearray | str, source: str | None = None) -> Intake:
    """Reads the alerts of a payload: the body of a webhook, or a file of alerts.

    Args:
        payload: UTF-8 JSON: what Alertmanager posts, or alerts of one's own as an object, a list, or one a line.
        source: Who sent it, ``alertmanager`` or ``alert``; without it the payload's own marks tell.

    Raises:
        KentonganError: It cannot be read; ``where`` says at which place. All of a payload is read, or none of it.
    """
    body = payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else bytes(payload)
    found = json.loads(_kentongan.alerts_from(body, source))
    warnings = (
        IntakeWarning(one["code"], one["message"], one["where"].get("path")) for one in found["warnings"]
    )
    return Intake(found["source"], tuple(Alert.from_dict(one) for one in found["alerts"]), tuple(warnings))
