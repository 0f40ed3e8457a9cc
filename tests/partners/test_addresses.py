"""Where events may go: no address leads inside, by whatever spelling."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from yincai.partners.addresses import is_allowed, target_of
from yincai.partners.calling import post
from yincai.partners.vocabulary import AddressRefused

INSIDE = [
    str(ipaddress.IPv4Address(0)),
    "127.0.0.1", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1",
    "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1",
]  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_address_inside_is_not_connected_to(text: str) -> None:
    assert not is_allowed(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["1.1.1.1", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_public_address_is_allowed(text: str) -> None:
    assert is_allowed(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.org",
        "http://example.org/",
        "http://localhost:8001/",
        "http://127.0.0.1:8001/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://10.0.0.1/",
        "https://user:word@example.org/",
        "https://@example.org/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org/#part",
        "https://exa mple.org/",
        "https://例子.测试/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://example.org/" + "x" * 500,
        "https://example.org/\r\nHost: inside",
        "https://example.org/\x00",
    ],
)
def test_unfit_address_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        target_of(address)

    assert [one.path for one in refused.value.problems] == ["address"]


def test_this_machine_is_allowed_in_development_alone(settings: Any) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True

    assert target_of("http://127.0.0.1:8001/x").path == "/x"
    assert target_of("http://localhost:8001/x").name == "localhost:8001"
    for other in ("http://10.0.0.1/", "http://example.org/", "https://10.0.0.1/"):
        with pytest.raises(AddressRefused):
            target_of(other)


def test_address_is_taken_apart_with_its_query() -> None:
    target = target_of("https://example.org/a/b?c=d")

    assert (target.name, target.path) == ("example.org", "/a/b?c=d")
    assert target.at(ipaddress.ip_address("1.1.1.1")) == "https://1.1.1.1:443/a/b?c=d"
    assert target.at(ipaddress.ip_address("2606::1")) == "https://[2606::1]:443/a/b?c=d"


@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f000001"])
def test_name_that_leads_to_this_machine_is_not_connected_to(name: str) -> None:
    outcome = post(f"https://{name}:1/", b"{}", headers={})

    assert (outcome.status, outcome.is_good) == (None, False)
    assert outcome.reason == "地址在内部网络或不是 https，没有连接"
