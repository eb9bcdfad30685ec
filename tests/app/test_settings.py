"""Command line before environment before default; what cannot be is refused by name."""

from pathlib import Path

import pytest

from bothands.app.settings import PREFIX, SETTINGS, read_settings
from bothands.kit import Invalid


def test_defaults_serve_this_machine_alone() -> None:
    settings = read_settings({}, {})
    assert (settings.data, settings.host, settings.port) == (Path("data"), "127.0.0.1", 8000)
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == "sqlite:///data/bothands.db"


def test_a_database_of_its_own_may_be_shared_and_a_file_may_not() -> None:
    settings = read_settings({"works": "no"}, {"BOTHANDS_DATABASE": "postgresql://ada@db/shop"})
    assert settings.database_url == "postgresql://ada@db/shop"
    assert settings.is_shared
    assert not read_settings({}, {}).is_shared


def test_the_command_line_goes_before_the_environment_before_the_default() -> None:
    environment = {"BOTHANDS_PORT": "9001", "BOTHANDS_HOST": "0.0.0.0", "PORT": "1", "HOST": "evil.example"}
    settings = read_settings({"port": "9002", "host": None}, environment)
    assert (settings.port, settings.host, settings.threads) == (9002, "0.0.0.0", 1)
    assert settings.base_url == "http://0.0.0.0:9002"


def test_an_empty_value_is_none() -> None:
    assert read_settings({"port": ""}, {"BOTHANDS_PORT": ""}).port == 8000


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("port", "eighty", "0 to 65535"),
        ("port", "-1", "0 to 65535"),
        ("port", "65536", "0 to 65535"),
        ("port", "80.5", "0 to 65535"),
        ("threads", "0", "1 to 64"),
        ("threads", "many", "1 to 64"),
        ("precision", "fp8", "fp32 or int8"),
        ("log_level", "LOUD", "INFO"),
        ("works", "no", "nobody would work"),
        ("works", "never", "yes, no or only"),
        ("trusted_proxies", "proxy.example", "10.0.0.7, fd00::/8"),
        ("trusted_proxies", "10.0.0.1/8", "host bits"),
        ("trusted_proxies", "10.0.0.7, 0.0.0.0/0", "everybody"),
        ("base_url", "desk.example", "https://desk.example"),
        ("base_url", "javascript:alert(1)", "https://"),
        ("base_url", "https://", "https://"),
        ("base_url", "https://desk.example/?a=b", "https://"),
        ("base_url", "https://desk.example/#a", "https://"),
        ("base_url", "https://ada@desk.example", "https://"),
        ("base_url", "https://desk.example\r\nx: y", "https://"),
        ("orders_url", "file:///etc/hosts", "https://"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(name: str, text: str, words: str) -> None:
    for given, environment in (({name: text}, {}), ({}, {PREFIX + name.upper(): text})):
        with pytest.raises(Invalid) as refused:
            read_settings(given, environment)
        assert name in refused.value.thing
        assert words in str(refused.value)


def test_addresses_end_without_a_slash() -> None:
    settings = read_settings(
        {"base_url": "https://desk.example/help/", "orders_url": "http://127.0.0.1:9/"}, {}
    )
    assert (settings.base_url, settings.orders_url) == ("https://desk.example/help", "http://127.0.0.1:9")


def test_a_mail_server_needs_a_sender_and_the_other_way_round() -> None:
    url, sender = "smtps://desk:secret@mail.example", "Shop <desk@shop.example>"
    settings = read_settings({"smtp_url": url, "mail_from": sender}, {})
    assert (settings.smtp_url, settings.mail_from) == (url, sender)
    for given in ({"smtp_url": url}, {"mail_from": sender}, {"smtp_url": "secret", "mail_from": sender}):
        with pytest.raises(Invalid) as refused:
            read_settings(given, {})
        assert refused.value.thing in ("setting smtp_url", "setting mail_from")
        assert "secret" not in str(refused.value)


def test_levels_are_read_in_any_case() -> None:
    assert read_settings({"log_level": "debug"}, {}).log_level == "DEBUG"


def test_every_setting_has_one_sentence() -> None:
    assert all(setting.help.endswith(".") for setting in SETTINGS)
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
