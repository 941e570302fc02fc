"""Lower a module of pure Python to what MicroPython reads. Mechanical: no clinical word is in here.

MicroPython has no dataclasses, enum, decimal, typing, match and (*a, b); its dict has no order, its sort is not
stable, its str knows ASCII alone. Each is written as a call of crsmonitor/tablet/shim, which has it. What is neither
known to mean the same there nor rewritten here raises Unlowered, with file and line.
"""

import ast
import builtins
from dataclasses import dataclass

from crsmonitor.tablet import known
from crsmonitor.tablet.classes import lowered_class
from crsmonitor.tablet.making import call, either, name, paired, spread, tupled
from crsmonitor.tablet.patterns import UnknownPattern, in_javascript
from crsmonitor.tablet.reach import OURS, Module
from crsmonitor.tablet.unlowered import Unlowered


@dataclass(frozen=True, slots=True)
class Many:
    """The `**name` of a function, and its other parameters."""

    name: str
    others: frozenset[str]


def many_of(module: Module) -> dict[str, Many]:
    """The functions of a module that take any keywords."""
    return {
        one.name: Many(one.args.kwarg.arg, frozenset(each.arg for each in [*one.args.args, *one.args.kwonlyargs]))
        for one in module.kept
        if isinstance(one, ast.FunctionDef) and one.args.kwarg is not None
    }


def lowered(module: Module, *, methods: frozenset[str], many: dict[str, dict[str, "Many"]]) -> str:
    """The source for MicroPython. `methods`: every name that a class of the bundle defines; `many`: by module, its
    functions that take any keywords, whose order is kept.
    """
    lowering = Lowering(module, methods=methods, many=many)
    body = [lowering.visit(statement) for statement in module.kept]
    tree = ast.Module([*_imports(module), *body], [])
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _imports(module: Module) -> list[ast.stmt]:
    used = {one.id for statement in module.kept for one in ast.walk(statement) if isinstance(one, ast.Name)}
    imports: list[ast.stmt] = [ast.ImportFrom("shim.all", [ast.alias("*")], 0)]
    for local, (source, there) in module.imports.items():
        if local not in used:
            continue
        if source.split(".")[0] in OURS:
            imports.append(ast.ImportFrom(source, [ast.alias(there, None if local == there else local)], 0))
        elif (provided := known.PROVIDED.get((source, there))) is None:
            raise Unlowered(module.path, module.kept[0], f"{there or source} of {source}")
        elif provided and provided != local:
            imports.append(ast.Assign([ast.Name(local, ast.Store())], name(provided), lineno=0))
    return imports


def _is_dict(node: ast.expr) -> bool:
    """Whether it is one as it is written: what stands before its % is a text then."""
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict"
    return isinstance(node, ast.Dict) or is_call


