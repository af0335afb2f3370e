"""`/metrics`: figures for Prometheus and its kin, read from the database."""

from flask import Blueprint, Response, request

from aggregator.api.exposition import page
from aggregator.services.context import Context
from aggregator.services.metrics import measure


def metrics_door(context: Context) -> Blueprint:
    """Make the door; who may pass it is decided by the gate of the dashboard."""
    door = Blueprint("metrics", __name__)

    @door.get("/metrics")
    def tell() -> Response:
        """Give all figures of this moment, in the format that is asked for."""
        body, media_type = page(measure(context), request.headers.get("Accept", ""))
        return Response(body, content_type=media_type)

    return door
