"""Which statements of which modules a bundle needs: all that its root can reach, and nothing else.

Annotations, docstrings and types that only annotations name are gone before: they mean nothing at run time.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crsmonitor.tablet.unlowered import Unlowered

OURS = ("grading", "regimens", "crsmonitor")


@dataclass(slots=True)
class Module:
    """`names`: what each top-level statement defines, by name. `imports`: local name -> (module, name there)."""

    name: str
    path: Path
    names: dict[str, ast.stmt]
    imports: dict[str, tuple[str, str]]
    kept: list[ast.stmt] = field(default_factory=list)  # in the order of the file, once all is known


def modules_of(root: str, wanted: str, *, folder: Path) -> dict[str, Module]:
    """Every module that `wanted` of the module `root` needs, each with the statements kept of it."""
    modules: dict[str, Module] = {}
    kept: dict[str, set[str]] = {}
    waiting = [(root, wanted)]
    while waiting:
        name, symbol = waiting.pop()
        if name not in modules:
            modules[name] = _read(name, folder)
        module = modules[name]
        if symbol in module.imports:
            source, there = module.imports[symbol]
            if source.split(".")[0] in OURS:
                waiting.append((source, there))
            continue
        if symbol not in module.names or symbol in kept.setdefault(name, set()):
            continue  # a builtin or a local name; or here before
        statement = module.names[symbol]
        kept[name] |= set(_defines(statement, module.path))
        waiting += [(name, used) for used in _uses(statement)]
    for module in modules.values():
        needed = [module.names[symbol] for symbol in kept.get(module.name, ())]
        module.kept = sorted({id(one): one for one in needed}.values(), key=lambda one: one.lineno)
    return modules


def _read(name: str, folder: Path) -> Module:
    path = folder / (name.replace(".", "/") + ".py")
    shown = path.relative_to(folder)
    tree = _Bare().visit(ast.parse(path.read_text(), filename=str(shown)))
    names: dict[str, ast.stmt] = {}
    imports: dict[str, tuple[str, str]] = {}
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom):
            imports |= {one.asname or one.name: (statement.module or "", one.name) for one in statement.names}
        elif isinstance(statement, ast.Import):
            imports |= {one.asname or one.name: (one.name, "") for one in statement.names}
        else:
            for symbol in _defines(statement, shown):
                if symbol in names:
                    raise Unlowered(shown, statement, f"{symbol} is defined twice")
                names[symbol] = statement
    return Module(name, shown, names, imports)


def _defines(statement: ast.stmt, path: Path) -> list[str]:
    match statement:
        case ast.FunctionDef() | ast.ClassDef():
            return [statement.name]
        case ast.Assign(targets=[target]):
            targets = target.elts if isinstance(target, ast.Tuple) else [target]
            if all(isinstance(one, ast.Name) for one in targets):
                return [one.id for one in targets if isinstance(one, ast.Name)]
        case ast.Pass():  # what was an annotation or a docstring
            return []
    raise Unlowered(path, statement, f"{type(statement).__name__} at the top of a module")


def _uses(statement: ast.stmt) -> Iterator[str]:
    return (node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load))


class _Bare(ast.NodeTransformer):
    """Without annotations and docstrings. The fields of a class keep theirs until the class is lowered."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return ast.copy_location(ast.Pass(), node) if is_text else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        fields = [one for one in node.body if isinstance(one, ast.AnnAssign)]
        for one in fields:  # kept as fields: only what they are by default matters
            one.annotation = ast.copy_location(ast.Constant(None), one)
        node.body = [one if one in fields else self.visit(one) for one in node.body]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        arguments = node.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        for one in filter(None, every):
            one.annotation = None
        node.returns = None
        self.generic_visit(node)
        return node
