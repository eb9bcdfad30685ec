"""What a message says: language, topics, wish for a person, small talk, emotion, risks, entities.

Topics are learnt from the company's examples (`keep_topics`, `learn`); everything else is shipped trained.
`Brain.read` gives one `Reading`, each part with its score and the span that shows it.
"""

from bothands.understanding.annoyance.foreseeing import Foresight
from bothands.understanding.annoyance.training import train_annoyance
from bothands.understanding.events import BrainLearned
from bothands.understanding.feeling import EMOTION_GROUPS
from bothands.understanding.forgetting import FORGOTTEN, UNNAMED, UNNAMED_REASON, forget_risks
from bothands.understanding.labels.training import train_labels
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
from bothands.understanding.signals import SignalHeads, emotion_heads

__all__ = [
    "EMOTION_GROUPS",
    "FORGOTTEN",
    "OUT_OF_SCOPE",
    "UNNAMED",
    "UNNAMED_REASON",
    "Brain",
    "BrainLearned",
    "Emotion",
    "Entity",
    "Example",
    "Foresight",
    "Reading",
    "Risk",
    "Signal",
    "SignalHeads",
    "SmallTalk",
    "Span",
    "Topic",
    "TopicGuess",
    "emotion_heads",
    "forget_risks",
    "keep_topics",
    "learn",
    "load",
    "topics_from_examples",
    "topics_from_rows",
    "topics_of",
    "train_annoyance",
    "train_labels",
]
