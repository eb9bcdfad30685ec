"""Mood as a trend with its turning point, never a score per message. Pure."""

from collections.abc import Sequence

from bothands.conversations import Entry
from bothands.handoff.extracting import Said, contact_messages
from bothands.handoff.model import Label, Line, Part

# Where each emotion lies between 0 (bad) and 1 (good); a faint one lies nearer to the calm middle.
CALM = 0.6
VALUES = {
    "anger": 0.05,
    "sadness": 0.2,
    "frustration": 0.2,
    "worry": 0.35,
    "confusion": 0.45,
    "neutral": CALM,
    "gratitude": 0.95,
}
WORDS = {
    "anger": "Angry",
    "sadness": "Sad",
    "frustration": "Frustrated",
    "worry": "Worried",
    "confusion": "Confused",
    "neutral": "Calm",
    "gratitude": "Thankful",
}
CERTAIN_SCORE_MIN = 0.6
FALL_MIN = 0.1
TREND_POINTS_MAX = 12
QUOTE_WORDS_MAX = 8

NOT_READ = "Not read yet"


def mood_of(entries: Sequence[Entry]) -> tuple[str, list[float]]:
    """The mood's label and its trend over the contact's messages, for the desk's rows."""
    felt = _felt(contact_messages(entries))
    if not felt:
        return "neutral", []
    return felt[-1][1], [value for _, _, value in felt][-TREND_POINTS_MAX:]


def mood_line(said: Sequence[Said]) -> Line:
    """How the contact feels now, whether it falls, and at which message it turned."""
    felt = _felt(said)
    if not felt:
        return Line(Label.MOOD, (Part(NOT_READ),), certain=False)
    last, label, _ = felt[-1]
    parts = [Part(WORDS[label])]
    falling = _falling(felt)
    if falling:
        parts.append(Part(f", falling for {falling} messages" if falling > 1 else ", falling"))
    parts.append(Part("."))
    turn = _turn(felt)
    if turn is not None and turn.body:
        words = turn.body.split()
        parts += [Part(" Turned at “"), Part(" ".join(words[:QUOTE_WORDS_MAX]), turn.seq)]
        parts.append(Part("…”" if len(words) > QUOTE_WORDS_MAX else "”"))
    score = (last.emotion or ("", 0.0))[1]
    shown = [message.reading_seq for message, _, _ in felt if message.reading_seq is not None]
    return Line(
        Label.MOOD,
        tuple(parts),
        certain=label == "neutral" or score >= CERTAIN_SCORE_MIN,
        points_at=tuple(shown[-1:]),
    )


def _felt(said: Sequence[Said]) -> list[tuple[Said, str, float]]:
    found = []
    for message in said:
        if message.emotion is not None and message.emotion[0] in VALUES:
            label, score = message.emotion
            strength = 1.0 if label == "neutral" else min(max(score, 0.0), 1.0)
            found.append((message, label, round(CALM + (VALUES[label] - CALM) * strength, 3)))
    return found


def _falling(felt: Sequence[tuple[Said, str, float]]) -> int:
    """Over how many of the last messages it only went down, and noticeably so."""
    values = [value for _, _, value in felt]
    run = 0
    while run + 1 < len(values) and values[-run - 1] <= values[-run - 2]:
        run += 1
    return run if run and values[-run - 1] - values[-1] >= FALL_MIN else 0


def _turn(felt: Sequence[tuple[Said, str, float]]) -> Said | None:
    """The message with the steepest fall, while the mood is still below where it fell from."""
    drops = [(felt[i - 1][2] - felt[i][2], i) for i in range(1, len(felt))]
    steepest, at = max(drops, default=(0.0, 0), key=lambda drop: (drop[0], -drop[1]))
    if steepest < FALL_MIN or felt[-1][2] >= felt[at - 1][2] - FALL_MIN / 2:
        return None
    return felt[at][0]
