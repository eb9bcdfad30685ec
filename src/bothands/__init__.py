"""Bothands: a help desk where an assistant and people share one timeline."""

__version__ = "0.1.0"
