"""The order in which the events of a game session are read."""

from learntrace.events.mapping import (
    default_mapping,
    map_events,
)

from .given import event


def order(events, mapping=None):
    found = map_events(mapping or default_mapping(), events)
    return [str(one.event.data.get("name")) for one in found]


def named(name, number, at_s, sequence=None):
    return event("e", {"name": name}, number=number, at_s=at_s, sequence=sequence)


def test_order_is_by_sequence_when_all_have_one():
    assert order([named("b", 1, 0, 7), named("a", 2, 9, -1), named("c", 3, 5, 8)]) == [*"abc"]


def test_order_is_by_time_when_a_sequence_lacks_or_repeats():
    lacking = [named("b", 1, 5, 1), named("c", 2, 9, 0), named("a", 3, 0)]
    assert order(lacking) == [*"abc"]
    repeating = [named("c", 1, 5, 2), named("b", 2, 5, 1), named("a", 3, 0, 2)]
    assert order(repeating) == [*"abc"]


def test_ties_go_by_sequence_then_by_id():
    tied = [named(str(number), number, 0) for number in range(5)]
    by_id = sorted(tied, key=lambda one: one.event_id)
    assert order(reversed(tied)) == [one.data["name"] for one in by_id]
    assert order([named("b", 1, 0, 0), named("a", 2, 0)]) == ["a", "b"]


def test_repeated_ids_count_once_and_spoil_no_sequence():
    events = [named("b", 1, 0, 1), named("a", 2, 9, 0)]
    assert order([*events, *events]) == ["a", "b"]
