"""Learning and deciding: the posterior, the escalation rule, its operating characteristics, and comparators."""
