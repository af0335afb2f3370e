"""All machine doors, opened beside the screens of the dashboard."""

from flask import Flask

from aggregator.api.health import health_door
from aggregator.api.metrics import metrics_door
from aggregator.services.context import Context


def open_doors(app: Flask, context: Context, *, polls: bool) -> None:
    """Add the doors to an application whose gate keeps them as it keeps the screens."""
    app.register_blueprint(health_door(context, polls=polls))
    app.register_blueprint(metrics_door(context))
