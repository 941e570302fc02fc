"""Certified copies: everything that is on record of one participant, for the site to take away, and to be held to."""
