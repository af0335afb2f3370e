"""`/healthz`: whether all is alive that should be, for supervisors and load balancers."""

from flask import Blueprint, Response, jsonify

from aggregator.services import vitals
from aggregator.services.context import Context


def health_door(context: Context, *, polls: bool) -> Blueprint:
    """Make the door; `polls` tells whether this server has a poller to miss."""
    door = Blueprint("health", __name__)
    serving_since = context.clock()

    @door.get("/healthz")
    def tell() -> Response:
        """Answer 200 when well, else 503; nothing of what is followed or stored is told."""
        found = vitals.look(context, polls=polls, serving_since=serving_since)
        answer = jsonify(
            ok=found.ok,
            poller=found.poller.value,
            poller_beat_age_s=found.beat_age_s,
            database="ok" if found.database_ok else "unusable",
        )
        answer.status_code = 200 if found.ok else 503
        return answer

    return door
