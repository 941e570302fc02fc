"""What comes in from elsewhere and waits for somebody to look at it."""
