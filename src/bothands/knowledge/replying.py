"""Approved replies: the one of the topic whose questions are nearest, in a wording not used yet."""

import heapq
from collections.abc import Collection, Sequence

from bothands.knowledge.finding import Match, Shelf
from bothands.knowledge.gating import REPLY_WEIGHTS, TOPIC_NEUTRAL, as_dict, probability, weigh
from bothands.knowledge.model import Answer, Query, Reply
from bothands.knowledge.quoting import mark_whole
from bothands.knowledge.shelving import source_of

# A reply without questions of its own is its topic's plain answer. It has no question to be near to,
# so its likeness (to its own words) counts for this much more.
PLAIN_REPLY_BONUS = 0.1


def approved(query: Query, words: frozenset[str], shelf: Shelf, matches: Sequence[Match]) -> list[Answer]:
    """Every reply near the question as an answer, with its probability."""
    own = [(match, match.entry.value) for match in matches if isinstance(match.entry.value, Reply)]
    likeness = {
        reply.id: match.cosine + (0 if reply.questions else PLAIN_REPLY_BONUS) for match, reply in own
    }
    answers = []
    two_best = heapq.nlargest(2, likeness, key=lambda reply_id: likeness[reply_id])
    for match, reply in own:
        rival = next((reply_id for reply_id in two_best if reply_id != reply.id), None)
        signals = weigh(
            words,
            match.entry.words,
            shelf,
            likeness[reply.id],
            likeness[reply.id] - (likeness[rival] if rival else 0.0),
            query.topics.get(reply.topic, 0.0) if query.topics else TOPIC_NEUTRAL,
        )
        answers.append(
            Answer(
                text=worded(reply, query.voice.tone, query.voice.said),
                sources=(source_of(match.entry),),
                basis="approved",
                score=match.score,
                probability=probability(signals, REPLY_WEIGHTS),
                topic=reply.topic,
                signals=as_dict(signals),
            )
        )
    return answers


def worded(reply: Reply, tone: str, said: Collection[str]) -> str:
    """The marked text; one not said before in this conversation as long as there is one."""
    heard = {_bare(text) for text in said}
    wordings = reply.wordings(tone)
    fresh = next((wording for wording in wordings if _bare(wording) not in heard), wordings[0])
    return mark_whole(fresh, 1)


def _bare(text: str) -> str:
    """A wording as it can be recognised in the timeline: without markers and white space."""
    return "".join(text.replace("[1]", "").split()).lower()
