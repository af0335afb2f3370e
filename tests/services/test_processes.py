"""Processes by name: whether one that holds something still runs."""

import os
import socket
import subprocess
import sys

import pytest

from aggregator.services.processes import is_gone, this_process
from tests.processes import eventually

HERE = socket.gethostname()


def test_this_process_runs() -> None:
    assert this_process() == f"{HERE}:{os.getpid()}"
    assert not is_gone(this_process())


@pytest.mark.parametrize("holder", ["elsewhere:1", f"{HERE}:none", "nothing"])
def test_of_what_is_no_process_of_this_machine_nothing_is_known(holder: str) -> None:
    assert not is_gone(holder)


def test_one_that_ended_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert is_gone(f"{HERE}:{process.pid}")


@pytest.mark.skipif(sys.platform != "linux", reason="what a zombie is, only Linux tells in /proc")
def test_one_that_was_killed_and_nobody_asked_about_is_gone() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert not is_gone(f"{HERE}:{process.pid}")
        process.kill()
        eventually(lambda: is_gone(f"{HERE}:{process.pid}"))
        assert process.returncode is None
