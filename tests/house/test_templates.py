"""Templates work without JavaScript, hold no script or style, and speak both languages."""

import re
from collections.abc import Iterator

import pytest

from tests.house.markup import Element, Template, elements_of, read_template

SAME_IN_BOTH_LANGUAGES = re.compile(r"\b(English|Français|Veille|feeds\.yaml|OPML|JSON|RSS)\b")
SPOKEN_ATTRIBUTES = ("alt", "aria-label", "aria-description", "placeholder", "title")
UNSPOKEN = {"code", "kbd", "samp", "script", "style"}
LOADS_ITSELF = re.compile(r"\b(every|load|revealed|intersect|from:body)\b")

Templates = tuple[Template, ...]


def everywhere(templates: Templates) -> Iterator[tuple[str, Element]]:
    """Give each element of each template with its place."""
    for template in templates:
        for element in template.elements:
            yield f"{template.name}:{element.line} <{element.tag}>", element


def acts_by_post(element: Element) -> bool:
    """Tell whether a click without JavaScript does the same as `hx-post`."""
    given = element.attributes
    if element.tag == "button":
        return "formaction" in given and any(outer.tag == "form" for outer in element.inside)
    return element.tag == "form" and given.get("method") == "post" and "action" in given


def is_reached_without_htmx(element: Element) -> bool:
    """Tell whether what `hx-get` fetches has a plain way too, or is fetched by no click."""
    given = element.attributes
    in_form = any(outer.tag == "form" and "action" in outer.attributes for outer in element.inside)
    return (
        "href" in given
        or (element.tag == "form" and "action" in given)
        or in_form
        or bool(LOADS_ITSELF.search(given.get("hx-trigger", "")))
    )


def unsafe_markup(element: Element) -> Iterator[str]:
    """Name what the Content-Security-Policy would refuse."""
    if element.tag == "style" or (element.tag == "script" and "".join(element.words).strip()):
        yield "an inline body"
    for name, value in element.attributes.items():
        if name == "style" or name.startswith(("on", "hx-on")):
            yield name
        if value.strip().lower().startswith("javascript:"):
            yield f"{name} with a script"


def untranslated(element: Element) -> Iterator[str]:
    """Give the words that are the same whatever the language."""
    spoken = [element.attributes.get(name, "") for name in SPOKEN_ATTRIBUTES]
    if not UNSPOKEN & {element.tag, *(outer.tag for outer in element.inside)}:
        spoken += element.words
    for words in spoken:
        if re.search(r"[^\W\d_]", SAME_IN_BOTH_LANGUAGES.sub("", words)):
            yield words.strip()


def roots(template: Template) -> list[Element]:
    """Give the outermost elements of a template, in its first branches."""
    return [element for element in template.first_branches[1:] if not element.inside]


def test_each_form_acts_without_javascript(templates: Templates) -> None:
    wrong = [
        place
        for place, element in everywhere(templates)
        if "hx-post" in element.attributes and not acts_by_post(element)
    ]
    assert wrong == []


def test_only_get_and_post_are_asked_for(templates: Templates) -> None:
    wrong = [
        place
        for place, element in everywhere(templates)
        if {"hx-put", "hx-patch", "hx-delete"} & element.attributes.keys()
    ]
    assert wrong == []


def test_each_part_that_htmx_fetches_is_reached_without_it(templates: Templates) -> None:
    wrong = [
        place
        for place, element in everywhere(templates)
        if "hx-get" in element.attributes and not is_reached_without_htmx(element)
    ]
    assert wrong == []


def test_no_script_and_no_style_stands_in_a_template(templates: Templates) -> None:
    wrong = [
        f"{place}: {what}"
        for place, element in everywhere(templates)
        for what in unsafe_markup(element)
    ]
    assert wrong == []


def test_nothing_is_marked_as_safe_but_the_sanitised_article(templates: Templates) -> None:
    marked = {
        template.name
        for template in templates
        if re.search(r"\|\s*safe\b|autoescape\s+false", template.source)
    }
    assert marked <= {"entries/_article.html"}


def test_a_part_extends_nothing(templates: Templates) -> None:
    wrong = [
        template.name
        for template in templates
        if template.is_part and re.search(r"\{%-?\s*extends\b", template.source)
    ]
    assert wrong == []


def test_a_part_has_one_root_with_an_id(templates: Templates) -> None:
    wrong = {
        template.name: [
            f"<{root.tag} id={root.attributes.get('id')!r}>" for root in roots(template)
        ]
        for template in templates
        if template.is_part
        if [bool(root.attributes.get("id")) for root in roots(template)] != [True]
        or "".join(template.first_branches[0].words).strip()
    }
    assert wrong == {}


def test_each_visible_word_is_translated(templates: Templates) -> None:
    wrong = [
        f"{place}: {words}"
        for place, element in everywhere(templates)
        for words in untranslated(element)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("{% if a %}<p id='x'>{% else %}<p id='y'>{% endif %}</p>", 1),
        ("{% for a in b %}<p></p>{% else %}<i></i>{% endfor %}<br>", 2),
        ("{# note #}<div id='{{ a }}'><p>{{ b }}</p></div>", 1),
    ],
)
def test_the_roots_of_a_part_are_counted_in_its_first_branches(source: str, count: int) -> None:
    assert len(roots(read_template("_x.html", source))) == count


@pytest.mark.parametrize(
    ("html", "post", "get"),
    [
        ('<form method="post" action="/a" hx-post="/a"></form>', True, True),
        ('<form hx-post="/a"></form>', False, False),
        ('<a hx-get="/a" href="/a"></a>', False, True),
        ('<div hx-get="/a"></div>', False, False),
        ('<div hx-get="/a" hx-trigger="every 20s"></div>', False, True),
    ],
)
def test_a_plain_way_is_recognised(html: str, post: bool, get: bool) -> None:  # noqa: FBT001 - a case of a table
    element = elements_of(html)[-1]
    assert (acts_by_post(element), is_reached_without_htmx(element)) == (post, get)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Follow</p>", ["Follow"]),
        ("<p>{{ _('Follow') }} · 3</p>", []),
        ("<p>{% trans %}Follow{% endtrans %}</p>", []),
        ('<input placeholder="Search">', ["Search"]),
        ("<kbd>j</kbd>", []),
        ("<code>a <b>b</b></code>", []),
    ],
)
def test_words_in_one_language_are_found(html: str, found: list[str]) -> None:
    elements = read_template("x.html", html).elements
    assert [words for element in elements for words in untranslated(element)] == found
