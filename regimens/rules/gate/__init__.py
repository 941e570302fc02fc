"""The next-dose gate. Pure: the standard library and other rules."""
