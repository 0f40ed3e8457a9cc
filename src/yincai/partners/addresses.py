"""Where deliveries may go: public hosts over https, so that nobody has us knock at doors inside."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from yincai.foundation.errors import Problem
from yincai.partners.vocabulary import AddressRefused

LONGEST = 500
NAT64 = ipaddress.ip_network("64:ff9b::/96")
Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
_SHAPE = "请填写完整的 https 地址，例如 https://example.org/yincai-events，不带用户名、密码和 # 后面的部分。"
_INSIDE = "这个地址在内部网络或本机，不能推送。请填写从互联网可以访问的 https 地址。"


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart; `host` in ASCII."""

    scheme: str
    host: str
    port: int
    path: str

    def at(self, ip: Ip) -> str:
        """The same address at a network address that was looked up and judged."""
        host = f"[{ip}]" if ip.version == 6 else str(ip)
        return f"{self.scheme}://{host}:{self.port}{self.path}"

    @property
    def name(self) -> str:
        """What stands in the header Host."""
        usual = {"https": 443, "http": 80}[self.scheme]
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == usual else f"{host}:{self.port}"


def target_of(address: str) -> Target:
    """The address taken apart; `AddressRefused` for what may not be an endpoint by its looks.

    Which network address a name has is judged at every delivery (`is_allowed`).
    """
    try:
        parts = urlsplit(address)
        port, host = parts.port, (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise _refused(_SHAPE) from error
    plain = len(address) <= LONGEST and address.isascii() and address.isprintable() and " " not in address
    if (
        not plain
        or not host
        or port == 0
        or parts.username is not None
        or parts.fragment
        or "@" in parts.netloc
    ):
        raise _refused(_SHAPE)
    literal = _ip(host)
    if parts.scheme == "http" and not (settings.WEBHOOKS_TO_LOOPBACK and _is_this_machine(host, literal)):
        raise _refused(_SHAPE)
    if parts.scheme not in ("https", "http"):
        raise _refused(_SHAPE)
    if literal is not None and not is_allowed(literal):
        raise _refused(_INSIDE)
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def is_allowed(ip: Ip) -> bool:
    """Whether we connect to this network address; addresses that stand for another are judged by that one.

    This machine itself only where the setting for development says so.
    """
    for inner in _inner(ip):
        return is_allowed(inner)
    if settings.WEBHOOKS_TO_LOOPBACK and ip.is_loopback:
        return True
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def _inner(ip: Ip) -> list[ipaddress.IPv4Address]:
    """The IPv4 address that an IPv6 one carries: mapped, 6to4, Teredo, NAT64."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    teredo = ip.teredo[1] if ip.teredo else None
    nat64 = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else None
    return [one for one in (ip.ipv4_mapped, ip.sixtofour, teredo, nat64) if one is not None][:1]


def _ip(host: str) -> Ip | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_this_machine(host: str, literal: Ip | None) -> bool:
    return host == "localhost" or (literal is not None and literal.is_loopback)


def _refused(sentence: str) -> AddressRefused:
    return AddressRefused(problems=[Problem("address", sentence)])
