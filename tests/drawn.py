"""A text without what is drawn at random, for tests that say what it may not hold.

The digits of an id, a digest or a token spell any short word some day ("bed", "7B", "101"), and a moment any figure.
"""

import re

DRAWN = re.compile(
    r"""[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}      # an id
    | \b[0-9a-f]{32,}\b                                  # a digest, or an id without its hyphens
    | (?:(?<=csrfmiddlewaretoken"[ ]value=")|(?<="X-CSRFToken":[ ]"))[a-z0-9]{64}
    | ={8,}\d+==                                         # what parts a mail
    | \d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?""",  # a moment
    re.IGNORECASE | re.VERBOSE,
)


def undrawn(text: str) -> str:
    """Each of them becomes one sign, and joins nothing beside it."""
    return DRAWN.sub("·", text)
