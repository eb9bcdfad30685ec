"""The runs behind docs/benchmarks.md, on the shared data where it is there: `python -m benchmarks all`."""

from pathlib import Path

import msgspec

from benchmarks.own_postgres import programs

SHARED = Path("../shared/data")
KILLS = 200
BLOWS = 60
CRASHES = {
    "crash: kills under load (SQLite)": ["--kills", f"{KILLS}"],
    "crash: kills under load (PostgreSQL)": ["--store", "postgres", "--kills", f"{KILLS}"],
    "crash: kills of one or all of four processes (PostgreSQL)": [
        *("--store", "postgres", "--kills", f"{KILLS}", "--processes", "4")
    ],
    "crash: PostgreSQL stopped, frozen and crashed under four processes": [
        *("--store", "postgres", "--kills", f"{BLOWS}", "--processes", "4"),
        *("--blows", "stop", "freeze", "restart"),
    ],
}
STAR_DOMAINS = "apartment doctor hotel meeting party spaceship trip trivia weather".split()
GROWTH = "growth: 10k, 100k and 1M conversations"
ON_POSTGRES = "throughput: durable messages on one core (PostgreSQL)"
SPEED_TITLES = (
    "throughput: durable messages on one core (SQLite)",
    "turns: 50 real messages a second, server on one core",
    "sockets: 5,000 open chats",
    "slow: pages that hold the server up",
    "overload: ten times what it can take, for a minute",
    "desk: 500 rows, 50 updates a second, browser slowed 4 times",
)


class StandardRun(msgspec.Struct, frozen=True):
    title: str
    argv: list[str]


def standard_runs() -> list[StandardRun]:
    """Those whose files are here."""
    intents, multidogo, knowledge = SHARED / "intents", SHARED / "multidogo", SHARED / "knowledge"
    given = [
        _topics(
            "HINT3 SOFMattress", intents, "hint3_sofmattress_train.jsonl", "hint3_sofmattress_test.jsonl"
        ),
        _topics("HINT3 Curekart", intents, "hint3_curekart_train.jsonl", "hint3_curekart_test_A.jsonl"),
        _topics("Banking77", intents, "banking77_train.jsonl.gz", "banking77_test_A.jsonl"),
        _topics("CLINC150", intents, "clinc150_train.jsonl.gz", "clinc150_test_A.jsonl"),
        *(
            _topics(
                f"MultiDoGO {name}", multidogo, f"{name}_train.jsonl.gz", f"{name}_test.jsonl.gz", "multidogo"
            )
            for name in ("airline", "media", "insurance")
        ),
        _knowledge("SK-TOD", knowledge, "sktod_knowledge.json.gz", "sktod_val.jsonl.gz", "sktod"),
        _knowledge("tau2 bank", knowledge, "bankkb_docs.jsonl.gz", "bankkb_tasks.jsonl.gz", "bankkb"),
        _emotion(SHARED / "emotion/goemotions_train.jsonl.gz", SHARED / "emotion/goemotions_dev.jsonl.gz"),
        *(_annoyed(SHARED / "star/dialogues.jsonl.gz", turns) for turns in (None, 3)),
        _languages(SHARED / "multilingual/xsid_valid.jsonl.gz"),
        _mainjob(intents, "hint3_sofmattress_train.jsonl", "hint3_sofmattress_test.jsonl"),
    ]
    given += [
        StandardRun(title, [title.partition(":")[0], "--note", title])
        for title in SPEED_TITLES
        if not title.startswith("turns") or (intents / "hint3_sofmattress_test.jsonl").is_file()
    ]
    given.append(StandardRun(GROWTH, ["growth", "--conversations", "1000000", "--note", GROWTH]))
    given.append(StandardRun(ON_POSTGRES, ["throughput", "--store", "postgres", "--note", ON_POSTGRES]))
    given += [StandardRun(title, ["crash", *words, "--note", title]) for title, words in CRASHES.items()]
    return [run for run in given if _can_run(run)]


def _can_run(run: StandardRun) -> bool:
    if "postgres" in run.argv and programs() is None:
        return False
    return all(Path(word).is_file() for word in run.argv if ".json" in word)


def _topics(title: str, folder: Path, train: str, test: str, form: str = "intents") -> StandardRun:
    files = ["--train", str(folder / train), "--test", str(folder / test)]
    return StandardRun(title, ["topics", *files, "--format", form, "--note", f"topics: {title}"])


def _knowledge(title: str, folder: Path, articles: str, questions: str, form: str) -> StandardRun:
    files = ["--articles", str(folder / articles), "--questions", str(folder / questions)]
    title = f"knowledge: {title}"
    return StandardRun(title, ["knowledge", *files, "--format", form, "--note", title])


def _languages(file: Path) -> StandardRun:
    title = "languages: xSID, learnt in English only"
    return StandardRun(title, ["languages", "--train", str(file), "--test", str(file), "--note", title])


def _emotion(train: Path, test: Path) -> StandardRun:
    title = "emotion: GoEmotions, 28 labels"
    return StandardRun(title, ["emotion", "--train", str(train), "--test", str(test), "--note", title])


def _annoyed(file: Path, turns: int | None) -> StandardRun:
    """Learnt on half of the domains, measured on the others."""
    title = f"annoyed: STAR, other domains, after {turns or 'all'} turns"
    domains = ["--train-domains", *STAR_DOMAINS[::2], "--test-domains", *STAR_DOMAINS[1::2]]
    after = ["--turns", str(turns)] if turns else []
    argv = ["annoyed", "--train", str(file), "--test", str(file), *domains, *after, "--note", title]
    return StandardRun(title, argv)


def _mainjob(folder: Path, train: str, test: str) -> StandardRun:
    files = ["--train", str(folder / train), "--test", str(folder / test)]
    title = "mainjob: 397 real messages as customers of the running server (HINT3 SOFMattress)"
    return StandardRun(title, ["mainjob", *files, "--note", title])
