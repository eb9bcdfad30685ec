"""What the assistant says when it does not quote a source: short, plain, varied, never human-like gush.

Each list holds wordings of one thing; `pick` takes the first that was not said in this conversation yet.
"""

from collections.abc import Collection, Sequence

SMALL_TALK: dict[str, tuple[str, ...]] = {
    "greeting": (
        "Hello. I'm the AI assistant. What can I help you with?",
        "Hello again. What would you like to know?",
    ),
    "thanks": (
        "You're welcome.",
        "Glad that helped.",
        "Happy to help.",
    ),
    "goodbye": (
        "Goodbye. Come back any time.",
        "Take care. This chat stays open if you need it.",
    ),
    "are_you_human": (
        "I'm an AI assistant, not a person. You can talk to a person at any time.",
        "No, I'm software: an AI assistant. A person is one tap away.",
    ),
    "insult": (
        "Understood. Tell me what you need in a few words, or I bring in a person.",
        "I'm sorry this isn't working. I can bring in a person right away.",
        "A person can take over now, if you like.",
    ),
    "how_are_you": (
        "Ready to help. What is it about?",
        "All working here. What can I do for you?",
    ),
    "unclear": (
        "I didn't understand that. What would you like to know?",
        "I'm not sure what you mean. Could you say it in a few words?",
        "Sorry, I still don't follow. A person can help if you like.",
    ),
    "yes": ("Fine. What would you like to know?", "Good. Go on, I'm listening."),
    "no": ("All right. Anything else?", "Understood. Is there something else?"),
}

BACK_TO_MATTER = ("Back to where we were: {question}",)

CLARIFY: tuple[str, ...] = (
    "I want to get this right. Which of these is it about?",
    "So that I don't guess: which one fits?",
    "Which of these do you mean?",
)

CONFIRM: tuple[str, ...] = (
    "I want to get this right. Is it this?",
    "So that I don't guess: is this what you mean?",
)

# We doubt that we have it at all, and say so.
NEAR_MISS: tuple[str, ...] = (
    "I'm not sure I have the answer to that. Is it one of these?",
    "I may not have exactly that. Does one of these help?",
    "These come closest. Is yours among them?",
)

# A word of the question stands nowhere in our pages.
UNKNOWN_WORD: tuple[str, ...] = (
    "I find nothing about “{words}” in our pages. Does one of these help?",
    "Our pages don't mention “{words}”. Is it one of these?",
)

NO_SOURCE = (
    "I have no source for that, so I won't guess. A colleague can find out.",
    "I can't find this in our pages, and I'd rather not guess. A person can look into it.",
    "Nothing I may quote answers this. A person can.",
)

OUT_OF_SCOPE = (
    "I can't help with that. Ask me about {topics}, for example.",
    "That is outside what I know. A person can tell you more.",
    "That isn't something I can answer.",
)

WHAT_WE_DO = (
    "I answer questions such as {topics}, always with the source. People do the rest.",
    "Ask me about {topics}, for example. A person can help with anything else.",
)

NEAR = "The closest I have: {titles}."

# After an answer to something else, while a question of a task is still open.
STILL_OPEN = "And to find your order: {question}"

# Two questions in one message.
ONLY_ONE = "I have no sure answer to your other question, “{question}”. Please ask it on its own."

HAND_OVER = {
    "wish": "Of course. I'm bringing in a person.",
    "distress": "This deserves a person. I'm bringing one in.",
    "person_only": "A colleague decides on this. I'm bringing one in.",
    "complaint": "I'm sorry this went wrong. I'm bringing in a person who can put it right.",
    "risk": "I want a person to look at this with you. I'm bringing one in.",
    "language": "I can only help in English so far. I'm bringing in a person.",
    "unsure": "I'm not sure enough to answer this. I'm bringing in a person.",
    "failed_turns": "I haven't been able to help so far, so I'm bringing in a person.",
}

TITLES_NAMED_MAX = 4

TALK_TO_PERSON = "Talk to a person"
SOMETHING_ELSE = "Something else"


def pick(options: Sequence[str], said: Collection[str]) -> str:
    """The first wording whose words were not said yet; when all were, the last."""
    for option in options:
        opening = option.split("{")[0].strip()
        if not any(opening and opening in text for text in said):
            return option
    return options[-1]


def spread(titles: Sequence[str]) -> list[str]:
    """A few titles from all over the list: neighbours in it are mostly about the same."""
    if len(titles) <= TITLES_NAMED_MAX:
        return list(titles)
    step = len(titles) / TITLES_NAMED_MAX
    return [titles[int(place * step)] for place in range(TITLES_NAMED_MAX)]


def quoted_titles(titles: Sequence[str]) -> str:
    """`“Prices”, “Sizes” or “Warranty”`: titles as they stand, whatever their grammar."""
    return listing([f"“{title}”" for title in spread(titles)], "or") or "our products and orders"


def listing(items: Sequence[str], last: str = "and") -> str:
    """`a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
