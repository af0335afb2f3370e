"""Pictures and sounds of the sample web, drawn and played here: nobody else's work."""

import colorsys
import io
import math
import random
import struct
import wave
import zlib
from collections.abc import Callable
from typing import Final

_RATE_HZ: Final = 8000
_NOTE_S: Final = 0.3
_SCALE_HZ: Final = (262, 294, 330, 392, 440, 523)
_NOTES: Final = 6
_ICON_PX: Final = 32
_WAV_HEADER_BYTES: Final = 44
SOUND_BYTES: Final = _WAV_HEADER_BYTES + _NOTES * round(_RATE_HZ * _NOTE_S)

Figure = Callable[[float, float], bool]
"""Tells whether a place, from -1 to 1 across and down, belongs to a figure."""


def picture(name: str) -> str:
    """Draw a landscape in SVG; the same name always gives the same one."""
    chance = _chance(name)
    hue = chance.randrange(360)
    sky = f'<rect width="640" height="360" fill="hsl({hue} 55% 86%)"/>'
    sun = (
        f'<circle cx="{chance.randrange(80, 560)}" cy="{chance.randrange(60, 150)}" '
        f'r="{chance.randrange(24, 48)}" fill="hsl({chance.randrange(15, 50)} 90% 66%)"/>'
    )
    hills = "".join(_hill(chance, hue, depth) for depth in range(3))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 360" width="640" height="360">'
        f"{sky}{sun}{hills}</svg>"
    )


def _hill(chance: random.Random, hue: int, depth: int) -> str:
    top = 170 + 55 * depth
    points = [f"{x},{top + chance.randrange(-34, 34)}" for x in range(0, 641, 80)]
    colour = f"hsl({(hue + 15 * depth) % 360} 42% {62 - 16 * depth}%)"
    return f'<polygon points="0,360 {" ".join(points)} 640,360" fill="{colour}"/>'


def icon(name: str) -> bytes:
    """Draw the icon of a site as a PNG; each name has a colour and a figure of its own."""
    chance = _chance(name)
    ground = _rgb(chance.random(), 0.36)
    figure = chance.choice((_disc, _ring, _hills, _lens))
    rows = b"".join(
        b"\0" + b"".join(_pixel(figure, ground, x, y) for x in range(_ICON_PX))
        for y in range(_ICON_PX)
    )
    head = struct.pack(">IIBBBBB", _ICON_PX, _ICON_PX, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def _rgb(hue: float, lightness: float) -> bytes:
    return bytes(round(255 * part) for part in colorsys.hls_to_rgb(hue, lightness, 0.6))


def _pixel(figure: Figure, ground: bytes, x: int, y: int) -> bytes:
    """Colour a pixel by four looks into it, so that edges are soft."""
    looks = [
        ((x + part_x) / _ICON_PX * 2 - 1, (y + part_y) / _ICON_PX * 2 - 1)
        for part_x in (0.25, 0.75)
        for part_y in (0.25, 0.75)
    ]
    white = sum(figure(*look) for look in looks) / 4
    opaque = sum(abs(across) ** 6 + abs(down) ** 6 < 1 for across, down in looks) / 4
    mixed = bytes(round(part + (255 - part) * white) for part in ground)
    return mixed + bytes([round(255 * opaque)])


def _disc(across: float, down: float) -> bool:
    return across**2 + down**2 < 0.22


def _ring(across: float, down: float) -> bool:
    return 0.16 < across**2 + down**2 < 0.4


def _hills(across: float, down: float) -> bool:
    return down > 0.25 * math.sin(4 * across) + 0.1 and abs(across) < 0.7 and down < 0.6


def _lens(across: float, down: float) -> bool:
    return abs(across) + abs(down) < 0.55


def sound(name: str) -> bytes:
    """Play six notes into a WAV file of `SOUND_BYTES`; the same name gives the same tune."""
    chance = _chance(name)
    samples = b"".join(_note(chance.choice(_SCALE_HZ)) for _ in range(_NOTES))
    file = io.BytesIO()
    with wave.open(file, "wb") as tune:
        tune.setnchannels(1)
        tune.setsampwidth(1)
        tune.setframerate(_RATE_HZ)
        tune.writeframes(samples)
    return file.getvalue()


def _note(pitch_hz: int) -> bytes:
    length = round(_RATE_HZ * _NOTE_S)
    turn = 2 * math.pi * pitch_hz / _RATE_HZ
    return bytes(
        round(128 + 70 * (1 - place / length) * math.sin(turn * place)) for place in range(length)
    )


def _chance(name: str) -> random.Random:
    return random.Random(zlib.crc32(name.encode()))  # noqa: S311 - for drawing, not for secrets
