"""Whether a secret is one that somebody made up, or that a program made from nothing."""

MOST_ASKED = 12  # different characters; a random key of 50 has 25 and more, one in hexadecimal 15


def is_guessable(secret: str, *, least: int) -> bool:
    """Shorter than `least` characters, of few different ones, or a piece that repeats."""
    if len(secret) < least or len(set(secret)) < min(MOST_ASKED, least // 2):
        return True
    return secret in (secret + secret)[1:-1]
