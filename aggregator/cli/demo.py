"""`veille demo`: a living dashboard on a sample web, which leaves nothing behind."""

import os
import socket
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from aggregator import clock
from aggregator.cli.commands import COMMANDS
from aggregator.cli.running import running
from aggregator.cli.serving import serve_dashboard
from aggregator.sample_web.server import serve as serve_sample_web
from aggregator.sample_web.web import SampleWeb
from aggregator.services import following
from aggregator.settings import read_settings
from aggregator.translations import N_, system_language

NOT_FOLLOWED: Final = "potager"
"""The site of the sample web that its feeds.yaml leaves for one to add."""


@click.command(help=COMMANDS["demo"].says)
@click.option(
    "--port",
    type=int,
    metavar="PORT",
    help=N_("Port to listen on; by default 8000, or a free one."),
)
def demo(*, port: int | None) -> None:
    """Serve the sample web and, exactly as `veille serve` does, a dashboard that follows it."""
    settings = read_settings()
    language = settings.language or system_language()
    web = SampleWeb(now=clock.now, started_at=clock.now())
    with TemporaryDirectory(prefix="veille-demo-") as folder, serve_sample_web(web) as sample:
        feeds = Path(folder, "feeds.yaml")
        feeds.write_text(sample.feeds_yaml(language), encoding="utf-8")
        # The poller is a process of its own: like `serve`'s, it reads its settings from here.
        os.environ |= {
            "VEILLE_DATA": folder,
            "VEILLE_FEEDS": str(feeds),
            "VEILLE_ALLOW_PRIVATE": "127.0.0.1",
            "VEILLE_FLOOR": "10s",
            "VEILLE_MANUAL_FLOOR": "5s",
            "VEILLE_TICK": "2s",
            "VEILLE_HOST": "127.0.0.1",
            "VEILLE_EXAMPLE": f"{sample.address}/{NOT_FOLLOWED}/",
            "VEILLE_PORT": str(port if port is not None else _free(settings.port)),
        }
        os.environ.setdefault("VEILLE_LOG_LEVEL", "warning")
        for name in ("DATABASE_URL", "PUBLIC_URL", "TRUSTED_PROXIES"):
            os.environ.pop(f"VEILLE_{name}", None)
        with running(follow=False) as run:
            following.refresh(run.context)
            run.say(N_("The sample web is at %(address)s/"), address=sample.address)
            run.say(N_("Its feeds.yaml is %(path)s: edit it and watch."), path=str(feeds))
            serve_dashboard(run, run.context.settings, poll=True)


def _free(port: int) -> int:
    """Give the port if nobody has it, else 0: let the system choose."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port
