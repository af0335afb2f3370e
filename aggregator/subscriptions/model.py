"""The full shape of feeds.yaml; the JSON Schema and the reference are made from it."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from aggregator.subscriptions.shape.values import (
    Address,
    Comments,
    Day,
    Duration,
    Email,
    Parameter,
    Text,
    TimeOfDay,
    Timezone,
    Truth,
    Version,
    refuse,
)
from aggregator.translations import Language

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Part(BaseModel):
    """A map of feeds.yaml: unknown keys are refused, a key left empty is as if absent."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        known = {field.alias or name for name, field in cls.model_fields.items()}
        return {key: it for key, it in value.items() if it is not None or key not in known}


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


class RetiredPart(Part):
    """A source that is no longer followed and is kept in the archive."""

    since: Day = Field(
        description="The day from which it is no longer followed.", examples=["2026-11-01"]
    )
    why: Text | None = Field(default=None, description="Why.", examples=["page fan fermée"])


class SourcePart(Part):
    """A source: a plain address, or these keys; it has either `url` or `bridge`."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["url"]}, {"required": ["bridge", "name"]}],
            "dependentRequired": {"params": ["bridge"]},
        }
    )

    name: Text | None = Field(
        default=None,
        description="The name shown; if absent, the title of the feed.",
        examples=["Le blog de CWM"],
    )
    url: Address | None = Field(
        default=None,
        description="Address of a feed, or of a site whose feed is then found.",
        examples=["https://cwm.over-blog.com/rss"],
    )
    mine: Truth = Field(
        default=False,
        description="Whether it is your own blog, whose comments are yours to answer.",
        examples=[True],
    )
    comments: Comments = Field(
        default="auto",
        description="Its comments: `auto`, `off`, or the address of a comment feed.",
        examples=["off"],
    )
    every: Duration | None = Field(
        default=None,
        description="How often to look, never under the floor (15 minutes); "
        "if absent, once an hour.",
        examples=["1h", "30m", "2d"],
    )
    page: Text | None = Field(
        default=None,
        description="The page it stands on; if absent, the first. "
        "A page that is not in `pages` is created.",
        examples=["Mon blog"],
    )
    tags: tuple[Text, ...] = Field(
        default=(), description="Words to find it by.", examples=[["blog", "local"]]
    )
    purpose: Text | None = Field(
        default=None, description="What you follow it for.", examples=["répondre"]
    )
    paused: Truth = Field(
        default=False, description="Whether it is left alone for now.", examples=[True]
    )
    retired: RetiredPart | None = Field(
        default=None,
        description="Since when, and why, it is no longer followed; it stays in the archive.",
        examples=[{"since": "2026-11-01", "why": "page fan fermée"}],
    )
    bridge: Text | None = Field(
        default=None,
        description="The name of a bridge, instead of `url`.",
        examples=["local"],
    )
    params: dict[str, Parameter] | None = Field(
        default=None,
        description="What the bridge is asked for.",
        examples=[{"bridge": "Mastodon", "canusername": "@Framasoft@framapiaf.org"}],
    )

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if self.url is None and self.bridge is None:
            raise refuse("no-address")
        if self.url is not None and self.bridge is not None:
            raise refuse("two-addresses")
        if self.bridge is not None and self.name is None:
            raise refuse("bridge-without-name")
        if self.params is not None and self.bridge is None:
            raise refuse("params-without-bridge")
        return self


def _from_plain(value: Any) -> Any:
    if value is None:
        raise refuse("nothing")
    return {"url": value} if isinstance(value, str) else value


class _PlainAddress:
    """Says in the schema that a source may be written as its address alone."""

    @staticmethod
    def __get_pydantic_json_schema__(
        core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        address = SourcePart.model_json_schema()["properties"]["url"]["anyOf"][0]
        return {"anyOf": [address, handler(core)]}


SourceItem = Annotated[SourcePart, BeforeValidator(_from_plain), _PlainAddress]


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
