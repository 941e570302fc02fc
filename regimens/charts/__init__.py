"""Charts of a design as SVG: pure geometry, without a word. What they say in words stands in their templates."""
