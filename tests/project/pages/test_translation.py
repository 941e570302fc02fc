"""The pages speak Traditional Chinese: every string of templates and Python is in the catalogue.

Left out: scripts, to which a template hands their words; the administration's own words, which Django translates; and
words that Python hands to a page without marking them, which no search can tell from codes.
"""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from crsmonitor.locale.compile import marked_in, marked_in_python
from grading.rules.grades.catalogue import RULES

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "crsmonitor/locale/zh_Hant/LC_MESSAGES"


def catalogue():
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="zh_Hant")


def marked_in_module(path):
    """Whoever marks a text imports the word for it by its name, whatever it calls it then."""
    source = path.read_text()
    return marked_in_python(source) if "gettext" in source else set()


def test_every_string_of_every_page_is_translated():
    po = catalogue()
    sources = list((ROOT / "templates").rglob("*.html"))
    sources += [path for app in ("crsmonitor", "grading", "regimens") for path in (ROOT / app).rglob("*.py")]
    assert len(sources) > 300
    missing = [
        (path.relative_to(ROOT).as_posix(), text)
        for path in sources
        for context, text in (marked_in(path.read_text()) if path.suffix == ".html" else marked_in_module(path))
        if (message := po.get(text, context)) is None or not any(message.string)
    ]
    assert missing == []


def test_nothing_in_the_catalogue_waits_for_its_words():
    """An empty plural, too, is shown in English."""
    translations = {m.id: [m.string] if isinstance(m.string, str) else list(m.string) for m in catalogue() if m.id}
    assert [names for names, words in translations.items() if not all(words)] == []


def test_the_search_in_python_finds_each_way_of_marking():
    source = """_("It's"); _l("late"); gettext("a" "b"); ngettext("one", "many", n); pgettext("theme", "Day")
_(f"in {x}"); _(text); say("not marked"); translation.gettext("far")"""
    assert marked_in_python(source) == {
        (None, "It's"), (None, "late"), (None, "ab"), (None, "one"), ("theme", "Day"), (None, "far"),
        (None, "put together in line 2: cannot be translated"),
    }  # fmt: skip


# Names and units that are the same in every language.
SAME = {
    "crsmonitor", "English", "UTC", "BP", "SpO", "min", "mmHg", "CRS", "ICANS", "CAPD", "ICE", "CSV", "TEST", "kg",
    "mg", "ASCO", "HH", "MM",
}  # fmt: skip
CLASSES = re.compile(r"{%\s*block page_of\s*%}.*?{%\s*endblock\b.*?%}|&\w+;", re.DOTALL)
TAGS = re.compile(r"{%\s*(blocktrans(?:late)?|comment)\b.*?{%\s*end\1\s*%}|{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
NAMED = re.compile(r'(?<![\w-])(?:aria-label|aria-description|aria-roledescription|title|placeholder|alt)="([^"]*)"')
BUTTON = re.compile(r'<input(?=[^>]*type="(?:submit|button|reset)")[^>]*\bvalue="([^"]*)"')


def unmarked_in(template: str) -> list[str]:
    """Words that stand in a template as they are: in its text, on a button, or where a screen reader finds them.

    Left out: single letters, the names and units of SAME, entities, and the classes that a page gives itself.
    """
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", TAGS.sub(" ", CLASSES.sub(" ", template)), flags=re.DOTALL)
    shown = [*NAMED.findall(text), *BUTTON.findall(text), *re.sub(r"<[^>]*>", "\n", text).split("\n")]
    return [word for line in shown for word in re.findall(r"[A-Za-z]{2,}", line) if word not in SAME]


def test_no_template_speaks_past_the_catalogue():
    unmarked = [
        (page.name, word) for page in (ROOT / "templates").rglob("*.html") for word in unmarked_in(page.read_text())
    ]
    assert unmarked == []


def test_the_search_for_unmarked_words_finds_each_place():
    template = """{% load i18n %}<p title="Hover">Plain {{ value }}</p><script>skip()</script>{# note #}
    <b aria-label="{% translate 'Said' %}">{% blocktranslate %}Told{% endblocktranslate %} mmHg</b>
    <input type="submit" value="Save"><input type="text" value="kept"><i data-title="no" aria-description="Deep"></i>
    {% block page_of %}{{ block.super }} of-vitals{% endblock %}&nbsp;"""
    assert unmarked_in(template) == ["Hover", "Deep", "Save", "Plain"]


def test_no_message_is_in_the_catalogue_twice():
    """A merge of two branches could bring a message in twice; which of the two is shown would be chance."""
    assert twice_in((FOLDER / "django.po").read_text()) == []


def twice_in(text: str) -> list[str]:
    """Left out: messages that are commented out."""
    ids = re.findall(r'^(?:msgctxt .*\n)?msgid (?:".*"\n)+', text, re.MULTILINE)
    return sorted(one for one in set(ids) if ids.count(one) > 1)


def test_the_search_finds_a_message_that_is_there_twice():
    once, with_context = 'msgid "Day"\nmsgstr "日"\n', 'msgctxt "theme"\nmsgid "Day"\nmsgstr "白天"\n'

    assert twice_in(f"{once}\n{with_context}") == []
    assert twice_in(f"{once}{once}\n{with_context}") == ['msgid "Day"\n']


def test_the_search_finds_each_way_of_marking():
    template = """{% load i18n %}{% translate "It's" %}{% translate "Day" context "theme" %}
    {% blocktranslate with n=x %}Bed {{ n }}{% endblocktranslate %}"""
    assert marked_in(template) == {(None, "It's"), ("theme", "Day"), (None, "Bed %(n)s")}


def test_every_reason_and_flag_of_the_rules_is_translated_with_its_values():
    po = catalogue()
    for rule in RULES.values():
        message = po.get(rule.text)
        assert message is not None, rule.text
        assert set(re.findall(r"{\w+}", message.string)) == set(re.findall(r"{\w+}", rule.text))


def test_no_translation_loses_a_value():
    assert {str(message.id): other_values(message) for message in catalogue() if other_values(message)} == {}


VALUE = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w*}")


def other_values(message: Message) -> set[str]:
    """The values that only the English or only the Chinese has, in any plural."""
    keys = [message.id] if isinstance(message.id, str) else list(message.id)
    texts = [message.string] if isinstance(message.string, str) else list(message.string)
    wanted = set(VALUE.findall(keys[-1]))
    return set().union(*(wanted ^ set(VALUE.findall(text)) for text in texts if text and message.id))


@pytest.mark.parametrize(
    ("english", "chinese", "other"),
    [
        ("Bed %(n)s", "床 %(n)s", set()),
        ("Bed %(n)s", "床", {"%(n)s"}),
        ("Bed", "床 %(n)s", {"%(n)s"}),
        ("Bed {n}", "床 {m}", {"{n}", "{m}"}),
        (("%(n)d bed", "%(n)d beds"), ("%(n)d 床",), set()),
        (("one bed", "%(n)d beds"), ("床",), {"%(n)d"}),
    ],
)
def test_the_search_finds_each_lost_value(english, chinese, other):
    assert other_values(Message(english, chinese)) == other


def test_the_compiled_catalogue_is_that_of_the_source():
    compiled = read_mo(io.BytesIO((FOLDER / "django.mo").read_bytes()))
    assert said_by(compiled) == said_by(catalogue())


def said_by(messages) -> dict[tuple[str, str], str]:
    texts = {}
    for message in messages:
        key = message.id if isinstance(message.id, str) else message.id[0]
        text = message.string if isinstance(message.string, str) else message.string[0]
        context = message.context.decode() if isinstance(message.context, bytes) else message.context or ""
        if key and text:
            texts[context, key] = text
    return texts


@pytest.mark.parametrize(
    ("context", "word"),
    [
        ("to sign", "Sign"),  # a key; the other is a sign of an illness
        ("recipient", "To"),
        ("how many", "Corrections"),
        ("of a site", "City"),  # a field; the other is asked in ICE
        ("of a site", "Hospital"),
        ("of a plan", "When"),
        ("of a plan", "Who"),
        ("which call", "Call"),
        ("of a participant", "Number"),
        ("how a record came", "page"),
    ],
)
def test_a_word_with_two_meanings_has_two_words_in_chinese(context, word):
    texts = said_by(catalogue())
    assert texts[context, word] != texts["", word]


def test_no_key_that_signs_is_named_like_a_sign_of_an_illness():
    pressed = re.compile(r'<button[^>]*>\s*{% translate "Sign" %}')
    pages = (ROOT / "templates").rglob("*.html")
    assert [page.name for page in pages if pressed.search(page.read_text())] == []
