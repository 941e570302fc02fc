"""Where an S3-compatible store is, as one line of a setting. The standard library alone: settings read it."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

SCHEMES = {"s3": "https", "s3+http": "http"}
LOCKS = ("governance", "compliance")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PARAMETERS = frozenset({"region", "lock", "days"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAddress:
    """`prefix` ends with a slash, or is empty. `lock_days`: so long the store refuses to delete; 0: no object lock."""

    endpoint: str
    bucket: str
    prefix: str
    region: str
    key: str
    secret: str = field(repr=False)
    lock: str = ""
    lock_days: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether what is kept travels unencrypted."""
        return self.endpoint.startswith("http:")


def store_address(url: str) -> StoreAddress:
    """`s3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX][?region=..&lock=..&days=..]`; `s3+http://`: without TLS.

    ValueError says what is wrong, and quotes nothing of it: it holds a secret.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("it is no URL (write special characters of the secret as %XX)") from None
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise ValueError("it does not begin with s3://KEY:SECRET@HOST/BUCKET, or s3+http:// for one without TLS")
    if not parts.username or not parts.password:
        raise ValueError("it names no key and secret: s3://KEY:SECRET@HOST/BUCKET")
    bucket, _, prefix = unquote(parts.path.strip("/")).partition("/")
    if not _BUCKET.fullmatch(bucket):
        raise ValueError("its path names no bucket: 3 to 63 small letters, digits, hyphens and full stops")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return StoreAddress(
        endpoint=f"{SCHEMES[parts.scheme]}://{host}{f':{port}' if port else ''}", bucket=bucket,
        prefix=f"{prefix}/" if prefix else "", key=unquote(parts.username), secret=unquote(parts.password),
        **_how(parts.query),
    )  # fmt: skip


def _how(query: str) -> dict[str, str | int]:
    pairs = parse_qsl(query, keep_blank_values=True)
    how = dict(pairs)
    if len(how) != len(pairs) or not how.keys() <= _PARAMETERS:
        raise ValueError("behind the ? stand region=, lock= and days=, each once, and nothing else")
    lock, days = how.get("lock", ""), how.get("days", "")
    if bool(lock) != bool(days):
        raise ValueError("lock= and days= come together: how long nobody may delete what is kept")
    if lock and (lock not in LOCKS or not re.fullmatch(r"[1-9][0-9]{0,4}", days, re.ASCII)):
        raise ValueError(f"lock= is one of {', '.join(LOCKS)}, and days= a whole number, 1 to 99999")
    return {"region": how.get("region") or "us-east-1", "lock": lock, "lock_days": int(days or 0)}
