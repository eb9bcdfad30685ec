"""A company's folder, as small as one can be."""

from pathlib import Path

COMPANY = """
name = "Alder & Loft"
slug = "alder-loft"
inbox = "shop"
timezone = "Europe/Berlin"

[hours]
mon = "08:00-20:00"

[[agent]]
name = "Chi Park"
email = "chi@shop.example"
role = "admin"

[[agent]]
name = "Bo Lind"
email = "bo@shop.example"
on_shift = true
expertise = ["delivery"]
"""
TOPICS = """
[[topic]]
id = "delivery"
title = "Delivery"
examples = ["When will it arrive?", "Do you deliver on Saturdays?", "How long does delivery take?"]

[[topic]]
id = "returns"
title = "Returns"
examples = ["How do I send it back?", "Can I return a mattress?", "Where do returns go?"]
"""
CHARTER = """
[topic.returns]
role = "ai_drafts"
owner = "Chi"
reason = "New"
review_on = 2027-02-15
"""
ARTICLE = """---
title: Delivery and hours
id: delivery-hours
audience: public
---

## Saturdays

We deliver on Saturdays between 8:00 and 14:00.
"""


def lay_out(folder: Path, **other: str | None) -> Path:
    """The folder; `topics="…"` puts another text into topics.toml, `topics=None` leaves it out."""
    texts: dict[str, str | None] = {"company": COMPANY, "topics": TOPICS, "charter": CHARTER, **other}
    (folder / "articles").mkdir(parents=True)
    (folder / "articles" / "delivery.md").write_text(ARTICLE, encoding="utf-8")
    for name, text in texts.items():
        if text is not None:
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder
