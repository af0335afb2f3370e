"""Feeds of comments of any program: what RFC 4685 and addresses tell (Isso and others)."""

from aggregator.ingest.comments.items import RawComment, RawComments
from aggregator.ingest.raw import RawAuthor, RawEntry, RawFeed


def read(feed: RawFeed, *, url: str) -> RawComments:
    """Read the comments of a feed; `url` is where it was found."""
    return RawComments(
        platform="threading",
        title=feed.title.value if feed.title else None,
        comments=[_comment(entry) for entry in feed.entries],
        next_link=feed.next_link,
    )


def _comment(entry: RawEntry) -> RawComment:
    page = (entry.link or "").partition("#")[0]
    return RawComment(
        guid=entry.guid,
        link=entry.link,
        author=entry.authors[0] if entry.authors else RawAuthor(),
        texts=entry.texts,
        published=entry.published,
        updated=entry.updated,
        image=entry.image,
        in_reply_to=entry.answers,
        about=(page,) if page else (),
    )
