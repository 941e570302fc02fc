"""Where a request comes from. Anybody can write a header: only the proxies that are configured are believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Proxies:
    """Those in front of the site: how many, or in which networks. Neither: none, the peer is the client."""

    number: int = 0
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, text: str) -> "Proxies":
        """From `2`, or `10.0.0.0/8, 192.0.2.7`. Raises ValueError."""
        if text.isascii() and text.isdigit():
            return cls(number=int(text))
        return cls(networks=tuple(ip_network(part.strip()) for part in text.split(",") if part.strip()))

    def client(self, peer: str, forwarded: Sequence[str]) -> Address | None:
        """The client: `forwarded` are the entries of X-Forwarded-For, the nearest last. None: no peer that is known.

        Every proxy adds whom it saw at the end. What stands before the first that is not ours, anybody may have
        written; an entry that is no address ends the reading at the proxy that let it through.
        """
        here, entries = parsed(peer), list(forwarded)
        if self.number:  # fewer entries than proxies: somebody came past them, and the header is theirs
            return (parsed(entries[-self.number]) or here) if len(entries) >= self.number else here
        while here is not None and entries and any(here in network for network in self.networks):
            before = parsed(entries.pop())
            if before is None:
                break
            here = before
        return here


def parsed(text: str) -> Address | None:
    """An address; one of IPv4 that came inside one of IPv6 is that of IPv4. None: it is none."""
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def network_of(address: str) -> str:
    """What counts as one place: an address of IPv4; of IPv6 the 64 bits that one subscriber gets."""
    ip = parsed(address)
    return str(ip_network(f"{ip}/64", strict=False)) if isinstance(ip, IPv6Address) else address
