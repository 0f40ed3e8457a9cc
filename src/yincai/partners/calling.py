"""One POST to a stranger's server: judged addresses only, no redirects, bounded in time and in bytes."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import httpx

from yincai.partners.addresses import Ip, Target, is_allowed, target_of
from yincai.partners.vocabulary import AddressRefused

SECONDS = 10.0
"""How long a call may take, from looking up the name to the receiver's status."""
LONGEST_WAIT = 3600
"""Seconds that a receiver may ask us to wait (Retry-After)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call; `status` None when no answer came, `reason` for people, `wait` in seconds."""

    status: int | None
    reason: str = ""
    wait: int = 0

    @property
    def is_good(self) -> bool:
        """Whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300


def post(address: str, body: bytes, *, headers: Mapping[str, str]) -> Outcome:
    """Send `body` there and tell what became of it; raises nothing that a receiver could cause.

    Nothing of the answer but its status and Retry-After is read.
    """
    try:
        return asyncio.run(_within_time(target_of(address), body, headers))
    except AddressRefused:
        return Outcome(None, "地址在内部网络或不是 https，没有连接")
    except TimeoutError:
        return Outcome(None, f"{SECONDS:.0f} 秒内没有回答")
    except ssl.SSLError:
        return Outcome(None, "对方的证书不可信")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Outcome(None, _reason(error))


async def _within_time(target: Target, body: bytes, headers: Mapping[str, str]) -> Outcome:
    async with asyncio.timeout(SECONDS):
        return await _post(target, await _look_up(target), body, headers)


async def _look_up(target: Target) -> Ip:
    """The first network address of the name.  One that is not allowed among them refuses all."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    ips = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not ips or not all(is_allowed(ip) for ip in ips):
        raise AddressRefused
    return ips[0]


async def _post(target: Target, ip: Ip, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """Connect to the very address that was judged; the certificate must be the name's."""
    async with httpx.AsyncClient(verify=_trust(), follow_redirects=False, trust_env=False) as client:
        request = client.build_request(
            "POST",
            target.at(ip),
            content=body,
            headers={
                **headers,
                "Host": target.name,
                "User-Agent": "yincai-webhooks/1",
                "Connection": "close",
            },
            extensions={"sni_hostname": target.host},
        )
        response = await client.send(request, stream=True)
        await response.aclose()
    return Outcome(response.status_code, _told(response), _wait(response))


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The machine's own roots (`SSL_CERT_FILE` is heeded)."""
    return ssl.create_default_context()


def _told(response: httpx.Response) -> str:
    if response.is_success:
        return ""
    if response.is_redirect:
        return f"回答了 {response.status_code}（不跟随跳转）"
    return f"回答了 {response.status_code}"


def _wait(response: httpx.Response) -> int:
    asked = response.headers.get("Retry-After", "")
    return min(int(asked), LONGEST_WAIT) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0


def _reason(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return "对方的证书不可信"
        cause = cause.__cause__ or cause.__context__
    return "对方的名称查不到" if isinstance(error, socket.gaierror) else "连接不上，或连接中断"
