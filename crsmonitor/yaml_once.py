"""YAML files that a person wrote: no name twice, no number rounded, and every complaint with its line."""

import re
from collections.abc import Hashable
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml


class UnreadableYAML(ValueError):
    """Not a YAML text of single values. `place` is `line N` or `file`."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place, self.problem = place, problem


class _OneValueEach(yaml.SafeLoader):
    """YAML takes the last of two values under one name; nobody knows which one was meant."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        names = [self.construct_object(key, deep=True) for key, _value in node.value]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise UnreadableYAML(_line(node.value[place][0].start_mark), f"{name} is given twice")
        return super().construct_mapping(node, deep)


class _Exact(_OneValueEach):
    """The same; 0.06 stays 0.06, and neither 010 nor 1:30 is taken for some other number."""

    def whole(self, node: yaml.ScalarNode) -> int:
        if not re.fullmatch(r"[-+]?(0|[1-9]\d*)", node.value):
            raise UnreadableYAML(_line(node.start_mark), f"{node.value} is not a plain whole number")
        return int(node.value)

    def exact(self, node: yaml.ScalarNode) -> Decimal:
        if not re.fullmatch(r"[-+]?\d+\.\d+", node.value):
            raise UnreadableYAML(_line(node.start_mark), f"{node.value} is not a plain decimal number")
        return Decimal(node.value)


_Exact.add_constructor("tag:yaml.org,2002:int", _Exact.whole)
_Exact.add_constructor("tag:yaml.org,2002:float", _Exact.exact)


def read_yaml(path: Path, *, exact: bool = False) -> object:
    """What the file holds. `exact`: a number with a point is a Decimal. Raises UnreadableYAML, OSError."""
    loader = _Exact if exact else _OneValueEach
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  both are SafeLoaders
    except UnicodeDecodeError:
        raise UnreadableYAML("file", "it is not UTF-8 text") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise UnreadableYAML(f"line {line}", f"not YAML: {error.problem}") from None
    except (yaml.YAMLError, RecursionError):
        raise UnreadableYAML("file", "not YAML") from None


def _line(mark: yaml.Mark) -> str:
    return f"line {mark.line + 1}"
