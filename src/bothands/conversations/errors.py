"""Expected conflicts on a timeline."""

from bothands.kit import Conflict


class IsClosed(Conflict):
    code = "conversation-closed"
    title = "The conversation is closed"


class NotHolder(Conflict):
    """Exactly one writer: whoever does not hold the conversation cannot speak in it."""

    code = "not-holder"
    title = "Somebody else has this conversation"


class Superseded(Conflict):
    """The conversation moved on while we were thinking; our result is void."""

    code = "superseded"
    title = "The conversation moved on"


class Collision(Conflict):
    """New messages came since the writer looked: the send stops."""

    code = "collision"
    title = "New messages came in"


class TeamNeeded(Conflict):
    code = "team-needed"
    title = "Something depends on this team"


class InboxKnown(Conflict):
    code = "inbox-known"
    title = "There is an inbox with this short name already"
