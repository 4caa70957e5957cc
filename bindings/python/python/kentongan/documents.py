"""What is written for people by the templates of a policy."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Document"]


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
