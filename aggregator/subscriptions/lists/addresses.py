"""Reading addresses that were pasted: one a line, or anywhere in a text."""

import re
from typing import Final

from aggregator.domain.exchange import ReadList
from aggregator.subscriptions.addresses import likely_address
from aggregator.subscriptions.lists.gathering import Gathering

_ADDRESS: Final = re.compile(r"(?:feed:)?https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_AFTER: Final = ".,;:!?'’)]}"


def read(text: str) -> ReadList:
    """Read the addresses of a text; a line that is one without its https:// counts too."""
    gathering = Gathering("addresses")
    for line in text.splitlines():
        found = _ADDRESS.findall(line)
        for address in found:
            gathering.take(_trimmed(address))
        alone = line.strip(" \t-*•")
        if not found and (address := likely_address(alone)) is not None:
            gathering.take(address)
    return gathering.gathered()


def _trimmed(address: str) -> str:
    """Leave out the punctuation of the sentence around an address, not its own brackets."""
    while address and address[-1] in _AFTER:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address
