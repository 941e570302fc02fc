"""What a study really gave and saw, as the engine takes it."""
