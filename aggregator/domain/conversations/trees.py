"""A thread as a tree to look at: its order, the part of it that is shown, how deep it nests."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from aggregator.domain.conversations.comments import CommentId

MOST: Final = 40
"""Comments of a thread that are shown at once."""

DEEPEST: Final = 4
"""Levels below the first; what is deeper stands beside its parent, and says whom it answers."""

ANCESTORS: Final = 3
"""Comments above one that is chosen which are shown for its sake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The comments of a thread in the order in which one reads them.

    `order` goes down each branch before the next one begins, the oldest first. `parents`
    names for each comment the one it stands under, None for the article itself.
    """

    order: tuple[CommentId, ...]
    parents: Mapping[CommentId, CommentId | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a comment is shown: so many levels deep.

    `answers` is the comment that it answers; `is_told` where its place does not show it.
    """

    id: CommentId
    depth: int
    answers: CommentId | None
    is_told: bool


def grown(twigs: Iterable[tuple[CommentId, CommentId | None]]) -> Tree:
    """Make the tree of comments, given each with its parent in the order of their age.

    One whose parent is not among them answers the article; so does one of each ring.
    """
    given = dict(twigs)
    parents = {
        one: above if above in given and above != one else None for one, above in given.items()
    }
    below: dict[CommentId | None, list[CommentId]] = {}
    for one, above in parents.items():
        below.setdefault(above, []).append(one)
    order = _walked(below.get(None, ()), below)
    if len(order) < len(given):
        reached = set(order)
        for one in given:
            if one not in reached:
                parents[one] = None
                found = [each for each in _walked([one], below) if each not in reached]
                reached.update(found)
                order += found
    return Tree(order=tuple(order), parents=parents)


def _walked(
    roots: Collection[CommentId], below: Mapping[CommentId | None, Sequence[CommentId]]
) -> list[CommentId]:
    order: list[CommentId] = []
    ahead = list(reversed(list(roots)))
    seen: set[CommentId] = set()
    while ahead:
        one = ahead.pop()
        if one in seen:
            continue
        seen.add(one)
        order.append(one)
        ahead.extend(reversed(below.get(one, ())))
    return order


def chosen(tree: Tree, wanted: Sequence[CommentId], *, most: int = MOST) -> tuple[CommentId, ...]:
    """Choose what is shown at first of a long thread, in the order of the tree.

    Those that are `wanted`, the first of them first, with the nearest comments above them;
    then the newest branches, as far as there is room.
    """
    if len(tree.order) <= most:
        return tree.order
    taken: set[CommentId] = set()
    for one in wanted:
        _take(tree, one, taken, most)
        if len(taken) >= most:
            break
    for one in sorted(tree.order, reverse=True):
        if len(taken) >= most:
            break
        _take(tree, one, taken, most)
    return tuple(one for one in tree.order if one in taken)


def _take(tree: Tree, one: CommentId, taken: set[CommentId], most: int) -> None:
    above: CommentId | None = one
    for _ in range(1 + ANCESTORS):
        if above is None or len(taken) >= most or above not in tree.parents:
            return
        taken.add(above)
        above = tree.parents[above]


def piece(
    tree: Tree, after: CommentId | None, *, most: int = MOST
) -> tuple[tuple[CommentId, ...], CommentId | None]:
    """Give the next comments of the tree after one of them, and where it goes on then."""
    start = 0
    if after is not None and after in tree.parents:
        start = tree.order.index(after) + 1
    found = tree.order[start : start + most]
    goes_on = start + most < len(tree.order)
    return found, (found[-1] if goes_on and found else None)


def spots(tree: Tree, shown: Sequence[CommentId], *, deepest: int = DEEPEST) -> tuple[Spot, ...]:
    """Place the comments that are shown: each under the nearest one above it that is, too."""
    here: AbstractSet[CommentId] = set(shown)
    depths: dict[CommentId, int] = {}
    found: list[Spot] = []
    for one in shown:
        parent = tree.parents.get(one)
        above = parent
        steps = 0
        while above is not None and above not in here and steps < ANCESTORS:
            above = tree.parents.get(above)
            steps += 1
        deep = depths[above] + 1 if above in depths else 0
        depths[one] = deep
        is_told = parent is not None and (above != parent or deep > deepest)
        found.append(Spot(id=one, depth=min(deep, deepest), answers=parent, is_told=is_told))
    return tuple(found)
