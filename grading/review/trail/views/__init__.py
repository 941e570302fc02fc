"""The door to the audit trail: its page, its files, and the history of a fact."""
