"""What the page Decide shows: rules in words, what was learned, pathways, operating characteristics."""
