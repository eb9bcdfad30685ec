"""What was said is no lesson and no vector, and after an erasure it is not even remembered."""

import asyncio
from typing import Any

from sqlalchemy import LargeBinary, select

from bothands.models import Embedder
from bothands.privacy import ask_for_erasure
from bothands.storage import Data, kept_by, metadata
from tests.privacy.planting import left_in_files, left_in_tables
from tests.stories.conftest import Story

WORD = "zq404qz"
ASKS = f"Do you deliver on Saturdays? {WORD}"
PATIENCE_SECONDS = 60
# All that is learnt or looked for by machine: texts that teach, what was learnt, and vectors. All of it comes
# from the company's own writing. Whoever adds to it says here whose words they are.
LEARNT = {
    "knowledge_passages",
    "knowledge_questions",
    "knowledge_replies",
    "understanding_brains",
    "understanding_examples",
    "understanding_topics",
}


def test_what_machines_learn_from_and_look_in_is_of_nobody() -> None:
    in_bytes = {t.name for t in metadata.sorted_tables if any(isinstance(c.type, LargeBinary) for c in t.c)}
    lessons = {name for name in metadata.tables if name.startswith("understanding_")}
    assert in_bytes | lessons == LEARNT
    for name in LEARNT:
        kept = kept_by(metadata.tables[name])
        assert (kept.data, kept.leads) == (Data.OPERATIONAL, None), name


def learnt(story: Story) -> dict[str, list[str]]:
    """Every row of it."""

    def look(records: Any) -> dict[str, list[str]]:
        tables = (metadata.tables[name] for name in sorted(LEARNT))
        return {table.name: [repr(row) for row in records.execute(select(table))] for table in tables}

    return story.desk.db.read_now(look)


async def test_a_turn_teaches_nothing_and_an_erasure_forgets_its_words(
    story: Story, embedder: Embedder
) -> None:
    before = learnt(story)
    await story.ada_says(ASKS)
    assert learnt(story) == before
    # The model knows the vector of what it has read, so that a turn need not wait for it twice.
    done = embedder.texts_done
    await embedder.embed([ASKS])
    assert embedder.texts_done == done, "it was to be remembered before"

    folder = story.desk.settings.data
    request = await story.desk.db.write(
        lambda unit: ask_for_erasure(unit, story.ada.id, confirm="Ada", by_id=story.lena.id, by_name="Lena")
    )
    await story.desk.worker.drain()
    assert learnt(story) == before
    assert left_in_tables(story.desk.db, [WORD]) | left_in_files(folder, [WORD]) == {}, request.id
    async with asyncio.timeout(PATIENCE_SECONDS):  # it is heard of just after the commit
        while embedder.texts_done == done:
            await embedder.embed([ASKS])
            await asyncio.sleep(0.01)
