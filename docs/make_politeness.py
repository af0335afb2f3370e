"""Write docs/politeness.md from the rows that tests/politeness tries: `make docs`.

Nothing is run: a row that is not met is named in `rows.NOT_MET`, and its test must fail.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))  # when it is run as a script

from tests.politeness.rows import NOT_MET, ROWS, SECTIONS, Row, points  # noqa: E402

PROMISES: Final = """\
# Politeness

How Veille behaves towards the servers it reads. Every promise here is tried by a test in
`tests/politeness`, against a server that does as it is told and notes what it is asked. This
page is made by `make docs`.

## If you run a site and found Veille in your logs

Somebody follows your site with this program: it reads feeds, and shows them to the few people
who use that installation. It is no crawler, and trains nothing.

- **Its name** is `Veille/<version> (+<address>)` in every request, and never a browser's. The
  address is that of whoever runs this installation: write there.
- **How often.** Once an hour at most, unless that person chose otherwise, and never more than
  every quarter of an hour (they can change this, knowing what they do). Less often if you say
  so: `Cache-Control: max-age` and `Expires`, also on a 304; `<ttl>`, `<skipHours>`, `<skipDays>`
  and `sy:updatePeriod` in the feed. It heeds up to a week of it. A feed with nothing new for a
  month is asked less and less, down to once a day.
- **What it costs.** Requests carry your `ETag` and `Last-Modified` exactly as you sent them, so
  that a 304 is enough. Bodies may be compressed (gzip, deflate, Brotli). It asks one thing at a
  time of your host, a second apart.
- **To have it wait**, answer 429 or 503 with `Retry-After`: the whole host is left alone that
  long, up to a week. Other errors double the wait each time, up to a day (404: a week).
- **To have it stop**, answer 410: after it was told so again a day later or more, it never asks
  again by itself. After three 401s, or three challenges for browsers, it stops as well.
- **To have it come elsewhere**, answer 301 or 308: after three polls over a day it asks at the new
  address only.
- **What it asks for.** The feeds that a person chose, and the feeds of comments that these
  announce or that their platform is known to have. Articles and pictures are never asked for by
  the program that polls. The icon of your site is looked for once a month at most.
- **robots.txt** is obeyed for all that Veille looks for by itself: icons and the page that
  announces them, places where a feed might be that nothing announces, later pages of comments, a
  new address for a feed that died. It is not asked for a feed that a person follows, nor for one
  that the site's own page or feed announces: there a person is behind the request, as with a
  browser ([why](adr/0016-robots.md)). The name to write there is `Veille`.
- **What it never sends**: cookies, a Referer, HEAD or OPTIONS, ranges, anything added to the
  address. A name and a password that a person wrote into an address go to that origin alone.

## If you run Veille

- Give your own address in [`VEILLE_CONTACT`](settings.md): it stands in every request, and a site
  in trouble can write to you instead of shutting you out.
- The interval is an hour, or what you write as `every:` in [feeds.yaml](feeds-yaml.md). Below
  `VEILLE_FLOOR` (15 minutes) the floor counts, and a warning says so. “Poll now” asks at most once
  in `VEILLE_MANUAL_FLOOR` (5 minutes) and says when. The page of a source says what decided its
  next poll.
- `VEILLE_HOST_DELAY` and `VEILLE_HOST_CONCURRENCY` say how a host is asked; your own hosts, opened
  by `VEILLE_ALLOW_PRIVATE`, bear more unless you say otherwise.
- Starting Veille again, or several at once, makes no request more: what is due is in the database.
  What was under way when it was killed counts as asked.
- Two sources that turn out to be one feed are asked once: the later one in feeds.yaml stands back
  and says for whom.
- Adding an address costs one request if it is a feed, and that answer is the first poll too. Of a
  site the first feed is looked into, the others when you ask.
- A feed that moved for good is followed there; the change of feeds.yaml is proposed to you, and
  made by you.

## The score

"""


def page() -> str:
    """Say what is promised, and what each row says and came to."""
    met = sum(one.id not in NOT_MET for one in ROWS)
    musts = [one for one in ROWS if one.must]
    kept = sum(one.id not in NOT_MET for one in musts)
    total = sum(one.weight for one in ROWS)
    score = (
        f"**{points()} of {total} points**: {met} of {len(ROWS)} rows are met, and {kept} of the "
        f"{len(musts)} musts. One must that is not met would take all points away."
    )
    lines = [
        score,
        *(line for section in SECTIONS for line in _section(section)),
    ]
    if NOT_MET:
        lines += ["", "### Not met", ""]
        lines += [f"- {id}: {reason}" for id, reason in NOT_MET.items()]
    return PROMISES + "\n".join(lines) + "\n"


def _section(section: str) -> Iterator[str]:
    rows = [one for one in ROWS if one.id[0] == section]
    got = sum(one.weight for one in rows if one.id not in NOT_MET)
    yield ""
    yield f"### {section}. {SECTIONS[section]}: {got} of {sum(one.weight for one in rows)}"
    yield ""
    yield "| row | points | what happens | what Veille does | |"
    yield "|---|---|---|---|---|"
    yield from map(_line, rows)


def _line(one: Row) -> str:
    weight = f"{one.weight}, must" if one.must else f"{one.weight}"
    result = "not met" if one.id in NOT_MET else "met"
    return f"| {one.id} | {weight} | {one.when} | {one.then} | {result} |"


def pages() -> dict[Path, str]:
    """Give the pages that are made."""
    return {FOLDER / "politeness.md": page()}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path.name)
