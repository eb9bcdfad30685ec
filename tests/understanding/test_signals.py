import importlib.util
from pathlib import Path

from bothands.understanding.signals import emotion_heads, held_out_risks, phrases, signal_heads

from .held_out import held_out

ROOT = Path(__file__).parents[2]
HEADS_BYTES_MAX = 2_000_000


def test_the_shipped_heads_are_as_new_as_the_phrases() -> None:
    spec = importlib.util.spec_from_file_location("train_signals", ROOT / "tools/train_signals.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert signal_heads().checksum == tool.checksum(), "run .venv/bin/python tools/train_signals.py"
    assert held_out_risks().checksum == tool.checksum(), "run .venv/bin/python tools/train_signals.py"


def test_the_shipped_heads_are_small() -> None:
    heads = ROOT / "src/bothands/understanding/heads"
    assert sum(file.stat().st_size for file in heads.glob("*.npz")) <= HEADS_BYTES_MAX


def test_heads_name_what_they_tell() -> None:
    assert "wish_person" in signal_heads().labels
    assert set(emotion_heads().labels) >= {"anger", "neutral"}


def test_no_held_out_sentence_is_among_the_phrases() -> None:
    folder = ROOT / "src/bothands/understanding/phrases"
    known = {line.lower() for file in folder.glob("*.txt") for line in phrases(file.stem)}
    kept = held_out("wishes") + held_out("no_wishes") + held_out("money")
    kept += [line.split(" | ")[1] for name in ("risky", "feelings") for line in held_out(name)]
    copied = {text for text in kept if text.lower() in known and len(text.split()) > 3}
    assert not copied
