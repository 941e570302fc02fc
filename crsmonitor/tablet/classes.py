"""Classes for MicroPython, which has no dataclasses, enum and NamedTuple: each on a base of the shim."""

import ast
from collections.abc import Callable
from pathlib import Path

from crsmonitor.tablet import known
from crsmonitor.tablet.making import call, name
from crsmonitor.tablet.unlowered import Unlowered

Visit = Callable[[ast.AST], ast.AST]
EXCEPTIONS = ("Exception", "ValueError")


def lowered_class(node: ast.ClassDef, path: Path, visit: Visit) -> ast.AST:
    bases = [ast.unparse(base) for base in node.bases]
    if node.keywords or len(bases) > 1:
        raise Unlowered(path, node, "a class with keywords or several bases")
    decorators = [ast.unparse(one.func if isinstance(one, ast.Call) else one) for one in node.decorator_list]
    if bases == ["StrEnum"] and not decorators:
        return _enum(node, path)
    if bases == ["NamedTuple"] and not decorators:
        return _data(node, path, visit, "Row", options={})
    if decorators == ["dataclass"] and not bases:
        [decorator] = node.decorator_list
        options = {one.arg: ast.literal_eval(one.value) for one in decorator.keywords} \
            if isinstance(decorator, ast.Call) else {}  # fmt: skip
        if unknown := set(options) - {"frozen", "slots", "kw_only", "eq"}:
            raise Unlowered(path, node, f"a dataclass with {', '.join(map(str, unknown))}")
        return _data(node, path, visit, "Data" if options.get("eq", True) else "DataById", options=options)
    if not decorators and (not bases or bases[0] in EXCEPTIONS):
        node.body = [visit(one) for one in node.body]  # type: ignore[misc]
        return node
    raise Unlowered(path, node, f"a class of {bases} under {decorators}")


def _enum(node: ast.ClassDef, path: Path) -> ast.AST:
    """Its members are texts there. One with methods has none of them then."""
    members = []
    for one in node.body:
        if isinstance(one, ast.Pass):
            continue
        if not (isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant)):
            raise Unlowered(path, one, "an enum with more than members")
        [target] = one.targets
        assert isinstance(target, ast.Name)
        members.append(ast.Tuple([ast.Constant(target.id), one.value], ast.Load()))
    return ast.Assign([ast.Name(node.name, ast.Store())], call("StrEnum", ast.Constant(node.name), *members), lineno=0)


def _data(node: ast.ClassDef, path: Path, visit: Visit, base: str, *, options: dict[str | None, bool]) -> ast.AST:
    """A class with its fields named, and a constructor that sets them."""
    fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
    names = [one.target.id for one in fields if isinstance(one.target, ast.Name)]
    rest = [one for one in node.body if one not in fields and not isinstance(one, ast.Pass)]
    for one in rest:
        if not isinstance(one, ast.FunctionDef) or one.name == "__post_init__":
            raise Unlowered(path, one, "more than fields and methods in a class of data")
    listed = ast.Tuple([ast.Constant(one) for one in names], ast.Load())
    body: list[ast.stmt] = [ast.Assign([ast.Name("__slots__", ast.Store())], listed, lineno=0)]
    if fields:
        body.append(_constructor(names, [_default(one, path, visit) for one in fields], options.get("kw_only", False)))
    node.bases, node.decorator_list = [name(base)], []
    node.body = [*body, *(visit(one) for one in rest)]  # type: ignore[list-item]
    return node


def _default(one: ast.AnnAssign, path: Path, visit: Visit) -> tuple[ast.expr | None, bool]:
    """What a field is where nothing is given, and whether that is made anew each time. None: it must be given."""
    value = one.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "field":
        if [keyword.arg for keyword in value.keywords] != ["default_factory"]:
            raise Unlowered(path, value, "a field with more than a default_factory")
        return visit(value.keywords[0].value), True  # type: ignore[return-value]
    return (None if value is None else visit(value)), False  # type: ignore[return-value]


def _constructor(names: list[str], defaults: list[tuple[ast.expr | None, bool]], kw_only: bool) -> ast.FunctionDef:
    given: list[ast.expr | None] = [name(known.MADE) if made else value for value, made in defaults]
    arguments = ast.arguments([], [ast.arg("self")], None, [], [], None, [])
    if kw_only:
        arguments.kwonlyargs, arguments.kw_defaults = [ast.arg(one) for one in names], given
    else:
        arguments.args += [ast.arg(one) for one in names]
        arguments.defaults = [one for one in given if one is not None]
    body: list[ast.stmt] = []
    for one, (value, made) in zip(names, defaults, strict=True):
        stored: ast.expr = name(one)
        if made and value is not None:
            is_missing = ast.Compare(name(one), [ast.Is()], [name(known.MADE)])
            stored = ast.IfExp(is_missing, ast.Call(value, [], []), name(one))
        body.append(ast.Assign([ast.Attribute(name("self"), one, ast.Store())], stored, lineno=0))
    return ast.FunctionDef("__init__", arguments, body, [], lineno=0)
