"""Settings: read from the environment, refused in a sentence that names the variable."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import InvalidInputError
from aggregator.settings import Settings, duration, read_settings

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("VEILLE_"):
            monkeypatch.delenv(name)


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.language) == ("127.0.0.1", 8000, None)
    assert settings.floor == timedelta(minutes=15)
    assert settings.manual_floor == timedelta(minutes=5)
    assert settings.allow_private == ()
    assert not settings.is_reachable


def test_what_is_set_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEILLE_PORT", "9000")
    monkeypatch.setenv("VEILLE_FLOOR", "20s")
    monkeypatch.setenv("VEILLE_ALLOW_PRIVATE", " 127.0.0.1, 10.0.0.0/8 ,blog.lan,")
    settings = read_settings()
    assert (settings.port, settings.floor) == (9000, timedelta(seconds=20))
    assert settings.allow_private == ("127.0.0.1", "10.0.0.0/8", "blog.lan")


def test_an_option_goes_before_its_variable_and_nothing_given_is_nothing_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VEILLE_PORT", "9000")
    assert read_settings(port=7000).port == 7000
    assert read_settings(port=None).port == 9000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VEILLE_PORT", "abc"),
        ("VEILLE_PORT", "-1"),
        ("VEILLE_FLOOR", "15"),
        ("VEILLE_FLOOR", "1 week"),
        ("VEILLE_FLOOR", "0s"),
        ("VEILLE_FLOOR", "99999999999999999999d"),
        ("VEILLE_TICK", "0s"),
        ("VEILLE_KEEP", "29d"),
        ("VEILLE_KEEP", "a year"),
        ("VEILLE_METRICS_TOKEN", "too-short"),
        ("VEILLE_METRICS_TOKEN", "long enough, but with spaces"),
        ("VEILLE_FETCH_TIMEOUT", "0m"),
        ("VEILLE_PARSE_TIMEOUT", "-5s"),
        ("VEILLE_PARSERS", "0"),
        ("VEILLE_CONCURRENCY", "0"),
        ("VEILLE_HOST_CONCURRENCY", "0"),
        ("VEILLE_HOST_DELAY", "-1"),
        ("VEILLE_HOST_DELAY", "nan"),
        ("VEILLE_ALLOW_PRIVATE", "10.0.0.0/99"),
        ("VEILLE_LANGUAGE", "de"),
        ("VEILLE_LOG", "xml"),
        ("VEILLE_LOG_LEVEL", "loud"),
        ("VEILLE_CONTACT", ""),
        ("VEILLE_CONTACT", "moi@cwm.example\r\nCookie: a"),
        ("VEILLE_CONTACT", "écrivez-moi"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidInputError) as refused:
        read_settings()
    sentence = str(refused.value)
    assert sentence.startswith(f"{name} cannot be used as it is set: ")
    assert "\n" not in sentence
    assert "timedelta" not in sentence


@given(number=st.integers(0, 99_999), unit=st.sampled_from(sorted(UNITS)))
def test_every_duration_is_read_as_it_is_written(number: int, unit: str) -> None:
    assert duration(f"{number}{unit}") == timedelta(**{UNITS[unit]: number})


@given(text=st.text(max_size=12))
def test_no_text_breaks_the_reading_of_a_duration(text: str) -> None:
    try:
        read = duration(text)
    except ValueError as error:
        assert str(error) == "a duration is written 20s, 15m, 1h or 2d"  # noqa: PT017 - either
    else:
        assert isinstance(read, timedelta)


def test_feeds_yaml_is_the_one_named_else_here_else_with_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, data = tmp_path / "here", tmp_path / "data"
    here.mkdir()
    monkeypatch.chdir(here)
    assert read_settings(data=data).feeds_path == data / "feeds.yaml"
    (here / "feeds.yaml").touch()
    assert read_settings(data=data).feeds_path == here / "feeds.yaml"
    assert read_settings(data=data, feeds="list.yaml").feeds_path == here / "list.yaml"


def test_the_database_is_the_one_named_else_with_the_data(tmp_path: Path) -> None:
    assert read_settings(data=tmp_path).database == f"sqlite:///{tmp_path / 'veille.db'}"
    assert read_settings(database_url="sqlite:////x.db").database == "sqlite:////x.db"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "cwm.example"])  # noqa: S104 - told
def test_an_address_that_others_can_reach_is_known_as_one(host: str) -> None:
    assert Settings(host=host).is_reachable


def test_a_public_address_or_a_proxy_means_others() -> None:
    assert Settings(public_url="https://example.org").is_reachable
    assert Settings(trusted_proxies=1).is_reachable
    assert not Settings(host="::1").is_reachable


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://Example.org/", "https://example.org"),
        ("https://example.org:8443/veille/", "https://example.org:8443/veille"),
        ("http://192.168.1.7:8000", "http://192.168.1.7:8000"),
        ("https://[2001:db8::1]/a/b-c", "https://[2001:db8::1]/a/b-c"),
    ],
)
def test_a_public_address_is_kept_without_its_last_slash(written: str, read: str) -> None:
    assert read_settings(public_url=written).public_url == read


@pytest.mark.parametrize(
    "written",
    [
        "example.org",
        "ftp://example.org",
        "https://",
        "https://example.org:port/",
        "https://a:b@example.org/",
        "https://example.org/?a",
        "https://example.org//evil",
        "https://example.org/a b",
    ],
)
def test_a_public_address_that_is_none_is_refused_by_name(written: str) -> None:
    with pytest.raises(InvalidInputError, match="VEILLE_PUBLIC_URL cannot be used"):
        read_settings(public_url=written)


def test_the_names_that_are_answered_are_known() -> None:
    own = ("127.0.0.1", "localhost", "::1")
    assert Settings().known_hosts == own
    assert Settings(host="0.0.0.0").known_hosts == own  # noqa: S104 - told apart, not bound
    settings = Settings(
        host="192.168.1.7", public_url="https://example.org/veille", trusted_hosts=("nas.lan",)
    )
    assert settings.known_hosts == (*own, "192.168.1.7", "example.org", "nas.lan")
    assert settings.prefix == "/veille"


def test_a_token_is_in_no_text_that_settings_make(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VEILLE_METRICS_TOKEN", "0123456789abcdef")
    settings = read_settings()
    assert "0123456789abcdef" not in f"{settings!r}{settings}{settings.model_dump()}"
