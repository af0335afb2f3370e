import gc
import hashlib
import json
import re
from pathlib import Path

from flask.testing import FlaskClient

from aggregator.resources import packaged

STATIC = packaged("web/static")


def test_a_file_named_by_its_content_is_kept_for_long(client: FlaskClient) -> None:
    page = client.get("/").text
    for address in re.findall(r'(?:href|src)="(/static/[^"]+\?v=\w+)"', page):
        with client.get(address) as answer:
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_without_its_version_is_kept_for_an_hour(client: FlaskClient) -> None:
    with client.get("/static/css/veille.css") as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_an_answer_without_a_body_leaves_no_file_open(client: FlaskClient) -> None:
    path = "/static/css/veille.css"
    with client.get(path) as whole:
        etag = whole.headers["ETag"]
    # one that stays open fails this test by the warning that Python gives of it
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert client.head(path).status_code == 200
    gc.collect()


def test_what_is_vendored_is_what_was_published() -> None:
    vendored = json.loads((STATIC / "vendor/VENDOR.json").read_text())
    for piece in vendored:
        content = (STATIC / "vendor" / piece["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == piece["sha256"], piece["name"]
        assert (STATIC / "vendor" / piece["licence_file"]).exists()
    named = {piece["file"] for piece in vendored} | {piece["licence_file"] for piece in vendored}
    folder = STATIC / "vendor"
    stored = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert stored - named == {"VENDOR.json"}


def test_each_icon_in_use_is_in_the_sprite_and_no_other(project: Path) -> None:
    sprite = set(
        re.findall(r'symbol id="([\w-]+)"', (STATIC / "vendor/lucide/sprite.svg").read_text())
    )
    folders = (project / "templates").rglob("*.html"), (project / "aggregator/web").rglob("*.py")
    sources = "\n".join(path.read_text() for folder in folders for path in folder)
    used = set(re.findall(r'(?<=")[a-z0-9-]+(?=")', sources)) & sprite
    called = set(re.findall(r'icon\("([\w-]+)"', sources))
    assert called <= sprite
    assert sprite == used
