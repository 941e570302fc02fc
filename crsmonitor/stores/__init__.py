"""Stores of files outside the database, that speak S3: where they are, and what is asked of them."""
