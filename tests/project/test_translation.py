"""The bedside speaks Traditional Chinese: every string of its pages is in the catalogue."""

import io
import re
from pathlib import Path

from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from grading.rules.catalogue import RULES

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "crsmonitor/locale/zh_Hant/LC_MESSAGES"
OTHERS = re.compile(r"(_alert|alert|export|design)")  # pages of other rooms
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


def test_every_string_of_the_bedside_templates_is_translated():
    po = catalogue()
    missing = [
        (page.name, text)
        for page in (ROOT / "templates").rglob("*.html")
        if not OTHERS.match(page.name)
        for context, text in marked_in(page.read_text())
        if (message := po.get(text, context)) is None or not message.string
    ]
    assert missing == []


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
