"""What a supervisor sees of a `veille serve` that really runs: health, figures, a backup."""

import json
import re
from pathlib import Path

import pytest

from tests.processes import Started, eventually, run, started
from tests.scripted_server import ScriptedServer
from tests.world import feed, item

pytestmark = pytest.mark.slow


def figure(server: Started, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (.*)$", server.page("metrics"), re.MULTILINE)
    return float(found[1]) if found else 0


def test_health_figures_and_a_backup_while_it_works(
    tmp_path: Path, scripted_server: ScriptedServer
) -> None:
    url = scripted_server.answer("/rss", feed(item(1), item(2)))
    (tmp_path / "feeds.yaml").write_text(f"sources:\n  - {url}\n", encoding="utf-8")
    with started("serve", "--port", "0", folder=tmp_path) as server:
        eventually(lambda: json.loads(server.page("healthz"))["poller"] == "working")
        eventually(lambda: figure(server, 'veille_polls_total{outcome="changed"}') >= 1)
        assert figure(server, "veille_entries_new_total") == 2
        target = tmp_path / "veille.backup"
        assert run("backup", str(target), folder=tmp_path).returncode == 0
        refused = run("restore", str(target), folder=tmp_path)
        assert refused.returncode == 1
        assert "is in use" in refused.stderr
        assert json.loads(server.page("healthz"))["ok"]
    restored = run("restore", str(target), folder=tmp_path)
    assert (restored.returncode, restored.stderr) == (0, "")


def test_a_server_that_polls_nothing_misses_no_poller(tmp_path: Path) -> None:
    with started("serve", "--no-poll", "--port", "0", folder=tmp_path) as server:
        assert json.loads(server.page("healthz"))["poller"] == "off"
