"""What runs by the clock: job kind and period."""

from datetime import timedelta

from bothands.jobs import Recurring
from bothands.webhooks import TELL

SCHEDULE: tuple[Recurring, ...] = (
    Recurring("fill_search", timedelta(seconds=2)),
    Recurring("lapse_approvals", timedelta(minutes=5)),
    Recurring("drop_expired", timedelta(minutes=5)),
    Recurring("expire", timedelta(hours=1)),
    Recurring(TELL, timedelta(minutes=1)),
)
