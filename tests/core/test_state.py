"""A life is a graph, checked when it is defined."""

import pytest

from callbox.core.state import Graph, UndeclaredMoveError
from callbox.maturity import states


def test_a_declared_edge_is_allowed_and_any_other_refused() -> None:
    graph = Graph(start="draft", edges={"draft": ("sent",), "sent": ()})
    graph.check("draft", "sent")
    with pytest.raises(UndeclaredMoveError):
        graph.check("sent", "draft")


def test_an_edge_into_nowhere_is_refused_at_definition() -> None:
    with pytest.raises(ValueError, match="sent"):
        Graph(start="draft", edges={"draft": ("sent",)})


def test_a_state_that_nothing_leads_to_is_refused_at_definition() -> None:
    with pytest.raises(ValueError, match="lost"):
        Graph(start="draft", edges={"draft": (), "lost": ("draft",)})


def test_nothing_leaves_a_frozen_assessment() -> None:
    assert not any(states.ASSESSMENT.allows("frozen", to) for to in states.ASSESSMENT.states)
