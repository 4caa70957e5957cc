"""The native half of the package; import from `kentongan` instead."""

__all__ = ["__version__"]

__version__: str
