"""``python -m kentongan``: the same command as the program ``kentongan``."""

from __future__ import annotations

import signal
import sys

from kentongan._kentongan import run_command

__all__ = ["main"]


def main() -> int:
    """Runs the command with the arguments of the process; returns its exit code."""
    # The command runs in native code, where Python cannot see Ctrl-C.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_command(["kentongan", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
