"""A drill: an invented incident through the real code, in an agency of its own with accounts on paper, with the times it took.

Nothing of it can leave: the agency of the drill has no other accounts (`networks.connections`), no public page (`portal`), no gateway but
for exercises (`operations.gateways`), and its alerts are exercises. Nothing of it counts: every figure is one agency's.
"""

from callbox.flows.drill.playing import begin, break_off, clean, end, play_due
from callbox.flows.drill.scenario import Scenario, scenarios
from callbox.flows.drill.timing import observe

__all__ = ["Scenario", "begin", "break_off", "clean", "end", "observe", "play_due", "scenarios"]
