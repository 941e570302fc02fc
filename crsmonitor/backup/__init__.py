"""A whole database as one folder, and back into an empty one: pg_dump's file, and a manifest of what must be in it."""