class Lowering(ast.NodeTransformer):
    def __init__(self, module: Module, *, methods: frozenset[str], many: dict[str, dict[str, "Many"]]) -> None:
        self.path, self.module, self.methods = module.path, module, methods
        # Local names of functions that take any keywords.
        self.many = dict(many[module.name]) | {
            local: many[source][there]
            for local, (source, there) in module.imports.items()
            if there in many.get(source, ())
        }

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if not isinstance(node, known.NODES):
            raise self._unlowered(node, type(node).__name__)
        return super().generic_visit(node)

    def _unlowered(self, node: ast.AST, what: str) -> Unlowered:
        return Unlowered(self.path, node, what)

    # --- Names and constants -----------------------------------------------------------------------------------

    def visit_Name(self, node: ast.Name) -> ast.AST:
        is_builtin = node.id not in self.module.names and node.id not in self.module.imports
        if is_builtin and hasattr(builtins, node.id) and node.id not in known.BUILTINS:
            raise self._unlowered(node, f"the builtin {node.id}")
        if node.id in self.many:
            raise self._unlowered(node, f"{node.id} takes any keywords, and is not called here")
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, (str, int, bool, type(None))):
            raise self._unlowered(node, f"a constant of type {type(node.value).__name__}")
        return node

    # --- Definitions -------------------------------------------------------------------------------------------

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if not (isinstance(called, ast.Name) and called.id in known.DECORATORS):
                raise self._unlowered(decorator, f"the decorator {ast.unparse(decorator)}")
        arguments = node.args
        arguments.args, arguments.posonlyargs = [*arguments.posonlyargs, *arguments.args], []
        if arguments.kwarg is not None:
            if node.name not in self.many:
                raise self._unlowered(node, f"**{arguments.kwarg.arg} of a method")
            arguments.kwonlyargs.append(ast.arg(arguments.kwarg.arg))
            arguments.kw_defaults.append(call("ordered"))
            arguments.kwarg = None
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return lowered_class(node, self.path, self.visit)

    def visit_Match(self, node: ast.Match) -> ast.AST:
        """Of classes alone: a chain of isinstance."""
        otherwise: list[ast.stmt] = []
        if not isinstance(node.subject, ast.Name):
            raise self._unlowered(node, "match on what is not a name")
        for case in reversed(node.cases):
            pattern = case.pattern
            if not isinstance(pattern, ast.MatchClass) or pattern.patterns or pattern.kwd_patterns or case.guard:
                raise self._unlowered(pattern, "a case that is not of a bare class")
            test = call("isinstance", name(node.subject.id), self.visit(pattern.cls))
            otherwise = [ast.If(test, [self.visit(one) for one in case.body], otherwise)]
        return otherwise[0]

    # --- Order: dict, set, sort --------------------------------------------------------------------------------

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        self.generic_visit(node)
        merged: ast.expr = call("ordered")
        pairs: list[ast.expr] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                pairs.append(paired(key, value))
                continue
            merged = call("union", call("union", merged, call("ordered", *tupled(pairs))), value)
            pairs = []
        if not any(key is None for key in node.keys):
            return call("ordered", *tupled(pairs))
        return call("union", merged, call("ordered", *tupled(pairs)))

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        self.generic_visit(node)
        return call("ordered", ast.ListComp(paired(node.key, node.value), node.generators))

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        into_text = isinstance(node.op, ast.Mod) and _is_dict(node.right)
        self.generic_visit(node)
        if into_text:
            return call("filled", node.left, node.right)
        return call("union", node.left, node.right) if isinstance(node.op, ast.BitOr) else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.op, ast.BitOr):
            return node
        if not isinstance(node.target, ast.Name):
            raise self._unlowered(node, "|= into what is not a name")
        return ast.Assign([node.target], call("joined_into", name(node.target.id), node.value), lineno=0)

    # --- Stars in displays -------------------------------------------------------------------------------------

    def visit_Tuple(self, node: ast.Tuple) -> ast.AST:
        self.generic_visit(node)
        return spread(node, node.elts, "tuple", ast.Tuple) if isinstance(node.ctx, ast.Load) else node

    def visit_List(self, node: ast.List) -> ast.AST:
        self.generic_visit(node)
        return spread(node, node.elts, "list", ast.List) if isinstance(node.ctx, ast.Load) else node

    def visit_Set(self, node: ast.Set) -> ast.AST:
        self.generic_visit(node)
        if not any(isinstance(one, ast.Starred) for one in node.elts):
            return node
        return call("set", spread(node, node.elts, "tuple", ast.Tuple))

    # --- Comparisons -------------------------------------------------------------------------------------------

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """`is` between members of an enum, which are texts there; a number on the left asks the right one."""
        self.generic_visit(node)
        for place, (operator, other) in enumerate(zip(node.ops, node.comparators, strict=True)):
            if isinstance(operator, (ast.Is, ast.IsNot)) and not isinstance(other, ast.Constant):
                node.ops[place] = ast.Eq() if isinstance(operator, ast.Is) else ast.NotEq()
        mirrored = known.MIRRORED.get(type(node.ops[0]))
        if mirrored is None or not isinstance(node.left, ast.Constant):
            return node
        first, rest = node.comparators[0], node.comparators[1:]
        bare = first.value if isinstance(first, ast.Attribute) else first
        if rest and not isinstance(bare, ast.Name):  # it is asked twice
            raise self._unlowered(node, "a chain whose middle is more than a name")
        turned: ast.expr = ast.Compare(first, [mirrored()], [node.left])
        return ast.BoolOp(ast.And(), [turned, ast.Compare(first, node.ops[1:], rest)]) if rest else turned

    # --- Texts -------------------------------------------------------------------------------------------------

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return ast.Call(ast.Attribute(ast.Constant(""), "join", ast.Load()), [ast.Tuple(
            [self._in_text(part) for part in node.values], ast.Load())], [])  # fmt: skip

    def _in_text(self, part: ast.expr) -> ast.expr:
        if isinstance(part, ast.Constant):
            return part
        assert isinstance(part, ast.FormattedValue)
        if part.conversion not in (-1, ord("s")):
            raise self._unlowered(part, f"!{chr(part.conversion)} in a text")
        value = self.visit(part.value)
        if part.format_spec is None:
            return call("str", value)
        spec = ast.literal_eval(part.format_spec) if isinstance(part.format_spec, ast.Constant) else None
        if isinstance(part.format_spec, ast.JoinedStr) and len(part.format_spec.values) == 1:
            spec = ast.literal_eval(part.format_spec.values[0])
        if spec not in known.FORMATS:
            raise self._unlowered(part, f"the format {ast.unparse(part)}")
        return call("formatted", value, ast.Constant(spec))

    # --- Attributes and calls ----------------------------------------------------------------------------------

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr == "value":  # of a member of an enum, which is a text
            return call("value_of", node.value)
        if node.attr.startswith("__") and node.attr not in known.SPECIAL:
            raise self._unlowered(node, node.attr)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if isinstance(node.slice, ast.Slice) and node.slice.step is not None:
            raise self._unlowered(node, "a slice with a step")
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        subscript = node.func
        if isinstance(subscript, ast.Subscript) and ast.unparse(subscript.value) in known.GENERIC:
            node.func = subscript.value  # frozenset[str](...)
        if isinstance(node.func, ast.Attribute):
            return self._method(node, node.func)
        if isinstance(node.func, ast.Name) and node.func.id in self.many:
            return self._with_any_keywords(node, node.func)
        if isinstance(node.func, ast.Name) and node.func.id == "isinstance":
            node.args[1] = either(node.args[1])
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in known.REPLACED:
            node.func = name(known.REPLACED[node.func.id])
        return node

    def _with_any_keywords(self, node: ast.Call, func: ast.Name) -> ast.AST:
        """f(a, b=c) as f(a, values=ordered((("b", c),))): the order of the words is kept."""
        many = self.many[func.id]
        unpacked = [one.value for one in node.keywords if one.arg is None]
        plain = [one for one in node.keywords if one.arg is not None]
        if (unpacked and plain) or len(unpacked) > 1 or any(one.arg in many.others for one in plain):
            raise self._unlowered(node, f"keywords of {func.id} of more than one kind")
        pairs: list[ast.expr] = [paired(ast.Constant(one.arg), self.visit(one.value)) for one in plain]
        values = self.visit(unpacked[0]) if unpacked else call("ordered", *tupled(pairs))
        arguments = [self.visit(one) for one in node.args]
        return ast.Call(func, arguments, [ast.keyword(many.name, values)] if node.keywords else [])

    def _method(self, node: ast.Call, func: ast.Attribute) -> ast.AST:
        written = ast.unparse(func)
        if written == "re.compile":
            return self._pattern(node)
        if written in known.FUNCTIONS:
            node.func = name(known.FUNCTIONS[written])
            return self.generic_visit(node)
        self.generic_visit(node)
        if func.attr in known.AS_FUNCTIONS and not (func.attr in known.ONLY_BARE and node.args):
            return ast.Call(name(known.AS_FUNCTIONS[func.attr]), [func.value, *node.args], node.keywords)
        if func.attr not in known.METHODS and func.attr not in self.methods:
            raise self._unlowered(node, f"the method {func.attr}")
        return node

    def _pattern(self, node: ast.Call) -> ast.AST:
        if len(node.args) != 1 or node.keywords or not isinstance(node.args[0], ast.Constant):
            raise self._unlowered(node, "a pattern that is not one text")
        try:
            return call("Pattern", ast.Constant(in_javascript(node.args[0].value)))
        except UnknownPattern as error:
            raise self._unlowered(node, str(error)) from None
