"""One thing that is wrong with a regimen file: where, and a code with its values. The edge gives the words."""

from dataclasses import dataclass

from crsmonitor.error_words import text_of
from crsmonitor.errors import Message


@dataclass(frozen=True, slots=True)
class Problem:
    """`place`: the path of a value (`steps[2].dose`), `line N` or `file`."""

    place: str
    message: Message

    @property
    def text(self) -> str:
        """What is wrong, in the reader's language."""
        return text_of(self.message)

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def problem(place: str, code: str, **values: object) -> Problem:
    """Of a value at `place`; words of the code: problem_words.py."""
    return Problem(place, Message(code, values))
