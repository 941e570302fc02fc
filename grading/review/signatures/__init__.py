"""Signatures of every kind of record: what can be signed, what voids a signature, and where they are shown."""
