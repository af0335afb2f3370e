"""The words of click itself, which our catalogue says too."""

import gettext
import os
from typing import Final

from aggregator.translations import FOLDER, N_, Language


def speak(language: Language) -> None:
    """Have click say its own words in a language.

    It asks the gettext of the process, which reads the language from `LANGUAGE`.
    """
    gettext.bindtextdomain("messages", str(FOLDER))
    os.environ["LANGUAGE"] = language


def NN_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802 - as N_, for two forms
    """Mark a message that counts."""
    return singular, plural


WORDS: Final = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Show this message and exit."),
    N_("Show the version and exit."),
    N_("%(prog)s, version %(version)s"),
    N_("default: {default}"),
    N_("Try '{command} {option}' for help."),
    N_("Error: {message}"),
    N_("Aborted!"),
    N_("Missing command."),
    N_("Missing argument"),
    N_("No such command {name!r}."),
    N_("No such option {name!r}."),
    NN_("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    N_("Option {name!r} does not take a value."),
    NN_("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    NN_("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    NN_(
        "{value!r} does not match the format {format}.",
        "{value!r} does not match the formats {formats}.",
    ),
    N_("file"),
    N_("{name} {filename!r} is a directory."),
)
