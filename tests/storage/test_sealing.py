"""What we must be able to read again is unreadable without a file that is not in the database."""

import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bothands.kit import Unavailable
from bothands.storage import Seal, SealBroken, open_seal


def test_what_was_sealed_is_read_again_after_a_restart_and_only_by_its_owner(tmp_path: Path) -> None:
    sealed = open_seal(tmp_path).shut("ids_secret")
    assert "ids_secret" not in sealed
    assert open_seal(tmp_path).read(sealed) == "ids_secret"
    assert (tmp_path / "secrets.key").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.key"], "nothing else is left behind"


def test_another_key_reads_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    sealed = open_seal(tmp_path).shut("ids_secret")
    for other in (sealed[:-2], "", "nonsense"):
        with pytest.raises(SealBroken):
            open_seal(tmp_path).read(other)
    with pytest.raises(SealBroken, match=r"secrets\.key"):
        Seal.fresh().read(sealed)


def test_a_new_key_on_top_seals_and_the_old_one_still_reads(tmp_path: Path) -> None:
    old = open_seal(tmp_path).shut("old")
    path = tmp_path / "secrets.key"
    path.write_bytes(Fernet.generate_key() + b"\n" + path.read_bytes())
    both = open_seal(tmp_path)
    new = both.shut("new")
    assert (both.read(old), both.read(new)) == ("old", "new")
    path.write_bytes(path.read_bytes().splitlines()[0])
    assert open_seal(tmp_path).read(new) == "new"
    with pytest.raises(SealBroken):
        open_seal(tmp_path).read(old)


def test_processes_that_begin_at_once_share_one_key(tmp_path: Path) -> None:
    start = threading.Barrier(8)
    sealed: list[str] = []

    def begin() -> None:
        start.wait()
        sealed.append(open_seal(tmp_path).shut("shared"))

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [open_seal(tmp_path).read(one) for one in sealed] == ["shared"] * 8


@pytest.mark.parametrize("content", [b"", b"not a key", b"\xff\xfe"])
def test_a_damaged_key_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secrets.key").write_bytes(content)
    with pytest.raises(Unavailable, match=r"secrets\.key"):
        open_seal(tmp_path)
