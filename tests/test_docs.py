"""The docs say what the code does: every setting, route, event, error and room."""

import re
from pathlib import Path

import pytest

import bothands
from tools.describe_data import unnamed
from tools.make_reference import FOLDER, pages

ROOT = Path(__file__).parents[1]
ARCHITECTURE_LINES_MAX = 150
OUR_FOLDERS = "src|tests|tools|docs|ui|examples|benchmarks|changes"
GUIDES = [
    "SECURITY.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/how-to").glob("*.md")),
]
PAGES = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "GLOSSARY.md", *GUIDES]


@pytest.mark.parametrize(
    "name", ["settings.md", "routes.md", "events.md", "errors.md", "tables.md", "data.md"]
)
def test_the_reference_is_up_to_date(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == pages()[name], "Run tools/make_reference.py and commit docs/reference."


def test_every_event_error_and_route_says_what_it_is() -> None:
    for name in ("events.md", "routes.md"):
        for line in pages()[name].splitlines():
            if line.startswith("| ") and "---" not in line and not line.startswith("| event"):
                assert not line.rstrip().endswith("|  |"), f"{name}: {line}: give it a docstring"


def test_whatever_calls_out_or_stays_in_a_browser_is_on_the_page_of_data() -> None:
    assert unnamed() == [], "Name it in tools/describe_data.py, with what for and what of whom."


def test_the_architecture_names_every_room_and_only_rooms_that_are() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = {path.parent.name for path in Path(bothands.__path__[0]).glob("*/__init__.py")} - {"examples"}
    named = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert named == rooms, "Update the table of rooms in ARCHITECTURE.md."


def test_the_architecture_is_short() -> None:
    lines = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= ARCHITECTURE_LINES_MAX


@pytest.mark.parametrize("page", PAGES)
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        there = (ROOT / page).parent / target
        assert there.exists(), f"{page} links to {target}, which is not there."


@pytest.mark.parametrize("page", GUIDES)
def test_every_file_that_a_guide_names_is_there(page: str) -> None:
    named = re.findall(rf"`((?:{OUR_FOLDERS})/[\w./-]+)`", (ROOT / page).read_text(encoding="utf-8"))
    missing = [path for path in named if not (ROOT / path).exists()]
    assert missing == [], f"{page} names what is not there."


def test_functions_named_in_the_architecture_exist() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for room, function in re.findall(r"`(\w+)\.(\w+)\(\)`", text):
        assert re.search(rf"def {function}\b", source), f"ARCHITECTURE.md names {room}.{function}()."
