"""The grades of a packet, derived again from its own rows by the rules alone: no Django, no database."""
