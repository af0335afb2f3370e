"""A source as feeds.yaml describes it, and what all maps of the file have in common."""

from typing import Annotated, Any, Self

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
    Parameter,
    Text,
    Truth,
    refuse,
)


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
        description="How often to look, never under the floor (15 minutes) and never more "
        "often than the site wishes; if absent, once an hour, and less often where nothing "
        "is new for a month.",
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
