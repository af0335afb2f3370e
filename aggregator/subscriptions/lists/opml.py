"""Reading OPML, also as careless programs write it."""

import re
from typing import Final

from lxml import etree

from aggregator.domain.exchange import ReadList
from aggregator.errors import InvalidInputError
from aggregator.subscriptions.lists.gathering import Gathering
from aggregator.translations import N_

DEEPEST: Final = 20
_DECLARES: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def looks_like_opml(content: bytes) -> bool:
    """Tell whether a file is OPML, or means to be."""
    return re.search(rb"<(?:opml|outline)[\s>]", content[:20_000], re.IGNORECASE) is not None


def read(content: bytes) -> ReadList:
    """Read the subscriptions of an OPML file, the innermost folder as the page of each.

    Raises:
        InvalidInputError: it declares a document type or entities, which lists have no use for
            and attackers do; or nothing of it can be read.
    """
    if _DECLARES.search(content):
        raise InvalidInputError(
            N_(
                "This OPML file declares a DOCTYPE or entities, which no list needs: "
                "take them out."
            )
        )
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise InvalidInputError(N_("This OPML file cannot be read: it is no XML."))
    gathering = Gathering("opml")
    _walk(root, None, gathering, 0)
    return gathering.gathered()


def _walk(element: etree._Element, folder: str | None, gathering: Gathering, depth: int) -> None:
    if depth > DEEPEST:
        raise InvalidInputError(N_("The folders of this list lie too deep in each other."))
    for child in element.iterchildren("{*}*"):
        if _local(child) != "outline":
            _walk(child, folder, gathering, depth + 1)
            continue
        said = {str(name).lower(): str(value) for name, value in child.attrib.items()}
        name = said.get("title") or said.get("text")
        feed = said.get("xmlurl") or said.get("url") or said.get("htmlurl")
        if feed:
            gathering.take(feed, name=name, page=folder)
            _walk(child, folder, gathering, depth + 1)
        else:
            _walk(child, name or folder, gathering, depth + 1)


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname).lower()
