"""What the errors of queries and of source data verification say. `apps.py` adds this table to the project's."""

from typing import Any

from django.utils.translation import gettext_lazy as _l

WORDS: dict[str, Any] = {
    "no_such_query": _l("No such query."),
    "no_such_field": _l("A record of this kind has no such field. Known: %(known)s."),
    "say_something": _l("Write what you want to say."),
    "text_too_long": _l("At most %(most)s characters."),
    "query_does_not_wait": _l("The query is in another state now: look at it again."),
    "key_needed": _l("Give each line a key of your own, at most %(most)s characters."),
    "key_twice": _l("Line %(line)s has this key too."),
    "plan_of_nothing": _l("Fill in one rule at least."),
    "say_seed": _l("Write a seed: by it anybody can draw the same sample."),
    "corrected_since": _l("The record was corrected since the page was opened: look at it again."),
    "mark_damaged": _l("The form is damaged: open it again."),
    "own_answer": _l("Whoever answered does not accept the answer: another person closes this query."),
}
