"""What is written for people by the templates of a policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kentongan._kentongan import PolicyCore
    from kentongan.policy import Policy

__all__ = ["Document", "Documents"]


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was written.

    Attributes:
        text: What it says: Markdown, but for the topic of a channel, which is one line for Slack.
        fault: Why the policy's own template could not be used, and the one that comes with the library was.
    """

    text: str
    fault: str | None = None

    def __str__(self) -> str:
        return self.text


class Documents:
    """The documents of what is open: engines write them, and histories as of their end."""

    __slots__ = ()

    def document_parts(self, kind: str, subject: str, templates: PolicyCore | None) -> tuple[str, str | None]:
        """A document, and why the policy's own template was not used: the native half of each class writes it."""
        raise NotImplementedError

    def topic(self, incident: str, *, templates: Policy | None = None) -> Document:
        """The topic of an incident's channel as things stand: one line, escaped for Slack.

        Args:
            incident: Its id.
            templates: Whose templates it is written by; those of the policy in force otherwise.

        Raises:
            KentonganError: The engine remembers no such incident (``unknown_incident``).
        """
        return Document(*self.document_parts("topic", incident, templates))

    def status_update(self, incident: str, *, templates: Policy | None = None) -> Document:
        """The latest status update of an incident, and how things stand, for those inside.

        Raises:
            KentonganError: As :meth:`topic`.
        """
        return Document(*self.document_parts("status-update", incident, templates))

    def public_update(self, incident: str, *, templates: Policy | None = None) -> Document:
        """What the public reads of an incident.

        Raises:
            KentonganError: As :meth:`topic`; the public has been told nothing of it (``not_public``).
        """
        return Document(*self.document_parts("public-update", incident, templates))

    def handoff(self, role: str, *, templates: Policy | None = None) -> Document:
        """What whoever comes on call in a role is handed over, as things stand.

        Raises:
            KentonganError: Nobody is ever on call in it (``unknown_role``).
        """
        return Document(*self.document_parts("handoff", role, templates))
