"""Verbs: one transaction each, all or nothing, `by` whom and `at` what time."""
