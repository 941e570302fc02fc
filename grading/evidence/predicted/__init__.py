"""What a frozen band says of the doses really given, and what their outcomes leave of it."""
