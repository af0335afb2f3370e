"""Private addresses are not reached, however they are spelled, named or arrived at."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from aggregator.errors import FetchError
from aggregator.ingest import guard as guard_module
from aggregator.ingest.fetch import FetchRequest
from aggregator.ingest.guard import AddressGuard, is_public
from tests.fetching import FEED, Fetchers, refused
from tests.scripted_server import Answer, ScriptedServer

PUBLIC = ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "2a00::1%eth0"]
PRIVATE = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1"),  # noqa: S104 - to be refused, not bound to
    *("100.64.0.1", "127.0.0.1", "127.8.8.8"),
    *("169.254.169.254", "172.16.0.1", "192.0.0.8", "192.0.0.9", "192.0.2.1", "192.88.99.1"),
    *("192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "233.252.0.1"),
    *("240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::1%lo", "::7f00:1", "::1.1.1.1", "::ffff:127.0.0.1", "::ffff:a00:1"),
    *("64:ff9b::7f00:1", "64:ff9b::101:101", "64:ff9b:1::1", "100::1", "2001::1", "2001:20::1"),
    *("2001:db8::1", "2002:7f00:1::1", "2002:101:101::1", "3fff::1", "5f00::1", "fc00::1"),
    *("fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1"),
    *("", "localhost", "no address"),
]


class Names(AbstractResolver):
    """Leads every name to the next of some addresses, and to the last for ever."""

    def __init__(self, *addresses: str) -> None:
        self._addresses: Iterator[str] = iter(addresses)
        self._last = addresses[-1]

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        await asyncio.sleep(0)
        address = next(self._addresses, self._last)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else family or socket.AF_INET,
                proto=0,
                flags=0,
            )
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
def home(scripted_server: ScriptedServer) -> ScriptedServer:
    """Give a server that has a feed at /feed."""
    scripted_server.answer("/feed", Answer(body=FEED))
    return scripted_server


def port_of(server: ScriptedServer) -> str:
    return server.address.rpartition(":")[2]


# the rule


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_open_to_all(address: str) -> None:
    assert is_public(address)
    assert AddressGuard().is_allowed(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_all_other_addresses_are_closed(address: str) -> None:
    assert not is_public(address)
    assert not AddressGuard().is_allowed(address)


def test_an_opened_network_opens_its_addresses_alone() -> None:
    guard = AddressGuard(["10.1.0.0/16", "192.168.1.7", "fd00::/8", "[::1]"])
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "192.168.1.7", "fd12::1%eth0", "::1"):
        assert guard.is_allowed(address)
        assert guard.opens(address)
    for address in ("10.2.0.1", "192.168.1.8", "fe80::1", "127.0.0.1", "64:ff9b::a01:203"):
        assert not guard.is_allowed(address)
        assert not guard.opens(address)


def test_an_opened_name_is_ones_own_but_opens_no_address() -> None:
    guard = AddressGuard(["NAS.home.", "10.0.0.0/8"])
    assert guard.opens("nas.home")
    assert not guard.opens("other.home")
    assert not guard.is_allowed("192.168.1.1")


# the gate


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.0.0.2", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1"),
        *("0177.0.0.1", "017700000001", "0", "localhost", "LOCALHOST.", "127.0.0.1."),
        "0.0.0.0",  # noqa: S104 - to be refused, not bound to
        *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "[::127.0.0.1]"),
        *("[::1%25lo]", "[::1%lo]", "①②⑦.⓪.⓪.①", "127。0。0。1", "%31%32%37.0.0.1"),
        *("cwm.example@127.0.0.1", "127.0.0.1\\@cwm.example", "cwm.example#@127.0.0.1"),
    ],
)
def test_no_spelling_of_this_machine_is_connected_to(
    host: str, home: ScriptedServer, make_fetcher: Fetchers
) -> None:
    error = refused(make_fetcher(allow_private=()), f"http://{host}:{port_of(home)}/feed")
    assert error.code in {"address-refused", "bad-address", "dns-failed"}
    assert (home.connections, home.asked) == (0, [])


def test_the_refusal_names_the_host_its_address_and_the_setting(
    home: ScriptedServer, make_fetcher: Fetchers
) -> None:
    fetcher = make_fetcher(allow_private=(), resolver=Names("10.0.0.7"))
    error = refused(fetcher, f"http://nas.home:{port_of(home)}/feed")
    assert error.code == "address-refused"
    assert error.params == {"host": "nas.home", "address": "10.0.0.7"}


def test_a_name_that_leads_elsewhere_the_second_time_is_refused_then(
    home: ScriptedServer, make_fetcher: Fetchers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard_module, "is_public", "127.0.0.1".__eq__)
    url = f"http://rebinding.example:{port_of(home)}/feed"
    names = Names("127.0.0.1", "127.0.0.2")
    first = make_fetcher(allow_private=(), resolver=names)
    second = make_fetcher(allow_private=(), resolver=names)
    assert first.fetch(FetchRequest(url=url)).body == FEED
    error = refused(second, url)
    assert (error.code, error.params["address"]) == ("address-refused", "127.0.0.2")
    assert home.connections == 1


def test_an_opened_name_may_lead_to_a_private_address_and_no_other_name_may(
    home: ScriptedServer, make_fetcher: Fetchers
) -> None:
    fetcher = make_fetcher(allow_private=["nas.home"], resolver=Names("127.0.0.1"))
    port = port_of(home)
    assert fetcher.fetch(FetchRequest(url=f"http://NAS.home:{port}/feed")).body == FEED
    assert refused(fetcher, f"http://evil.example:{port}/feed").code == "address-refused"
    assert refused(fetcher, f"http://127.0.0.1:{port}/feed").code == "address-refused"
    assert home.connections == 1


def test_a_name_that_leads_into_an_opened_network_is_ones_own_from_then_on(
    home: ScriptedServer, make_fetcher: Fetchers
) -> None:
    guard = AddressGuard(["127.0.0.0/8"])
    fetcher = make_fetcher(guard=guard, resolver=Names("127.0.0.1"))
    assert not guard.opens("nas.home")
    fetcher.fetch(FetchRequest(url=f"http://nas.home:{port_of(home)}/feed"))
    assert guard.opens("nas.home")


def test_an_address_that_is_refused_does_not_shut_out_the_others(
    home: ScriptedServer, make_fetcher: Fetchers
) -> None:
    class Both(Names):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            [first] = await super().resolve(host, port, family)
            [second] = await super().resolve(host, port, family)
            return [first, second]

    fetcher = make_fetcher(resolver=Both("10.0.0.1", "127.0.0.1"))
    fetched = fetcher.fetch(FetchRequest(url=f"http://both.example:{port_of(home)}/feed"))
    assert fetched.body == FEED


# by a redirect


@pytest.fixture
def public_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    """Run a server on 127.0.0.2, which is taken for public as long as the test lasts."""
    monkeypatch.setattr(guard_module, "is_public", "127.0.0.2".__eq__)
    with ScriptedServer().running("127.0.0.2") as server:
        yield server


@pytest.mark.parametrize("allow_private", [(), ("127.0.0.1",), ("127.0.0.0/31", "localhost")])
def test_a_public_host_cannot_lead_to_a_private_one_opened_or_not(
    allow_private: tuple[str, ...],
    public_server: ScriptedServer,
    home: ScriptedServer,
    make_fetcher: Fetchers,
) -> None:
    fetcher = make_fetcher(allow_private=allow_private, host_delay=0)
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]"):
        location = f"http://{host}:{port_of(home)}/feed"
        there = Answer(status=302, headers=(("Location", location),))
        error = refused(fetcher, public_server.answer("/moved", there))
        assert (error.code, error.params) == ("redirect-refused", {"url": location})
    assert home.connections == 0


def test_a_public_host_cannot_lead_to_a_private_one_through_a_kept_connection(
    public_server: ScriptedServer, home: ScriptedServer, make_fetcher: Fetchers
) -> None:
    fetcher = make_fetcher(allow_private=["127.0.0.1"], host_concurrency=1)
    there = Answer(status=302, headers=(("Location", home.url("/feed")),))
    requests = [home.url("/feed")] * 3 + [public_server.answer("/moved", there)]
    futures = [fetcher.submit(FetchRequest(url=url)) for url in requests]
    assert [future.result(timeout=10).body for future in futures[:3]] == [FEED] * 3
    with pytest.raises(FetchError, match="redirect-refused"):
        futures[3].result(timeout=10)
    assert len(home.asked) == 3


def test_ones_own_host_may_lead_to_another_of_ones_own_and_to_a_public_one(
    public_server: ScriptedServer, home: ScriptedServer, make_fetcher: Fetchers
) -> None:
    fetcher = make_fetcher(allow_private=["127.0.0.1"])
    public_server.answer("/feed", Answer(body=FEED))
    for there in (home.url("/feed"), public_server.url("/feed")):
        url = home.answer("/moved", Answer(status=302, headers=(("Location", there),)))
        assert fetcher.fetch(FetchRequest(url=url)).url == there


def test_the_way_back_inside_stays_shut(
    public_server: ScriptedServer, home: ScriptedServer, make_fetcher: Fetchers
) -> None:
    out = Answer(status=302, headers=(("Location", public_server.url("/back")),))
    back = Answer(status=302, headers=(("Location", home.url("/feed")),))
    public_server.answer("/back", back)
    fetcher = make_fetcher(allow_private=["127.0.0.1"])
    assert refused(fetcher, home.answer("/out", out)).code == "redirect-refused"
    assert home.paths == ["/out"]


# by a link in a document


@pytest.mark.parametrize("allow_private", [(), ("127.0.0.1",), ("127.0.0.0/31", "localhost")])
def test_a_document_of_a_public_host_cannot_lead_to_a_private_one_opened_or_not(
    allow_private: tuple[str, ...],
    public_server: ScriptedServer,
    home: ScriptedServer,
    make_fetcher: Fetchers,
) -> None:
    fetcher = make_fetcher(allow_private=allow_private)
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]"):
        url = f"http://{host}:{port_of(home)}/feed"
        error = refused(fetcher, FetchRequest(url=url, found_at=public_server.url("/")))
        assert (error.code, error.params) == ("redirect-refused", {"url": url})
    assert home.connections == 0


def test_a_document_of_ones_own_host_may_lead_to_another_of_ones_own(
    public_server: ScriptedServer, home: ScriptedServer, make_fetcher: Fetchers
) -> None:
    port, feed = port_of(home), home.url("/feed")
    public_server.answer("/feed", Answer(body=FEED))
    for opened in (["127.0.0.1", "nas.home"], ["127.0.0.1"]):
        fetcher = make_fetcher(allow_private=opened, resolver=Names("127.0.0.1"), host_delay=0)
        for url in (feed, f"http://nas.home:{port}/feed", public_server.url("/feed")):
            request = FetchRequest(url=url, found_at=f"http://nas.home:{port}/")
            assert fetcher.fetch(request).body == FEED


def test_a_name_that_is_unknown_opens_nothing_by_its_links(
    home: ScriptedServer, make_fetcher: Fetchers
) -> None:
    class Nobody(Names):
        async def resolve(
            self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
        ) -> list[ResolveResult]:
            await asyncio.sleep(0)
            raise OSError(f"{host}, {port}, {family}: not known")

    fetcher = make_fetcher(resolver=Nobody("127.0.0.1"))
    request = FetchRequest(url=home.url("/feed"), found_at="http://gone.example/")
    assert refused(fetcher, request).code == "redirect-refused"
    assert home.connections == 0
