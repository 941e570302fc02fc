"""How rows become files: each format one module, all of them driven by the columns of a data set."""
