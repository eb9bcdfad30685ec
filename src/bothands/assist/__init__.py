"""Help for the agent: a draft in their own person with numbered sources, and one next step.

Nothing here is ever sent by itself. Claims without a source are marked, internal pages stay internal.
"""

from bothands.assist.checking import unsourced
from bothands.assist.model import Draft, NextStep, Suggestion, Unsourced
from bothands.assist.suggesting import suggest
from bothands.assist.using import use_draft

__all__ = ["Draft", "NextStep", "Suggestion", "Unsourced", "suggest", "unsourced", "use_draft"]
