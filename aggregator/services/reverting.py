"""An edit of feeds.yaml taken back, where nobody has edited the file since."""

from aggregator.services import editing, following
from aggregator.services.context import Context
from aggregator.subscriptions.files import previous_of, write_atomically


def take_back(context: Context, *, before: str, after: str) -> bool:
    """Put back the text that an edit replaced, told by its digest and that of what came of it.

    False, and nothing is done, where one of them is there no more.

    Raises:
        InvalidInputError: feeds.yaml cannot be read or written.
    """
    path = context.settings.feeds_path
    kept = previous_of(path)
    with editing.lock(context):
        if not (path.exists() and kept.exists()):
            return False
        content = kept.read_bytes()
        if (editing.digest_of(content), editing.digest(context)) != (before, after):
            return False
        write_atomically(path, content, keep_previous=True)
        following.refresh(context)
    return True
