"""The drugs that treat CRS and ICANS, and their ledgers. Pure: what a study's policy says comes in as an argument."""
