"""Words in the reader's language, as Django's catalogue has them: `host` holds those of the page's language."""

import json

import host

_WORDS = json.loads(host.words())


def gettext(text):
    return _WORDS.get(text, text)


def pgettext(context, text):
    return _WORDS.get(context + "\x04" + text, text)


def language():
    """The one of the page: a worker speaks no other."""
    return ""


def filled(text, values):
    """`text % {...}` with nothing but %(name)s and %%."""
    pieces = text.split("%(")
    done = [pieces[0].replace("%%", "%")]
    for piece in pieces[1:]:
        name, _, rest = piece.partition(")s")
        done += [str(values[name]), rest.replace("%%", "%")]
    return "".join(done)
