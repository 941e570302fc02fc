"""What the cases of several kinds are made of, and what they cost."""
