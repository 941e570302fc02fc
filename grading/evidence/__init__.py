"""What a study's own dose periods say, beside what its design predicted of them."""
