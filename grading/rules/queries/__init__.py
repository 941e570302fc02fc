"""Queries about what was recorded, and which records are compared with their source."""
