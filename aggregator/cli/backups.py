"""`veille backup` and `veille restore`: everything in one verified file, and back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import click
from babel.numbers import format_decimal

from aggregator import clock
from aggregator.cli.commands import COMMANDS
from aggregator.cli.logs import log_as
from aggregator.cli.running import running
from aggregator.errors import InvalidInputError
from aggregator.services import backups, following
from aggregator.services.backups import Held, Progress, Step
from aggregator.settings import read_settings
from aggregator.translations import N_, Language, Translator, system_language, translator

STEPS: Final = {Step.COPYING: N_("copying"), Step.CHECKING: N_("checking")}


@click.command(help=COMMANDS["backup"].says)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help=N_("Replace the file if it is there already."))
def backup(path: Path, *, replace: bool) -> None:
    """Write one file, mode 0600, that appears when it is whole and sound."""
    backups.expect_database(read_settings())
    with running(follow=False, new=False, log_level="warning") as run:
        if run.context.settings.feeds_path.exists():
            with suppress(InvalidInputError):  # the list in use is what is kept
                following.refresh(run.context)
        with _progress(run.words) as progress:
            held = backups.back_up(run.context, path, replace=replace, progress=progress)
        said = run.words.gettext(N_("%(path)s is written and was read over: %(held)s."))
        click.echo(said % {"path": path, "held": _said(held, run.words, run.language)})


@click.command(help=COMMANDS["restore"].says)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
def restore(path: Path) -> None:
    """Put a backup in the place of the database; the present one may be damaged, or not there."""
    settings = read_settings()
    log_as(settings, unless_set="warning")
    language = settings.language or system_language()
    words = translator(language)
    with _progress(words) as progress:
        done = backups.restore(settings, path, now=clock.now(), progress=progress)
    places = {
        "path": done.path,
        "held": _said(done.held, words, language),
        "kept": done.kept_as,
        "feeds": done.feeds_path,
    }
    sentences = [N_("%(path)s is restored: %(held)s.")]
    if done.kept_as is not None:
        sentences.append(N_("What was there is kept as %(kept)s."))
    if done.feeds_written:
        sentences.append(N_("%(feeds)s is written from it."))
    elif done.feeds_path.exists():
        sentences.append(N_("%(feeds)s was there and stays as it is."))
    for sentence in sentences:
        click.echo(words.gettext(sentence) % places)


def _said(held: Held, words: Translator, language: Language) -> str:
    said = words.gettext(
        N_("sources: %(sources)s, entries: %(entries)s, comments: %(comments)s, MB: %(size)s")
    )
    return said % {
        "sources": format_decimal(held.sources, locale=language),
        "entries": format_decimal(held.entries, locale=language),
        "comments": format_decimal(held.comments, locale=language),
        "size": format_decimal(held.size / 1024**2, "#,##0.0", locale=language),
    }


@contextmanager
def _progress(words: Translator) -> Iterator[Progress]:
    """Keep one line on a terminal that tells the step; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _step, _part: None
        return

    def tell(step: Step, part: float) -> None:
        percent = f" {part:.0%}" if step is Step.COPYING else "…"
        click.echo(f"\r\x1b[K{words.gettext(STEPS[step])}{percent}", nl=False, err=True)

    try:
        yield tell
    finally:
        click.echo("\r\x1b[K", nl=False, err=True)
