"""What a count of people out of a count supports, without a model."""
