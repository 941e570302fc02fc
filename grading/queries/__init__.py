"""Queries about any field of any record, and source data verification: what was looked at, and what is to be."""
