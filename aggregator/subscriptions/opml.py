"""OPML 2.0, the list of subscriptions that every feed reader understands."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from lxml import etree

from aggregator.domain.exchange import OpmlFolder, OpmlOutline
from aggregator.subscriptions.addresses import shown_address

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0 §2.2."""


def export(title: str, folders: Sequence[OpmlFolder], *, created_at: datetime) -> bytes:
    """Write the list, one folder a page, in the order given.

    Names and passwords in addresses are left out; `${NAME}` stays as it is written.
    """
    opml = etree.Element("opml", version="2.0")
    head = etree.SubElement(opml, "head")
    etree.SubElement(head, "title").text = _clean(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(
        created_at.astimezone(UTC), usegmt=True
    )
    body = etree.SubElement(opml, "body")
    for folder in folders:
        name = _clean(folder.name)
        element = etree.SubElement(body, "outline", text=name, title=name)
        for outline in folder.outlines:
            etree.SubElement(element, "outline", _attributes(outline))
    return etree.tostring(opml, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _attributes(outline: OpmlOutline) -> dict[str, str]:
    feed_url = _clean(shown_address(outline.feed_url))
    name = _clean(outline.name) or feed_url
    attributes = {"text": name, "title": name, "type": "rss", "xmlUrl": feed_url}
    if outline.site_url and re.match(r"https?://", outline.site_url, re.IGNORECASE):
        attributes["htmlUrl"] = _clean(shown_address(outline.site_url))
    return attributes


def _clean(text: str) -> str:
    """Drop what XML cannot hold, and put one space where lines or tabs were."""
    return " ".join(_NOT_XML.sub("", text).split())
