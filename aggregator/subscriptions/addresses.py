"""Web addresses as feeds.yaml writes them: which may stand there, and which are the same."""

import re
from typing import Final
from urllib.parse import urlsplit

_USER_INFO: Final = re.compile(r"^(https?://)[^/?#]*@", re.IGNORECASE)
_PORTS: Final = {"http": 80, "https": 443}
SECRET_ONLY: Final = re.compile(r"\$\{[A-Z0-9_]+\}\S*")
"""An address that is altogether, or at its beginning, a `${NAME}`."""


def shown_address(written: str) -> str:
    """Take the user info and the fragment from an address; nothing else is changed."""
    return _USER_INFO.sub(r"\1", written.strip()).split("#", 1)[0]


def compared_address(written: str) -> str:
    """Bring an address to the form in which two spellings of the same one are equal.

    Case of scheme and host, the port that goes without saying, the slash of an empty path,
    user info and fragment make no difference (RFC 3986 §6.2.2 and §6.2.3).
    """
    shown = shown_address(written)
    try:
        parts = urlsplit(shown)
        port = parts.port
    except ValueError:
        return shown
    if not parts.hostname or "${" in parts.netloc:
        return shown
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port is not None and port != _PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{host}{parts.path or '/'}{query}"


def like_address(written: str) -> str:
    """Bring an address to the form in which those are equal that most likely lead to the same.

    Beyond `compared_address`: http or https, with www or without, a slash at the end or none.
    """
    scheme, separator, rest = compared_address(written).partition("://")
    if scheme not in _PORTS:
        return f"{scheme}{separator}{rest}"
    path, mark, query = rest.removeprefix("www.").partition("?")
    return f"//{path.rstrip('/')}{mark}{query}"


def can_be_asked(written: str) -> bool:
    """Tell whether this is an http(s) address, or one that the environment will give."""
    if SECRET_ONLY.fullmatch(written):
        return True
    if re.search(r"\s", written) or not re.match(r"https?://", written, re.IGNORECASE):
        return False
    try:
        parts = urlsplit(written)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def likely_address(written: str) -> str | None:
    """Guess the address that somebody meant: without scheme, in curly quotes, as `feed:`."""
    text = written.strip().strip("“”„«»‘’\"'<>").strip()
    text = re.sub(r"^feed:(//)?(?=https?:)", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^(feed|ftp|htps?|htt?ps?|https?):?/{1,3}", _scheme, text, flags=re.IGNORECASE)
    text = re.sub(r"^//", "", text)
    if can_be_asked(text):
        return text
    if re.match(r"[\w-]+(\.[\w-]+)+([:/?#]\S*)?$", text) and can_be_asked(f"https://{text}"):
        return f"https://{text}"
    return None


def _scheme(found: re.Match[str]) -> str:
    return "http://" if found[1].lower() in {"http", "htp", "htt"} else "https://"
