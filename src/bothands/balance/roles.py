"""The charter: who acts on which topic. Read from plain values, adopted as versions, changed one by one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection

from bothands.balance.events import CharterChanged
from bothands.balance.model import Charter, CharterTopic, Role, Rules
from bothands.balance.store import insert_charter, latest_adopted, latest_charter
from bothands.conversations import By
from bothands.jobs import announce
from bothands.kit import Invalid
from bothands.storage import Unit

THRESHOLD_DEFAULT = 0.85
REASON_CHARS_MAX = 300
TOPICS_MAX = 2_000

_ENTRY_KEYS = {"role", "owner", "reason", "review_on", "threshold"}
_TOP_KEYS = {"defaults", "rules", "topic", "languages"}
_RULE_KEYS = set(Rules.__struct_fields__)
_ROLES = ", ".join(role.value for role in Role)

# Until a company says otherwise, nothing goes out that no person has read.
NO_CHARTER = Charter(
    CharterTopic("", "", Role.AI_DRAFTS, "", "No charter was adopted yet", None, THRESHOLD_DEFAULT)
)


def charter_from(values: Mapping[str, Any], titles: Mapping[str, str]) -> Charter:
    """A charter from the content of charter.toml; `titles` names the topics there are."""
    _known("charter", values, _TOP_KEYS)
    defaults = _table("charter [defaults]", values.get("defaults", {}))
    default = _entry("", "", defaults, NO_CHARTER.default, "charter [defaults]")
    named = _table("charter [topic]", values.get("topic", {}))
    if len(named) > TOPICS_MAX or len(titles) > TOPICS_MAX:
        raise Invalid("charter", f"it has more than {TOPICS_MAX} topics", "merge some")
    for topic in named:
        if topic not in titles:
            raise Invalid(
                f"charter [topic.{topic}]", "there is no such topic", "use an id of topics.toml, or remove it"
            )
    topics = tuple(
        _entry(
            topic,
            title,
            _table(f"charter [topic.{topic}]", named.get(topic, {})),
            default,
            f"[topic.{topic}]",
        )
        for topic, title in titles.items()
    )
    languages = values.get("languages", ["en"])
    if not isinstance(languages, list) or not all(isinstance(code, str) and code for code in languages):
        raise Invalid("charter languages", "it is not a list of language codes", 'write ["en"]')
    return Charter(default, topics, _rules(values.get("rules", {})), tuple(languages))


def charter_of(records: Connection) -> Charter:
    """The charter that holds now."""
    return latest_charter(records) or NO_CHARTER


def adopt_charter(unit: Unit, charter: Charter, *, by: By) -> Charter:
    """Make it the one that holds, as a new version.

    The very charter that was adopted last changes nothing: importing a folder again must not undo the roles
    that people have changed at the desk since.
    """
    present = charter_of(unit.records)
    adopted = latest_adopted(unit.records)
    if adopted is not None and msgspec.structs.replace(charter, version=adopted.version) == adopted:
        return present
    return _keep(unit, charter, present, topic=None, why="Adopted as a whole", by=by)


def change_role(
    unit: Unit, topic: str, role: Role | str, *, reason: str, by: By, title: str | None = None
) -> Charter:
    """Give one topic another role; everything else stays, and the old version stays readable."""
    thing = f"role of topic {topic!r}"
    reason = reason.strip()
    if not topic:
        raise Invalid(thing, "no topic is named", "name one")
    if not 1 <= len(reason) <= REASON_CHARS_MAX:
        raise Invalid(thing, f"its reason must have 1 to {REASON_CHARS_MAX} characters", "say why, briefly")
    present = charter_of(unit.records)
    before = present.of(topic)
    changed = msgspec.structs.replace(
        before,
        topic=topic,
        title=title or before.title or topic,
        role=_role(role, thing),
        owner=by.name or "",
        reason=reason,
    )
    others = tuple(entry for entry in present.topics if entry.topic != topic)
    kept_place = [changed if entry.topic == topic else entry for entry in present.topics]
    topics = tuple(kept_place) if len(others) < len(present.topics) else (*present.topics, changed)
    charter = msgspec.structs.replace(present, topics=topics)
    return _keep(unit, charter, present, topic=topic, why=reason, by=by)


def _keep(unit: Unit, charter: Charter, present: Charter, *, topic: str | None, why: str, by: By) -> Charter:
    kept = msgspec.structs.replace(charter, version=present.version + 1)
    insert_charter(unit.records, kept, topic=topic, reason=why, by=by, at=unit.now)
    announce(unit, CharterChanged(kept.version, topic, by.name or by.kind.value))
    return kept


def _entry(
    topic: str, title: str, values: Mapping[str, Any], default: CharterTopic, thing: str
) -> CharterTopic:
    _known(thing, values, _ENTRY_KEYS)
    review_on = values.get("review_on", default.review_on)
    # A datetime is a date to Python, but not to whoever reads the charter.
    if review_on is not None and type(review_on) is not date:
        raise Invalid(f"{thing} review_on", f"{review_on!r} is not a day", "write it like 2027-02-15")
    threshold = values.get("threshold", default.threshold)
    if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
        raise Invalid(f"{thing} threshold", f"{threshold!r} is not a share", "write a number from 0 to 1")
    return CharterTopic(
        topic=topic,
        title=title,
        role=_role(values.get("role", default.role), thing),
        owner=_words(values.get("owner", default.owner), f"{thing} owner"),
        reason=_words(values.get("reason", default.reason), f"{thing} reason"),
        review_on=review_on,
        threshold=float(threshold),
    )


def _rules(values: Any) -> Rules:
    switches = dict(_table("charter [rules]", values))
    if switches.pop("asked_for_person", True) is not True:
        raise Invalid(
            "charter [rules] asked_for_person", "a wish for a person is never refused", "remove the line"
        )
    _known("charter [rules]", switches, _RULE_KEYS)
    for name, value in switches.items():
        if not isinstance(value, bool):
            raise Invalid(f"charter [rules] {name}", f"{value!r} is neither true nor false", "write true")
    return Rules(**switches)


def _role(value: Any, thing: str) -> Role:
    try:
        return Role(value)
    except ValueError:
        raise Invalid(thing, f"the role {value!r} is not known", f"use one of: {_ROLES}") from None


def _words(value: Any, thing: str) -> str:
    if not isinstance(value, str) or len(value) > REASON_CHARS_MAX:
        raise Invalid(thing, f"it is not a text of at most {REASON_CHARS_MAX} characters", "shorten it")
    return value


def _table(thing: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Invalid(thing, "it is not a table", "write it as in examples/retail/charter.toml")
    return value


def _known(thing: str, values: Mapping[str, Any], keys: set[str]) -> None:
    for key in values:
        if key not in keys:
            raise Invalid(f"{thing} {key}", "it is not known", f"use one of: {', '.join(sorted(keys))}")
