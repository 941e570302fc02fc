"""Errors are codes below the edge, and every code has its words in both languages."""

import ast
import re
from collections.abc import Iterable

import pytest
from django.utils import translation

from crsmonitor import error_words
from crsmonitor.error_words import add_words, detail_of, fields_of, text_of
from crsmonitor.errors import InvalidInput, Message
from tests.project.shape.sources import ROOT, SOURCES, dotted, nodes, offenders

RAISING = [path for path in SOURCES if path.name not in ("errors.py", "error_words.py")]
# Says what is wrong with a body that no person typed, in the words of the contract: English, as the command says it.
OF_THE_CONTRACT = {"UnreadableBody"}


CLASS = re.compile(r"^\s*class (\w+)\(([^)]*)\)", re.MULTILINE)


def family(sources: Iterable[str]) -> set[str]:
    """The names of all domain errors, wherever they are declared: found without a syntax tree, since every process of
    a run asks while it collects."""
    declared = [match.groups() for source in sources for match in CLASS.finditer(source)]
    bases = [(name, {base.strip() for base in given.split(",")}) for name, given in declared]
    names = {"DomainError"}
    while more := {name for name, base in bases if base & names} - names:
        names |= more
    return names


DECLARED = family(path.read_text() for path in [*RAISING, ROOT / "crsmonitor/errors.py"])
FAMILY = DECLARED - OF_THE_CONTRACT
# Those that carry a code to an error, though nobody raises them.
CARRIERS = {"Message", "Doubt", "BadPolicy"}
SAYING = FAMILY | CARRIERS
# Stands in the text of every module that makes one: the others need not be parsed.
MADE = re.compile(r"\b(" + "|".join(sorted(SAYING)) + r")\b")
SECOND = (".at", "BadPolicy")  # the place comes first
CODE = re.compile(r"[a-z][a-z0-9_]*")
TRANSLATES = {"_", "_l", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
JOINS = {"format", "join"}  # methods of a text


def codes_in(source: str) -> list[str]:
    """What is said by each domain error, message and doubt that is made: codes, or what is none and should be one."""
    if not MADE.search(source):
        return []
    every = nodes(source)
    bound = _bound(every)
    texts = [text for call in _made(every) for part in _parts(call) for text in _texts_of(part, bound)]
    return [ast.unparse(one) if isinstance(one, ast.JoinedStr) else str(one.value) for one in texts]


def _made(every: tuple[ast.AST, ...]) -> list[ast.Call]:
    """The calls that make an error: by its name however it was imported, by `at`, or of its own `__init__`."""
    calls = []
    for node in every:
        if isinstance(node, ast.ClassDef) and node.name in FAMILY:
            inner = (one for one in ast.walk(node) if isinstance(one, ast.Call))
            calls += [one for one in inner if dotted(one.func) in ("super().__init__", "cls", "cls.at")]
        elif isinstance(node, ast.Call) and _name(node).removesuffix(".at").split(".")[-1] in SAYING:
            calls.append(node)
    return calls


def _name(call: ast.Call) -> str:
    return dotted(call.func)


def _parts(call: ast.Call) -> list[ast.expr]:
    """The arguments that say something: the code, wherever it stands, and what is said at fields."""
    first = 1 if _name(call).endswith(SECOND) else 0
    named = [one.value for one in call.keywords if one.arg in ("code", "fields")]
    return [*call.args[first : first + 1], *named]


def _bound(every: tuple[ast.AST, ...]) -> dict[str, list[ast.expr]]:
    """What each name is set to anywhere in the module: `why = "..."` comes before the error that says it."""
    bindings: dict[str, list[ast.expr]] = {}
    for node in every:
        match node:
            case ast.Assign(targets=targets, value=value):
                pairs = [pair for target in targets for pair in _pairs(target, value)]
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                pairs = _pairs(target, value)
            case ast.For(target=target, iter=ast.Tuple(elts=rows) | ast.List(elts=rows)):
                pairs = [pair for row in rows for pair in _pairs(target, row)]
            case _:
                continue
        for name, value in pairs:
            bindings.setdefault(name, []).append(value)
    return bindings


def _pairs(target: ast.expr, value: ast.expr) -> list[tuple[str, ast.expr]]:
    """The names of a target, each with its part of the value."""
    if isinstance(target, ast.Subscript):  # fields["because"] = "..."
        target = target.value
    if isinstance(target, ast.Name):
        return [(target.id, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return [pair for name, part in zip(target.elts, value.elts, strict=False) for pair in _pairs(name, part)]
    return []


def _texts_of(node: ast.AST, bound: dict[str, list[ast.expr]], seen: frozenset[str] = frozenset()) -> list[ast.AST]:
    """The texts in an expression and in what its names are set to, but for keys, and for what inner messages say:
    those are seen by themselves.
    """
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return [node]
        case ast.Name(id=name):
            texts = () if name in seen else bound.get(name, ())
            return [one for text in texts for one in _texts_of(text, bound, seen | {name})]
        case ast.Dict(values=values):
            return [one for value in values for one in _texts_of(value, bound, seen)]
        case ast.Subscript(value=value):  # one of a table
            return _texts_of(value, bound, seen)
        case ast.IfExp(body=body, orelse=orelse):
            return _texts_of(body, bound, seen) + _texts_of(orelse, bound, seen)
        case ast.Call(func=ast.Name(id=name), args=args) if name in TRANSLATES:
            return [one for arg in args for one in _texts_of(arg, bound, seen)]
        case ast.Call(func=ast.Attribute(value=text, attr=name)) if name in JOINS:
            return _texts_of(text, bound, seen)
        case ast.Call() | ast.Compare() | ast.Attribute():
            return []
    return [one for child in ast.iter_child_nodes(node) for one in _texts_of(child, bound, seen)]


def without_words(source: str) -> list[str]:
    return [code for code in codes_in(source) if code not in error_words._WORDS]


def test_every_error_is_a_code_with_words():
    assert offenders(RAISING, without_words) == {}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('raise InvalidInput.at("reason", "in_future")', ["in_future"]),
        ('raise InvalidInput.at("reason", "Say why.")', ["Say why."]),
        ('raise NotFound("No such page.")', ["No such page."]),
        ('raise Forbidden(f"{who} is a person")', ["f'{who} is a person'"]),
        ('raise InvalidInput("bad", fields={"a": ["In words."]})', ["bad", "In words."]),
        ('why = "No."\nif x: why = "c"\nraise InvalidInput.at("reason", why)', ["No.", "c"]),
        ('raise InvalidInput("a" if x else "B b", fields={"c": [Message("d")]})', ["a", "B b", "d"]),
        ('raise errors.NotFound("No such page.")', ["No such page."]),
        ('raise InvalidInput(_("No."))', ["No."]),
        ('raise InvalidInput.at("reason", gettext("No %(x)s.") % {"x": x})', ["No %(x)s."]),
        ('raise NotFound("No {}.".format(x))', ["No {}."]),
        ('raise NotFound("No " + what)', ["No "]),
        ('for x, why in ((1, "In words."), (2, "c")):\n    raise InvalidInput.at("x", why)', ["In words.", "c"]),
        ('x, why = 1, "In words."\nraise InvalidInput.at("x", why)', ["In words."]),
        ('why: str = "In words."\nraise InvalidInput(why)', ["In words."]),
        ('if (why := "In words."):\n    raise InvalidInput(why)', ["In words."]),
        ('why = {1: "In words."}\nraise InvalidInput(why[x])', ["In words."]),
        ('wrong = {"a": ["b"]}\nraise InvalidInput("c", fields=wrong)', ["c", "b"]),
        ('wrong = {}\nwrong["a"] = ["In words."]\nraise InvalidInput("c", fields=wrong)', ["c", "In words."]),
        ('raise BadPolicy("thresholds", "In words.")', ["In words."]),
        ('raise BadPolicy(f"thresholds[{n}]", "policy_one_of", choices="a, b")', ["policy_one_of"]),
        ('yield Doubt(field="dose", code="In words.", values={})', ["In words."]),
        ('class TooSoon(DomainError):\n def __init__(self):\n  super().__init__("Wait.")', ["Wait."]),
    ],
)
def test_the_guard_reads_each_way_of_raising(source, expected):
    assert sorted(codes_in(source)) == sorted(expected)


@pytest.mark.parametrize("error", sorted(FAMILY))
def test_the_guard_knows_each_error_of_the_project(error):
    assert codes_in(f'raise {error}("In words.")') == ["In words."]
    assert codes_in(f'raise {error}.at("reason", "In words.")') == ["In words."]


def test_what_the_contract_says_is_left_out_and_is_there():
    """`UnreadableBody`: a body that no person typed; its detail is English, as `manage.py grade` says it."""
    assert codes_in('raise UnreadableBody("invalid_json", "not JSON", "body")') == []
    assert {"UnreadableBody"} == OF_THE_CONTRACT <= DECLARED


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
