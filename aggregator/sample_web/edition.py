"""A site at a moment: what its documents are made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aggregator.sample_web.prepared import PLACE, Site
from aggregator.sample_web.timeline import Article, Comment

IN_A_FEED: Final = 20
"""Articles or comments that a feed holds; older ones stay on their pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One site with all it has published, the newest first.

    Its feeds hold `size` articles, or `comments_size` comments, from the one at `start` on:
    who asks may turn the pages of Blogger.
    """

    site: Site
    articles: tuple[Article, ...]
    start: int = 1
    size: int = IN_A_FEED
    comments_size: int = IN_A_FEED * 2

    @property
    def feed(self) -> str:
        """The address of the feed of its articles."""
        return self.site.home + self.site.feed

    @property
    def latest(self) -> tuple[Article, ...]:
        """What its feed holds."""
        return self.articles[self.start - 1 :][: self.size]

    @property
    def all_comments(self) -> str | None:
        """The address of the feed of all its comments."""
        path = self.site.all_comments
        return None if path is None else self.site.home + path

    def address(self, article: Article) -> str:
        """Give the address of the page of `article`."""
        return self.site.home + self.path(article)

    def path(self, article: Article) -> str:
        """Give the path of the page of `article` inside the site."""
        return self.site.article_path.format(slug=article.slug, number=article.number)

    def comments_path(self, article: Article) -> str | None:
        """Give the path of the comment feed of `article` inside the site."""
        path = self.site.comments_path
        return path and path.format(slug=article.slug, number=article.number)

    def comments_feed(self, article: Article) -> str | None:
        """Give the address of the comment feed of `article`."""
        path = self.comments_path(article)
        return path and self.site.home + path

    def entry_id(self, article: Article) -> str:
        """Name `article` the way its platform names articles, whatever its address."""
        match self.site.format:
            case "blogger":
                return f"tag:blogger.com,1999:blog-{self.blog_number}.post-{article.number}"
            case "wordpress":
                return f"{self.site.home}?p={article.number}"
            case _:
                return self.address(article)

    def comment_id(self, article: Article, comment: Comment) -> str:
        """Name `comment` the way its platform names comments."""
        if self.site.format == "blogger":
            return f"tag:blogger.com,1999:blog-{self.blog_number}.post-{comment.number}"
        return f"{self.entry_id(article)}#comment-{comment.number}"

    def comment_address(self, article: Article, comment: Comment) -> str:
        """Give the place of `comment` on the page of its article; Blogger names its moment."""
        if self.site.format == "blogger":
            moment_ms = int(comment.written_at.timestamp() * 1000)
            return f"{self.address(article)}?showComment={moment_ms}#c{comment.number}"
        return f"{self.address(article)}#comment-{comment.number}"

    @property
    def blog_number(self) -> int:
        """The number by which Blogger knows the blog: any that stays."""
        return sum(self.site.slug.encode()) * 7919

    def discussion(self, articles: tuple[Article, ...]) -> tuple[tuple[Article, Comment], ...]:
        """List the comments under `articles` that a feed of them holds, the newest first."""
        pairs = [(article, comment) for article in articles for comment in article.comments]
        pairs.sort(key=lambda pair: pair[1].written_at, reverse=True)
        return tuple(pairs[self.start - 1 :][: self.comments_size])

    @property
    def changed_at(self) -> datetime | None:
        """When an article or a comment last came."""
        return newest(self.articles)


def newest(articles: tuple[Article, ...]) -> datetime | None:
    """Find when the latest of `articles` and their comments came; None where there is none."""
    comments = (comment.written_at for article in articles for comment in article.comments)
    return max((*(article.published_at for article in articles), *comments), default=None)


def stylesheet() -> str:
    """Give the address of the style sheet of every page."""
    return f"{PLACE}/look.css"


def sound(name: str) -> str:
    """Give the address of a sound."""
    return f"{PLACE}/sounds/{name}.wav"
