"""Tables that a module works out while it is imported are written down worked out: a tablet starts sooner.

Only texts, numbers and dicts and tuples of them, which mean the same however they came to be.
"""

import ast
import importlib


def with_value(statement: ast.stmt, module: str) -> ast.stmt:
    """`NAMES = {joined(name): ... for ...}` with the dict that it is. Any other statement as it was."""
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.DictComp):
        return statement
    [target] = statement.targets
    if not isinstance(target, ast.Name):
        return statement
    value = getattr(importlib.import_module(module), target.id)
    if not _is_plain(value):
        return statement
    return ast.copy_location(ast.Assign([target], _written(value), lineno=statement.lineno), statement)


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(_is_plain(one) for pair in value.items() for one in pair)
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (str, int))


def _written(value: object) -> ast.expr:
    if isinstance(value, dict):
        return ast.Dict([_written(one) for one in value], [_written(one) for one in value.values()])
    if isinstance(value, tuple):
        return ast.Tuple([_written(one) for one in value], ast.Load())
    return ast.Constant(str(value) if isinstance(value, str) else value)
