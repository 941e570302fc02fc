import pytest

from crsmonitor.env import BadSetting, database, env_bool, env_choice, env_int, env_list, env_str, env_url, mail


@pytest.mark.parametrize(("written", "read"), [("true", True), ("false", False), ("", True)])
def test_a_switch_is_true_or_false(monkeypatch, written, read):
    monkeypatch.setenv("SWITCH", written)

    assert env_bool("SWITCH", default=True) is read


@pytest.mark.parametrize("written", ["True", "1", "yes", "on", "flase"])
def test_a_switch_is_nothing_else(monkeypatch, written):
    monkeypatch.setenv("SWITCH", written)

    with pytest.raises(BadSetting, match=f"SWITCH='{written}': say 'true' or 'false'"):
        env_bool("SWITCH", default=False)


@pytest.mark.parametrize(("written", "why"), [("ten", "whole number"), ("1.5", "whole number"), ("-1", "0 or more")])
def test_a_number_is_whole_and_not_too_small(monkeypatch, written, why):
    monkeypatch.setenv("NUMBER", written)

    with pytest.raises(BadSetting, match=why):
        env_int("NUMBER", default=3)


def test_a_number_may_be_zero(monkeypatch):
    monkeypatch.setenv("NUMBER", "0")

    assert env_int("NUMBER", default=3) == 0


def test_a_list_has_no_blanks(monkeypatch):
    monkeypatch.setenv("LIST", " a.example, b.example,,")

    assert env_list("LIST") == ["a.example", "b.example"]


def test_an_unset_list_is_empty():
    assert env_list("NOT_SET_ANYWHERE") == []


def test_a_missing_variable_is_named():
    with pytest.raises(BadSetting, match="NOT_SET_ANYWHERE is not set"):
        env_str("NOT_SET_ANYWHERE")


def test_a_choice_names_the_choices(monkeypatch):
    monkeypatch.setenv("MODE", "prod")

    with pytest.raises(BadSetting, match="say one of production, demo"):
        env_choice("MODE", among=("production", "demo"), default="production")


@pytest.mark.parametrize(
    "url", ["secret@host", "mysql://u:secret@host/crs", "redis://", "redis://u:sec/ret@host:6379x/0"]
)
def test_a_bad_url_is_refused_without_showing_its_password(monkeypatch, url):
    monkeypatch.setenv("ADDRESS", url)

    with pytest.raises(BadSetting, match="ADDRESS") as refused:
        env_url("ADDRESS", schemes=("redis", "rediss"))
    assert "secret" not in str(refused.value)


def test_a_database_url_becomes_settings():
    settings = database("postgresql://crs_app:p%40ss@db.example:5433/crs?sslmode=require")

    assert settings == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "crs",
        "USER": "crs_app",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"connect_timeout": 5, "sslmode": "require"},
    }


def test_a_database_url_names_a_database():
    with pytest.raises(BadSetting, match="names no database"):
        database("postgresql://crs_app@db.example:5432/")


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://user:p%40ss@mail.example", 587, True, False),
        ("smtps://mail.example:1465", 1465, False, True),
    ],
)
def test_a_mail_url_becomes_settings(url, port, starttls, tls):
    settings = mail(url)

    assert (settings["EMAIL_HOST"], settings["EMAIL_PORT"]) == ("mail.example", port)
    assert (settings["EMAIL_USE_TLS"], settings["EMAIL_USE_SSL"]) == (starttls, tls)
