"""What a message says: language, topics, wish for a person, small talk, emotion, risks, entities.

Topics are learnt from the company's examples (`keep_topics`, `learn`); everything else is shipped trained.
`Brain.read` gives one `Reading`, each part with its score and the span that shows it.
"""

from bothands.understanding.events import BrainLearned
from bothands.understanding.learning import (
    keep_topics,
    learn,
    load,
    topics_from_examples,
    topics_from_rows,
    topics_of,
)
from bothands.understanding.model import (
    OUT_OF_SCOPE,
    Emotion,
    Entity,
    Example,
    Reading,
    Risk,
    Signal,
    SmallTalk,
    Span,
    Topic,
    TopicGuess,
)
from bothands.understanding.reading import Brain

__all__ = [
    "OUT_OF_SCOPE",
    "Brain",
    "BrainLearned",
    "Emotion",
    "Entity",
    "Example",
    "Reading",
    "Risk",
    "Signal",
    "SmallTalk",
    "Span",
    "Topic",
    "TopicGuess",
    "keep_topics",
    "learn",
    "load",
    "topics_from_examples",
    "topics_from_rows",
    "topics_of",
]
