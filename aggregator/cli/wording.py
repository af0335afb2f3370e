"""What the command line says of an error."""

from aggregator.errors import InvalidInputError, VeilleError
from aggregator.translations import Translator


def sentence(error: VeilleError, words: Translator) -> str:
    """Say an error of ours in the translator's language."""
    if isinstance(error, InvalidInputError):
        message = words.gettext(error.message)
        return message % error.params if error.params else message
    return words.gettext(str(error))
