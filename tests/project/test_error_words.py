"""Errors are codes below the edge, and every code has its words in both languages."""

import ast
import re
from collections.abc import Iterable

import pytest
from django.utils import translation

from crsmonitor import error_words
from crsmonitor.error_words import add_words, detail_of, fields_of, text_of
from crsmonitor.errors import InvalidInput, Message
from tests.project.sources import ROOT, SOURCES, offenders, parsed

RAISING = [path for path in SOURCES if path.name not in ("errors.py", "error_words.py")]
# Says what is wrong with a body that no person typed, in the words of the contract: English, as the command says it.
OF_THE_CONTRACT = {"UnreadableBody"}


def family(sources: Iterable[str]) -> set[str]:
    """The names of all domain errors, wherever they are declared."""
    bases = [
        (node.name, {ast.unparse(base) for base in node.bases})
        for source in sources
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.ClassDef)
    ]
    names = {"DomainError"}
    while more := {name for name, base in bases if base & names} - names:
        names |= more
    return names


FAMILY = family(path.read_text() for path in [*RAISING, ROOT / "crsmonitor/errors.py"]) - OF_THE_CONTRACT
CODE = re.compile(r"[a-z][a-z0-9_]*")


def codes_in(source: str) -> list[str]:
    """What is said by each domain error and message that is made: codes, or what is none and should be one."""
    found: list[str] = []
    tree = parsed(source)
    assigned = _assigned(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        at_a_field = name.removesuffix(".at") in FAMILY and name.endswith(".at")
        if not at_a_field and name not in FAMILY | {"Message"}:
            continue
        told = node.args[1 if at_a_field else 0 :][:1]
        told += [one.value for one in node.keywords if one.arg == "fields" and isinstance(one.value, ast.Dict)]
        told += [text for one in told if isinstance(one, ast.Name) for text in assigned.get(one.id, ())]
        texts = [n for part in told for n in _said(part)]
        found += [ast.unparse(n) if isinstance(n, ast.JoinedStr) else str(n.value) for n in texts]
    return found


def _assigned(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """What each name is set to anywhere in the module: `why = "..."` comes before the error that says it."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
    return found


def _said(node: ast.AST) -> list[ast.AST]:
    """The texts in an expression, but for the keys of a dictionary and what inner messages say (seen by themselves)."""
    if isinstance(node, ast.Dict):
        return [one for value in node.values for one in _said(value)]
    if isinstance(node, ast.Call):
        return []
    if isinstance(node, ast.IfExp):
        return _said(node.body) + _said(node.orelse)
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return [node]
    return [one for child in ast.iter_child_nodes(node) for one in _said(child)]


def without_words(source: str) -> list[str]:
    return [code for code in codes_in(source) if code not in error_words._WORDS]


def test_every_error_is_a_code_with_words():
    assert offenders(RAISING, without_words) == {}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ('raise InvalidInput.at("reason", "in_future")', ["in_future"]),
        ('raise InvalidInput.at("reason", "Say why.")', ["Say why."]),
        ('raise NotFound("No such page.")', ["No such page."]),
        ('raise Forbidden(f"{who} is a person")', ["f'{who} is a person'"]),
        ('raise InvalidInput("bad", fields={"a": ["In words."]})', ["bad", "In words."]),
        ('why = "No."\nif x: why = "c"\nraise InvalidInput.at("reason", why)', ["No.", "c"]),
        ('raise InvalidInput("a" if x else "B b", fields={"c": [Message("d")]})', ["a", "B b", "d"]),
    ],
)
def test_the_guard_reads_each_way_of_raising(source, told):
    assert sorted(codes_in(source)) == sorted(told)


def test_the_family_is_found_wherever_it_is_declared():
    assert {"DomainError", "InvalidInput", "ConfirmationNeeded", "TooSoon", "ExportRunning"} <= FAMILY
    assert family(["class A(B): ...", "class B(DomainError): ...", "class C(Other): ..."]) == {"DomainError", "A", "B"}


def test_every_code_is_a_word():
    assert [code for code in error_words._WORDS if not CODE.fullmatch(code)] == []


def test_every_code_is_said_in_chinese():
    """But for those made of other messages: test_window_closings."""
    plain = {code: words for code, words in error_words._WORDS.items() if not callable(words)}
    assert plain
    with translation.override("en"):
        english = {code: str(words) for code, words in plain.items()}
    with translation.override("zh-hant"):
        assert [code for code, words in plain.items() if str(words) == english[code]] == []


def test_an_error_is_said_in_the_language_of_the_reader():
    late = InvalidInput.at("reason", "say_why_late", minutes=30)

    with translation.override("en"):
        assert fields_of(late) == {"reason": ["More than 30 minutes ago: say why it is entered late."]}
    with translation.override("zh-hant"):
        assert detail_of(late) == "超過 30 分鐘前：請說明延遲輸入的原因。"


def test_a_percent_sign_in_a_value_is_only_a_value():
    assert text_of(Message("one_of", {"choices": "100 %s"})) == "One of 100 %s."


def test_one_code_has_one_sentence():
    with pytest.raises(ValueError, match="in_future"):
        add_words({"in_future": "Some other sentence."})
