"""On a terminal long work shows that it goes on; in a pipe it is quiet."""

import os
import subprocess
from pathlib import Path

from tests.processes import command, variables
from tests.scripted_server import ScriptedServer
from tests.world import feed, item


def test_a_round_shows_its_progress_on_a_terminal(
    tmp_path: Path, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/rss", feed(item(1)))
    (tmp_path / "feeds.yaml").write_text(f"sources:\n  - {url}\n", encoding="utf-8")
    terminal, end = os.openpty()
    try:
        done = subprocess.run(
            command("poll", "--force"),
            cwd=tmp_path,
            env=variables(tmp_path),
            stdout=subprocess.PIPE,
            stderr=end,
            check=True,
        )
        progress = os.read(terminal, 4096)
    finally:
        os.close(terminal)
        os.close(end)
    assert progress == f"\r\x1b[K1  {url}\r\x1b[K".encode()
    assert done.stdout.startswith(b"1 source polled: 1 changed, 0 failed")


def test_a_reader_of_the_pipe_who_leaves_early_is_no_trouble(
    tmp_path: Path, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/rss", feed(*(item(number) for number in range(900))))
    (tmp_path / "feeds.yaml").write_text(f"sources:\n  - {url}\n", encoding="utf-8")
    subprocess.run(command("poll"), cwd=tmp_path, env=variables(tmp_path), check=True)
    for words in (("entries", "--limit", "0"), ("entries", "--json", "--limit", "0")):
        process = subprocess.Popen(
            command(*words),
            cwd=tmp_path,
            env=variables(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.read(10)
            process.stdout.close()
            assert process.stderr.read() == b""


def test_a_terminal_that_lacks_a_letter_still_gets_the_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        command("check"),
        cwd=tmp_path,
        env={**variables(tmp_path), "PYTHONIOENCODING": "ascii", "VEILLE_LANGUAGE": "fr"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"veille init" in done.stderr
    assert b"Traceback" not in done.stderr
