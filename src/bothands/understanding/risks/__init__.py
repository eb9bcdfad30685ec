"""Risks where a company's ordinary messages are full of their words: how they are told apart anew."""
