"""`veille serve` where others can reach it: nobody comes in without a password."""

import http.cookiejar
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.processes import Started, command, eventually, run, started, variables

pytestmark = pytest.mark.slow

PASSWORD = "trois mots simples"
AWAY = "127.0.0.2"
"""Another address than our own, of this machine all the same."""


class Visitor:
    """A browser of little means: it keeps cookies and says where its forms come from."""

    def __init__(self, address: str) -> None:
        self.address = address
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def __call__(self, path: str, **form: str) -> tuple[int, str]:
        asked = urllib.request.Request(  # noqa: S310 - our own address
            urllib.parse.urljoin(self.address, path),
            data=urllib.parse.urlencode(form).encode() if form else None,
            headers={
                "Accept": "text/html",
                "Accept-Language": "en",
                "Origin": self.address.rstrip("/"),
            },
        )
        try:
            with self._opener.open(asked, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def said(server: Started, pattern: str) -> re.Match[str]:
    def look() -> re.Match[str] | None:
        assert server.process.poll() is None, server.err.read_text("utf-8")
        return re.search(pattern, server.out.read_text("utf-8"))

    return eventually(look)


def address(server: Started) -> str:
    return said(server, r"http://\S+/(?= \()")[0]


def set_password(folder: Path, password: str) -> None:
    subprocess.run(
        command("user", "set-password", "--stdin"),
        cwd=folder,
        env=variables(folder),
        input=f"{password}\n".encode(),
        check=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("words", "surroundings"),
    [
        (("--host", AWAY), {}),
        (("--host", "::"), {}),
        ((), {"VEILLE_PUBLIC_URL": "https://example.org/veille"}),
    ],
)
def test_without_a_password_it_refuses_to_start(
    tmp_path: Path, words: tuple[str, ...], surroundings: Mapping[str, str]
) -> None:
    around = variables(tmp_path, **surroundings)
    refused = run("serve", "--port", "0", *words, folder=tmp_path, surroundings=around)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.count("\n") == 1
    assert "veille user set-password" in refused.stderr
    assert "veille serve --first-password" in refused.stderr


def test_with_a_password_it_serves_and_asks_for_it(tmp_path: Path) -> None:
    set_password(tmp_path, PASSWORD)
    words = ("serve", "--port", "0", "--no-poll", "--host", AWAY)
    with started(*words, folder=tmp_path) as server:
        visitor = Visitor(address(server))
        assert visitor.address.startswith(f"http://{AWAY}:")
        assert AWAY in said(server, "It answers to: .*")[0]
        assert 'type="password"' in visitor("sources")[1]
        assert visitor("sign-in", password="faux")[0] == 403
        assert visitor("sign-in", password=PASSWORD)[0] == 200
        assert 'action="/sign-out"' in visitor("sources")[1]
        set_password(tmp_path, "quatre mots encore simples")
        assert 'type="password"' in visitor("sources")[1]
        log = server.err.read_text("utf-8")
        assert "sign-in outcome=right" in log
        assert "sign-in outcome=wrong" in log
        assert PASSWORD not in log
        assert "faux" not in log
        assert "Traceback" not in log


def test_the_first_password_is_chosen_with_the_word_that_is_printed(tmp_path: Path) -> None:
    words = ("serve", "--port", "0", "--no-poll", "--host", AWAY, "--first-password")
    with started(*words, folder=tmp_path) as server:
        visitor = Visitor(address(server))
        word = said(server, r"/first-password with the word (\S+)")[1]
        assert 'name="word"' in visitor("sources")[1]
        form = {"password": PASSWORD, "again": PASSWORD}
        assert visitor("first-password", word="abcd-efgh", **form)[0] == 403
        assert visitor("first-password", word=word, **form)[0] == 200
        assert 'action="/sign-out"' in visitor("sources")[1]
        assert word not in server.err.read_text("utf-8")
    with started(*words, folder=tmp_path) as server:
        assert 'type="password"' in Visitor(address(server))("sources")[1]
        assert "with the word" not in server.out.read_text("utf-8")


def test_a_password_counts_on_this_machine_too(tmp_path: Path) -> None:
    set_password(tmp_path, PASSWORD)
    with started("serve", "--port", "0", "--no-poll", folder=tmp_path) as server:
        assert 'type="password"' in Visitor(address(server))("sources")[1]


def test_it_is_found_at_the_ipv6_address_of_this_machine(tmp_path: Path) -> None:
    with started("serve", "--port", "0", "--no-poll", "--host", "::1", folder=tmp_path) as server:
        assert address(server).startswith("http://[::1]:")
        assert Visitor(address(server))("sources")[0] == 200
