"""Sentences kept for tests only: none of them may be copied into the room's phrases."""

from pathlib import Path


def held_out(name: str) -> list[str]:
    text = (Path(__file__).parent / f"{name}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
