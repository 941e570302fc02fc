"""Queries about records, and their verification against the source."""
