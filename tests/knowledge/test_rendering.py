import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bothands.knowledge import Article, render_article
from bothands.knowledge.splitting import split

HOSTILE = [
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    '<img src=x onerror="alert(1)">',
    "[a](data:text/html,<script>alert(1)</script>)",
    "# <svg onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "```html\n<script>alert(1)</script>\n```",
    '[x](https://ok.example "onmouseover=alert(1)")',
    "<style>body{display:none}</style>",
    "<a href='vbscript:x'>x</a>",
]


def _html(body: str) -> str:
    return render_article(Article("a", "A", body, split("A", body)))


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_markdown_becomes_harmless_text(body: str) -> None:
    html = _html(body)
    tags = set(re.findall(r"<\s*([a-zA-Z]+)", html))
    assert not tags & {"script", "img", "svg", "iframe", "style", "form", "object"}
    assert not re.search(r"<[^>]*\son\w+\s*=", html)
    assert not re.search(r"<[^>]*(?:javascript|vbscript|data):", html)


@given(st.text(max_size=200))
def test_no_text_whatever_makes_a_script_or_a_handler(body: str) -> None:
    html = _html(body)
    assert "<script" not in html.lower()
    assert not re.search(r"<[^>]*\son\w+\s*=", html)


def test_every_section_has_its_place_on_the_page() -> None:
    body = "Intro.\n\n## Costs & more\n\nOne.\n\n## Costs & more\n\nTwo."
    html = _html(body)
    for section in split("A", body):
        assert f'id="{section.slug}"' in html


def test_links_do_not_hand_over_the_page_they_are_on() -> None:
    assert 'rel="noopener noreferrer nofollow"' in _html("[shop](https://shop.example)")
