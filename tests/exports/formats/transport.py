"""A reader of SAS transport files, version 5, written from SAS TS-140: it shares nothing with the writer."""

import math
from dataclasses import dataclass

CARD = 80


@dataclass(frozen=True)
class Variable:
    name: str
    label: str
    is_number: bool
    length: int
    position: int
    shown_as: str


@dataclass(frozen=True)
class Transport:
    name: str
    label: str
    stamps: set[str]
    variables: list[Variable]
    rows: list[list[object]]


def read(content: bytes) -> Transport:
    cards = [content[at : at + CARD] for at in range(0, len(content), CARD)]
    assert len(content) % CARD == 0
    for place, kind in ((0, "LIBRARY"), (3, "MEMBER"), (4, "DSCRPTR"), (7, "NAMESTR")):
        assert cards[place].startswith(f"HEADER RECORD*******{kind:<8}HEADER RECORD!!!!!!!".encode()), kind
    assert cards[3][-5:] == b"140  ", "bytes of one description"
    count = int(cards[7][54:58])
    names = content[8 * CARD :][: count * 140]
    data = 8 * CARD + -(-count * 140 // CARD) * CARD
    assert content[data:].startswith(b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!")
    variables = [_variable(names[at : at + 140]) for at in range(0, count * 140, 140)]
    width = sum(variable.length for variable in variables)
    body = content[data + CARD :]
    rows = [body[at : at + width] for at in range(0, len(body) - width + 1, width)]
    if width < CARD and rows and not rows[-1].strip():
        rows.pop()
    return Transport(
        name=cards[5][8:16].decode().rstrip(),
        label=cards[6][32:72].decode().rstrip(),
        stamps={cards[1][64:80].decode(), cards[2][:16].decode(), cards[5][64:80].decode(), cards[6][:16].decode()},
        variables=variables,
        rows=[[_cell(variable, row) for variable in variables] for row in rows],
    )


def _variable(card: bytes) -> Variable:
    shorts = [int.from_bytes(card[at : at + 2], "big") for at in (0, 4)]
    return Variable(
        name=card[8:16].decode().rstrip(),
        label=card[16:56].decode().rstrip(),
        is_number=shorts[0] == 1,
        length=shorts[1],
        position=int.from_bytes(card[84:88], "big"),
        shown_as=card[56:64].decode().rstrip(),
    )


def _cell(variable: Variable, row: bytes) -> object:
    field = row[variable.position : variable.position + variable.length]
    if not variable.is_number:
        return field.decode("ascii").rstrip(" ") or None
    return None if field[0] == 0x2E and not any(field[1:]) else number(field)


def number(field: bytes) -> float:
    """Sign, power of sixteen less 64, and fourteen hexadecimal digits behind the point."""
    digits = int.from_bytes(field[1:], "big")
    return math.ldexp(-digits if field[0] & 0x80 else digits, 4 * ((field[0] & 0x7F) - 64) - 56)
