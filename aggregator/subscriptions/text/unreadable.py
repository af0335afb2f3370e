"""Where a text is no YAML, and no slip we know explains it: the reader's words made plain."""

from typing import Final

from aggregator.subscriptions.text.document import Document
from aggregator.subscriptions.text.findings import Finding, shown
from aggregator.subscriptions.text.positions import Unreadable
from aggregator.translations import N_

_SENTENCES: Final = (
    ("too deep", N_("the lines are nested deeper than any list of sources")),
    ("second document", N_("a second document begins here: delete the line of three dashes")),
    ("end of stream", N_("a quotation mark opened on line %(since)s is never closed")),
    ("','", N_("the bracket opened on line %(since)s is not closed, or a comma is missing")),
    ("block end", N_("this line does not stand exactly below the one it belongs to: `%(line)s`")),
    ("expected ':'", N_("a colon and a space are missing after the word: `%(line)s`")),
    (
        "mapping values",
        N_("this line has one colon too many, or stands too far to the right: `%(line)s`"),
    ),
    ("sequence entries", N_("a list begins on a line of its own, below its key: `%(line)s`")),
)
_OTHER: Final = N_("this line cannot be read; look at its quotes, colons and spaces: `%(line)s`")


def fault_finding(fault: Unreadable, document: Document) -> Finding:
    """Say where reading stopped and why, as plainly as the reader's reason allows."""
    message = next((said for sign, said in _SENTENCES if sign in fault.why), _OTHER)
    since = document.lines.number(fault.since)
    number = document.lines.number(fault.offset)
    unclosed = "end of stream" in fault.why
    return Finding(
        offset=fault.since if unclosed else fault.offset,
        message=message,
        params={"since": since, "line": shown(document.lines[number])},
    )
