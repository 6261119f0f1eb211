"""Whose address a request comes from, through the proxies that the operator named and through no others."""

import ipaddress
from collections.abc import Iterable, Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: The header in which each proxy appends who asked it.
HEADER = b"x-forwarded-for"
#: Proxies one behind the other that are looked through. Source: our estimate, 2026-11-29.
MOST = 16


def read_proxies(text: str) -> tuple[Network, ...]:
    """Addresses and networks separated by commas. Raises ValueError, naming the one that is none."""
    found = []
    for one in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(ipaddress.ip_network(one))
        except ValueError as error:
            raise ValueError(f"JINGWEI_PROXIES: {one!r} is no address and no network: {error}") from None
    return tuple(found)


def find_caller(peer: str, told: Iterable[bytes], proxies: Sequence[Network]) -> str:
    """The address that the last named proxy was asked from; `peer` when that is no named proxy.

    `told`: the values of `HEADER`. Only what a named proxy appended counts: what stands left of the first
    address that is no proxy's, the caller can have written there. An entry that is no address ends the way.
    """
    at = peer
    chain = b",".join(told).decode("latin-1").split(",")[-MOST:]
    while chain and _is_among(at, proxies):
        asked_by = _plain(chain.pop())
        if not asked_by:
            break
        at = asked_by
    return at


def _is_among(address: str, networks: Sequence[Network]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in networks)


def _plain(entry: str) -> str:
    """The address without a port, in its one way of writing; '' when it is none."""
    text = entry.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
