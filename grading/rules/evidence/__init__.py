"""What a count out of a count supports, without a model."""
