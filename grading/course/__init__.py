"""The projection: from the facts of one participant to everything that is derived of them, and into its tables.

`continue_with` adds one fact that comes in order; `rederive` makes everything again from all facts. Both run
the same rules, and a test holds that they give the same rows.
"""
