"""Errors cross from one process to another."""

import pickle

import pytest

from aggregator.errors import FetchError, ParseError, SourceError


@pytest.mark.parametrize(
    "error",
    [
        ParseError("empty"),
        ParseError("parse-timeout", seconds=20),
        FetchError("http-error", http_status=503, retry_after_s=60, bytes_received=3, status=503),
    ],
)
def test_an_error_of_a_source_crosses_whole(error: SourceError) -> None:
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(copy) is type(error)
    assert vars(copy) == vars(error)
    assert str(copy) == str(error)
