"""One customer message in, one outcome out: the only place that knows the whole order.

A turn reads, thinks, then settles; nothing is locked while it thinks.
"""

from bothands.turn.settling import settle
from bothands.turn.taking import Desk, give_up, take_turn

__all__ = ["Desk", "give_up", "settle", "take_turn"]
