"""What can be wrong with a source: stable codes, and the sentence each is said with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aggregator.translations import N_, Translator

Params = Mapping[str, str | int]

SENTENCES: Mapping[str, str] = {
    # before any answer
    "bad-address": N_("“%(url)s” is not a web address: it must begin with http:// or https://."),
    "address-refused": N_(
        "%(host)s is at a private address, %(address)s: Veille does not go there. "
        "If it is yours, name it in VEILLE_ALLOW_PRIVATE."
    ),
    "dns-failed": N_("The name %(host)s is not known (any more): check the address."),
    "refused": N_(
        "No site answers at this address (%(host)s refuses the connection): it is down, "
        "or its address has changed."
    ),
    "unreachable": N_(
        "%(host)s cannot be reached (%(detail)s): are you connected to the internet?"
    ),
    "tls-failed": N_(
        "A secure connection to %(host)s is not possible (%(detail)s): "
        "see whether your browser opens the site."
    ),
    "timeout": N_(
        "No complete answer within %(seconds)s seconds: the site is slow or down. "
        "Veille will try again."
    ),
    "disconnected": N_(
        "%(host)s ended the connection in the middle of its answer. Veille will try again."
    ),
    "secret-missing": N_(
        "The environment variable %(name)s is not set: set it and start Veille again."
    ),
    # an answer that says no
    "http-401": N_(
        "The address asks for a name and a password (401): write them into it in feeds.yaml, "
        "as in https://name:password@example.org/, then poll the source now. "
        "After three tries Veille stops asking by itself."
    ),
    "http-403": N_(
        "The site refuses to give its feed to programs (403): "
        "look for another address of the feed, or ask the site."
    ),
    "http-404": N_("The feed is not at this address any more (404): look for its new one."),
    "http-410": N_(
        "The site says that this feed is gone for good (410): look for its new address, "
        "or stop following this source."
    ),
    "challenge": N_(
        "The site lets in only who proves to be a person in a browser (a challenge of "
        "Cloudflare): ask the site to let its feed through, or look for another address of "
        "the feed, then poll the source now. After three tries Veille stops asking by itself."
    ),
    "http-429": N_(
        "The site asks us to come back less often (429): wait, "
        "or write a longer “every” in feeds.yaml."
    ),
    "http-error": N_(
        "The site answers with error %(status)s. Veille will try again; "
        "if this lasts, check the address."
    ),
    "too-many-redirects": N_(
        "The address leads on to another more than %(most)s times: "
        "open it in your browser, and take the one where you arrive."
    ),
    "redirect-refused": N_(
        "The address leads to %(url)s, where Veille does not go: "
        "look for another address of the feed."
    ),
    "unexpected-answer": N_(
        "The site answers %(status)s although it was not asked to: check the address."
    ),
    # a body that cannot be used
    "too-large": N_(
        "The answer is larger than %(megabytes)s MB, too much for a feed: check the address."
    ),
    "header-too-large": N_(
        "The answer begins with headers larger than any site needs: check the address."
    ),
    "bad-encoding": N_(
        "The answer is compressed in a way that cannot be undone. Veille will try again; "
        "if this lasts, tell the site."
    ),
    "empty": N_("The answer is empty. Veille will try again; if this lasts, check the address."),
    "not-a-feed": N_(
        "The address gives a web page, not a feed: look for the address of the feed."
    ),
    "not-readable": N_(
        "The answer is not a feed that can be read (%(detail)s): check the address, "
        "or tell the site."
    ),
    "not-comments": N_(
        "The address of the comments gives something else, a web page or articles: "
        "write the right one at “comments” in feeds.yaml, or “comments: off”."
    ),
    "parse-timeout": N_(
        "Reading the answer took more than %(seconds)s seconds and was given up. "
        "Veille will try again."
    ),
    "parse-memory": N_(
        "Reading the answer took too much memory and was given up. Veille will try again."
    ),
    "same-feed": N_(
        "It is the same feed as “%(name)s”, which is followed already: "
        "take one of the two out of feeds.yaml."
    ),
    "internal": N_("Something unforeseen happened in Veille while reading it: see the log."),
}


TYPED: Mapping[str, str] = {
    "dns-failed": N_("The name %(host)s is not known: check the address."),
    "refused": N_(
        "No site answers at this address (%(host)s refuses the connection): check the address."
    ),
    "http-404": N_(
        "There is nothing at this address (404): check it, or give that of the site itself."
    ),
    "http-410": N_(
        "The site says that what was at this address is gone for good (410): look for another."
    ),
}
"""What is said otherwise of an address that a person gives now, and that is not followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault as it is stored: a code of `SENTENCES` and what fills its places."""

    code: str
    params: Params = field(default_factory=dict)

    def sentence(self, translator: Translator, *, typed: bool = False) -> str:
        """Say the fault in the translator's language; an unknown code says itself.

        `typed` says it of an address that a person gives now.
        """
        message = TYPED.get(self.code) if typed else None
        message = message or SENTENCES.get(self.code)
        return translator.gettext(message) % self.params if message else self.code
