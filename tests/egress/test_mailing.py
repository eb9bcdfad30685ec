"""Letters go out through the same gate, to a real mail server, encrypted, and stay the letters they are."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import trustme

from bothands.egress import (
    AddressRefused,
    Gate,
    Letter,
    MailFailed,
    MailRefused,
    MailServer,
    Post,
    host_and_port,
    read_mail_server,
)
from bothands.egress.mailing import write_letter
from bothands.kit import Invalid
from tests.egress.conftest import Listener, resolve
from tests.mailbox import Mailbox, mailbox, text_of

AT = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
SENDER = "Alder & Loft <desk@shop.example>"
LETTER = Letter("job_1", "bo@shop.example", "Käse, häuser & 木", "Grüezi\n.\nthe end", "<p>Grüezi</p>")


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Mailbox]:
    with mailbox(tmp_path / "box") as box:
        yield box


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def certificate(tmp_path: Path, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of localhost, which this process trusts as it trusts those of the world."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    path = tmp_path / "server.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(path))
    return str(path)


def post_to(url: str) -> Post:
    server = read_mail_server(url, SENDER)
    return Post(Gate((host_and_port(server.url),)), server)


async def test_a_letter_arrives_as_it_was_written(box: Mailbox) -> None:
    await post_to(f"smtp+plain://127.0.0.1:{box.port}").send(LETTER, AT)
    (letter,) = box.letters()
    assert letter["message-id"] == "<job_1@shop.example>"
    assert (letter["from"], letter["to"]) == (
        SENDER.replace("Alder & Loft", '"Alder & Loft"'),
        LETTER.to,
    ) or (letter["from"] == SENDER)
    assert letter["subject"] == LETTER.subject
    assert letter["auto-submitted"] == "auto-generated"
    assert text_of(letter).splitlines() == LETTER.text.splitlines()
    assert text_of(letter, "html").strip() == LETTER.html
    assert box.envelopes() == [{"from": "desk@shop.example", "to": ["bo@shop.example"]}]


async def test_the_same_letter_again_is_the_same_to_the_byte(box: Mailbox) -> None:
    post = post_to(f"smtp+plain://127.0.0.1:{box.port}")
    await post.send(LETTER, AT)
    await post.send(LETTER, AT)
    first, second = box.raw()
    assert first == second


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
async def test_encrypted_and_signed_in(scheme: str, tmp_path: Path, certificate: str) -> None:
    how = {"smtps": "--tls", "smtp": "--starttls"}[scheme]
    with mailbox(tmp_path / "box", how, certificate, "--account", "desk:p@ss/w?rd") as box:
        post = post_to(f"{scheme}://desk:p%40ss%2Fw%3Frd@localhost:{box.port}")
        assert await post.hello() == f"localhost:{box.port} answers, encrypted, signed in"
        await post.send(LETTER, AT)
        assert len(box.raw()) == 1
        wrong = post_to(f"{scheme}://desk:wrong-password@localhost:{box.port}")
        with pytest.raises(MailFailed) as failed:
            await wrong.send(LETTER, AT)
        assert "535" in str(failed.value)
        assert "wrong-password" not in str(failed.value)
        assert len(box.raw()) == 1


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
async def test_a_certificate_nobody_vouches_for_gets_no_letter(
    scheme: str, tmp_path: Path, certificate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(stranger))
    other_name = tmp_path / "other.pem"
    how = {"smtps": "--tls", "smtp": "--starttls"}[scheme]
    for number, path in enumerate((stranger, other_name)):
        if path == other_name:
            ours = trustme.CA()
            ours.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
            ours.issue_cert("elsewhere.example").private_key_and_cert_chain_pem.write_to_path(str(other_name))
        with mailbox(tmp_path / f"box{number}", how, str(path)) as box:
            with pytest.raises(MailFailed):
                await post_to(f"{scheme}://localhost:{box.port}").send(LETTER, AT)
            assert box.raw() == []


async def test_where_starttls_is_not_offered_nothing_is_said_in_the_clear(box: Mailbox) -> None:
    """Who strips the offer on the way must not get the letter."""
    with pytest.raises(MailFailed):
        await post_to(f"smtp://desk:secret@127.0.0.1:{box.port}").send(LETTER, AT)
    assert box.connects == 1
    assert box.raw() == []


async def test_a_no_for_good_is_told_from_a_not_now(box: Mailbox) -> None:
    post = post_to(f"smtp+plain://127.0.0.1:{box.port}")
    box.answer("550 5.1.1 no such mailbox", "451 4.7.1 come back later")
    with pytest.raises(MailRefused, match="no such mailbox"):
        await post.send(LETTER, AT)
    with pytest.raises(MailFailed, match="451"):
        await post.send(LETTER, AT)
    await post.send(LETTER, AT)
    assert len(box.raw()) == 1


async def test_a_server_that_hangs_up_or_is_not_there_is_tried_again_later(box: Mailbox) -> None:
    post = post_to(f"smtp+plain://127.0.0.1:{box.port}")
    box.answer("cut")
    with pytest.raises(MailFailed):
        await post.send(LETTER, AT)
    with pytest.raises(MailFailed):
        await post_to("smtp+plain://127.0.0.1:1").send(LETTER, AT)


async def test_a_private_mail_server_is_reached_only_if_the_operator_named_it(private: Listener) -> None:
    server = read_mail_server(f"smtp+plain://inside.example:{private.port}", SENDER)
    with pytest.raises(AddressRefused):
        await Post(Gate(ports=(private.port,), resolve=resolve), server).send(LETTER, AT)
    assert private.connects == 0


WANTED = ["Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type"]
SIGNS = '\r\n\0\t\x0b\x1c\x85\u2028\u2029 \\"<>@:;,=?éж木\u202e' + "Bcc: eve@evil.example"


def written(letter: Letter, sender: str = "Shop") -> bytes | None:
    """The letter as it travels, or None when it was refused."""
    try:
        return write_letter(letter, MailServer("smtp://mail.example", sender, "desk@shop.example"), AT)
    except MailRefused:
        return None


def headers_of(raw: bytes) -> list[str]:
    """As the wire has them, folded lines joined; nothing that a lenient reader takes for a line's end."""
    head = raw.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert not re.search(rb"[\r\n\0\x0b\x0c\x1c-\x1e]", head.replace(b"\r\n", b""))
    return [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in (b" ", b"\t")]


