"""Words that people write where feeds.yaml has another: French ones, and near misses."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

_CLOSE_ENOUGH: Final = 0.7
_LONGEST: Final = 40

KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("nom", "titre", "title", "intitulé", "libellé", "label"),
    "url": ("adresse", "lien", "site", "flux", "feed", "address", "link", "href", "rss", "uri"),
    "sources": ("source", "flux", "feeds", "abonnements", "sites", "liste", "blogs"),
    "pages": ("page", "onglets", "tabs"),
    "page": ("pages", "onglet", "tab", "dossier", "folder"),
    "watches": ("sujets", "sujet", "alertes", "veilles", "watch", "thèmes", "surveillances"),
    "tags": ("étiquettes", "étiquette", "tag", "sujets", "thèmes", "mots-clés", "catégories"),
    "words": ("mots", "mot", "mots-clés", "word", "termes", "expressions"),
    "not": ("sauf", "sans", "exclure", "exclusions", "except", "pas"),
    "me": ("moi", "my", "je", "identité"),
    "mine": ("ma", "mon", "moi", "me", "mien", "mienne", "à moi", "perso"),
    "names": ("noms", "nom", "name", "pseudos", "pseudo"),
    "sites": ("site", "url", "adresses", "blogs", "blog"),
    "emails": ("courriels", "courriel", "mails", "mail", "email", "e-mails"),
    "settings": ("réglages", "paramètres", "préférences", "options", "config"),
    "params": ("paramètres", "options", "settings"),
    "language": ("langue", "lang", "langues"),
    "timezone": ("fuseau", "fuseau horaire", "heure", "time zone", "tz"),
    "answer_within": ("répondre sous", "délai", "délai de réponse"),
    "office_hours": ("horaires", "heures", "heures de bureau"),
    "follow_commenters": ("suivre les commentateurs", "commentateurs"),
    "theme": ("thème", "couleurs", "apparence", "colours", "colors", "mode"),
    "density": ("densité", "interligne", "hauteur", "spacing"),
    "quiet_boxes": ("blocs calmes", "blocs vides", "blocs sans nouveauté", "empty_boxes"),
    "excerpts": ("extraits", "extrait", "résumés", "résumé", "excerpt", "summaries"),
    "images": ("image", "photos", "illustrations"),
    "keys": ("touches", "raccourcis", "clavier", "shortcuts", "keyboard"),
    "scroll_reads": ("lu au défilement", "défilement", "marquer lu", "read_on_scroll"),
    "days": ("jours", "jour", "day"),
    "from": ("de", "début", "start", "dès"),
    "to": ("à", "fin", "end", "jusqu'à"),
    "comments": ("commentaires", "commentaire", "comment"),
    "every": ("chaque", "fréquence", "intervalle", "toutes les", "tous les", "interval"),
    "purpose": ("but", "objet", "objectif", "usage", "à quoi ça sert", "pourquoi", "utilité"),
    "paused": ("pause", "en pause", "suspendu", "suspendue"),
    "retired": ("retiré", "retirée", "arrêté", "arrêtée", "fermé", "fermée", "archivé"),
    "since": ("depuis", "le", "date"),
    "why": ("pourquoi", "raison", "motif", "cause", "parce que"),
    "columns": ("colonnes", "colonne", "column"),
    "hidden": ("caché", "cachée", "masqué", "masquée", "invisible"),
    "bridges": ("ponts", "passerelles"),
    "bridge": ("pont", "passerelle"),
    "kind": ("type", "genre", "sorte"),
    "key": ("clé", "clef", "token"),
    "version": ("versions",),
}
"""For each key of feeds.yaml, what people write instead."""

VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "true": ("oui", "yes", "vrai", "on", "y", "o", "1"),
    "false": ("non", "no", "faux", "n", "0"),
    "fr": ("français", "francais", "french", "fr_fr", "fr-fr", "fra"),
    "en": ("anglais", "english", "en_us", "en-us", "en_gb", "en-gb", "eng"),
    "auto": ("automatique", "automatic", "true", "oui", "yes", "toujours", "always"),
    "off": ("non", "no", "false", "jamais", "aucun", "sans", "none", "désactivé", "désactivées"),
    "on": ("oui", "yes", "vrai", "true", "activé", "activées", "actif"),
    "always": ("toujours", "auto", "oui", "yes", "on"),
    "light": ("clair", "jour", "blanc"),
    "dark": ("sombre", "foncé", "nuit", "noir"),
    "comfortable": ("confortable", "aéré", "normal"),
    "compact": ("dense", "serré", "compacte"),
    "show": ("montrer", "afficher", "visible"),
    "fold": ("plier", "replier", "réduire", "réduit"),
    "hide": ("cacher", "masquer", "caché", "masqué", "hidden"),
    "ask": ("demander", "demande", "sur demande"),
    "never": ("jamais", "non", "no", "off", "false"),
    "mon": ("lundi", "lun", "monday"),
    "tue": ("mardi", "mar", "tuesday"),
    "wed": ("mercredi", "mer", "wednesday"),
    "thu": ("jeudi", "jeu", "thursday"),
    "fri": ("vendredi", "ven", "friday"),
    "sat": ("samedi", "sam", "saturday"),
    "sun": ("dimanche", "dim", "sunday"),
    "rss-bridge": ("rssbridge", "rss bridge"),
    "rsshub": ("rss-hub", "rss hub"),
}
"""For each fixed value of feeds.yaml, what people write instead."""

ALL_KEYS: Final = frozenset(KEYS) | {
    word for words in KEYS.values() for word in words if word.isalpha()
}
"""Every word that may be meant as a key, in lower case."""


def did_you_mean(
    word: str, allowed: Iterable[str], synonyms: Mapping[str, tuple[str, ...]] = KEYS
) -> str | None:
    """Guess which of the allowed words is meant; None where none is near."""
    wanted = word.strip().lower()[:_LONGEST]
    meant = {other: name for name in allowed for other in synonyms.get(name, ())}
    meant |= {name.lower(): name for name in allowed}
    if wanted in meant:
        return meant[wanted]
    near = get_close_matches(wanted, meant, n=1, cutoff=_CLOSE_ENOUGH)
    return meant[near[0]] if near else None
