"""Lists to take away: the subscriptions as OPML."""

from io import BytesIO
from typing import Final

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from aggregator.services import exporting
from aggregator.web.current import context

screens: Final = Blueprint("lists", __name__)


@screens.get("/subscriptions.opml")
def opml() -> ResponseReturnValue:
    """Hand out the subscription list, named by the day."""
    made = exporting.opml(context())
    return send_file(
        BytesIO(made.content),
        mimetype="text/x-opml",
        as_attachment=True,
        download_name=made.name,
    )
