"""What a threshold policy says, rule by rule, and what another version makes different. Pure.

A policy is read here as data (section -> JSON), so that a section or a code that is added shows up by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

NAMED_BY = ("kind", "grade", "code")  # what tells one rule of a list from another, in this order
SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `section`: where it stands, such as drugs.tocilizumab; `name`: unique within it.

    `named`: its kind, grade and code as far as it has them. `values`: its parameters as they are kept; None among
    them says "not known", and nothing is computed. `source` empty: the policy names none.
    """

    section: str
    name: str
    named: Mapping[str, object]
    values: Mapping[str, object]
    source: str

    @property
    def numbers(self) -> str:
        """`from grade 3`, as a command says it."""
        return ", ".join(_with_name(name, value) for name, value in stated(self.values).items())


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """`was` None: the rule is new; `becomes` None: it is gone."""

    was: Rule | None
    becomes: Rule | None

    @property
    def lines(self) -> list[str]:
        """`~ crs tocilizumab from grade 2 -> 3`: a line for each value that differs."""
        if self.was is None or self.becomes is None:
            rule, sign = (self.becomes, "+") if self.becomes is not None else (self.was, "-")
            assert rule is not None
            return [f"{sign} {_full_name(rule)} {rule.numbers}".rstrip()]
        name, lines = _full_name(self.becomes), []
        for one in [*self.becomes.values, *(one for one in self.was.values if one not in self.becomes.values)]:
            was, now = self.was.values.get(one), self.becomes.values.get(one)
            if was != now:
                lines.append(f"~ {name} {_with_name(one, was)} -> {_value(now)}")
        if self.was.source != self.becomes.source:
            lines.append(f"~ {name} source: {self.was.source} -> {self.becomes.source}")
        return lines


def stated(values: Mapping[str, object]) -> dict[str, object]:
    """The parameters without those left empty; where all are, that they are not known is what the rule says."""
    return {name: value for name, value in values.items() if value is not None} or dict(values)


def rules_of(data: Mapping[str, object]) -> tuple[Rule, ...]:
    """Every rule of a policy in its order. A section that is null has none."""
    rules: list[Rule] = []
    taken: dict[tuple[str, str], int] = {}
    for rule in _walk((), data):
        key = rule.section, rule.name
        taken[key] = taken.get(key, 0) + 1
        rules.append(rule if taken[key] == 1 else replace(rule, name=f"{rule.name} ({taken[key]})".strip()))
    return tuple(rules)


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> list[PolicyChange]:
    """What becomes different, in the order of `after`, then what is gone. Empty: the two say the same."""
    old, new = ({(rule.section, rule.name): rule for rule in rules_of(data)} for data in (before, after))
    changes = [
        PolicyChange(was=old.get(key), becomes=rule) for key, rule in new.items() if not _same(old.get(key), rule)
    ]
    return changes + [PolicyChange(was=rule, becomes=None) for key, rule in old.items() if key not in new]


def _same(was: Rule | None, becomes: Rule) -> bool:
    return was is not None and (dict(was.values), was.source) == (dict(becomes.values), becomes.source)


def _walk(path: tuple[str, ...], data: object) -> Iterator[Rule]:
    if isinstance(data, Mapping):
        if SOURCE in data:
            yield _rule(path, data)
            return
        for name, inside in data.items():
            yield from _walk((*path, str(name)), inside)
    elif isinstance(data, Sequence) and not isinstance(data, str):
        for inside in data:
            yield from _walk((*path, ""), inside)
    elif data is not None:
        yield _rule(path, {"value": data})


def _rule(path: tuple[str, ...], data: Mapping[str, object]) -> Rule:
    named = {name: data[name] for name in NAMED_BY if data.get(name) is not None}
    values = {name: value for name, value in data.items() if name not in (*NAMED_BY, SOURCE)}
    listed = path[-1] == "" or len(path) == 1
    section = ".".join(part for part in (path if listed else path[:-1]) if part)
    own = "" if listed else path[-1]
    name = " ".join(f"grade {value}" if key == "grade" else str(value) for key, value in named.items())
    return Rule(
        section=section, name=" ".join(filter(None, (name, own))), named=named, values=values,
        source=str(data.get(SOURCE) or ""),
    )  # fmt: skip


def _full_name(rule: Rule) -> str:
    """`crs tocilizumab`; with its section where the rule itself has no code."""
    if "code" in rule.named:
        return rule.name
    last = rule.section.rpartition(".")[2]
    return f"{rule.name} {last}".strip() if rule.named else f"{last} {rule.name}".strip()


def _with_name(name: str, value: object) -> str:
    return _value(value) if name == "value" else f"{name.replace('_', ' ')} {_value(value)}"


def _value(value: object) -> str:
    return "not known" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
