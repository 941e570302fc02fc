"""The audit trail as people read it: the history of one fact, and the review of all with its filters."""
