"""How the words of a feed come into a page: safe as they were stored, pictures only if allowed."""

from urllib.parse import unquote, urlsplit

from flask import Flask
from markupsafe import Markup

from aggregator.domain.markup import has_images, with_images


def show(app: Flask) -> None:
    """Teach the templates to show an article."""
    app.jinja_env.filters.update(content=content, file_name=file_name, has_images=has_images)


def content(content_html: str, images: bool) -> Markup:  # noqa: FBT001 - a filter's argument
    """Give an entry's HTML to a page as it is: `ingest.sanitise` made it safe before storing."""
    shown = with_images(content_html) if images else content_html
    return Markup(shown)  # noqa: S704 - sanitised on its way in, and the policy allows no script


def file_name(url: str) -> str:
    """Name a file by the last part of its address."""
    parts = urlsplit(url)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc
