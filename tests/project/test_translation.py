"""The pages speak Traditional Chinese: every string of templates and Python is in the catalogue."""

import ast
import io
import re
from pathlib import Path

from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from grading.rules.grades.catalogue import RULES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "crsmonitor/locale/zh_Hant/LC_MESSAGES"
MARKED = re.compile(
    r"""\b(?:_|gettext)\(\s*u?(?P<q>['"])(?P<text>(?:\\.|(?!(?P=q)).)*)(?P=q)\s*\)"""
    r"""|pgettext\(\s*u?(?P<q1>['"])(?P<context>.*?)(?P=q1)\s*,\s*u?(?P<q2>['"])(?P<told>(?:\\.|(?!(?P=q2)).)*)(?P=q2)""",
    re.DOTALL,
)


def catalogue():
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="zh_Hant")


def marked_in(template: str) -> set[tuple[str | None, str]]:
    found = MARKED.finditer(templatize(template))
    return {(m["context"], _plain(m["told"] if m["context"] else m["text"])) for m in found}


def _plain(text: str) -> str:
    return text.replace(r"\'", "'").replace(r"\"", '"').replace("\\n", "\n")


CALLS = re.compile(r"^(_|_l|n?p?gettext(_lazy)?)$")


def marked_in_python(source: str) -> set[tuple[str | None, str]]:
    """Each literal handed to gettext, with its context. A text put together in the call is told as such."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and CALLS.match(node.func.id)):
            continue
        texts = [getattr(one, "value", None) for one in node.args]
        context, text = texts[:2] if "pgettext" in node.func.id else (None, texts[0])
        if isinstance(text, str):
            found.add((context, text))
        elif isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
            found.add((None, f"put together in line {node.lineno}: cannot be translated"))
    return found


def test_every_string_of_every_page_is_translated():
    po = catalogue()
    sources = list((ROOT / "templates").rglob("*.html"))
    sources += [path for app in ("crsmonitor", "grading", "regimens") for path in (ROOT / app).rglob("*.py")]
    assert len(sources) > 300
    missing = [
        (path.relative_to(ROOT).as_posix(), text)
        for path in sources
        for context, text in (marked_in if path.suffix == ".html" else marked_in_python)(path.read_text())
        if (message := po.get(text, context)) is None or not any(message.string)
    ]
    assert missing == []


def test_nothing_in_the_catalogue_waits_for_its_words():
    """An empty plural, too, is shown in English."""
    told = {m.id: [m.string] if isinstance(m.string, str) else list(m.string) for m in catalogue() if m.id}
    assert [names for names, words in told.items() if not all(words)] == []


def test_the_search_in_python_finds_each_way_of_marking():
    source = """_("It's"); _l("late"); gettext("a" "b"); ngettext("one", "many", n); pgettext("theme", "Day")
_(f"in {x}"); _(text); say("not marked")"""
    assert marked_in_python(source) == {
        (None, "It's"), (None, "late"), (None, "ab"), (None, "one"), ("theme", "Day"),
        (None, "put together in line 2: cannot be translated"),
    }  # fmt: skip


# Names and units that are the same in every language.
SAME = {
    "crsmonitor", "English", "UTC", "BP", "SpO", "min", "mmHg", "CRS", "ICANS", "CAPD", "ICE", "CSV", "TEST", "kg",
    "mg", "ASCO", "HH", "MM",
}  # fmt: skip
TAGS = re.compile(r"{%\s*(blocktrans(?:late)?|comment)\b.*?{%\s*end\1\s*%}|{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
NAMED = re.compile(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"')


def unmarked_in(template: str) -> list[str]:
    """Words that stand in a template as they are: in its text, or where a screen reader finds them."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", TAGS.sub(" ", template), flags=re.DOTALL)
    shown = [*NAMED.findall(text), *re.sub(r"<[^>]*>", "\n", text).split("\n")]
    return [word for line in shown for word in re.findall(r"[A-Za-z]{2,}", line) if word not in SAME]


def test_no_template_speaks_past_the_catalogue():
    found = [
        (page.name, word) for page in (ROOT / "templates").rglob("*.html") for word in unmarked_in(page.read_text())
    ]
    assert found == []


def test_the_search_for_unmarked_words_finds_each_place():
    template = """{% load i18n %}<p title="Hover">Plain {{ value }}</p><script>skip()</script>{# note #}
    <b aria-label="{% translate 'Said' %}">{% blocktranslate %}Told{% endblocktranslate %} mmHg</b>"""
    assert unmarked_in(template) == ["Hover", "Plain"]


def test_no_message_is_in_the_catalogue_twice():
    """A merge of two branches could bring a message in twice; which of the two is shown would be chance."""
    text = (FOLDER / "django.po").read_text()
    blocks = [block for block in text.split("\n\n") if "msgid " in block]
    ids = [re.search(r'(?:msgctxt .*\n)?msgid (?:".*"\n)+', block)[0] for block in blocks]
    assert sorted(one for one in set(ids) if ids.count(one) > 1) == []


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
    for message in catalogue():
        if not message.id or not message.string:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        text = message.string if isinstance(message.string, str) else message.string[0]
        assert not text or set(re.findall(r"%\(\w+\)s", text)) == set(re.findall(r"%\(\w+\)s", key)), key


def test_the_compiled_catalogue_is_that_of_the_source():
    compiled = read_mo(io.BytesIO((FOLDER / "django.mo").read_bytes()))
    assert said_by(compiled) == said_by(catalogue())


def said_by(messages) -> dict[tuple[str, str], str]:
    found = {}
    for message in messages:
        key = message.id if isinstance(message.id, str) else message.id[0]
        text = message.string if isinstance(message.string, str) else message.string[0]
        context = message.context.decode() if isinstance(message.context, bytes) else message.context or ""
        if key and text:
            found[context, key] = text
    return found
