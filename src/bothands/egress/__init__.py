"""The one door for outside calls: everything that leaves this machine's process leaves here.

A Gate resolves, checks and pins each address; an operator may name hosts that are his own.
"""

from bothands.egress.calling import Answer, Caller, CallFailed
from bothands.egress.checking import AddressRefused, Gate, Place, host_and_port
from bothands.egress.mailing import (
    Letter,
    MailFailed,
    MailRefused,
    MailServer,
    Post,
    read_mail_server,
)
from bothands.egress.sockets import SocketClosed, open_socket

__all__ = [
    "AddressRefused",
    "Answer",
    "CallFailed",
    "Caller",
    "Gate",
    "Letter",
    "MailFailed",
    "MailRefused",
    "MailServer",
    "Place",
    "Post",
    "SocketClosed",
    "host_and_port",
    "open_socket",
    "read_mail_server",
]
