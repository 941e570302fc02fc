"""The bundle: everything that the tablet's root reaches, lowered, with the shim, in one file whose name is its hash."""

import ast
import hashlib
import json
from pathlib import Path

from crsmonitor.tablet.constants import with_value
from crsmonitor.tablet.lower import lowered, many_of
from crsmonitor.tablet.reach import Module, modules_of
from crsmonitor.tablet.tables import tables

FOLDER = Path(__file__).resolve().parents[2]
SHIM = Path(__file__).with_name("shim")


def bundle(root: str, wanted: str, *, folder: Path = FOLDER) -> str:
    """The file, as JSON: every module by its name, and the hash of all of them. `wanted`: the root's function."""
    modules = modules_of(root, wanted, folder=folder)
    sources = {f"shim.{path.stem}": bare(path.read_text()) for path in sorted(SHIM.glob("*.py"))}
    sources["shim.tables"] = tables()
    methods = frozenset(name for module in modules.values() for name in _methods(module))
    many = {module.name: many_of(module) for module in modules.values()}
    for name in sorted(modules):
        if modules[name].kept:
            modules[name].kept = [with_value(one, name) for one in modules[name].kept]
            sources[name] = lowered(modules[name], methods=methods, many=many)
    written = json.dumps(sources, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(written.encode()).hexdigest()
    content = {"digest": digest, "root": root, "function": wanted, "modules": sources}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=0) + "\n"


def _methods(module: Module) -> list[str]:
    classes = [one for one in module.kept if isinstance(one, ast.ClassDef)]
    return [one.name for each in classes for one in each.body if isinstance(one, ast.FunctionDef)]


def bare(source: str) -> str:
    """Without comments, docstrings and annotations, which weigh and mean nothing there."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [one for one in body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
            node.body = kept or [ast.Pass()]  # type: ignore[attr-defined]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(tree) + "\n"
