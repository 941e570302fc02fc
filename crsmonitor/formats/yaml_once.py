"""YAML files that a person wrote: no name twice, no number rounded, and every complaint with its line.

ruamel.yaml (0.19) refuses a name twice too, but reads 010 as 10, 1:30 as a text, 0.06 and .inf as floats, and takes a
list for a name: most of this would stay, beside the PyYAML that others bring.
"""

import re
from collections.abc import Hashable
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from crsmonitor.errors import Message

# How the parser begins what it says, in English alone -> our code for it.
_SAYS = {
    "found character '\\t'": "yaml_tab",
    "mapping values are not allowed": "yaml_colon",
    "could not find expected ':'": "yaml_no_colon",
    "expected ',' or": "yaml_bracket",
    "found unexpected end of stream": "yaml_quote",
    "expected <block end>": "yaml_indentation",
    "found undefined alias": "yaml_alias",
    "could not determine a constructor": "yaml_tag",
}


class UnreadableYAML(ValueError):
    """Not a YAML text of single values. `place` is `line N` or `file`; the words of `message` are given at the edge."""

    def __init__(self, place: str, code: str, **values: object) -> None:
        super().__init__(f"{place}: {code}")
        self.place, self.message = place, Message(code, values)


class _OneValueEach(yaml.SafeLoader):
    """YAML takes the last of two values under one name; nobody knows which one was meant."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key, _value in node.value:
            name = self.construct_object(key, deep=True)
            if not isinstance(name, Hashable):  # a list as a name: refused below
                continue
            if name in seen:
                raise UnreadableYAML(_line(key.start_mark), "yaml_given_twice", name=name)
            seen.add(name)
        return super().construct_mapping(node, deep)


class _Exact(_OneValueEach):
    """The same; 0.06 stays 0.06, and neither 010 nor 1:30 is taken for some other number."""

    def whole(self, node: yaml.ScalarNode) -> int:
        if not re.fullmatch(r"[-+]?(0|[1-9]\d*)", node.value):
            raise UnreadableYAML(_line(node.start_mark), "yaml_not_whole", value=node.value)
        return int(node.value)

    def exact(self, node: yaml.ScalarNode) -> Decimal:
        if not re.fullmatch(r"[-+]?\d+\.\d+", node.value):
            raise UnreadableYAML(_line(node.start_mark), "yaml_not_decimal", value=node.value)
        return Decimal(node.value)


_Exact.add_constructor("tag:yaml.org,2002:int", _Exact.whole)
_Exact.add_constructor("tag:yaml.org,2002:float", _Exact.exact)


def read_yaml(path: Path, *, exact: bool = False) -> object:
    """What the file holds. `exact`: a number with a point is a Decimal. Raises UnreadableYAML, OSError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UnreadableYAML("file", "yaml_not_utf8") from None
    return parse_yaml(text, exact=exact)


def parse_yaml(text: str, *, exact: bool = False) -> object:
    """The same of a text. Raises UnreadableYAML."""
    loader = _Exact if exact else _OneValueEach
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506  both are SafeLoaders
    except UnreadableYAML:
        raise
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnreadableYAML(f"line {line}", _code_of(error)) from None
    except (yaml.YAMLError, RecursionError, ValueError):  # a ValueError: a day that does not exist, 5000 digits
        raise UnreadableYAML("file", "yaml_syntax") from None


def _code_of(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or ""
    return next((code for begins, code in _SAYS.items() if problem.startswith(begins)), "yaml_syntax")


def line_of(text: str, place: str) -> int | None:
    """The line of `thresholds[1].from_grade`, or of what of it is there. None: the text does not have it at all."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    line = None
    for name, number in re.findall(r"([^.\[\]]+)|\[(\d+)\]", place):
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == name), None)
        elif isinstance(node, yaml.SequenceNode) and number and int(number) < len(node.value):
            pair = (node.value[int(number)],) * 2
        else:
            pair = None
        if pair is None:
            break
        line, node = pair[0].start_mark.line + 1, pair[1]
    return line


def _line(mark: yaml.Mark) -> str:
    return f"line {mark.line + 1}"
