from pathlib import Path

import pytest

from bothands.knowledge import ImportRefused, ImportTooLarge, Library, drafting, import_file, import_folder
from bothands.knowledge.store import article_versions, checksums, holdings, revision
from bothands.storage import Database

from .conftest import WordHash, write


class Counting:
    """Counts what is embedded, and may change the world while doing so."""

    def __init__(self, meanwhile=None) -> None:
        self.texts: list[str] = []
        self.meanwhile = meanwhile

    async def embed(self, texts, /):
        self.texts.extend(texts)
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        return await WordHash().embed(texts)


async def test_a_company_folder_comes_in_whole(db: Database, shop: Path, word_hash: WordHash) -> None:
    imported = await import_folder(db, word_hash, shop)
    assert (imported.articles, imported.replies, imported.tables, imported.questions) == (3, 2, 3, 0)
    assert imported.rows == 12
    assert db.read_now(revision) == 1


async def test_an_unchanged_folder_costs_nothing(db: Database, shop: Path) -> None:
    counting = Counting()
    await import_folder(db, counting, shop)
    before = len(counting.texts)
    again = await import_folder(db, counting, shop)
    assert len(counting.texts) == before
    assert again.unchanged == 8
    assert db.read_now(revision) == 1


async def test_only_what_changed_is_embedded_and_gets_a_version(db: Database, shop: Path) -> None:
    counting = Counting()
    await import_folder(db, counting, shop)
    counting.texts.clear()
    write(shop, {"articles/washing.md": "# Washing and care\n\nWash linen at 30 °C."})
    await import_folder(db, counting, shop)
    assert all("30" in text or "Washing" in text for text in counting.texts)
    versions = db.read_now(lambda records: article_versions(records, "washing"))
    assert [version for version, _, _ in versions] == [1, 2]


async def test_what_is_gone_from_the_folder_is_retired_and_other_origins_stay(
    db: Database, shop: Path, word_hash: WordHash
) -> None:
    await import_folder(db, word_hash, shop)
    await import_file(db, word_hash, "faq.csv", b"q,a\nOne?,Yes.\nTwo?,No.\n")
    (shop / "articles/washing.md").unlink()
    assert (await import_folder(db, word_hash, shop)).retired == 1
    known = db.read_now(checksums)
    assert ("article", "washing") not in known
    assert sum(kind == "question" for kind, _ in known) == 2
    assert (await import_file(db, word_hash, "faq.csv", b"q,a\nOne?,Yes.\n")).retired == 1


async def test_a_retired_article_may_come_back(db: Database, shop: Path, word_hash: WordHash) -> None:
    await import_folder(db, word_hash, shop)
    text = (shop / "articles/washing.md").read_text("utf-8")
    (shop / "articles/washing.md").unlink()
    await import_folder(db, word_hash, shop)
    write(shop, {"articles/washing.md": text})
    await import_folder(db, word_hash, shop)
    assert ("article", "washing") in db.read_now(checksums)
    assert len(db.read_now(lambda records: article_versions(records, "washing"))) == 2


async def test_one_bad_file_refuses_all_and_names_every_trouble(
    db: Database, shop: Path, word_hash: WordHash
) -> None:
    write(shop, {"facts/prices.csv": "product,size,price\nBed,,5\nBed\n", "questions.csv": "q,a\nOne?,\n"})
    with pytest.raises(ImportRefused) as refused:
        await import_folder(db, word_hash, shop)
    assert [(item.file, item.line) for item in refused.value.troubles] == [
        ("facts/prices.csv", 2),
        ("facts/prices.csv", 3),
        ("questions.csv", 2),
    ]
    assert "nothing was changed" in str(refused.value)
    assert db.read_now(holdings).shelved == ()
    assert db.read_now(revision) == 0


async def test_a_dropped_file_cannot_take_over_another_origins_article(
    db: Database, shop: Path, word_hash: WordHash
) -> None:
    await import_folder(db, word_hash, shop)
    with pytest.raises(ImportRefused, match="exists already"):
        await import_file(db, word_hash, "returns.md", b"---\nid: returns\n---\nEverything is free.")


async def test_an_import_that_was_overtaken_looks_again(db: Database, word_hash: WordHash) -> None:
    async def meanwhile() -> None:
        await import_file(db, word_hash, "other.csv", b"q,a\nOther?,Yes.\n")

    await import_file(db, Counting(meanwhile), "mine.csv", b"q,a\nMine?,Yes.\n")
    assert len(db.read_now(holdings).shelved) == 2


async def test_an_import_is_told_to_the_rooms_above(db: Database, word_hash: WordHash) -> None:
    await import_file(db, word_hash, "faq.csv", b"q,a\nOne?,Yes.\n")
    library = await Library.load(db, word_hash)
    assert library.revision == 1
    assert library.version == "knowledge-1"


@pytest.mark.slow
async def test_ten_thousand_rows_come_in_and_are_found(db: Database, word_hash: WordHash) -> None:
    rows = "\n".join(f"What is item number {n} made of?,Item {n} is made of oak." for n in range(10_000))
    imported = await import_file(db, word_hash, "big.csv", f"question,answer\n{rows}\n".encode())
    assert imported.questions == 10_000
    library = await Library.load(db, word_hash)
    (first, *_) = await library.find("what is item number 7321 made of")
    assert first.passage.text == "Item 7321 is made of oak."


async def test_too_much_is_refused_before_it_is_read(
    db: Database, word_hash: WordHash, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(drafting, "IMPORT_BYTES_MAX", 10)
    with pytest.raises(ImportTooLarge):
        await import_file(db, word_hash, "faq.csv", b"q,a\nOne?,Yes.\n")
    monkeypatch.setattr(drafting, "FILE_BYTES_MAX", 10)
    with pytest.raises(ImportTooLarge):
        await import_folder(db, word_hash, write(tmp_path / "big", {"a.md": "long enough to refuse"}))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"%PDF-1.7"),
        ("a.csv", b""),
        ("a.md", b"PK\x00\x00"),
        ("a.md", b"---\ntitle: x\n---\n"),
        ("", b"x"),
    ],
)
async def test_a_file_we_cannot_read_is_refused_in_words(
    db: Database, word_hash: WordHash, name: str, data: bytes
) -> None:
    with pytest.raises(ImportRefused) as refused:
        await import_file(db, word_hash, name, data)
    assert refused.value.troubles


async def test_a_link_out_of_the_folder_is_not_followed(
    db: Database, word_hash: WordHash, tmp_path: Path
) -> None:
    write(tmp_path, {"outside.md": "secret", "in/a.md": "Open text here."})
    (tmp_path / "in/b.md").symlink_to(tmp_path / "outside.md")
    assert (await import_folder(db, word_hash, tmp_path / "in")).articles == 1


async def test_nothing_is_locked_while_the_model_runs(db: Database) -> None:
    async def meanwhile() -> None:
        await db.write(lambda unit: unit.now)

    await import_file(db, Counting(meanwhile), "faq.csv", b"q,a\nOne?,Yes.\n")


async def test_replies_that_point_nowhere_are_refused(db: Database, shop: Path, word_hash: WordHash) -> None:
    text = (shop / "replies.toml").read_text("utf-8")
    write(shop, {"replies.toml": text.replace("returns#how-long-you-have", "returns#no-such-section")})
    with pytest.raises(ImportRefused, match="no-such-section"):
        await import_folder(db, word_hash, shop)
