"""Where a webhook may go: one row for each way around the guard."""

import ipaddress
import socket

import pytest

from grading.alerting.delivery.channels.webhook.guard import RefusedAddress, is_public, pin


def resolves_to(monkeypatch, *addresses: str) -> list[tuple]:
    """The resolver of the system, which is not ours, answers this. The list holds what it was asked."""
    resolved = []

    def answer(host, port, **_more):
        resolved.append((host, port))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return resolved


def strictly(url: str):
    return pin(url, allow_private=False, allow_http=False)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.org/hook", "scheme"),
        ("ftp://example.org/hook", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://example.org", "scheme"),
        ("//example.org/hook", "scheme"),
        ("", "scheme"),
        ("https://user:secret@example.org/", "credentials"),
        ("https://example.org@127.0.0.1/", "credentials"),
        ("https:///hook", "host"),
        ("https://[fe80::1%25eth0]/", "host"),
        ("https://exa mple.org/", "host"),
        ("https://127.0.0.1%2f.example.org/", "host"),
        ("https://１２７.0.0.1/", "host"),
        ("https://example.org:22/", "port"),
        ("https://example.org:80/", "port"),
        ("https://example.org:99999/", "malformed"),
        ("https://[::1/", "malformed"),
        ("https://2130706433/", "odd_address"),
        ("https://0x7f000001/", "odd_address"),
        ("https://0x7f.0.0.1/", "odd_address"),
        ("https://0177.0.0.1/", "odd_address"),
        ("https://127.1/", "odd_address"),
        ("https://127.0.0.1./", "odd_address"),
        ("https://0/", "odd_address"),
        ("https://127.0.0.1/", "not_public"),
        ("https://0.0.0.0/", "not_public"),
        ("https://10.0.0.1/", "not_public"),
        ("https://172.16.0.1/", "not_public"),
        ("https://192.168.1.1/", "not_public"),
        ("https://169.254.169.254/latest/meta-data/", "not_public"),
        ("https://100.64.0.1/", "not_public"),
        ("https://224.0.0.1/", "not_public"),
        ("https://240.0.0.1/", "not_public"),
        ("https://255.255.255.255/", "not_public"),
        ("https://[::1]/", "not_public"),
        ("https://[::]/", "not_public"),
        ("https://[fe80::1]/", "not_public"),
        ("https://[fc00::1]/", "not_public"),
        ("https://[fec0::1]/", "not_public"),
        ("https://[ff02::1]/", "not_public"),
        ("https://[::ffff:127.0.0.1]/", "not_public"),
        ("https://[::ffff:8.8.8.8]/", "not_public"),
        ("https://[2002:7f00:1::]/", "not_public"),
        ("https://[64:ff9b::7f00:1]/", "not_public"),
        ("https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", "not_public"),
        ("https://localhost/", "not_public"),
    ],
)
def test_refused(url, code):
    with pytest.raises(RefusedAddress) as refused:
        strictly(url)

    assert refused.value.code == code


def test_an_unknown_name_is_refused(monkeypatch):
    def fails(*_args, **_more):
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", fails)

    with pytest.raises(RefusedAddress, match="unknown_name"):
        strictly("https://nowhere.example/")


def test_the_name_is_resolved_once_and_its_address_is_dialled(monkeypatch):
    resolved = resolves_to(monkeypatch, "8.8.8.8")

    pinned = strictly("https://gateway.example.org/a/hook?x=1&y=%20")

    assert resolved == [("gateway.example.org", 443)]
    assert pinned.url == "https://8.8.8.8:443/a/hook?x=1&y=%20"
    assert (pinned.host, pinned.host_header) == ("gateway.example.org", "gateway.example.org")


def test_another_allowed_port_is_named_in_the_host_header(monkeypatch):
    resolves_to(monkeypatch, "2001:4860:4860::8888")

    pinned = strictly("https://gateway.example.org:8443/")

    assert pinned.url == "https://[2001:4860:4860::8888]:8443/"
    assert pinned.host_header == "gateway.example.org:8443"


@pytest.mark.parametrize("addresses", [("8.8.8.8", "127.0.0.1"), ("10.0.0.1", "8.8.8.8")])
def test_one_private_address_among_several_is_refused(monkeypatch, addresses):
    resolves_to(monkeypatch, *addresses)

    with pytest.raises(RefusedAddress, match="not_public"):
        strictly("https://rebinding.example.org/")


def test_private_networks_and_ports_only_where_the_setting_says_so():
    pinned = pin("https://127.0.0.1:9000/hook", allow_private=True, allow_http=False)

    assert pinned.url == "https://127.0.0.1:9000/hook"
    with pytest.raises(RefusedAddress, match="scheme"):
        pin("http://127.0.0.1:9000/hook", allow_private=True, allow_http=False)
    assert pin("http://127.0.0.1:9000", allow_private=True, allow_http=True).url == "http://127.0.0.1:9000/"


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])
def test_the_open_internet_is_public(address):
    assert is_public(ipaddress.ip_address(address))
