"""Whose X-Forwarded-For is believed: the proxies that are configured, and nobody else."""

import pytest
from django.test import RequestFactory

from crsmonitor.env import BadSetting, env_proxies
from crsmonitor.security.addresses import client_address
from crsmonitor.security.proxies import Proxies, network_of


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        ("0", "192.0.2.1", "203.0.113.5", "192.0.2.1"),  # nobody in front: the header is the client's own
        ("1", "10.0.0.2", "203.0.113.5", "203.0.113.5"),
        ("1", "10.0.0.2", "198.51.100.1, 203.0.113.5", "203.0.113.5"),  # the first was written by the client
        ("2", "10.0.0.2", "6.6.6.6, 203.0.113.5, 10.0.0.9", "203.0.113.5"),
        ("2", "203.0.113.5", "6.6.6.6", "203.0.113.5"),  # came past a proxy
        ("1", "10.0.0.2", "", "10.0.0.2"),
        ("1", "10.0.0.2", "unknown", "10.0.0.2"),
        ("10.0.0.0/8", "10.0.0.2", "6.6.6.6, 203.0.113.5, 10.1.1.1", "203.0.113.5"),
        ("10.0.0.0/8", "203.0.113.5", "6.6.6.6", "203.0.113.5"),  # no proxy of ours
        ("10.0.0.0/8", "10.0.0.2", "6.6.6.6, nonsense, 10.1.1.1", "10.1.1.1"),
        ("10.0.0.0/8", "10.0.0.2", "10.0.0.3", "10.0.0.3"),
        ("10.0.0.0/8, 192.0.2.7", "192.0.2.7", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.0/8", "::ffff:10.0.0.2", "::ffff:203.0.113.5", "203.0.113.5"),
        ("0", "", "203.0.113.5", ""),
    ],
)
def test_only_proxies_of_ours_are_believed(settings, proxies, peer, forwarded, address):
    settings.TRUSTED_PROXIES = Proxies.of(proxies)
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **headers)) == address


@pytest.mark.parametrize("value", ["-1", "one", "10.0.0.1/8", "10.0.0.0/8; 1.2.3.4", "1.5", "²"])
def test_what_is_no_proxy_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("TRUSTED_PROXIES", value)
    with pytest.raises(BadSetting, match="TRUSTED_PROXIES"):
        env_proxies("TRUSTED_PROXIES")


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::/64"), ("2001:db8::ffff:1", "2001:db8::/64"), ("", "")],
)
def test_what_counts_as_one_place(address, network):
    assert network_of(address) == network
