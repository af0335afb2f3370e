"""A process that reads documents, one after the other, until its pipe is closed.

`python -m aggregator.ingest.parser_worker MAX_MEMORY_BYTES DEADLINE_S`
"""

import contextlib
import os
import resource
import signal
import sys
import traceback
from typing import BinaryIO, Final

from aggregator.domain.conversations.comments import CommentsDocument
from aggregator.domain.items import FeedDocument, WebPage
from aggregator.errors import ParseError
from aggregator.ingest.comments.reading import read_comments
from aggregator.ingest.frames import READY, ParseJob, read_frame, write_frame
from aggregator.ingest.parse import parse

_GRACE_S: Final = 5.0
"""An orphan that hangs ends itself this long after its parent would have ended it."""


def main() -> None:
    """Serve the pipes that this process was started with."""
    max_memory_bytes, deadline_s = int(sys.argv[1]), float(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes the pipe
    _limit_memory(max_memory_bytes)
    # whatever prints must not break the frames
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(EOFError, BrokenPipeError):
        _serve(sys.stdin.buffer, answers, deadline_s)


def _serve(jobs: BinaryIO, answers: BinaryIO, deadline_s: float) -> None:
    write_frame(answers, READY)
    while True:
        job: ParseJob = read_frame(jobs)
        signal.setitimer(signal.ITIMER_REAL, deadline_s + _GRACE_S)
        answer = _read(job)
        signal.setitimer(signal.ITIMER_REAL, 0)
        write_frame(answers, answer)


def _read(job: ParseJob) -> FeedDocument | WebPage | CommentsDocument | ParseError | str:
    """Read a document; what goes wrong is an answer too, a traceback if it was not foreseen."""
    try:
        body, url, content_type, now = job.body, job.url, job.content_type, job.now
        if job.expects == "comments":
            return read_comments(body, url=url, content_type=content_type, now=now)
        return parse(body, url=url, content_type=content_type, now=now, last=job.last)
    except ParseError as error:
        return error
    except MemoryError:
        return ParseError("parse-memory")
    except Exception:  # noqa: BLE001 - the edge of a job: the parent logs it, the next one is read
        return traceback.format_exc()


def _limit_memory(most_bytes: int) -> None:
    """Let greed end in MemoryError, where the system knows such a limit (macOS does not)."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


if __name__ == "__main__":
    main()
