"""Verbs of the queue: take in, accept, reject, and let in by itself."""
