"""What can be wrong with a source: stable codes, and the sentence each is said with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aggregator.translations import N_, Translator

Params = Mapping[str, str | int]

SENTENCES: Mapping[str, str] = {
    # before any answer
    "bad-address": N_("“%(url)s” is not a web address: it must begin with http:// or https://."),
    "address-refused": N_(
        "%(host)s leads to %(address)s, a private address: Veille does not go there. "
        "If it is yours, name it in VEILLE_ALLOW_PRIVATE."
    ),
    "dns-failed": N_("The name %(host)s is not known (any more): check the address."),
    "refused": N_("%(host)s refuses the connection: the site is down or has moved."),
    "unreachable": N_("%(host)s cannot be reached: %(detail)s."),
    "tls-failed": N_("The secure connection to %(host)s failed: %(detail)s."),
    "timeout": N_("No complete answer within %(seconds)s seconds."),
    "disconnected": N_("%(host)s ended the connection in the middle of its answer."),
    "secret-missing": N_(
        "The environment variable %(name)s is not set: set it and start Veille again."
    ),
    # an answer that says no
    "http-401": N_("The address asks for a name and a password (401)."),
    "http-403": N_("The site refuses to give its feed to programs (403)."),
    "http-404": N_("The feed is not at this address any more (404): look for its new one."),
    "http-410": N_("The site says that this feed is gone for good (410)."),
    "http-429": N_("The site asks us to come back less often (429)."),
    "http-error": N_("The site answers with error %(status)s."),
    "too-many-redirects": N_("The address leads from one to the next, more than %(most)s times."),
    "redirect-refused": N_("The address leads to %(url)s, where Veille does not go."),
    "unexpected-answer": N_("The site answers %(status)s although it was not asked to."),
    # a body that cannot be used
    "too-large": N_("The answer is larger than %(megabytes)s MB."),
    "header-too-large": N_("The answer begins with headers larger than any site needs."),
    "bad-encoding": N_("The answer is compressed in a way that cannot be undone."),
    "empty": N_("The answer is empty."),
    "not-a-feed": N_("The address gives a web page that announces no feed."),
    "not-readable": N_("The answer is not a feed that can be read: %(detail)s."),
    "parse-timeout": N_("Reading the answer took more than %(seconds)s seconds: it was left."),
    "parse-memory": N_("Reading the answer took too much memory: it was left."),
    "internal": N_("Something unforeseen happened in Veille while reading it: see the log."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault as it is stored: a code of `SENTENCES` and what fills its places."""

    code: str
    params: Params = field(default_factory=dict)

    def sentence(self, translator: Translator) -> str:
        """Say the fault in the translator's language; an unknown code says itself."""
        message = SENTENCES.get(self.code)
        return translator.gettext(message) % self.params if message else self.code
