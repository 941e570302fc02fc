"""Where an S3-compatible store is: one line of a setting, read strictly, and never quoted."""

import pytest

from crsmonitor.env import BadSetting, env_stores
from crsmonitor.stores.address import store_address


def test_an_address_says_where_who_and_for_how_long():
    address = store_address(
        "s3://AK%2FX:s%40cret@minio.example:9000/packets/crs/?region=eu-west-1&lock=governance&days=30"
    )

    assert (address.endpoint, address.bucket, address.prefix) == ("https://minio.example:9000", "packets", "crs/")
    assert (address.key, address.secret, address.region) == ("AK/X", "s@cret", "eu-west-1")
    assert (address.lock, address.lock_days, address.is_plain) == ("governance", 30, False)
    assert "s@cret" not in repr(address)


def test_what_is_not_said_is_no_prefix_no_lock_and_the_usual_region():
    address = store_address("s3+http://a:b@127.0.0.1/packets")

    assert (address.endpoint, address.prefix, address.region) == ("http://127.0.0.1", "", "us-east-1")
    assert (address.lock, address.lock_days, address.is_plain) == ("", 0, True)


BAD = [
    ("https://a:hush@h/packets", "does not begin with s3://"),
    ("s3://h/packets", "names no key and secret"),
    ("s3://a:hush@h", "names no bucket"),
    ("s3://a:hush@h/UPPER", "names no bucket"),
    ("s3://a:hush@h:port/packets", "no URL"),
    ("s3://a:hush@h/packets?retention=3", "stand region=, lock= and days="),
    ("s3://a:hush@h/packets?region=a&region=b", "stand region=, lock= and days="),
    ("s3://a:hush@h/packets?lock=governance", "come together"),
    ("s3://a:hush@h/packets?days=3", "come together"),
    ("s3://a:hush@h/packets?lock=legal&days=3", "lock= is one of"),
    ("s3://a:hush@h/packets?lock=compliance&days=0", "a whole number"),
]


@pytest.mark.parametrize(("url", "why"), BAD)
def test_what_is_wrong_is_said_with_the_name_and_without_the_secret(monkeypatch, url, why):
    monkeypatch.setenv("CRS_PACKET_STORES", f"archive={url}")

    with pytest.raises(BadSetting, match=why) as refused:
        env_stores("CRS_PACKET_STORES")

    assert "archive" in str(refused.value)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(("value", "why"), [
    ("s3://a:hush@h/packets", "entry 1 is not of the form"),
    ("a=s3://a:hush@h/packets a=s3://a:hush@h/other", "a is named twice"),
])  # fmt: skip
def test_each_store_has_a_name_of_its_own(monkeypatch, value, why):
    monkeypatch.setenv("CRS_PACKET_STORES", value)

    with pytest.raises(BadSetting, match=why):
        env_stores("CRS_PACKET_STORES")


def test_several_stores_by_name(monkeypatch):
    monkeypatch.setenv("CRS_PACKET_STORES", "old=s3://a:b@h/packets  new=s3://a:b@g/packets")

    assert {name: one.endpoint for name, one in env_stores("CRS_PACKET_STORES").items()} == {
        "old": "https://h", "new": "https://g"}  # fmt: skip
