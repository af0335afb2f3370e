"""Compressed bodies are undone whole, or refused, and no bomb goes off."""

import gzip
import time
import tracemalloc
import zlib

import brotli
import pytest

from aggregator.errors import FetchError
from aggregator.ingest.decompress import STEP, Body
from aggregator.ingest.fetch import Fetcher, FetchRequest
from tests.fetching import refused
from tests.scripted_server import Answer, ScriptedServer

TEXT = b"".join(b"<item>%d %d</item>" % (n, n * n * n) for n in range(20_000))
MOST = 10_000_000


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


PACKED = {
    "": TEXT,
    "identity": TEXT,
    "gzip": gzip.compress(TEXT),
    "X-GZIP": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    " Deflate ": raw_deflate(TEXT),
    "br": brotli.compress(TEXT, quality=4),
}


def undone(encoding: str, data: bytes, *, step: int = 100_000, most: int = MOST) -> bytes:
    body = Body(encoding, max_bytes=most)
    for at in range(0, len(data), step):
        body.take(data[at : at + step])
    return body.whole()


@pytest.mark.parametrize("step", [1, 999, 10**7])
@pytest.mark.parametrize("encoding", PACKED)
def test_each_announced_compression_is_undone_however_it_is_cut(encoding: str, step: int) -> None:
    assert undone(encoding, PACKED[encoding], step=step) == TEXT


@pytest.mark.parametrize("size", [STEP - 1, STEP, STEP + 1, 2 * STEP])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_nothing_is_held_back_at_the_end_of_a_step(encoding: str, size: int) -> None:
    packers = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}
    plain = b"a" * size
    assert undone(encoding, packers[encoding](plain)) == plain


def test_a_gzip_in_several_parts_is_one_body_and_what_follows_is_ignored() -> None:
    parts = gzip.compress(b"<rss>") + gzip.compress(b"</rss>")
    assert undone("gzip", parts) == b"<rss></rss>"
    assert undone("gzip", parts + b"\x00\x00junk", step=1) == b"<rss></rss>"


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("gzip", b"<rss/>"),
        ("deflate", b"\x78\x9c<rss/>"),
        ("br", b"<rss>no brotli at all</rss>"),
        *((name, PACKED[name][:-20]) for name in ("gzip", "deflate", "br")),
        ("zstd", b"x"),
        ("gzip, gzip", b"x"),
    ],
)
def test_what_cannot_be_undone_is_refused(encoding: str, data: bytes) -> None:
    with pytest.raises(FetchError) as caught:
        undone(encoding, data)
    assert caught.value.code == "bad-encoding"
    assert caught.value.http_status == 200


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_a_body_without_a_byte_is_empty(encoding: str) -> None:
    with pytest.raises(FetchError, match="empty"):
        undone(encoding, b"")


def test_a_compressed_nothing_is_empty() -> None:
    with pytest.raises(FetchError, match="empty"):
        undone("gzip", gzip.compress(b""))


def bomb(encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(bytes(100_000_000), quality=5))
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    return pack(bytes(100_000_000))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_bomb_is_refused_before_it_fills_the_memory(encoding: str) -> None:
    packed = bomb(encoding)
    assert len(packed) < 200_000
    body = Body(encoding, max_bytes=MOST)
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="too-large"):
            body.take(packed)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 2 * MOST


def test_a_gzip_of_endless_empty_parts_is_refused_soon() -> None:
    began = time.process_time()
    with pytest.raises(FetchError, match="bad-encoding"):
        undone("gzip", gzip.compress(b"") * 100_000)
    assert time.process_time() - began < 1


def test_a_compressed_feed_arrives_undone_and_counts_as_it_came(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    for encoding, packed in PACKED.items():
        answer = Answer(headers=(("Content-Encoding", encoding),), body=packed)
        fetched = fetcher.fetch(FetchRequest(url=scripted_server.answer("/feed", answer)))
        assert (fetched.body, fetched.bytes_received) == (TEXT, len(packed))


def test_a_bomb_from_a_server_ends_in_that_fault(
    fetcher: Fetcher, scripted_server: ScriptedServer
) -> None:
    answer = Answer(headers=(("Content-Encoding", "gzip"),), body=bomb("gzip"))
    error = refused(fetcher, scripted_server.answer("/feed", answer))
    assert (error.code, error.params) == ("too-large", {"megabytes": 10})
