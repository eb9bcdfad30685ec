"""The product in a real browser, without a mouse; axe finds nothing on any page."""

import json
import os
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, Served

WALK_SECONDS_MAX = 480


def walk(script: str, *words: str, chromium: str) -> list[str]:
    """What went wrong on the walk; the steps made so far name the place."""
    done = subprocess.run(
        ["node", str(Path("e2e") / script), *words],
        cwd=ROOT / "ui",
        env={**os.environ, "CHROMIUM": chromium},
        capture_output=True,
        text=True,
        timeout=WALK_SECONDS_MAX,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    assert lines, f"{script} said nothing: {done.stderr[-2000:]}"
    return list(json.loads(lines[-1])["faults"])


def fresh_link(served: Served, role: str) -> str:
    """Each link works once, and several walks begin with one."""
    with urllib.request.urlopen(f"{served.base}/demo/links", timeout=10) as answer:
        links = json.load(answer)["links"]
    return str(next(link["url"] for link in links if link["role"] == role))


def test_the_main_job_is_done_by_keyboard_alone(served: Served, chromium: str) -> None:
    assert walk("main-job.mjs", served.base, served.links["agent"], chromium=chromium) == []


@pytest.mark.slow
@pytest.mark.parametrize(("width", "look"), [("1440", "light"), ("390", "dark")])
def test_the_tour_is_walked_on_the_living_demo(living: Served, chromium: str, width: str, look: str) -> None:
    assert walk("tour.mjs", living.base, width, look, chromium=chromium) == []


@pytest.mark.slow
def test_every_page_is_accessible_in_light_dark_narrow_and_right_to_left(
    served: Served, chromium: str
) -> None:
    assert walk("pages.mjs", served.base, fresh_link(served, "admin"), chromium=chromium) == []


@pytest.mark.slow
def test_somebody_is_invited_joins_and_is_let_go(served: Served, chromium: str) -> None:
    assert walk("joining.mjs", served.base, fresh_link(served, "admin"), chromium=chromium) == []


@pytest.mark.slow
def test_a_conversation_is_passed_on_by_keyboard_and_nothing_is_lost(served: Served, chromium: str) -> None:
    links = (fresh_link(served, "agent"), fresh_link(served, "lead"))
    assert walk("transferring.mjs", served.base, *links, chromium=chromium) == []


@pytest.mark.slow
@pytest.mark.parametrize(("role", "width", "look"), [("lead", "1440", "light"), ("admin", "390", "dark")])
def test_the_record_is_searched_and_tagged_by_keyboard_alone(
    searched: Served, chromium: str, role: str, width: str, look: str
) -> None:
    words = (searched.base, searched.links[role], width, look)
    assert walk("record.mjs", *words, chromium=chromium) == []


@pytest.mark.slow
@pytest.mark.parametrize(("width", "look"), [("1440", "light"), ("390", "dark")])
def test_a_colleague_is_mentioned_by_keyboard_and_finds_the_note(
    served: Served, chromium: str, width: str, look: str
) -> None:
    words = (fresh_link(served, "agent"), fresh_link(served, "lead"), width, look)
    assert walk("mentioning.mjs", served.base, *words, chromium=chromium) == []
