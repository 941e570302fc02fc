"""A pattern of Python's `re` as one of JavaScript, which is what a tablet has (with the flag u)."""

from re import _constants as sre  # type: ignore[attr-defined]  # the parser of the standard library itself
from re import _parser

# What Python means by \w and \d in a text: Unicode, not ASCII.
DIGIT, WORD = r"\p{Nd}", r"\p{L}\p{N}_"
SPACE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
CLASSES = {
    sre.CATEGORY_DIGIT: DIGIT,
    sre.CATEGORY_WORD: WORD,
    sre.CATEGORY_SPACE: SPACE,
}
EDGE = f"(?:(?<=[{WORD}])(?![{WORD}])|(?<![{WORD}])(?=[{WORD}]))"


class UnknownPattern(ValueError):
    """A part of a pattern that has no translation."""


def in_javascript(pattern: str) -> str:
    """The same pattern. UnknownPattern names the part that has none."""
    parsed = _parser.parse(pattern)
    names = {number: name for name, number in parsed.state.groupdict.items()}
    return "".join(_part(operation, value, names) for operation, value in parsed)


def _all(parts: object, names: dict[int, str]) -> str:
    return "".join(_part(operation, value, names) for operation, value in parts)  # type: ignore[attr-defined]


def _part(operation: object, value: object, names: dict[int, str]) -> str:
    match operation, value:
        case sre.LITERAL, int(code):
            return _sign(code)
        case sre.NOT_LITERAL, int(code):
            return f"[^{_sign(code)}]"
        case sre.IN, list(members):
            return _one_of(members)
        case sre.BRANCH, (None, branches):
            return f"(?:{'|'.join(_all(branch, names) for branch in branches)})"
        case sre.SUBPATTERN, (group, 0, 0, parts):
            opening = "(?:" if group is None else f"(?<{names[group]}>" if group in names else "("
            return f"{opening}{_all(parts, names)})"
        case sre.MAX_REPEAT, (least, most, parts):
            return f"(?:{_all(parts, names)}){_times(least, most)}"
        case sre.AT, sre.AT_BOUNDARY:
            return EDGE
    raise UnknownPattern(f"{operation} in a pattern")


def _times(least: int, most: int) -> str:
    if most == sre.MAXREPEAT:
        return {0: "*", 1: "+"}.get(least, f"{{{least},}}")
    return "?" if (least, most) == (0, 1) else f"{{{least},{most}}}"


def _sign(code: int) -> str:
    return chr(code) if chr(code).isalnum() else f"\\u{{{code:x}}}"


def _one_of(members: list[tuple[object, object]]) -> str:
    """A set. JavaScript has no difference of sets here: [^\\W\\d_] is a word sign that is none of the others."""
    negated = members[0][0] is sre.NEGATE
    members = members[1:] if negated else members
    without_words = (sre.CATEGORY, sre.CATEGORY_NOT_WORD)
    if negated and without_words in members:
        others = "".join(_member(one) for one in members if one != without_words)
        return f"(?:(?![{others}])[{WORD}])" if others else f"[{WORD}]"
    return f"[{'^' if negated else ''}{''.join(map(_member, members))}]"


def _member(member: tuple[object, object]) -> str:
    match member:
        case sre.LITERAL, int(code):
            return _sign(code)
        case sre.RANGE, (int(first), int(last)):
            return f"{_sign(first)}-{_sign(last)}"
        case sre.CATEGORY, category if category in CLASSES:
            return CLASSES[category]
    raise UnknownPattern(f"{member[0]} {member[1]} in a set of a pattern")
