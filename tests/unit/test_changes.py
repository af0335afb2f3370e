"""What is new in a document, and what changed."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aggregator.domain.changes import Changes, Known, decide
from aggregator.domain.items import EntryId, Item


def item(key: str, text: str = "Un texte.", *, title: str = "", count: int | None = None) -> Item:
    return Item(
        key=key,
        title=title or f"Article {key}",
        url=f"http://cwm.example/{title or key}",
        authors=(),
        published_at=None,
        updated_at=None,
        content_html=text,
        text=text,
        categories=(),
        enclosures=(),
        language=None,
        comments_url=None,
        comments_feed_url=None,
        comment_count=count,
        fingerprint=f"{title}{text}",
    )


def known(*items: Item) -> tuple[Known, ...]:
    """Tell what is stored of items, whose ids are their places from 1."""
    return tuple(
        Known(
            id=EntryId(number),
            key=each.key,
            fingerprint=each.fingerprint,
            title=each.title,
            url=each.url,
            comment_count=each.comment_count,
        )
        for number, each in enumerate(items, start=1)
    )


def store(items: tuple[Item, ...], changes: Changes) -> tuple[Item, ...]:
    """Do to stored items what was decided, as storage does."""
    after = list(items)
    for altered in changes.altered:
        count = altered.item.comment_count
        kept = after[altered.id - 1].comment_count if count is None else count
        after[altered.id - 1] = replace(altered.item, comment_count=kept)
    return (*after, *changes.new)


def test_all_is_new_where_nothing_is_stored() -> None:
    items = (item("1"), item("2"))
    assert decide(items, ()) == Changes(new=items, altered=())


def test_the_same_again_is_no_change() -> None:
    items = (item("1"), item("2"))
    assert not decide(items, known(*items))


def test_what_vanished_from_the_document_is_left_as_it_is() -> None:
    assert not decide((item("2"),), known(item("1"), item("2")))


def test_an_edited_item_is_altered_and_seen_so() -> None:
    edited = item("1", "Un autre texte.")
    (altered,) = decide((edited,), known(item("1"))).altered
    assert (altered.id, altered.item, altered.seen) == (1, edited, True)


def test_a_count_alone_is_altered_without_being_seen() -> None:
    (altered,) = decide((item("1", count=3),), known(item("1", count=2))).altered
    assert not altered.seen


def test_a_count_that_is_no_longer_told_changes_nothing() -> None:
    assert not decide((item("1"),), known(item("1", count=2)))


def test_a_new_key_for_an_absent_entry_of_same_address_and_title_is_that_entry() -> None:
    renamed = item("new", title="Même")
    changes = decide((renamed,), known(item("old", title="Même")))
    assert changes.new == ()
    assert [(altered.id, altered.item.key, altered.seen) for altered in changes.altered] == [
        (1, "new", False)
    ]


def test_a_new_key_beside_the_old_one_is_another_entry() -> None:
    old, new = item("old", title="Même"), item("new", title="Même")
    assert decide((old, new), known(old)).new == (new,)


def test_one_stored_entry_takes_only_one_new_key() -> None:
    first, second = item("a", title="Même"), item("b", title="Même")
    changes = decide((first, second), known(item("old", title="Même")))
    assert ([altered.item for altered in changes.altered], changes.new) == ([first], (second,))


def test_another_title_at_the_same_address_is_another_entry() -> None:
    old = item("old", title="Un")
    other = replace(item("new", title="Deux"), url=old.url)
    assert decide((other,), known(old)).new == (other,)


def test_without_an_address_a_new_key_is_a_new_entry() -> None:
    old, new = replace(item("old", title="x"), url=None), replace(item("new", title="x"), url=None)
    assert decide((new,), known(old)).new == (new,)


documents = st.lists(
    st.builds(
        item,
        key=st.sampled_from("abcdef"),
        text=st.sampled_from(["un", "deux"]),
        title=st.sampled_from(["", "Même", "Autre"]),
        count=st.none() | st.integers(0, 3),
    ),
    max_size=6,
    unique_by=lambda each: each.key,
).map(tuple)


@given(before=documents, document=documents)
def test_what_was_stored_once_is_not_news_again(
    before: tuple[Item, ...], document: tuple[Item, ...]
) -> None:
    after = store(before, decide(document, known(*before)))
    assert not decide(document, known(*after))


@given(before=documents, document=documents)
def test_nothing_stored_is_ever_lost_and_every_item_is_there_once(
    before: tuple[Item, ...], document: tuple[Item, ...]
) -> None:
    after = store(before, decide(document, known(*before)))
    assert len(after) >= len(before)
    keys = [each.key for each in after]
    assert len(set(keys)) == len(keys)
    assert {each.key for each in document} <= set(keys)
