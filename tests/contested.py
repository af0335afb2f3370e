"""Where the corpus of feeds is read otherwise than its INDEX.tsv says, and why."""

OEMBED = "links of type …+oembed lead to no feed, and are counted there"
CONTESTED = {
    "autodiscovery/feedsearch-crawler__blog_with_feeds.html": (4, "a JSON Feed is a feed too"),
    "comments/wordpress-html/trafilatura__happyface313.com.plantur.html": (
        4,
        f"the same feed is announced twice; {OEMBED}",
    ),
    "autodiscovery/trafilatura__buchperlen.wordpress.com.html": (3, OEMBED),
    "autodiscovery/trafilatura__legrandcontinent.eu.heran.html": (1, OEMBED),
    "autodiscovery/trafilatura__soundofscience.fr.1927.html": (3, OEMBED),
    "comments/wordpress-html/trafilatura__1337kultur.de.picard.html": (7, OEMBED),
    "comments/wordpress-html/trafilatura__antary.de.wireshark.html": (3, OEMBED),
    "comments/wordpress-html/trafilatura__archive.org.nesselsetzer.wordpress.com.antipoden.html": (
        3,
        OEMBED,
    ),
    "comments/wordpress-html/trafilatura__de.creativecommons.org.endlich.html": (3, OEMBED),
    "comments/wordpress-html/trafilatura__frolleinherr.com.lost.html": (3, OEMBED),
    "comments/wordpress-html/trafilatura__lemire.me.json.html": (3, OEMBED),
    "comments/wordpress-html/trafilatura__literaturgefluester.wordpress.com.jahr.html": (
        3,
        OEMBED,
    ),
    "comments/wordpress-html/trafilatura__rete-mirabile.net.15jahre.html": (3, OEMBED),
    "comments/wordpress-html/trafilatura__sprechwaisen.com.sw082.html": (0, OEMBED),
    "comments/wordpress-html/trafilatura__thenervousbreakdown.com.loneliest.html": (1, OEMBED),
}
"""Where we count otherwise than INDEX.tsv: our number, and the reason."""

NO_FEED = {
    "formats/feedkit__FeedNotFound.xml",
    "golden-thread/overblog-export.xml",
    "hard/node-feedparser__invalid-characters-gzipped.xml",
    "suites/feedparser-illformed/feedparser__rss_empty_document.xml",
}
"""Files of no entries that are no feed at all: an error, said as one."""
