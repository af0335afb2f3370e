"""The feed in JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

import json

from aggregator.sample_web.atom import rfc3339
from aggregator.sample_web.edition import Edition
from aggregator.sample_web.timeline import Article
from aggregator.sample_web.typography import plain


def json_feed(edition: Edition) -> str:
    """Write the feed."""
    site = edition.site
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": site.name,
            "description": site.tagline,
            "home_page_url": site.home,
            "feed_url": edition.feed,
            "language": site.language,
            "authors": [{"name": site.author, "url": site.home}],
            "items": [_item(edition, article) for article in edition.latest],
        },
        ensure_ascii=False,
        indent=1,
    )


def _item(edition: Edition, article: Article) -> dict[str, object]:
    title = {"title": article.title} if article.title else {}
    return {
        "id": edition.entry_id(article),
        "url": edition.address(article),
        **title,
        "content_html": article.html,
        "summary": plain(article.html)[:140],
        "date_published": rfc3339(article.published_at),
        "tags": list(article.categories),
    }
