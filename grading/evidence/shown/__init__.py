"""How the evidence looks: its pictures in SVG units, its sentences in the language of the reader."""
