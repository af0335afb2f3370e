"""Feeds to measure with: varied French text, the same at every run."""

import random
from datetime import UTC, datetime, timedelta
from typing import Final

ENTRIES: Final = 20
NEW: Final = 3
"""Entries that each later edition adds at the top."""

_BEGAN_AT: Final = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_WORDS: Final = (  # noqa: SIM905 - eighty quotes are harder to read
    "veille blog commentaire réponse communauté article réseau lecteur échange marque équipe "
    "semaine projet idée outil recherche question public numérique presse image journal métier "
    "sujet fidèle écoute débat signal tendance rumeur audience confiance partage conseil après "
    "avant pendant toujours souvent jamais peut-être déjà ensuite d’abord l’été où être avoir "
    "faire écrire lire répondre publier suivre compter mesurer animer modérer apprécier choisir "
    "grand petit nouveau ancien premier dernier utile rapide précis élégant sérieux naïf même "
    "le la les un une des du de à au aux en sur sous dans par pour avec sans entre chez vers "
    "nous vous ils elles on qui que dont mais ou et donc or ni car comme si quand parce puisque"
).split()


def feed(source: int, edition: int = 0) -> bytes:
    """Write a feed of 20 entries, about 55 kB: RSS for even sources, Atom for odd ones.

    Each edition after the first has three new entries and one that was edited.
    """
    newest = ENTRIES + NEW * edition
    numbers = range(newest, newest - ENTRIES, -1)
    edited = newest - ENTRIES // 2 if edition else -1
    write = _atom if source % 2 else _rss
    return write(source, [_entry(source, n, edited=n == edited) for n in numbers]).encode()


def _entry(source: int, number: int, *, edited: bool) -> dict[str, str]:
    chance = random.Random(source * 1_000_003 + number)  # noqa: S311 - no secret
    at = _BEGAN_AT + timedelta(hours=7 * number, minutes=source % 60)
    return {
        "path": f"/s{source}/{at:%Y/%m}/article-{number}",
        "id": f"tag:veille.invalid,2026:{source}/{number}",
        "title": _words(chance, 4, 11).capitalize() + (" (corrigé)" if edited else ""),
        "author": chance.choice(("CWM", "Magalie", "Erick", "Philippe B", "El annuaire")),
        "rss_at": f"{at:%a, %d %b %Y %H:%M:%S} +0000",
        "atom_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "summary": _words(chance, 25, 40),
        "html": "\n".join(_paragraph(chance, number) for _ in range(6)),
        "tags": " ".join(chance.sample(_WORDS[:40], 3)),
    }


def _words(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(least, most)))


def _paragraph(chance: random.Random, number: int) -> str:
    text = f"{_words(chance, 27, 41)} <strong>{_words(chance, 1, 3)}</strong>"
    link = f'<a href="/liens/{chance.randrange(9999)}">{_words(chance, 2, 4)}</a>'
    if chance.random() < 0.3:
        picture = f'<img src="../images/{number}.jpg" alt="{_words(chance, 2, 5)}" width="640">'
        return f"<p>{picture}</p><p>{text}, {link}.</p>"
    return f"<p class='texte'>{text}, {link}.</p>"


def _rss(source: int, entries: list[dict[str, str]]) -> str:
    items = "\n".join(
        f"<item><title>{entry['title']}</title><link>https://blog.invalid{entry['path']}</link>"
        f'<guid isPermaLink="false">{entry["id"]}</guid><dc:creator>{entry["author"]}</dc:creator>'
        f"<pubDate>{entry['rss_at']}</pubDate>"
        + "".join(f"<category>{tag}</category>" for tag in entry["tags"].split())
        + f"<description><![CDATA[{entry['summary']}]]></description>"
        f"<content:encoded><![CDATA[{entry['html']}]]></content:encoded></item>"
        for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>Blog {source}</title><link>https://blog.invalid/s{source}/</link>"
        f"<description>Source {source}</description><language>fr</language>\n"
        f"{items}\n</channel></rss>"
    )


def _atom(source: int, entries: list[dict[str, str]]) -> str:
    escaped = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
    items = "\n".join(
        f"<entry><title>{entry['title']}</title><id>{entry['id']}</id>"
        f'<link rel="alternate" href="https://blog.invalid{entry["path"]}"/>'
        f"<author><name>{entry['author']}</name></author>"
        f"<published>{entry['atom_at']}</published><updated>{entry['atom_at']}</updated>"
        + "".join(f'<category term="{tag}"/>' for tag in entry["tags"].split())
        + f"<summary>{entry['summary']}</summary>"
        f'<content type="html">{entry["html"].translate(escaped)}</content></entry>'
        for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr">'
        f"<title>Blog {source}</title><id>tag:veille.invalid,2026:{source}</id>"
        f'<link rel="alternate" href="https://blog.invalid/s{source}/"/>'
        f"<updated>{entries[0]['atom_at']}</updated>\n{items}\n</feed>"
    )
