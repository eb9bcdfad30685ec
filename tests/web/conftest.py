"""A running server for each test, or one for a whole file."""

from tests.web.site import shared, site

__all__ = ["shared", "site"]
