"""Pieces of code, in few words."""

import ast
from collections.abc import Iterable


def name(of: str) -> ast.Name:
    return ast.Name(of, ast.Load())


def call(of: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(name(of), list(arguments), [])


def paired(key: ast.expr, value: ast.expr) -> ast.expr:
    return ast.Tuple([key, value], ast.Load())


def tupled(pairs: Iterable[ast.expr]) -> list[ast.expr]:
    every = list(pairs)
    return [ast.Tuple(every, ast.Load())] if every else []


def spread(node: ast.expr, parts: list[ast.expr], maker: str, display: type[ast.Tuple] | type[ast.List]) -> ast.expr:
    """(*a, b) as tuple(a) + (b,)."""
    if not any(isinstance(one, ast.Starred) for one in parts):
        return node
    pieces: list[ast.expr] = []
    run: list[ast.expr] = []
    for one in parts:
        if isinstance(one, ast.Starred):
            pieces += [display(run, ast.Load())] if run else []
            pieces.append(call(maker, one.value))
            run = []
        else:
            run.append(one)
    pieces += [display(run, ast.Load())] if run else []
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = ast.BinOp(whole, ast.Add(), piece)
    return whole


def either(types: ast.expr) -> ast.expr:
    """A | B as (A, B)."""
    if not isinstance(types, ast.BinOp):
        return types
    left, right = either(types.left), either(types.right)
    return ast.Tuple([*(left.elts if isinstance(left, ast.Tuple) else [left]), right], ast.Load())