def test_ten_thousand_odd_letters_have_no_header_more_and_no_other_recipient() -> None:
    source = random.Random(7)

    def odd() -> str:
        return "".join(source.choice(SIGNS) for _ in range(source.randint(1, 60)))

    kept = 0
    for _ in range(10_000):
        address = source.choice(["bo@shop.example", "bo@shop.example" + odd(), odd() + "@shop.example"])
        raw = written(Letter("job_1", address, source.choice([odd(), "Hello"]), odd(), f"<p>{odd()}</p>"))
        if raw is None:
            continue
        kept += 1
        assert headers_of(raw) == WANTED
        if kept % 10:
            continue  # reading it whole is slow
        letter = message_from_bytes(raw, policy=policy.default)
        assert [one.addr_spec for one in letter["to"].addresses] == [address]
        assert letter["bcc"] is None
    assert kept > 500


@pytest.mark.parametrize(
    "bad", ["a\r\nBcc: eve@evil.example", "a\nb", "a\rb", "a\0b", "a\u2028b", "", "a" * 999]
)
def test_a_subject_or_key_that_is_not_one_line_is_refused(bad: str) -> None:
    assert written(Letter("job_1", "bo@shop.example", bad, "t", "h")) is None
    assert written(Letter(bad, "bo@shop.example", "Hello", "t", "h")) is None


@pytest.mark.parametrize(
    "address",
    [
        *("", "bo", "bo@", "@shop.example", "<bo@shop.example>", "bö@shop.example", "bo@a..b"),
        *("bo@shop.example, eve@evil.example", '"bo eve"@shop.example', "bo@[127.0.0.1]"),
        "bo@shop.example\r\nRCPT TO:<eve@evil.example>",
    ],
)
def test_an_odd_address_is_refused(address: str) -> None:
    assert written(Letter("job_1", address, "Hello", "t", "h")) is None


def test_a_sender_is_a_name_and_an_address() -> None:
    server = read_mail_server("smtps://ada:p%40ss@[::1]:2465/", '"Alder, Loft" <desk@shop.example>')
    assert (server.url, server.account, server.password) == ("smtps://[::1]:2465", "ada", "p@ss")
    assert (server.sender_name, server.sender_address) == ("Alder, Loft", "desk@shop.example")
    assert "p@ss" not in repr(server)
    assert read_mail_server("smtp://mail.example", "desk@shop.example").sender_name == ""


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("mail.example", SENDER),
        ("http://mail.example", SENDER),
        ("smtps://", SENDER),
        ("smtps://mail.example:port", SENDER),
        ("smtps://mail.example/inbox", SENDER),
        ("smtps://ada:p?ss@mail.example", SENDER),
        ("smtp+plain://ada:secret@mail.example", SENDER),
        ("smtps://mail.example", ""),
        ("smtps://mail.example", "Shop"),
        ("smtps://mail.example", "Shop <desk>"),
        ("smtps://mail.example", "Shop <desk@shop.example>\r\nBcc: eve@evil.example"),
        ("smtps://mail.example", "Sh\r\nop <desk@shop.example>"),
    ],
)
def test_what_is_no_mail_server_or_sender_is_refused_without_showing_a_password(
    url: str, sender: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read_mail_server(url, sender)
    assert "secret" not in str(refused.value)
    assert refused.value.thing in ("setting smtp_url", "setting mail_from")
