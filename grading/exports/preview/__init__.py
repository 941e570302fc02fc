"""What is looked at before a packet is made or used: rows, warnings, what is new since a cut, and what columns mean."""
