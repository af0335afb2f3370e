"""Who reaches the dashboard, and what keeps the others out."""

from aggregator.services import door as the_door
from aggregator.services.checks.check import Check
from aggregator.services.context import Context
from aggregator.settings import EVERYWHERE, OWN_HOSTS
from aggregator.translations import Translator


def door(context: Context, words: Translator) -> Check:
    """See whether others reach the dashboard, and whether a password keeps the door."""
    settings = context.settings
    locked = the_door.has_password(context)
    if settings.is_reachable and not locked:
        return Check(
            name="door",
            ok=False,
            message=words.gettext(
                "Others can reach the dashboard at %(where)s: it has no password."
            )
            % {"where": settings.reached_at},
            mend="veille user set-password",
        )
    if settings.host in EVERYWHERE and set(settings.known_hosts) == set(OWN_HOSTS):
        return Check(
            name="door",
            ok=False,
            message=words.gettext(
                "The dashboard listens on %(host)s, and answers under the names of this machine "
                "alone: %(names)s."
            )
            % {"host": settings.host, "names": ", ".join(settings.known_hosts)},
            mend=words.gettext("Name in VEILLE_TRUSTED_HOSTS what others type to reach it."),
        )
    if locked:
        message = words.gettext("A password keeps the door.")
    else:
        message = words.gettext("Only this machine reaches the dashboard: no password is needed.")
    return Check(name="door", ok=True, message=message)
