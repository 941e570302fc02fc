"""The colour profile that a PDF/A names as its output intent: sRGB as IEC 61966-2-1 defines it, in the form of ICC 2.1.

Made here of the numbers of the standard, so that the same document has the same bytes on every machine.
"""

from collections.abc import Sequence

NAME = "sRGB IEC61966-2.1"
# D50, and the primaries of sRGB adapted to it (Bradford), as the profile of the ICC has them.
_WHITE = (0.9642, 1.0, 0.8249)
_PRIMARIES = {
    b"rXYZ": (0.43607, 0.22249, 0.01392), b"gXYZ": (0.38515, 0.71687, 0.09708), b"bXYZ": (0.14307, 0.06061, 0.71410),
}  # fmt: skip
_POINTS = 1024


def srgb() -> bytes:
    bodies = {b"desc": _description(NAME), b"cprt": b"text" + bytes(4) + b"No copyright, use freely." + bytes(1)}
    bodies |= {b"wtpt": _xyz(_WHITE), **{name: _xyz(one) for name, one in _PRIMARIES.items()}, b"rTRC": _curve()}
    places, at = {}, 128 + 4 + 12 * (len(bodies) + 2)
    for name, body in bodies.items():
        places[name] = (at, len(body))
        at += len(_filled(body))
    places |= {b"gTRC": places[b"rTRC"], b"bTRC": places[b"rTRC"]}  # one curve for all three
    table = b"".join(name + _u32(start) + _u32(size) for name, (start, size) in places.items())
    return _header(at) + _u32(len(places)) + table + b"".join(map(_filled, bodies.values()))


def _header(size: int) -> bytes:
    made_at = b"".join(_u16(part) for part in (1998, 2, 9, 6, 49, 0))
    start = _u32(size) + bytes(4) + _u32(0x02100000) + b"mntrRGB XYZ " + made_at + b"acsp" + bytes(28)
    return (start + b"".join(map(_fixed, _WHITE))).ljust(128, bytes(1))


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "big")


def _u32(value: int) -> bytes:
    return value.to_bytes(4, "big")


def _fixed(value: float) -> bytes:
    """As s15Fixed16Number."""
    return _u32(round(value * 65536))


def _filled(body: bytes) -> bytes:
    """To a multiple of four."""
    return body + bytes(-len(body) % 4)


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(map(_fixed, values))


def _description(text: str) -> bytes:
    ascii_text = text.encode() + bytes(1)
    # Neither in Unicode (8 bytes) nor in the script of a Macintosh (3 and 67).
    return b"desc" + bytes(4) + _u32(len(ascii_text)) + ascii_text + bytes(8 + 3 + 67)


def _curve() -> bytes:
    points = [round(_linear(place / (_POINTS - 1)) * 65535) for place in range(_POINTS)]
    return b"curv" + bytes(4) + _u32(_POINTS) + b"".join(map(_u16, points))


def _linear(value: float) -> float:
    """The light of a value of sRGB, both from 0 to 1 (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
