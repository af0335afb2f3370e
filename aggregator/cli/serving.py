"""`veille serve`: the dashboard, and the poller beside it as a process of its own."""

import logging
import os
import signal
import sys
import threading
from typing import Final

import click
from flask import Flask

from aggregator import scheduler
from aggregator.api.doors import open_doors
from aggregator.cli.commands import COMMANDS
from aggregator.cli.poller import PollerProcess
from aggregator.cli.running import Run, running
from aggregator.services import door, following
from aggregator.services.context import Context
from aggregator.settings import Settings
from aggregator.translations import N_
from aggregator.web import access
from aggregator.web.app import create_app
from aggregator.web.server import serve as serve_web

log = logging.getLogger(__name__)

PATIENCE_S: Final = 5
"""How long a click waits for another writer: pages are shown by few threads, and none of them
may be kept from it for long."""


@click.command(help=COMMANDS["serve"].says)
@click.option(
    "--host", metavar=N_("ADDRESS"), help=N_("Address to listen on; by default 127.0.0.1.")
)
@click.option("--port", type=int, metavar="PORT", help=N_("Port to listen on; by default 8000."))
@click.option("--no-poll", is_flag=True, help=N_("Show what is stored, poll nothing."))
@click.option(
    "--first-password",
    is_flag=True,
    help=N_("While there is no password, print a word with which to choose it in the browser."),
)
@click.option(
    "--adopt", is_flag=True, help=N_("Make the database follow this feeds.yaml from now on.")
)
def serve(
    *, host: str | None, port: int | None, no_poll: bool, first_password: bool, adopt: bool
) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    with running(follow=False, patience_s=PATIENCE_S, host=host, port=port) as run:
        settings = run.context.settings
        word = door.make_ready(run.context, first_password=first_password)
        if settings.feeds_path.exists() or adopt:
            following.refresh(run.context, adopt=adopt)
        serve_dashboard(run, settings, poll=not no_poll, word=word)


def dashboard(context: Context, *, polls: bool) -> Flask:
    """Put screens and machine doors together; `polls` tells whether a poller works beside."""
    app = create_app(context)
    open_doors(app, context, polls=polls)
    access.tell(app)
    return app


def serve_dashboard(run: Run, settings: Settings, *, poll: bool, word: str | None = None) -> None:
    """Serve the dashboard while the poller works beside it, until Ctrl-C or SIGTERM.

    `word` is the one-time word with which to choose the password, where there is one.
    """
    poller = PollerProcess(poll=poll)

    def ready(address: str) -> None:
        poller.start()
        run.say(N_("Veille is at %(address)s (Ctrl-C ends it)."), address=address)
        if settings.is_reachable:
            names = ", ".join(settings.known_hosts)
            run.say(N_("It answers to: %(names)s. VEILLE_TRUSTED_HOSTS adds others."), names=names)
        if word:
            place = f"{address}first-password"
            run.say(
                N_("Choose the password at %(place)s with the word %(word)s"),
                place=place,
                word=word,
            )
        sys.stdout.flush()

    try:
        app = dashboard(run.context, polls=poll)
        ended_by = serve_web(app, settings, ready=ready, ending=poller.ask_to_stop)
    finally:
        poller.stop()
    if ended_by:
        tell_end(run, settings, ended_by)


def tell_end(run: Run, settings: Settings, ended_by: str) -> None:
    """Say by which signal one ended: to a person, or as an event where each line is one."""
    if settings.log == "json":
        log.info("ended signal=%s", ended_by)
    else:
        click.echo(run.words.gettext(N_("Ended by %(signal)s.")) % {"signal": ended_by}, err=True)


@click.command(hidden=True)
@click.option("--no-poll", is_flag=True)
def poller(*, no_poll: bool) -> None:
    """Work as the poller of `veille serve`, until stdin ends or SIGTERM."""
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    # Ctrl-C reaches the whole group: the server hears it and closes our stdin.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_end, args=(stopping,), daemon=True).start()
    # The server made the database: where there is none by now, none is made in its place.
    with running(follow=False, new=False) as run:
        last = scheduler.LastResort()
        scheduler.run(run.context, stopping=stopping, poll=not no_poll, last=last)


def _wait_for_end(stopping: threading.Event) -> None:
    # The server holds the other end and never writes: the pipe ends when it does, even by kill -9.
    while os.read(sys.stdin.fileno(), 1):
        pass
    stopping.set()
