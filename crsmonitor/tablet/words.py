"""What the lowered rules say in one language: every text of theirs that the catalogue of that language has."""

import ast
import json
from collections.abc import Iterator

from django.utils.translation import gettext, override, pgettext

BETWEEN = "\x04"  # a context and its text, as catalogues have them


def words_of(bundle: str, language: str) -> str:
    """As JSON: English to the language. `bundle`: as bundle.py makes it."""
    texts = [text for source in json.loads(bundle)["modules"].values() for text in _texts(source)]
    with override(language):
        words = {text: gettext(text) for text in texts if BETWEEN not in text}
        for context, between, text in (text.partition(BETWEEN) for text in texts if BETWEEN in text):
            words[f"{context}{between}{text}"] = pgettext(context, text)
    changed = {text: word for text, word in words.items() if word != text.split(BETWEEN)[-1]}
    return json.dumps(changed, ensure_ascii=False, sort_keys=True, indent=0) + "\n"


def _texts(source: str) -> Iterator[str]:
    """Its texts, whatever they are for; those in a context with it. None is empty: that is a catalogue's own header."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text)) if text:
                yield text
            case ast.Call(func=ast.Name(id="pgettext"), args=[ast.Constant(str(context)), ast.Constant(str(text))]):
                yield f"{context}{BETWEEN}{text}"
