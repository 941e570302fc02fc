"""How rows become files."""
