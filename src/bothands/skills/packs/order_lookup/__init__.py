"""Where is my order? A READ skill: it looks up and shows, and changes nothing."""

from bothands.skills.packs.order_lookup.steps import OrderLookup

__all__ = ["OrderLookup"]
