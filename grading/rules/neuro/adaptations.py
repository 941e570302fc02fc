"""How a test was adapted to what a participant could not do before (N9): said with the result, and never a point."""

from enum import StrEnum


class Adaptation(StrEnum):
    HEARING = "hearing"
    SIGHT = "sight"
    LITERACY = "literacy"


class Interpreter(StrEnum):
    """Who put the words into her language; nobody is named."""

    PROFESSIONAL = "professional"
    TELEPHONE = "telephone"
    STAFF = "staff"
    FAMILY = "family"
