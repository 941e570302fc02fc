"""What every answer says to a browser, also where the event loop answers by itself and Django does not."""

from django.conf import settings


def of_every_answer() -> list[tuple[bytes, bytes]]:
    """As SecurityMiddleware and CSPMiddleware say it on pages: a file, a refusal or a probe is nothing else."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())
    headers = {
        "content-security-policy": policy,
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "x-content-type-options": "nosniff",
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    return [(name.encode(), value.encode()) for name, value in headers.items()]
