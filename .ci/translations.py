"""Keep the French catalogue in step with the code: `update` writes it, `check` judges it."""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

PROJECT: Final = Path(__file__).parent.parent
FRENCH: Final = PROJECT / "aggregator" / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
PLACES: Final = (("aggregator", "**.py", "python"), ("templates", "**.html", "jinja2"))
KEYWORDS: Final = DEFAULT_KEYWORDS | {"lazy_gettext": None, "lazy_ngettext": (1, 2), "NN_": (1, 2)}

HEADER: Final = """\
# French words of Veille.
msgid ""
msgstr ""
"Project-Id-Version: Veille\\n"
"Language: fr\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""
"""Written here because Babel's own would change with every day and version."""

PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]|%[sd]")
CODE: Final = re.compile(r"`[^`]*`|<[^>]*>|&\w+;|https?://\S*|%\(\w+\)[sd]|\w:\"[^\"]*\"")
"""Pieces of a message that are no French prose."""

TYPOGRAPHY: Final = (
    (re.compile(r"'"), "a straight apostrophe stands where a curly one belongs"),
    (re.compile(r"[“”\"]"), "“ ” stand where « » belong"),
    (re.compile(r"\.\.\."), "... stands where … belongs"),
    (
        re.compile(r"(?<=[^\u202f(?!…])[?!;](?=$|[\s).…?!])"),
        "? ! ; need a narrow no-break space (U+202F) before them",
    ),
    (re.compile(r"(?<!\u202f)»"), "» needs a narrow no-break space (U+202F) before it"),
    (re.compile(r"«(?![\u00a0\u202f])"), "« needs a no-break space (U+00A0) after it"),
    (
        re.compile(r"(?<=[^\u00a0\u202f]):(?=$|\s)"),
        "a colon needs a no-break space (U+00A0) before it",
    ),
)


def extract(project: Path) -> Catalog:
    """Collect every message of the code and the templates."""
    catalog = Catalog(project="Veille", fuzzy=False)
    for folder, pattern, method in PLACES:
        found = extract_from_dir(
            project / folder,
            method_map=[(pattern, method)],
            options_map={pattern: {"silent": "false"}},
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        )
        for name, line, words, comments, context in found:
            place = (f"{folder}/{name}", line)
            catalog.add(words, None, [place], auto_comments=comments, context=context)
    return catalog


def read(path: Path) -> Catalog:
    """Read a catalogue as it is written."""
    with path.open("rb") as source:
        return read_po(source, locale="fr")


def updated(french: Catalog, template: Catalog) -> bytes:
    """Write the catalogue with the messages of the code, all others left out."""
    french.update(template, no_fuzzy_matching=True, update_creation_date=False)
    target = io.BytesIO(HEADER.encode())
    target.seek(0, io.SEEK_END)
    write_po(
        target,
        french,
        width=95,
        omit_header=True,
        sort_by_file=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return target.getvalue()


def faults(french: Catalog, template: Catalog) -> Iterator[str]:
    """Say everything that is wrong with the French words of the messages in the code."""
    for message in template:
        if message.id:
            ours = french.get(message.id, message.context)
            if ours is None:
                yield _fault(message, "is missing: run `make translations`")
            else:
                yield from (_fault(message, why) for why in _faults_of(ours))
    for message in french:
        if message.id and template.get(message.id, message.context) is None:
            yield _fault(message, "is no longer in the code: run `make translations`")
    for message in french.obsolete.values():
        yield _fault(message, "is kept though obsolete: run `make translations`")


def _fault(message: Message, why: str) -> str:
    return f"{_forms(message.id)[0]!r} {why}"


def _forms(words: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def _faults_of(message: Message) -> Iterator[str]:
    english, french = _forms(message.id), _forms(message.string or "")
    if message.fuzzy:
        yield "is marked fuzzy: confirm it"
    if len(french) != len(english) or not all(french):
        yield "has no French words"
        return
    allowed = [sorted(PLACEHOLDER.findall(form)) for form in english]
    for form in french:
        if sorted(PLACEHOLDER.findall(form)) not in allowed:
            yield f"has other placeholders in French: {form!r}"
        prose = _prose(form, english)
        yield from (f"{why}: {form!r}" for wrong, why in TYPOGRAPHY if wrong.search(prose))


def _prose(form: str, english: tuple[str, ...]) -> str:
    """Leave out code, and what is quoted alike in both languages."""
    for quoted in re.findall(r"'[^']*'|\"[^\"]*\"", form):
        if any(quoted in original for original in english):
            form = form.replace(quoted, "x")
    for quoted in re.findall("«\u00a0[^»]*\u202f»", form):
        if any(f"“{quoted[2:-2]}”" in original for original in english):
            form = form.replace(quoted, "x")
    return CODE.sub("x", form)


def main() -> int:
    """Update or check, as asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=("update", "check"))
    act = parser.parse_args().act
    template, french = extract(PROJECT), read(FRENCH)
    if act == "update":
        FRENCH.write_bytes(updated(french, template))
        french = read(FRENCH)
    found = list(faults(french, template))
    print("\n".join(found), file=sys.stderr)
    print(f"{len(template)} messages, {len(found)} faults")
    return 1 if found and act == "check" else 0


if __name__ == "__main__":
    sys.exit(main())
