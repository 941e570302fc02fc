"""What means the same to MicroPython, and what is written in another way. Anything else is refused (lower.py)."""

import ast

# Constructs that pass as they are. Those with a method of their own in lower.py are rewritten or checked there.
NODES = (
    # statements
    ast.FunctionDef, ast.Return, ast.Assign, ast.AugAssign, ast.For, ast.While, ast.If, ast.Raise, ast.Try,
    ast.ExceptHandler, ast.Assert, ast.Expr, ast.Pass, ast.Break, ast.Continue,
    # expressions
    ast.BoolOp, ast.NamedExpr, ast.BinOp, ast.UnaryOp, ast.Lambda, ast.IfExp, ast.Dict, ast.Set, ast.ListComp,
    ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Yield, ast.YieldFrom, ast.Compare, ast.Call, ast.Attribute,
    ast.Subscript, ast.Starred, ast.Name, ast.List, ast.Tuple, ast.Slice,
    # parts
    ast.arguments, ast.arg, ast.keyword, ast.comprehension, ast.expr_context,
    ast.And, ast.Or, ast.Not, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.BitAnd,
    ast.BitOr, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.IsNot, ast.In, ast.NotIn,
)  # fmt: skip

BUILTINS = frozenset({
    "abs", "all", "any", "bool", "dict", "enumerate", "frozenset", "getattr", "int", "isinstance", "iter", "len",
    "list", "map", "max", "min", "next", "property", "range", "round", "set", "sorted", "staticmethod", "classmethod",
    "str", "sum", "super", "tuple", "type", "zip", "filter", "Exception", "KeyError", "TypeError", "ValueError",
})  # fmt: skip
DECORATORS = frozenset({"property", "staticmethod", "classmethod", "cache", "lru_cache"})

# By module and name: what the shim has under the same name ("": it means nothing at run time), or another name.
PROVIDED: dict[tuple[str, str], str] = {
    ("dataclasses", "dataclass"): "",
    ("dataclasses", "field"): "",
    ("dataclasses", "replace"): "replace",
    ("datetime", "UTC"): "UTC",
    ("datetime", "datetime"): "datetime",
    ("datetime", "timedelta"): "timedelta",
    ("decimal", "Decimal"): "Decimal",
    ("decimal", "InvalidOperation"): "InvalidOperation",
    ("decimal", "ROUND_HALF_EVEN"): "ROUND_HALF_EVEN",
    ("decimal", "ROUND_HALF_UP"): "ROUND_HALF_UP",
    ("django.utils.translation", "get_language"): "language",
    ("django.utils.translation", "gettext"): "gettext",
    ("django.utils.translation", "gettext_lazy"): "gettext",  # a worker speaks one language from its start on
    ("django.utils.translation", "pgettext"): "pgettext",
    ("enum", "StrEnum"): "",
    ("functools", "cache"): "cache",
    ("functools", "lru_cache"): "lru_cache",
    ("functools", "reduce"): "reduce",
    ("itertools", "pairwise"): "pairwise",
    ("re", ""): "",
    ("typing", "Any"): "",
    ("typing", "NamedTuple"): "",
    ("unicodedata", ""): "",
}
# Builtins that the shim has in a way that keeps order, or knows Decimal.
REPLACED = {
    "dict": "ordered",
    "sorted": "stable_sorted",
    "round": "rounded",
    "zip": "zipped",
    "frozenset": "frozenset",
}
GENERIC = frozenset({"dict", "frozenset", "list", "set", "tuple"})
FUNCTIONS = {
    "dict.fromkeys": "from_keys",
    "tuple.__new__": "row_of",
    "unicodedata.normalize": "normalized",
    "unicodedata.combining": "combining",
}
# Methods of a text or a list that MicroPython has not, or only for ASCII, or not stable.
AS_FUNCTIONS = {
    "casefold": "casefold",
    "isalnum": "isalnum",
    "isalpha": "isalpha",
    "isascii": "isascii",
    "lower": "lower",
    "removeprefix": "removeprefix",
    "removesuffix": "removesuffix",
    "sort": "stable_sort",
    "strip": "strip",
}
ONLY_BARE = frozenset({"strip"})  # with the signs to strip, both do the same
METHODS = frozenset({
    # of texts
    "endswith", "format", "join", "lstrip", "partition", "replace", "rpartition", "rstrip", "split", "startswith",
    "strip",
    # of dicts, lists and sets
    "add", "append", "count", "difference", "extend", "get", "index", "intersection", "isdisjoint", "issubset",
    "items", "keys", "pop", "setdefault", "union", "values",
    # of moments and spans
    "fromisoformat", "isoformat", "timestamp", "total_seconds",
    # of Decimal and Pattern, which the shim has
    "adjusted", "as_tuple", "is_finite", "normalize", "quantize", "findall", "fullmatch", "search",
    # of exceptions
    "__init__",
})  # fmt: skip
SPECIAL = frozenset({"__init__", "__name__", "__slots__"})
FORMATS = frozenset({"d", "f"})
MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE,
}  # fmt: skip
MADE = "MADE"  # the default of a field that is made anew each time
