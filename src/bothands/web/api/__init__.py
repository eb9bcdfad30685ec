"""Thin handlers, one file per room: take the request apart, call one verb, shape the answer."""
