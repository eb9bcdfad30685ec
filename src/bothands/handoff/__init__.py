"""All that passes between the assistant and people: queue, honest wait, brief, taking over, handing back.

Bringing a person in and taking over are one transaction each: last words, transfer, place in line and
brief stand or fall together, and whoever does not hold the conversation is silent from that commit on.
"""

from bothands.handoff.assigning import (
    assign,
    assignment_of,
    assignments_of,
    lapse_assignment,
    offers_to,
    release_receiver,
    unassign,
)
from bothands.handoff.briefing import make_brief
from bothands.handoff.choosing import receivers_of
from bothands.handoff.estimating import Wait, estimate
from bothands.handoff.events import (
    Assigned,
    AssignmentEnded,
    BriefChanged,
    HandedBack,
    HeldReleased,
    PersonAsked,
    TakenOver,
    WaitEnded,
)
from bothands.handoff.feeling import mood_of
from bothands.handoff.forgetting import FORGET, forget_signals
from bothands.handoff.hours import Hours, hours_of, is_open, next_open_at, open_until
from bothands.handoff.keeping_briefs import brief_of, correct_brief, refresh_brief
from bothands.handoff.model import (
    Assignment,
    Brief,
    ConversationTaken,
    Desk,
    Label,
    Line,
    NotHeld,
    NotWaiting,
    Part,
    People,
    Question,
    Receiver,
    ReceiverAway,
    ReceiverFull,
    ReceiverKind,
    ReceiverLoad,
    Receivers,
    Taking,
    Urgency,
    Waiting,
)
from bothands.handoff.queueing import answer_question, bring_in, cancel_wait, leave_address
from bothands.handoff.releasing import release_all, release_hidden
from bothands.handoff.returning import come_back, undo
from bothands.handoff.taking import hand_back, settle_closing, take_over
from bothands.handoff.transferring import OFFER_SECONDS, transfer
from bothands.handoff.waiting import (
    held_now,
    is_staffed,
    people_now,
    place_of,
    queue,
    queue_for,
    queue_now,
    wait_at,
    waiting_of,
)

__all__ = [
    "FORGET",
    "OFFER_SECONDS",
    "Assigned",
    "Assignment",
    "AssignmentEnded",
    "Brief",
    "BriefChanged",
    "ConversationTaken",
    "Desk",
    "HandedBack",
    "HeldReleased",
    "Hours",
    "Label",
    "Line",
    "NotHeld",
    "NotWaiting",
    "Part",
    "People",
    "PersonAsked",
    "Question",
    "Receiver",
    "ReceiverAway",
    "ReceiverFull",
    "ReceiverKind",
    "ReceiverLoad",
    "Receivers",
    "TakenOver",
    "Taking",
    "Urgency",
    "Wait",
    "WaitEnded",
    "Waiting",
    "answer_question",
    "assign",
    "assignment_of",
    "assignments_of",
    "brief_of",
    "bring_in",
    "cancel_wait",
    "come_back",
    "correct_brief",
    "estimate",
    "forget_signals",
    "hand_back",
    "held_now",
    "hours_of",
    "is_open",
    "is_staffed",
    "lapse_assignment",
    "leave_address",
    "make_brief",
    "mood_of",
    "next_open_at",
    "offers_to",
    "open_until",
    "people_now",
    "place_of",
    "queue",
    "queue_for",
    "queue_now",
    "receivers_of",
    "refresh_brief",
    "release_all",
    "release_hidden",
    "release_receiver",
    "settle_closing",
    "take_over",
    "transfer",
    "unassign",
    "undo",
    "wait_at",
    "waiting_of",
]
