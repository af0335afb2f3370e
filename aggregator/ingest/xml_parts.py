"""What expat calls things, and what stands in XHTML, taken apart."""


def inner(pieces: list[str]) -> list[str]:
    """Take off the one <div> around all (RFC 4287 §3.1.1.3)."""
    while len(pieces) > 1 and not pieces[-1].strip():
        del pieces[-1]
    while len(pieces) > 1 and not pieces[0].strip():
        del pieces[0]
    if not pieces or not pieces[0].startswith(("<div>", "<div ")) or pieces[-1] != "</div>":
        return pieces
    depth = 0
    for piece in pieces[:-1]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                return pieces
        elif piece.startswith("<") and not piece.endswith("/>"):
            depth += 1
    return pieces[1:-1]


def parts_of(name: str) -> tuple[str, str, str]:
    """Take a name apart: namespace, local name, prefix; empty where there is none."""
    parts = name.split()
    if len(parts) == 1:
        return "", name, ""
    return parts[0], parts[1], parts[2] if len(parts) == 3 else ""
