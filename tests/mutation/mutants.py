"""The faults that can be put into a file: each changes one operator, number, word or statement."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {  # as written, and in its place
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"), ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"),
}  # fmt: skip
SWAPPED_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
SWAPPED_SIGNS: dict[type[ast.operator], tuple[str, str]] = {ast.Add: ("+", "-"), ast.Sub: ("-", "+")}
NO_FAULT = {"strict", "deep"}  # keywords that guard against a bug and decide nothing


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """`new` in place of the bytes `start` to `end` of the file. `lines`: the first and last of its statement."""

    path: str
    line: int
    start: int
    end: int
    old: str
    new: str
    lines: tuple[int, int]

    def applied(self, source: bytes) -> bytes:
        return source[: self.start] + self.new.encode() + source[self.end :]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {_short(self.old)} -> {_short(self.new)}"


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 50 else one_line[:47] + "..."


def mutants_of(path: str, source: bytes) -> list[Mutant]:
    """Every fault of the file that still is Python, in the order of the text."""
    finder = _Finder(path, source)
    finder.visit(ast.parse(source))
    return sorted({mutant for mutant in finder.mutants if _is_python(mutant.applied(source))})


def _is_python(source: bytes) -> bool:
    try:
        compile(source, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


class _Finder(ast.NodeVisitor):
    """Walks what decides. Annotations, decorators, docstrings and asserts (they are for mypy) are left alone."""

    def __init__(self, path: str, source: bytes) -> None:
        self.path, self.source, self.mutants = path, source, list[Mutant]()
        self.offsets = [0]
        for line in source.splitlines(keepends=True):
            self.offsets.append(self.offsets[-1] + len(line))
        self.lines = (1, 1)
        self.says_yes_or_no = False  # the function around is annotated `-> bool`

    # --- Where things stand in the text ---

    def begin(self, node: ast.expr | ast.stmt) -> int:
        return self.offsets[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt) -> int:
        return self.offsets[node.end_lineno - 1] + node.end_col_offset

    def put(self, start: int, end: int, *texts: str) -> None:
        line = self.source.count(b"\n", 0, start) + 1
        old = self.source[start:end].decode()
        self.mutants += [Mutant(self.path, line, start, end, old, new, self.lines) for new in texts if new != old]

    def put_between(self, left: ast.expr, right: ast.expr, old: str, new: str) -> None:
        """In place of the operator between two expressions, brackets and line ends beside it."""
        pattern = r"\b" + old.replace(" ", r"\s+") + r"\b" if old[0].isalpha() else re.escape(old)
        match = re.search(pattern.encode(), self.source[self.end(left) : self.begin(right)])
        if match is not None:
            self.put(self.end(left) + match.start(), self.end(left) + match.end(), new)

    # --- Statements ---

    def visit(self, node: ast.AST) -> None:
        if not isinstance(node, ast.stmt):
            super().visit(node)
            return
        around, inner = self.lines, list(_expressions(node))
        ends = [expression.end_lineno or 0 for expression in inner]
        whole = not hasattr(node, "body")
        self.lines = (node.lineno, (node.end_lineno or node.lineno) if whole else max([node.lineno, *ends]))
        super().visit(node)
        self.lines = around

    def body(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if not _is_docstring(statement):
                self.visit(statement)

    def visit_Module(self, node: ast.Module) -> None:
        self.body(node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.body(node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        outer = self.says_yes_or_no
        for default in [*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None)]:
            self.visit(default)
        self.says_yes_or_no = isinstance(node.returns, ast.Name) and node.returns.id == "bool"
        self.body(node.body)
        self.says_yes_or_no = outer

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Assert(self, node: ast.Assert) -> None:
        """Never reached by a person: it states what cannot be."""

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not isinstance(node.value, ast.Constant):
            texts = ("True", "False") if self.says_yes_or_no else ("None",)
            self.put(self.begin(node.value), self.end(node.value), *texts)
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        leaves = len(node.body) == 1 and isinstance(node.body[0], ast.Return | ast.Continue | ast.Break | ast.Raise)
        if leaves and not node.orelse:
            self.drop(node.body[0])
        if isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
            start, end = self.begin(node.test), self.end(node.test)
            self.put(start, end, f"not {self.source[start:end].decode()}")
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        self.drop(node)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.drop(node)
        self.generic_visit(node)

    def drop(self, node: ast.stmt) -> None:
        self.put(self.begin(node), self.end(node), "pass")

    # --- Expressions ---

    def visit_Compare(self, node: ast.Compare) -> None:
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            self.put_between(left, right, *COMPARISONS[type(operator)])
            left = right
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self.put_between(left, right, old, new)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in SWAPPED_SIGNS:
            self.put_between(node.left, node.right, *SWAPPED_SIGNS[type(node.op)])
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self.put(self.begin(node), self.begin(node) + len("not"), "")
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        if isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
            start, end = self.begin(node.test), self.end(node.test)
            self.put(start, end, f"not {self.source[start:end].decode()}")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in SWAPPED_CALLS:
            self.put(self.begin(node.func), self.end(node.func), SWAPPED_CALLS[name])
        if name == "Decimal" and len(node.args) == 1 and isinstance(node.args[0], ast.Constant):
            self.put(self.begin(node.args[0]), self.end(node.args[0]), *_neighbours(node.args[0].value))
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg not in NO_FAULT:
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self.put(self.begin(node), self.end(node), str(not node.value))
        elif isinstance(node.value, int):
            self.put(self.begin(node), self.end(node), str(node.value + 1), str(node.value - 1))


def _expressions(node: ast.stmt) -> Iterator[ast.expr]:
    return (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _neighbours(text: object) -> tuple[str, ...]:
    """'38.0' -> '38.1' and '37.9': one more and one less in the last place that is written."""
    if not isinstance(text, str) or not re.fullmatch(r"-?\d+(\.\d+)?", text):
        return ()
    last_place = Decimal(1).scaleb(int(Decimal(text).as_tuple().exponent))
    return tuple(f'"{Decimal(text) + step}"' for step in (last_place, -last_place))
