"""Pictures and sounds of the sample web, drawn and played here: nobody else's work."""

import io
import math
import random
import wave
import zlib
from typing import Final

_RATE_HZ: Final = 8000
_NOTE_S: Final = 0.3
_SCALE_HZ: Final = (262, 294, 330, 392, 440, 523)
_NOTES: Final = 6
_WAV_HEADER_BYTES: Final = 44
SOUND_BYTES: Final = _WAV_HEADER_BYTES + _NOTES * round(_RATE_HZ * _NOTE_S)


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
