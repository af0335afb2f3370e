"""What the tests of reading share: a reader of markup that finds anything that could act."""

from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from aggregator.domain.markup import with_images

TAGS = """
a abbr acronym address article aside audio b bdi big blockquote br caption center cite code
col colgroup dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6
header hgroup hr i img ins kbd li main mark ol p pre q rp rt ruby s samp section small
source span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var
video wbr
"""
ATTRIBUTES = """
alt colspan controls data-src datetime dir height href hreflang lang loading preload
referrerpolicy rel reversed rowspan scope span src start title type value width
"""
HARMLESS_TAGS = frozenset(TAGS.split())
HARMLESS_ATTRIBUTES = frozenset(ATTRIBUTES.split())
SCHEMES = {"href": {"http", "https", "mailto"}, "src": {"http", "https"}}


class _Inspector(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in HARMLESS_TAGS
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names)
        for name, value in attrs:
            assert name in HARMLESS_ATTRIBUTES
            if name in {"href", "src", "data-src"}:
                schemes = SCHEMES[name.removeprefix("data-")]
                assert urlsplit(value or "").scheme in schemes

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


@pytest.fixture(scope="session")
def assert_harmless() -> Callable[[str], None]:
    """Give a check that stored markup, as stored and as shown, can do nothing."""

    def check(content_html: str) -> None:
        for markup in (content_html, with_images(content_html)):
            inspector = _Inspector(convert_charrefs=True)
            inspector.feed(markup)
            inspector.close()

    return check
