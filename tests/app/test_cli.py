"""Exit codes: 0 done, 1 a check failed, 2 not possible; troubles on stderr, figures as JSON on stdout."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bothands import __version__
from bothands.app import cli
from bothands.app.linking import make_link
from bothands.app.wiring import open_store
from bothands.kit import NotFound
from bothands.people import LinkSpent, sign_in_by_link
from tests.app.conftest import Run, Writing, settings_of

COMMANDS = "serve demo import doctor backup restore upgrade link secret".split()


@pytest.mark.parametrize(
    "words", [[], ["fly"], ["doctor", "--nope"], ["import"], ["link"], ["backup"], ["restore"]]
)
def test_what_it_does_not_know_is_refused_with_2(
    run: Run, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*words)
    assert ended.value.code == 2
    assert "usage: bothands" in capsys.readouterr().err


def test_it_says_what_there_is(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("--help")
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(command in said for command in COMMANDS)
    with pytest.raises(SystemExit) as ended:
        run("--version")
    assert ended.value.code == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_all_settings(
    run: Run, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(command, "--help")
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(f"--{setting.name.replace('_', '-')}" in said for setting in cli.SETTINGS)


def test_a_bad_setting_is_not_possible(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("doctor", "--port", "many") == 2
    said = capsys.readouterr()
    assert said.err == "bothands: Setting port = 'many': it is not a number from 0 to 65535. Correct it.\n"
    assert said.out == ""


def test_a_data_folder_that_cannot_be_made(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        assert run("link", "chi@shop.example", "--data", place) == 2
        assert "--data" in capsys.readouterr().err


def test_ending_it_by_hand_is_no_failure(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ended(*given: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run", ended)
    assert run("doctor") == 0


def test_json_is_one_line_that_programs_can_read(
    data: Path, tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (
        ("doctor",),
        ("backup", tmp_path / "b.zip"),
        ("backup", "--verify", tmp_path / "b.zip"),
        ("restore", tmp_path / "b.zip", "--force"),
        ("upgrade",),
    ):
        run(*words, "--json", "--data", data)
        said = capsys.readouterr()
        assert json.loads(said.out)
        assert said.out.count("\n") == 1


def test_a_link_signs_in_once(data: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("link", "bo@shop.example", "--data", data, "--base-url", "https://desk.example/help/") == 0
    link = capsys.readouterr().out.strip()
    assert link.startswith("https://desk.example/help/desk/sign-in?token=")
    token = parse_qs(urlsplit(link).query)["token"][0]
    db = open_store(settings_of(data))
    try:
        signed_in, _ = db.write_now(lambda unit: sign_in_by_link(unit, token))
        assert signed_in.agent.name == "Bo Lind"
        with pytest.raises(LinkSpent):
            db.write_now(lambda unit: sign_in_by_link(unit, token))
    finally:
        db.close()


def test_no_link_for_strangers_or_beside_a_server(
    data: Path, writing: Writing, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NotFound, match="nobody has this address"):
        make_link(settings_of(data), "eve@shop.example")
    writing.wait_for(1)
    assert run("link", "bo@shop.example", "--data", writing.folder) == 2
    assert "has it open" in capsys.readouterr().err


def test_an_inboxs_secret_is_told_once_replaced_and_ended(
    data: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(*words: str) -> tuple[int, str]:
        code = run("secret", "shop", *words, "--data", data)
        return code, "".join(capsys.readouterr())

    first, second = said()[1].strip(), said()[1].strip()
    assert first.startswith("ids_")
    assert first != second
    code, words = said()
    assert code == 2
    assert "it has 2 secrets" in words
    listed = said("--list")[1]
    assert first not in listed
    assert listed.count("not used yet") == 2
    older = next(line for line in listed.splitlines() if first[:9] in line).split()[0]
    assert said("--revoke", older) == (0, "")
    assert said("--revoke", older)[0] == 2
    assert said("--list")[1].count("\n") == 1
    assert run("secret", "nowhere", "--data", data) == 2
    assert (data / "secrets.key").stat().st_mode & 0o077 == 0
