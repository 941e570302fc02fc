"""Where a webhook may go (S21): the name is resolved once, every address is checked, and one of them is dialled."""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = {443, 8443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address in other clothes
# 2130706433, 0x7f000001, 0177.0.0.1, 127.1: the system's resolver takes them for addresses, people do not.
_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class RefusedAddress(Exception):
    """A webhook must not go there. `code` says why; the address itself stays out of logs."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Pinned:
    """Where to connect: `url` holds the address that was checked, `host` the name for TLS and the Host header."""

    url: str
    host: str
    host_header: str


def pin(url: str, *, allow_private: bool, allow_http: bool) -> Pinned:
    """The URL with its name replaced by a checked address. Raises RefusedAddress.

    `allow_private`: loopback, private networks and any port too, for tests and for gateways inside a hospital.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        raise RefusedAddress("malformed") from None
    if parts.scheme != "https" and not (allow_http and parts.scheme == "http"):
        raise RefusedAddress("scheme")
    if parts.username is not None or parts.password is not None:
        raise RefusedAddress("credentials")
    host = parts.hostname or ""
    if not host or port is None or not host.isascii() or not host.isprintable() or re.search(r"[\s%\\]", host):
        raise RefusedAddress("host")
    if port not in PORTS and not allow_private:
        raise RefusedAddress("port")
    if _NUMERIC.fullmatch(host) and not _is_address(host):
        raise RefusedAddress("odd_address")
    addresses = resolve(host, port)
    if not allow_private and not all(map(is_public, addresses)):
        raise RefusedAddress("not_public")  # also where only one of several is not: somebody plays with the name
    address = addresses[0]
    literal = f"[{address}]" if address.version == 6 else str(address)
    named = f"[{host}]" if ":" in host else host
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    host_header = named if parts.port is None else f"{named}:{port}"
    return Pinned(url=f"{parts.scheme}://{literal}:{port}{path}{query}", host=host, host_header=host_header)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def resolve(host: str, port: int) -> list[Address]:
    """Every address of the name, now. Raises RefusedAddress where there is none."""
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    except (OSError, UnicodeError):
        raise RefusedAddress("unknown_name") from None
    return [ipaddress.ip_address(str(sockaddr[0])) for *_rest, sockaddr in addresses]


def is_public(address: Address) -> bool:
    """Whether it lies on the open internet. Addresses that wrap another one never do."""
    if isinstance(address, ipaddress.IPv6Address) and (
        address.ipv4_mapped or address.sixtofour or address.teredo or address in NAT64 or address.is_site_local
    ):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
