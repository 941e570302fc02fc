"""What comes in from elsewhere, and why it is held. Pure."""
