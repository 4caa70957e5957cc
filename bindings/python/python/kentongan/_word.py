"""Closed sets of words."""

from __future__ import annotations

from enum import Enum

__all__ = ["Word"]


class Word(str, Enum):
    """One of a closed set of words. It is its text, too: ``Purpose.PAGE == "page"``."""

    __slots__ = ()

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(str(self.value), spec)
