"""The companions of ADCRSP: what its rows are made of, each fact once, so that anybody can count again."""
