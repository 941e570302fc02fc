"""The door to data cuts: made, watched, cancelled and taken away, by page and by API."""
