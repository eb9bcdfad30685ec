"""Simulated customers and agents: a process of its own, on the same sockets and routes as everybody.

They are marked as simulated and never touch a conversation of a real visitor.
"""

from bothands.training.conversing import Customer
from bothands.training.keeping import Pace
from bothands.training.model import Outcome, Rated, Scenario, Step
from bothands.training.scripting import ScenarioInvalid, read_scenario, read_scenarios
from bothands.training.shifting import Colleague, Shift, ShiftInvalid, keep_shift, read_shift
from bothands.training.simulating import Arrivals, Simulated, simulate

__all__ = [
    "Arrivals",
    "Colleague",
    "Customer",
    "Outcome",
    "Pace",
    "Rated",
    "Scenario",
    "ScenarioInvalid",
    "Shift",
    "ShiftInvalid",
    "Simulated",
    "Step",
    "keep_shift",
    "read_scenario",
    "read_scenarios",
    "read_shift",
    "simulate",
]
