"""What one can do to comments; each act is one of the last ten, and can be undone."""

from enum import StrEnum


class CommentAct(StrEnum):
    """An act on comments; the values are stored."""

    SENT = "comment-sent"
    CLOSED = "comment-closed"
    WAITING = "comment-waiting"
    FILED = "comment-filed"
    SNOOZED = "comment-snoozed"
    ASSIGNED = "comment-assigned"
    LABELLED = "comment-labelled"
    UNLABELLED = "comment-unlabelled"
    NOTED = "comment-noted"
    HIDDEN = "comment-hidden"
    UNHIDDEN = "comment-unhidden"
    STARRED = "comment-starred"
    UNSTARRED = "comment-unstarred"
    PAIRED = "comment-paired"
