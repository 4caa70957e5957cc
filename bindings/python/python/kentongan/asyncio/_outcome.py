"""How a delivery went, in words that the engine and every journal take."""

from __future__ import annotations

from kentongan.data import Outcome
from kentongan.effects import Effect, OpenChannel
from kentongan.inputs import Report

__all__ = ["delivered", "failed", "plain", "words_of"]

#: How much of what a transport said is kept; the engine takes no more than a few thousand bytes.
_DETAIL_CHARACTERS_MAX = 500
#: The longest name of a channel; longer than that of any medium, and within what the engine takes in any script.
_NAME_CHARACTERS_MAX = 250


def delivered(effect: Effect, result: object) -> Report:
    """The report on what has arrived, by what its handler returned."""
    return Report(effect.id, Outcome.DELIVERED, opened_as=_name_of_a_channel(effect, result))


def failed(effect: Effect, why: str | BaseException) -> Report:
    """The report on what has not arrived."""
    detail = why if isinstance(why, str) else words_of(why)
    return Report(effect.id, Outcome.FAILED, detail=detail[:_DETAIL_CHARACTERS_MAX])


def plain(report: Report) -> Report:
    """The same outcome in words of this host's alone, where what others said is refused: the outcome must be known."""
    return Report(report.effect, report.outcome, detail="" if report.outcome is Outcome.DELIVERED else "it failed")


def words_of(error: BaseException) -> str:
    """What an exception says. Whoever wrote it may have made a mistake in that, too."""
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception:
        text = f"{type(error).__name__}, which cannot say why"
    # What the operating system said in no known encoding has halves of characters in it, which JSON in UTF-8 cannot have.
    return text.encode("utf-8", "replace").decode("utf-8")


def _name_of_a_channel(effect: Effect, result: object) -> str | None:
    """The name that a handler opened a channel under. What is no name must not keep the report from the engine."""
    if not isinstance(effect, OpenChannel) or not isinstance(result, str) or len(result) > _NAME_CHARACTERS_MAX:
        return None
    try:
        result.encode("utf-8")
    except UnicodeEncodeError:
        return None
    return result or None
