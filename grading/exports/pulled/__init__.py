"""Data sets as programs pull them: the Dataset-JSON API v1.0 of CDISC, its profile that only reads."""
