"""Domain errors in words: the one place where their codes become sentences, in the reader's language.

Each app says what its own codes mean (`add_words`, when it is ready); what any of them may raise stands here.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from crsmonitor.errors import DomainError, Message

# A sentence with %(value)s, or what makes one of the values where some of them are codes themselves.
Words = str | Promise | Callable[[Mapping[str, Any]], str]

_WORDS: dict[str, Words] = {
    "role_forbids": _l("Your role does not allow this."),
    "no_such_page": _l("No such page."),
    "no_such_record": _l("No such record."),
    "no_such_study": _l("No such study."),
    "no_such_site": _l("No such site."),
    "no_such_participant": _l("No such participant."),
    "name_is_taken": _l("There is an account of this name already."),
    "account_is_closed": _l("This account is closed."),
    "new_account_needs_email": _l("A new account needs an e-mail address."),
    "drafter_approves": _l("Who drafted a version does not approve it: a second person has to."),
    "approved_already": _l("This version was approved already."),
    "say_why_in_force": _l("Say why it may come into force."),
    "too_many_tries": _l("Too many tries. Wait a moment, then try again."),
    "key_forbids": _l("This key may not do that. What is judged, released, signed or answered is a person's to do."),
    "own_password_first": _l("Somebody else set your password: change it first."),
    "second_factor_first": _l("Your role needs a second factor: set one up first."),
    "signature_needed": _l("This is signed: send your user name and your password, or a passkey, with it."),
    "last_way_in": _l("Without a password or a passkey this is your only way in: set up another first."),
    "clocks_differ": _l("The clocks of the server and of the database differ by more than 60 s: nothing is signed."),
    "sign_with_own_password": _l("Sign with your own user name and password."),
    "csv_at": lambda values: (
        _("Line %(line)s, %(column)s: %(problem)s")
        % {"line": values["line"], "column": values["column"], "problem": text_of(values["problem"])}
    ),
    "csv_cells": _l("Line %(line)s has %(n)s cells; the header has %(width)s."),
    "csv_columns": _l("The first line must name these columns and no others: %(columns)s"),
    "csv_empty": _l("The file has no line below its header."),
    "csv_empty_line": _l("Line %(line)s is empty, and others follow: is something missing?"),
    "csv_not_utf8": _l("This file is no text in UTF-8: save it as “CSV UTF-8”."),
    "csv_too_long": _l("The file is too long: at most %(most)s lines."),
    "csv_unreadable": _l("Line %(line)s cannot be read: a quotation mark is missing or stands too much."),
    "yaml_given_twice": _l("%(name)s is given twice"),
    "yaml_not_whole": _l("%(value)s is not a plain whole number"),
    "yaml_not_decimal": _l("%(value)s is not a plain decimal number"),
    "yaml_not_utf8": _l("it is not UTF-8 text"),
    "yaml_syntax": _l("not YAML"),
    "yaml_tab": _l("not YAML: indent with spaces, not with a tab"),
    "yaml_colon": _l(
        "not YAML: a colon where none may stand; put the text in quotation marks, or mend the indentation"
    ),
    "yaml_no_colon": _l("not YAML: a name without its colon"),
    "yaml_bracket": _l("not YAML: a bracket is not closed, or a comma is missing"),
    "yaml_quote": _l("not YAML: a quotation mark is not closed"),
    "yaml_indentation": _l("not YAML: the indentation does not fit the lines above"),
    "yaml_alias": _l("not YAML: an alias (*) of what is named nowhere"),
    "yaml_tag": _l("not YAML: a tag (!) that is not allowed here"),
}


def add_words(words: Mapping[str, Words]) -> None:
    """Add an app's own codes. ValueError for a code that has other words already: one code means one thing."""
    for code, text in words.items():
        if _WORDS.setdefault(code, text) is not text:
            raise ValueError(f"two sentences for the error {code!r}")


def text_of(message: Message) -> str:
    """The sentence. A code without words is a programming error that a test finds; it is shown as it is."""
    words = _WORDS.get(message.code)
    if words is None:
        return _(message.code)
    if callable(words):
        return words(message.values)
    return str(words) % message.values if message.values else str(words)


def detail_of(error: DomainError) -> str:
    """What is said of the whole request."""
    return text_of(error.message)


def fields_of(error: DomainError) -> dict[str, list[str]]:
    """What is said at each field. Empty: no field is to blame."""
    return {name: [text_of(one) for one in messages] for name, messages in error.fields.items()}


def place_text(place: str) -> str:
    """A place in a file as people read it: `line 3` and `file` in their language, the path of a value as it is."""
    if place == "file":
        return _("file")
    line = place.removeprefix("line ")
    return _("line %(n)s") % {"n": line} if line.isdecimal() else place
