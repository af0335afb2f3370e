"""Other addresses that are proposed for a source: taken into feeds.yaml, or declined for good."""

import re
from typing import Final

from aggregator.domain.health import Proposal, ProposalId
from aggregator.domain.sources import SourceHealth, SourceId
from aggregator.errors import FetchError, InvalidInputError, NotFoundError
from aggregator.ingest.urls import host_of, signed_like, target
from aggregator.services import editing, following
from aggregator.services.context import Context
from aggregator.services.sources import list_sources
from aggregator.services.sources import source as one_source
from aggregator.storage import proposals
from aggregator.subscriptions.addresses import compared_address
from aggregator.subscriptions.edit import acts
from aggregator.translations import N_

_NAME: Final = re.compile(r"\$\{[A-Z0-9_]+\}")


def accept(context: Context, proposal_id: ProposalId) -> SourceHealth:
    """Write a proposed address into feeds.yaml; give the source as it was.

    Its entries and all that was done to them stay; an undone edit leads back. It is polled
    at the new address with the next round.

    Raises:
        NotFoundError: the proposal was decided already, or its source is not followed.
        InvalidInputError: the address is followed already; or feeds.yaml is broken, cannot
            be written, or cannot be changed.
    """
    source_id, proposal = _find(context, proposal_id)
    source = one_source(context, source_id)
    if there := _followed(context, proposal.url, but=source_id):
        raise InvalidInputError(
            N_("%(url)s is followed already, as “%(name)s” on the page “%(page)s”."),
            url=proposal.url,
            name=there.name,
            page=there.page_name,
        )
    address = _address(context, source, proposal)
    return editing.edit_source(
        context, source_id, lambda path, _source: acts.readdressing(path, address)
    )


def decline(context: Context, proposal_id: ProposalId) -> SourceHealth:
    """Decline a proposal: this address is not proposed again; give its source.

    Raises:
        NotFoundError: the proposal was decided already, or its source is not followed.
    """
    source_id, _ = _find(context, proposal_id)
    with context.database.write() as session:
        proposals.decline(session, proposal_id, at=context.clock())
    return one_source(context, source_id)


def reopen(context: Context, proposal_id: ProposalId) -> None:
    """Propose again what was declined.

    Raises:
        NotFoundError: it is not declined, or not there any more.
    """
    with context.database.write() as session:
        if not proposals.reopen(session, proposal_id):
            raise NotFoundError(N_("This cannot be undone any more."))


def latest(context: Context) -> dict[SourceId, Proposal]:
    """Give of each source the latest proposal that waits for a decision."""
    with context.database.read() as session:
        return proposals.latest(session)


def _followed(context: Context, url: str, *, but: SourceId) -> SourceHealth | None:
    """Find another source that has an address, as written or as polled."""
    wanted = compared_address(url)
    return next(
        (
            one
            for one in list_sources(context)
            if one.id != but
            and wanted in {compared_address(each) for each in (one.url, one.feed_url) if each}
        ),
        None,
    )


def _find(context: Context, proposal_id: ProposalId) -> tuple[SourceId, Proposal]:
    with context.database.read() as session:
        found = proposals.find(session, proposal_id)
    if found is None:
        raise NotFoundError(N_("This proposal was decided already."))
    return found


def _address(context: Context, source: SourceHealth, proposal: Proposal) -> str:
    """Give a proposed address as feeds.yaml is to write it, with its name and password.

    Both stay with the site they are for, and so do the values of `${NAME}`: an address of
    another site that holds such a name would carry away what it stands for.
    """
    listed = following.current(context).list.sources
    written = next((one.address for one in listed if one.url == source.url), source.url)
    names = set(_NAME.findall(proposal.url))
    if names - set(_NAME.findall(written)) or (names and not _of_one_site(written, proposal.url)):
        raise InvalidInputError(
            N_("%(url)s holds a name of the environment that is none of its business."),
            url=proposal.url,
        )
    try:
        return signed_like(written, proposal.url)
    except FetchError:
        return proposal.url


def _of_one_site(written: str, url: str) -> bool:
    try:
        secure = target(written).scheme == "http" or target(url).scheme == "https"
        return secure and host_of(written) == host_of(url)
    except FetchError:
        return False
