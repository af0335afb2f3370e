"""The feeds.yaml that Veille writes first: commented to start from, or with what was given."""

from collections.abc import Mapping, Sequence
from typing import Final

from aggregator.domain.exchange import Subscription
from aggregator.domain.following import FollowList
from aggregator.subscriptions.edit import acts
from aggregator.subscriptions.edit.text import by_hand
from aggregator.translations import Language

_FRENCH: Final = """\
# Ce que Veille suit. Modifiez ce fichier librement : il est relu aussitôt enregistré.
# `veille check` dit, ligne par ligne, ce qui ne va pas.
# Tout ce qui suit un # est un commentaire : Veille ne le lit pas.

version: 1

# Qui vous êtes : vos commentaires sont ainsi reconnus parmi ceux des autres.
me:
  names:
    # - CWM
  sites:
    # - https://cwm.example.org/
  emails:
    # - cwm@example.org

settings:
  language: fr
  timezone: Europe/Paris
  # theme: dark                 # light, dark, auto ; et d'autres choix, voir /settings

# Une source par tiret : l'adresse d'un flux, ou celle d'un site dont Veille trouve le flux.
# Après le tiret et après les deux-points, une espace.
sources:
  - https://framablog.org/feed/

  # Avec plus de détails (enlevez les # pour vous en servir) :
  # - name: Le blog de CWM
  #   url: https://cwm.example.org/
  #   mine: true                  # mon blog : ses commentaires m'attendent
  #   page: Mon blog              # sans cette ligne : la première page
  #   every: 1h                   # 15m, 1h, 2d ; jamais moins de 15 minutes
  #   tags:
  #     - blog
  #   purpose: répondre           # à quoi ça sert ?

  # Des guillemets sont nécessaires dès qu'un texte contient « : » ou un #,
  # ou commence par @, &, *, !, % ou [ :
  # - name: "Magalie : bio"
  #   url: https://magalie.example.org/

# Les pages du tableau de bord, dans l'ordre des onglets.
pages:
  - name: À la une
    columns: 3
  # - name: Mon blog
  #   columns: 2
"""

_ENGLISH: Final = """\
# What Veille follows. Edit this file freely: it is read again as soon as you save it.
# `veille check` says, line by line, what is wrong.
# All that follows a # is a comment: Veille does not read it.

version: 1

# Who you are: by this your own comments are told from those of others.
me:
  names:
    # - CWM
  sites:
    # - https://cwm.example.org/
  emails:
    # - cwm@example.org

settings:
  language: en
  timezone: Europe/London
  # theme: dark                 # light, dark or auto; for other choices see /settings

# One source a dash: the address of a feed, or of a site whose feed Veille then finds.
# After the dash, and after a colon, comes a space.
sources:
  - https://wordpress.org/news/feed/

  # With more details (take the # away to use them):
  # - name: CWM's blog
  #   url: https://cwm.example.org/
  #   mine: true                  # my own blog: its comments wait for me
  #   page: My blog               # without this line: the first page
  #   every: 1h                   # 15m, 1h, 2d; never less than 15 minutes
  #   tags:
  #     - blog
  #   purpose: answer             # what is it for?

  # A text needs quotes when it holds ": " or a #,
  # or begins with @, &, *, !, % or [:
  # - name: "Magalie: bio"
  #   url: https://magalie.example.org/

# The pages of the dashboard, in the order of the tabs.
pages:
  - name: News
    columns: 3
  # - name: My blog
  #   columns: 2
"""


def starting_text(language: Language) -> str:
    """Give the first feeds.yaml of somebody who speaks `language`."""
    return {"fr": _FRENCH, "en": _ENGLISH}[language]


_HEADS: Final[Mapping[Language, tuple[str, str, str]]] = {
    "fr": (
        """\
# Ce que Veille suit. Modifiez ce fichier librement : il est relu aussitôt enregistré.
# `veille check` dit, ligne par ligne, ce qui ne va pas.

settings:
  language: fr
  timezone: Europe/Paris
""",
        "# Une source par tiret : l'adresse d'un flux, ou d'un site dont Veille trouve le flux.",
        "# Les pages du tableau de bord, dans l'ordre des onglets.",
    ),
    "en": (
        """\
# What Veille follows. Edit this file freely: it is read again as soon as you save it.
# `veille check` says, line by line, what is wrong.

settings:
  language: en
  timezone: Europe/London
""",
        "# One source a dash: the address of a feed, or of a site whose feed Veille then finds.",
        "# The pages of the dashboard, in the order of the tabs.",
    ),
}


def first_text(wanted: Sequence[Subscription], language: Language) -> str:
    """Write a first feeds.yaml that follows `wanted`, with comments in a language."""
    head, *above = _HEADS[language]
    parts = [head]
    changes = acts.following(None, FollowList(), wanted)
    for comment, change in zip(above, changes, strict=False):
        parts.append(f"{comment}\n{by_hand([change])}\n")
    return "\n".join(parts)
