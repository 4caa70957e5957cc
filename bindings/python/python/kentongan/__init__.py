"""The incident engine: severities, clocks, escalation and routing as one pure state machine."""

from kentongan._kentongan import __version__

__all__ = ["__version__"]
