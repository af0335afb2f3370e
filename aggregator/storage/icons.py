"""Icons of sites, and which sources are still to be looked at for one."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from aggregator.domain.icons import Icon, IconAnswer, IconSought
from aggregator.domain.sources import SourceId
from aggregator.storage.dialect import upsert
from aggregator.storage.engine import Session
from aggregator.storage.tables import icons, sources


def sought(
    session: Session, *, before: datetime, now: datetime, most: int
) -> tuple[IconSought, ...]:
    """List sources in good health not looked at since `before`, those never looked at first."""
    due = or_(sources.c.icon_looked_at.is_(None), sources.c.icon_looked_at < before)
    followed = and_(sources.c.listed, ~sources.c.paused, sources.c.retired_since.is_(None))
    well = and_(
        sources.c.last_success_at.is_not(None),
        sources.c.fault_code.is_(None),
        or_(sources.c.not_before_at.is_(None), sources.c.not_before_at <= now),
    )
    query = (
        select(sources.c.id, sources.c.site_url, sources.c.feed_url, sources.c.url)
        .where(due, followed, well)
        .order_by(sources.c.icon_looked_at.asc().nulls_first(), sources.c.id)
        .limit(most)
    )
    return tuple(
        IconSought(source_id=row.id, site_url=row.site_url, feed_url=row.feed_url or row.url)
        for row in session.execute(query)
    )


def answer_of(session: Session, *, icon_url: str) -> IconAnswer | None:
    """Tell what an address gave when it was last asked for, for whichever source."""
    return _answer(session, sources.c.icon_url == icon_url)


def answer_for(session: Session, *, site_url: str) -> IconAnswer | None:
    """Tell what was found when the page of a site was last looked at, for whichever source."""
    return _answer(session, sources.c.site_url == site_url)


def _answer(session: Session, is_it: ColumnElement[bool]) -> IconAnswer | None:
    query = (
        select(
            sources.c.icon_url,
            sources.c.icon,
            sources.c.icon_looked_at,
            sources.c.icon_etag,
            sources.c.icon_last_modified,
        )
        .where(is_it, sources.c.icon_url.is_not(None), sources.c.icon_looked_at.is_not(None))
        .order_by(sources.c.icon_looked_at.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    if row is None:
        return None
    return IconAnswer(
        url=row.icon_url,
        digest=row.icon,
        looked_at=row.icon_looked_at,
        etag=row.icon_etag,
        last_modified=row.icon_last_modified,
    )


def keep(session: Session, icon: Icon) -> None:
    """Keep a picture."""
    row = {"digest": icon.digest, "media_type": icon.media_type, "content": icon.content}
    upsert(session, icons, [row], by="digest")


def looked(
    session: Session, source_ids: list[SourceId], answer: IconAnswer | None, *, at: datetime
) -> None:
    """Note that sources were looked at; where that found nothing they keep the icon they had.

    None: no address was asked for.
    """
    values: dict[str, object] = {"icon_looked_at": at}
    if answer is not None:
        values["icon_url"] = answer.url
        values["icon_etag"] = answer.etag
        values["icon_last_modified"] = answer.last_modified
        if answer.digest is not None:
            values["icon"] = answer.digest
    session.execute(update(sources).where(sources.c.id.in_(source_ids)).values(values))


def find(session: Session, digest: str) -> Icon | None:
    """Read an icon."""
    row = session.execute(select(icons).where(icons.c.digest == digest)).first()
    if row is None:
        return None
    return Icon(digest=row.digest, media_type=row.media_type, content=row.content)


def forget_unused(session: Session) -> int:
    """Drop the icons that no source has any more; tell how many."""
    used = select(sources.c.icon).where(sources.c.icon.is_not(None))
    return session.execute(delete(icons).where(icons.c.digest.not_in(used))).rowcount
