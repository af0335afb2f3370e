"""The full shape of feeds.yaml; the JSON Schema and the reference are made from it."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field

from aggregator.subscriptions.shape.sources import Part, RetiredPart, SourceItem, SourcePart
from aggregator.subscriptions.shape.values import (
    Address,
    Duration,
    Email,
    OnOff,
    Text,
    TimeOfDay,
    Timezone,
    Truth,
    Version,
)
from aggregator.translations import Language

CHOICES: Final = (
    *("theme", "density", "quiet_boxes", "excerpts"),
    *("images", "keys", "scroll_reads"),
)
"""The keys of `settings` that are about the screens; each browser may choose otherwise."""

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class MePart(Part):
    """Who you are: by this your own comments are told from those of others."""

    names: tuple[Text, ...] = Field(
        default=(), description="The names you sign with.", examples=[["CWM"]]
    )
    sites: tuple[Address, ...] = Field(
        default=(),
        description="Addresses of your own sites.",
        examples=[["https://cwm.over-blog.com/"]],
    )
    emails: tuple[Email, ...] = Field(
        default=(),
        description="Your e-mail addresses: compared, never shown.",
        examples=[["cwm@example.org"]],
    )


class OfficeHoursPart(Part):
    """When you work, for the time an answer took."""

    days: tuple[Weekday, ...] = Field(
        default=("mon", "tue", "wed", "thu", "fri"),
        description="The days you work.",
        examples=[["mon", "tue", "thu"]],
    )
    begin: TimeOfDay = Field(
        alias="from", description="When the day begins, in quotes.", examples=["09:00"]
    )
    end: TimeOfDay = Field(
        alias="to", description="When the day ends, in quotes.", examples=["18:00"]
    )


class SettingsPart(Part):
    """What holds for the whole list."""

    language: Language | None = Field(
        default=None,
        description="Language of Veille: `fr` or `en`; if absent, that of the system.",
        examples=["fr"],
    )
    timezone: Timezone = Field(
        default="Europe/Paris", description="Your time zone.", examples=["Europe/Paris"]
    )
    answer_within: Duration | None = Field(
        default=None, description="How soon you wish to answer a comment.", examples=["24h"]
    )
    office_hours: OfficeHoursPart | None = Field(
        default=None,
        description="When you work, for the time an answer took.",
        examples=[{"days": ["mon", "tue", "thu"], "from": "09:00", "to": "18:00"}],
    )
    follow_commenters: Literal["ask", "auto", "never"] = Field(
        default="ask",
        description="Whether the sites of those who comment are followed.",
        examples=["ask"],
    )
    theme: Literal["auto", "light", "dark"] | None = Field(
        default=None,
        description="Colours: `light`, `dark`, or `auto` as the system; if absent, `auto`.",
        examples=["dark"],
    )
    density: Literal["comfortable", "compact"] | None = Field(
        default=None,
        description="How tight the lines stand; if absent, `comfortable`.",
        examples=["compact"],
    )
    quiet_boxes: Literal["show", "fold", "hide"] | None = Field(
        default=None,
        description="What becomes of a box with nothing new: it stays (`show`), shrinks to one "
        "line (`fold`), or goes (`hide`); if absent, `show`.",
        examples=["fold"],
    )
    excerpts: OnOff | None = Field(
        default=None,
        description="Whether a line of the text stands under each title; if absent, `off`.",
        examples=["on"],
    )
    images: Literal["ask", "always"] | None = Field(
        default=None,
        description="Whether the images of articles are loaded, by which their sites know that "
        "you read them; if absent, `ask`.",
        examples=["always"],
    )
    keys: OnOff | None = Field(
        default=None,
        description="Whether single letters such as `j` act; if absent, `on`.",
        examples=["off"],
    )
    scroll_reads: OnOff | None = Field(
        default=None,
        description="Whether entries that are scrolled past are marked as read; if absent, `off`.",
        examples=["on"],
    )

    @property
    def choices(self) -> dict[str, str]:
        """Give what is said about the screens, by key."""
        said = {name: getattr(self, name) for name in CHOICES}
        return {name: value for name, value in said.items() if value is not None}


class PagePart(Part):
    """A page of the dashboard."""

    name: Text = Field(description="The name on its tab.", examples=["Concurrents"])
    columns: Annotated[int, Field(strict=True, ge=1, le=6)] = Field(
        default=3, description="Columns of boxes, 1 to 6.", examples=[2]
    )
    hidden: Truth = Field(
        default=False,
        description="Whether it feeds the figures only, without a tab.",
        examples=[True],
    )
    sources: tuple[SourceItem, ...] = Field(
        default=(),
        description="Sources that stand on this page.",
        examples=[["https://example.com/blog"]],
    )


class BridgePart(Part):
    """A program that makes feeds of what has none."""

    kind: Literal["rss-bridge", "rsshub"] = Field(
        description="Which program it is.", examples=["rss-bridge"]
    )
    url: Address = Field(description="Where it runs.", examples=["http://127.0.0.1:3000/"])
    key: Text | None = Field(
        default=None, description="Its access key, if it asks for one.", examples=["${RSSHUB_KEY}"]
    )


class WatchPart(Part):
    """A subject whose mentions are gathered."""

    name: Text = Field(description="The name of the subject.", examples=["Netvibes"])
    words: Annotated[tuple[Text, ...], Field(min_length=1)] = Field(
        description="Words one of which must be there.", examples=[["netvibes"]]
    )
    without: tuple[Text, ...] = Field(
        default=(),
        alias="not",
        description="Words that must not be there.",
        examples=[["netvibes.fr"]],
    )
    language: Text | None = Field(
        default=None, description="Language of the entries.", examples=["fr"]
    )


class FeedsFile(Part):
    """The list of what Veille follows: who you are, the sources, the pages, the subjects."""

    model_config = ConfigDict(title="feeds.yaml")

    version: Version = Field(default=1, description="Version of this format.", examples=[1])
    me: MePart = Field(
        default_factory=MePart,
        description="Who you are: by this your own comments are told from those of others.",
        examples=[{"names": ["CWM"], "sites": ["https://cwm.over-blog.com/"]}],
    )
    settings: SettingsPart = Field(
        default_factory=SettingsPart,
        description="What holds for the whole list.",
        examples=[{"language": "fr", "timezone": "Europe/Paris"}],
    )
    sources: tuple[SourceItem, ...] = Field(
        default=(),
        description="What is followed, each with a dash.",
        examples=[["https://example.org/blog"]],
    )
    pages: tuple[PagePart, ...] = Field(
        default=(),
        description="The pages of the dashboard, in order.",
        examples=[[{"name": "Mon blog", "columns": 3}]],
    )
    bridges: dict[str, BridgePart] = Field(
        default_factory=dict,
        description="Bridges by name.",
        examples=[{"local": {"kind": "rss-bridge", "url": "http://127.0.0.1:3000/"}}],
    )
    watches: tuple[WatchPart, ...] = Field(
        default=(),
        description="The subjects that are watched.",
        examples=[[{"name": "Netvibes", "words": ["netvibes"], "not": ["netvibes.fr"]}]],
    )


ANY: Final = "*"
"""Stands for an index or a name in the paths of `MAPS`."""

MAPS: Final[Mapping[tuple[str, ...], type[Part]]] = {
    (): FeedsFile,
    ("me",): MePart,
    ("settings",): SettingsPart,
    ("settings", "office_hours"): OfficeHoursPart,
    ("sources", ANY): SourcePart,
    ("sources", ANY, "retired"): RetiredPart,
    ("pages", ANY): PagePart,
    ("pages", ANY, "sources", ANY): SourcePart,
    ("pages", ANY, "sources", ANY, "retired"): RetiredPart,
    ("bridges", ANY): BridgePart,
    ("watches", ANY): WatchPart,
}
