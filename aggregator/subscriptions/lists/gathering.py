"""What all lists have in common: addresses that can be followed, each once, and the rest said."""

import re
from typing import Final

from aggregator.domain.exchange import LeftOut, ReadList, Subscription
from aggregator.errors import InvalidInputError
from aggregator.subscriptions.addresses import can_be_asked, compared_address
from aggregator.translations import N_

MOST: Final = 5_000
"""Addresses of one list."""

_LONGEST_ADDRESS: Final = 4_000
_LONGEST_NAME: Final = 200

NO_ADDRESS: Final = N_("no web address")
TWICE: Final = N_("stands in the list twice")
SECRET: Final = N_("holds a ${NAME}, which only you may write in feeds.yaml")
TOO_LONG: Final = N_("longer than any address")


class Gathering:
    """Takes what a list names, in its order."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._seen: set[str] = set()
        self._subscriptions: list[Subscription] = []
        self._left_out: list[LeftOut] = []

    def take(self, address: str, *, name: str | None = None, page: str | None = None) -> None:
        """Take an address with its name and folder, or leave it out and say why.

        Raises:
            InvalidInputError: there are too many.
        """
        if len(self._subscriptions) + len(self._left_out) >= MOST:
            raise InvalidInputError(
                N_("This list names more than %(most)s addresses: give a part of it."), most=MOST
            )
        url = re.sub(r"^feed:(//)?(?=https?:)|^feed:(?=//)", "", address.strip())
        url = f"https:{url}" if url.startswith("//") else url
        why = self._refused(url)
        if why is not None:
            self._left_out.append(LeftOut(address=address.strip()[:_LONGEST_NAME], why=why))
            return
        self._seen.add(compared_address(url))
        called = _line(name)
        self._subscriptions.append(
            Subscription(url=url, name=None if called == url else called, page=_line(page))
        )

    def _refused(self, url: str) -> str | None:
        if len(url) > _LONGEST_ADDRESS:
            return TOO_LONG
        # else the list of a stranger would be told what the name stands for
        if "${" in url:
            return SECRET
        if not can_be_asked(url):
            return NO_ADDRESS
        return TWICE if compared_address(url) in self._seen else None

    def gathered(self) -> ReadList:
        """Give what was taken."""
        return ReadList(
            kind=self._kind,
            subscriptions=tuple(self._subscriptions),
            left_out=tuple(self._left_out),
        )


def _line(text: str | None) -> str | None:
    return " ".join((text or "").split())[:_LONGEST_NAME].strip() or None
