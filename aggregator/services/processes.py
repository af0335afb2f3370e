"""Processes by name, as holders of claims and pollers that beat, and whether they still run."""

import os
import socket
from pathlib import Path


def this_process() -> str:
    """Name this process: its machine and its number there."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_gone(holder: str) -> bool:
    """Tell whether a process of this machine has ended; of another machine nothing is known.

    One that was killed and that its parent never asked about counts as ended.
    """
    machine, _, process = holder.rpartition(":")
    if machine != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is another person's, and there
        return False
    return _is_zombie(process)


def _is_zombie(process: str) -> bool:
    """Tell what Linux calls a zombie (proc(5)); elsewhere that is not known."""
    try:
        stat = Path("/proc", process, "stat").read_text("utf-8", "replace")
    except OSError:
        return False
    # its name stands in brackets, and may hold some itself
    return stat.rpartition(")")[2].split()[:1] == ["Z"]
