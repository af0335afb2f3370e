"""What is wrong with this installation, and how to mend it."""

from typing import Final

from aggregator.services.checks import keeping, listing, reaching, working
from aggregator.services.checks.check import Check, Look
from aggregator.services.context import Context
from aggregator.translations import Translator

LOOKS: Final[tuple[Look, ...]] = (
    keeping.database,
    keeping.disk,
    listing.feeds_yaml,
    listing.secrets,
    listing.time_zone,
    listing.languages,
    working.sources,
    working.schedule,
    working.poller,
    working.clock,
    reaching.door,
)


def diagnose(context: Context, words: Translator) -> tuple[Check, ...]:
    """Look at everything that goes wrong in installations, the most important first."""
    return tuple(look(context, words) for look in LOOKS)
