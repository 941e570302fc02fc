"""ADCRSP: one row for each participant and dose."""
