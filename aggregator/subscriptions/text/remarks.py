"""Words that YAML reads otherwise than they look: where to look for slips in a sound text."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from aggregator.subscriptions.text.document import Document
from aggregator.subscriptions.text.findings import Finding
from aggregator.subscriptions.text.positions import Node
from aggregator.subscriptions.text.slips import HASH, ODD_SPACES, quoted
from aggregator.translations import N_

_CURLY: Final = re.compile(r"[“”„«‘’].*[“”»‘’]", re.DOTALL)
_COMMENT: Final = re.compile(r"[ \t]+(#[^\s#].*)")
_KEY: Final = re.compile(rf"-?[ {ODD_SPACES}]*(\w[\w-]*)[ {ODD_SPACES}]*:(?=[^/]|$)")


def suspicious_lines(document: Document, keys: Collection[str]) -> list[int]:
    """List the lines of unquoted texts that look like more than one value, or none.

    These are texts of several lines, and those that begin like a dash or a key that lacks
    its space; anchors, aliases and tags; and keys that hold a no-break space.
    """
    found: set[int] = set()
    root = () if document.root is None else (document.root,)
    pairs = [(key, node) for _, key, node in document.root.walk()] if document.root else []
    for node in (*root, *(node for _, node in pairs), *(key for key, _ in pairs if key)):
        if node.kind == "text" and _suspicious(node, document, keys):
            first, last = document.lines.number(node.start), document.lines.number(node.end)
            found.update(range(first, last + 1))
    return sorted(found)


def _suspicious(node: Node, document: Document, keys: Collection[str]) -> bool:
    if node.odd:
        return True
    if not node.plain:
        return False
    written = document.written(node)
    if "\n" in written or (written.startswith("-") and len(written) > 1):
        return True
    if any(odd in written[:1] + written[-1:] for odd in ODD_SPACES):
        return True
    found = _KEY.match(written)
    return found is not None and found[1].lower() in keys


def remarks(document: Document) -> Iterator[Finding]:
    """Warn of curly quotes that are kept as letters, and of texts that a # cut short."""
    for path, key, node in document.root.walk() if document.root else ():
        if node.kind != "text" or not node.plain:
            continue
        if _CURLY.fullmatch(node.text):
            yield Finding(
                offset=node.start,
                message=N_("curly quotes are kept as letters of the text; use straight ones"),
                path=path,
                level="warning",
                meant=document.line_with(node, quoted(node.text.strip("“”„«»‘’ \u00a0\u202f"))),
                about=document.about(path),
            )
        elif cut := _cut_short(document, node, key):
            yield Finding(
                offset=key.end if node.empty and key else node.end,
                message=HASH,
                path=path,
                level="warning",
                meant=cut,
                about=document.about(path),
            )


_TEXTS: Final = frozenset({"name", "purpose", "why", "page"})


def _cut_short(document: Document, node: Node, key: Node | None) -> str | None:
    """Give the line with its `#word` in quotes, if such a word directly follows a text."""
    if key is None or key.text not in _TEXTS:
        return None
    end = key.end + 1 if node.empty else node.end
    number = document.lines.number(end)
    line, begin = document.lines[number], document.lines.start(number)
    found = _COMMENT.fullmatch(line, end - begin)
    if found is None:
        return None
    start = end - begin if node.empty else node.start - begin
    head = line[: max(start, 0)] + (" " if node.empty else "")
    return head + quoted(line[max(start, 0) :])
