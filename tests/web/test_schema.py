"""The front end's types are made from the application's OpenAPI, and the committed ones are up to date."""

import pytest

from tools.make_schema import MARK, SCHEMA, UI, schema_text


def test_the_committed_schema_says_that_it_is_generated() -> None:
    assert SCHEMA.read_text(encoding="utf-8").startswith(MARK)


def test_the_committed_schema_is_up_to_date() -> None:
    if not (UI / "node_modules" / "openapi-typescript").exists():
        pytest.skip("The front end's tools are not installed: `cd ui && npm ci`.")
    written = SCHEMA.read_text(encoding="utf-8")
    assert written == schema_text(), "Run tools/make_schema.py and commit ui/protocol/src/schema.d.ts."
