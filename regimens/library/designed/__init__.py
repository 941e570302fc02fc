"""A regimen of a design as a document of the library's shape. Pure, needs no Django."""
