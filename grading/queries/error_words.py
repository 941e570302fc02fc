"""What the errors of queries and of source data verification say. `apps.py` adds this table to the project's."""

from typing import Any

from django.utils.translation import gettext_lazy as _l

WORDS: dict[str, Any] = {
    "no_such_query": _l("No such query."),
    "no_such_field": _l("A record of this kind has no such field. Known: %(known)s."),
    "say_something": _l("Write what you want to say."),
    "text_too_long": _l("At most %(most)s characters."),
    "query_does_not_wait": _l("The query is in another state now: look at it again."),
    "own_answer": _l("Whoever answered does not accept the answer: another person closes this query."),
}
