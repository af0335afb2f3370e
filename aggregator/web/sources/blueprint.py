"""The blueprint that the list, the pages and the acts of sources have in common."""

from typing import Final

from flask import Blueprint

screens: Final = Blueprint("sources", __name__)
