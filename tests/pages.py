"""What a page says, for tests that look into its HTML."""

import re


def as_read(html: str) -> str:
    """HTML as a browser takes it: line breaks are blanks, and there is none beside a tag."""
    return re.sub(r"(?<=>) | (?=<)", "", re.sub(r"\s+", " ", html))
