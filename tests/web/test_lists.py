from flask.testing import FlaskClient


def test_the_list_is_handed_out_as_a_dated_file(client: FlaskClient) -> None:
    answer = client.get("/subscriptions.opml")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=veille-2026-11-25.opml"
    assert 'xmlUrl="https://cwm.example.org/rss"' in answer.text


def test_the_list_is_a_link_away(client: FlaskClient) -> None:
    assert 'href="/subscriptions.opml"' in client.get("/").text
