"""The assistant's last words before a person: kind, plain, true, and never pretending to be one. Pure."""

from datetime import datetime

from bothands.handoff.estimating import Wait
from bothands.handoff.hours import Hours, local

OPENINGS = {
    "wish": "Of course. I'm the AI assistant, and I'm bringing in a person now.",
    "anger": "I'm sorry this went so badly. I'm bringing in a person rather than answering as an AI.",
    "distress": "I'm sorry to hear this. It deserves a person, not an AI: I'm bringing one in.",
    "complaint": "I'm sorry this went wrong. I'm bringing in a person who can put it right, not an AI.",
    "person_only": "A person decides on this, not the AI. I'm bringing one in.",
    "failed_turns": "As an AI I haven't been able to help so far, so I'm bringing in a person.",
    "language": "As an AI I can't help in this language yet. I'm bringing in a person.",
    "ai_drafts": "I've prepared an answer. A person checks what the AI wrote before it goes to you.",
    "reopened": "I'm sorry it isn't solved yet. I'm the AI assistant, and I'm bringing a person back in.",
    "stopped": "The AI assistant is paused, so I'm bringing in a person.",
    "risk_self_harm": (
        "I'm an AI, and this matters too much for one: I'm bringing in a person. If you are in danger now,"
        " please call your local emergency number (112 in Europe, 911 in North America)."
    ),
    "risk_safety": (
        "This matters too much for an AI: I'm bringing in a person. If somebody is in danger now, please call"
        " your local emergency number (112 in Europe, 911 in North America)."
    ),
}
RISK_OPENING = "I'd like a person to look at this with you, not an AI. I'm bringing one in."
OPENING = "I'm not sure enough to answer this as an AI, so I'm bringing in a person."
NOT_REPEAT = "They see everything you wrote, so you won't need to repeat it."
KEPT = "Go on writing if you like: all of it is kept."


def last_words(
    reason_code: str,
    *,
    place: int,
    wait: Wait | None,
    back_at: datetime | None,
    now: datetime,
    hours: Hours | None,
) -> str:
    """Why, how long it takes or when people are back, and that nothing needs repeating."""
    opening = OPENINGS.get(reason_code) or (RISK_OPENING if reason_code.startswith("risk") else OPENING)
    if wait is not None:
        line = "You are next in line" if place == 1 else f"You are {ordinal(place)} in line"
        when = f"{line}, about {wait.low_minutes} to {wait.high_minutes} minutes. {NOT_REPEAT}"
        return f"{opening} {when}"
    back = f"People are back {when_words(back_at, now, hours)}. " if back_at and hours else ""
    return (
        f"{opening} Nobody is on duty right now. {back}"
        f"Leave an e-mail address or phone number and a person answers there. {NOT_REPEAT} {KEPT}"
    )


def when_words(at: datetime, now: datetime, hours: Hours) -> str:
    """`today at 13:00 Berlin time`, `on Monday 23 November at 08:00 UTC`, by the company's clock."""
    there, today = local(hours, at), local(hours, now).date()
    clock = f"{there:%H:%M} {_zone_words(hours.timezone)}"
    days = (there.date() - today).days
    if days == 0:
        return f"today at {clock}"
    if days == 1:
        return f"tomorrow at {clock}"
    return f"on {there:%A} {there.day} {there:%B} at {clock}"


def _zone_words(timezone: str) -> str:
    """Named, because the contact may read a clock elsewhere."""
    city = timezone.rpartition("/")[2].replace("_", " ")
    return city if city == "UTC" else f"{city} time"


def ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
