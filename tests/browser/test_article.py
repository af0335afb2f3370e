"""The article in a real browser: its look, its images, its players, sharing it."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from aggregator.domain.items import Enclosure, EntryId
from aggregator.services.context import Context
from tests.browser.conftest import DESKTOP, PHONE, until, watched
from tests.browser.looks import Look, assert_open_to_all, each_look, seen
from tests.web.articles import publish
from tests.web.world import entry_id

pytestmark = pytest.mark.browser

POST = "Quantité ou qualité ?"
SENTENCE: Final = "La veille, ce n’est pas tout lire, c’est lire ce qui compte au bon moment. "
LONG_WORD: Final = "https://example.org/" + "adresse-sans-fin/" * 20
RICH: Final = f"""
<p>{SENTENCE * 6}</p><h1>Une liste</h1><ul><li>un<ul><li>deux</li></ul></li></ul>
<h4>Une citation</h4><blockquote><p>Qualité.</p></blockquote><p>{LONG_WORD}</p>
<figure><img src="https://cwm.example.org/a.png" alt="un dessin" width="1200" height="600">
<figcaption>Un lundi</figcaption></figure><a href="https://example.org/"><img
src="https://cwm.example.org/b.png" alt=""></a>
<table><tr><th>a</th>{"<td>une_case_large</td>" * 20}</tr></table>
<pre><code>{"long " * 60}</code></pre><dl><dt>a</dt><dd>b</dd></dl>
<p><img src="https://cwm.example.org/c.png"></p>
"""
FILES: Final = (
    Enclosure(
        url="https://cwm.example.org/e.mp3", media_type="audio/mpeg", length_bytes=9_000_000
    ),
    Enclosure(url="https://cwm.example.org/f.mp4", media_type="video/mp4"),
    Enclosure(url="https://cwm.example.org/g.pdf", media_type="application/pdf"),
    Enclosure(url="https://cwm.example.org/h.jpg", media_type="image/jpeg"),
)
PIXEL: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="600">'
    '<rect width="1200" height="600"/></svg>'
)


@pytest.fixture
def rich(context: Context) -> EntryId:
    return publish(
        context,
        title="Une heure par jour",
        content_html=RICH,
        language="fr",
        url="https://cwm.example.org/heure?utm_source=rss",
        comments_url="https://cwm.example.org/heure#comments",
        enclosures=FILES,
        categories=("métier",),
    )


@pytest.fixture
def with_pictures(browser: Browser, address: str, complaints: list[str]) -> Iterator[Page]:
    """Give a page for which the blog of CWM serves pictures; it may ask for them."""
    with browser.new_context(viewport=DESKTOP, base_url=address) as profile:
        profile.route(
            "https://cwm.example.org/**",
            lambda route: route.fulfill(body=PIXEL, content_type="image/svg+xml"),
        )
        yield watched(profile.new_page(), address, complaints)
    assert [said for said in complaints if not said.startswith("asked https://cwm")] == []


def article(page: Page) -> Locator:
    return page.locator("#panel .article")


def opened(page: Page, title: str = POST) -> Locator:
    """Open an entry from its line on the board."""
    page.goto("/")
    page.locator("a.row-link").filter(has_text=title).click()
    expect(page.get_by_role("heading", name=title)).to_be_focused()
    return page.locator("#panel")


def share_menu(page: Page) -> Locator:
    page.get_by_label("Share", exact=True).click()
    return page.locator("details.share .menu-sheet")


def test_images_are_shown_for_this_article_and_hidden_again(
    with_pictures: Page, rich: EntryId, complaints: list[str]
) -> None:
    page = with_pictures
    panel = opened(page, "Une heure par jour")
    expect(panel.get_by_text("4 images are not loaded")).to_be_visible()
    expect(panel.locator(".picture-words").filter(has_text="un dessin")).to_be_visible()
    assert complaints == []
    page.get_by_role("link", name="Show the images").click()
    expect(panel.get_by_role("img", name="un dessin")).to_be_visible()
    expect(page.get_by_role("link", name="Hide the images")).to_be_focused()
    page.get_by_role("link", name="Hide the images").click()
    expect(panel.get_by_role("img", name="un dessin")).to_have_count(0)
    assert page.url.endswith(f"/entries/{rich}")


def test_images_of_a_source_are_allowed_and_forbidden_where_one_reads(
    with_pictures: Page,
) -> None:
    page = with_pictures
    panel = opened(page)
    page.get_by_text("Always…").click()
    page.get_by_role("button", name="Always those of Le blog de CWM").click()
    expect(panel.get_by_role("img", name="un dessin")).to_be_attached()
    expect(page.get_by_text("you allowed those of Le blog de CWM")).to_be_visible()
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_role("link", name="Show the images")).to_be_visible()
    expect(panel.get_by_role("img", name="un dessin")).to_have_count(0)


def test_images_of_all_sources_are_allowed_and_forbidden_where_one_reads(
    with_pictures: Page,
) -> None:
    page = with_pictures
    panel = opened(page)
    page.get_by_text("Always…").click()
    page.get_by_role("button", name="Always those of all sources").click()
    expect(panel.get_by_role("img", name="un dessin")).to_be_attached()
    expect(page.get_by_text("The images are always shown")).to_be_visible()
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_role("link", name="Show the images")).to_be_visible()


def test_images_keep_their_place_and_the_measure(
    browser: Browser, address: str, rich: EntryId
) -> None:
    with browser.new_context(viewport=DESKTOP, base_url=address) as profile:
        profile.route("https://cwm.example.org/**", lambda route: route.abort())
        page = profile.new_page()
        page.goto(f"/entries/{rich}?images=1")
        picture = page.get_by_role("img", name="un dessin").bounding_box()
        prose = page.locator(".prose").bounding_box()
    assert picture is not None
    assert prose is not None
    assert picture["width"] <= prose["width"]
    assert picture["height"] == pytest.approx(picture["width"] / 2, abs=1)


def test_images_wait_for_leave_without_javascript(
    browser: Browser, address: str, complaints: list[str]
) -> None:
    with browser.new_context(
        viewport=DESKTOP, base_url=address, java_script_enabled=False
    ) as profile:
        profile.route("https://cwm.example.org/**", lambda route: route.abort())
        page = watched(profile.new_page(), address, complaints)
        page.goto("/")
        page.locator("a.row-link").filter(has_text=POST).click()
        assert complaints == []
        page.get_by_text("Always…").click()
        page.get_by_role("button", name="Always those of Le blog de CWM").click()
        expect(page.get_by_role("img", name="un dessin")).to_be_attached()
        page.get_by_role("button", name="Ask again").click()
        expect(page.get_by_role("img", name="un dessin")).to_have_count(0)


def test_players_load_nothing_before_a_click(page: Page, rich: EntryId) -> None:
    page.goto(f"/entries/{rich}")
    files = page.get_by_role("region", name="Attached files")
    expect(files.locator("audio[controls]")).to_be_visible()
    expect(files.locator("video[controls]")).to_be_visible()
    expect(files.get_by_role("listitem")).to_have_count(4)
    expect(files.get_by_role("link", name="g.pdf")).to_be_visible()
    expect(files).to_contain_text("Audio MP3 · 9 MB")


def test_lines_are_at_most_68_characters_long(page: Page, rich: EntryId) -> None:
    page.goto(f"/entries/{rich}")
    most = page.evaluate(
        """() => {
            const text = document.querySelector(".prose p").firstChild;
            const range = document.createRange();
            let top = null, count = 0, most = 0;
            for (let at = 0; at < text.length; at += 1) {
                range.setStart(text, at);
                range.setEnd(text, at + 1);
                const place = range.getBoundingClientRect();
                if (!place.width) continue;
                if (place.top !== top) { top = place.top; count = 0; }
                most = Math.max(most, count += 1);
            }
            return most;
        }"""
    )
    assert 58 <= most <= 68


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_what_is_wide_scrolls_inside_and_long_words_break(
    browser: Browser, address: str, rich: EntryId, size: ViewportSize
) -> None:
    with browser.new_context(viewport=size, base_url=address) as profile:
        page = profile.new_page()
        page.goto(f"/entries/{rich}")
        assert page.evaluate(
            "() => { const it = document.getElementById('panel');"
            " return it.scrollWidth <= it.clientWidth; }"
        )
        wide = page.get_by_role("group", name="Table")
        wide.focus()
        page.keyboard.press("ArrowRight")
        until(page, lambda: wide.evaluate("it => it.scrollLeft > 0"))


def test_a_right_to_left_article_is_mirrored(page: Page, context: Context) -> None:
    entry = publish(
        context,
        title="RSS بعد خمسة عشر عاماً",
        content_html="<p>RSS: عشرة مواقع</p><blockquote><p>الجودة</p></blockquote>",
        language="ar",
    )
    page.goto(f"/entries/{entry}")
    quote = article(page).locator("blockquote")
    assert quote.evaluate("it => getComputedStyle(it).direction") == "rtl"
    assert quote.evaluate("it => getComputedStyle(it).borderRightWidth") == "3px"
    assert article(page).locator(".byline").evaluate("it => getComputedStyle(it).direction") == (
        "ltr"
    )


@pytest.mark.parametrize("plain", [True, False])
def test_a_long_title_is_folded_until_one_asks(
    browser: Browser,
    address: str,
    context: Context,
    plain: bool,  # noqa: FBT001 - a case of a table
) -> None:
    entry = publish(context, title="Un titre sans fin, " * 52, content_html="<p>Court.</p>")
    with browser.new_context(
        viewport=PHONE, base_url=address, java_script_enabled=not plain
    ) as profile:
        page = profile.new_page()
        page.goto(f"/entries/{entry}")
        heading = page.locator("#panel-title")
        folded = heading.bounding_box()
        page.get_by_label("Show the whole title").check()
        whole = heading.bounding_box()
        assert folded is not None
        assert whole is not None
        assert folded["height"] < 130 < whole["height"]


def test_an_earlier_article_opens_in_the_same_panel(page: Page, context: Context) -> None:
    panel = opened(page)
    earlier = panel.get_by_role("navigation", name="Earlier by CWM")
    expect(earlier.get_by_role("link")).to_have_count(5)
    earlier.get_by_role("link", name="Billet 9").click()
    expect(page.get_by_role("heading", name="Billet 9")).to_be_focused()
    assert page.url.endswith(f"/entries/{entry_id(context, 'Billet 9')}")
    page.go_back()
    expect(page.get_by_role("heading", name=POST)).to_be_visible()


def test_the_address_is_copied_without_what_follows_readers(
    browser: Browser, address: str, rich: EntryId
) -> None:
    with browser.new_context(viewport=DESKTOP, base_url=address) as profile:
        profile.grant_permissions(["clipboard-read", "clipboard-write"])
        page = profile.new_page()
        page.goto(f"/entries/{rich}")
        menu = share_menu(page)
        menu.get_by_role("button", name="Copy").click()
        expect(menu.get_by_role("status")).to_have_text("The address is copied.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied == "https://cwm.example.org/heure"


def test_where_the_clipboard_is_closed_the_address_is_selected(page: Page, rich: EntryId) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined});"
        "document.execCommand = () => false;"
    )
    page.goto(f"/entries/{rich}")
    menu = share_menu(page)
    menu.get_by_role("button", name="Copy").click()
    expect(menu.get_by_role("status")).to_contain_text("press Ctrl C")
    assert page.evaluate("getSelection().toString()") == "https://cwm.example.org/heure"


def test_the_sheet_of_the_system_is_offered_where_there_is_one(page: Page, rich: EntryId) -> None:
    page.add_init_script("navigator.share = (what) => { window.shared = what; };")
    page.goto(f"/entries/{rich}")
    share_menu(page).get_by_role("button", name="Another application…").click()
    assert page.evaluate("window.shared") == {
        "title": "Une heure par jour",
        "url": "https://cwm.example.org/heure",
    }


def test_the_sheet_of_the_system_is_not_offered_where_there_is_none(
    page: Page, rich: EntryId
) -> None:
    page.add_init_script("delete Navigator.prototype.share;")
    page.goto(f"/entries/{rich}")
    menu = share_menu(page)
    expect(menu.get_by_role("link", name="Bluesky")).to_be_visible()
    expect(menu.get_by_role("button", name="Another application…")).to_be_hidden()


def test_ones_mastodon_server_is_asked_for_once(page: Page, rich: EntryId) -> None:
    page.goto(f"/entries/{rich}")
    menu = share_menu(page)
    menu.get_by_label("Your Mastodon server").fill("@cwm@mamot.fr")
    menu.get_by_label("Your Mastodon server").press("Enter")
    expect(menu.get_by_role("link", name="Mastodon mamot.fr")).to_be_visible()
    page.reload()
    link = share_menu(page).get_by_role("link", name="Mastodon mamot.fr")
    expect(link).to_have_attribute("href", "https://mamot.fr/share?text=Une%20heure%20par%20jour"
                                   "%0Ahttps%3A%2F%2Fcwm.example.org%2Fheure")  # fmt: skip


def test_keys_share_and_follow_the_open_article(
    browser: Browser, address: str, rich: EntryId
) -> None:
    with browser.new_context(viewport=DESKTOP, base_url=address) as profile:
        profile.route(
            "https://cwm.example.org/**",
            lambda route: route.fulfill(body="ailleurs", content_type="text/plain"),
        )
        page = profile.new_page()
        page.goto(f"/entries/{rich}")
        page.keyboard.press("w")
        expect(page.get_by_label("Address to share")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_label("Share", exact=True)).to_be_focused()
        with profile.expect_page() as original:
            page.keyboard.press("v")
        assert original.value.url == "https://cwm.example.org/heure?utm_source=rss"
        with profile.expect_page() as comments:
            page.keyboard.press("c")
        assert comments.value.url == "https://cwm.example.org/heure#comments"


def test_the_bar_stays_on_one_line_on_a_phone(
    browser: Browser, address: str, rich: EntryId
) -> None:
    with browser.new_context(viewport=PHONE, base_url=address, locale="fr") as profile:
        profile.add_cookies([{"name": "language", "value": "fr", "url": address}])
        page = profile.new_page()
        page.goto(f"/entries/{rich}")
        bar = page.locator(".panel-bar")
        tops = bar.evaluate("it => [...it.querySelectorAll('a, button, summary')]"
                            ".filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect())"
                            ".map(r => [r.top, r.bottom, r.right])")  # fmt: skip
        assert len(tops) == 7
        assert all(0 <= top < bottom <= 57 and right <= 390 for top, bottom, right in tops)
        panel = page.locator("#panel").bounding_box()
        assert panel is not None
        assert panel["width"] == 390


def test_an_article_prints_without_the_screen_around_it(page: Page, rich: EntryId) -> None:
    page.goto(f"/entries/{rich}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Une heure par jour")).to_be_visible()
    for hidden in (".panel-bar", ".board", ".rail", ".images", ".earlier", "audio"):
        expect(page.locator(hidden).first).to_be_hidden()
    assert page.locator("#panel").evaluate("it => getComputedStyle(it).position") == "static"


@each_look
@pytest.mark.parametrize("shown", ["hidden", "images", "share", "long", "empty"])
def test_everybody_can_read_and_share_it(
    browser: Browser, address: str, context: Context, rich: EntryId, look: Look, shown: str
) -> None:
    entry = {
        "long": lambda: publish(context, title="Un titre sans fin, " * 52, language="ar"),
        "empty": lambda: publish(context, title="Vide"),
    }.get(shown, lambda: rich)()
    with seen(browser, address, look) as page:
        page.context.route(
            "https://cwm.example.org/**",
            lambda route: route.fulfill(body=PIXEL, content_type="image/svg+xml"),
        )
        page.goto(f"/entries/{entry}{'?images=1' if shown == 'images' else ''}")
        if shown == "share":
            page.locator("details.share summary").click()
        assert_open_to_all(page)
