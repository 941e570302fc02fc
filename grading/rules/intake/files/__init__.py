"""A file of vital signs: how its text is read, which column is which field, and what is wrong with each line. Pure."""
