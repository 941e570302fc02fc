"""What the lowering does not know stops it: nothing passes through on the hope that it means the same there."""

import ast
from pathlib import Path


class Unlowered(Exception):
    """A construct without a rule, with its file and line."""

    def __init__(self, path: Path, node: ast.AST, what: str) -> None:
        super().__init__(f"{path}:{getattr(node, 'lineno', 0)}: {what}: crsmonitor/tablet/ has no rule for it")
