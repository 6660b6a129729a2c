"""Steps of a teacher who works with a student, on pages that run in this process."""

import fake_library
from fake_api import FakeApi
from visiting import Visit

BEN = "Ben Oduya"


def station(fake: FakeApi) -> str:
    return fake_library.named(fake.scenarios, "At the station")


def ferry(fake: FakeApi) -> str:
    return fake_library.named(fake.content, "On the ferry")


def tick(visit: Visit, label: str, on: bool = True) -> Visit:
    """A box by the beginning of its label."""
    next(one for one in visit.app.checkbox if one.label.startswith(label)).set_value(on).run()
    return visit


def mark(visit: Visit, item: str, right: bool | None) -> Visit:
    label = f"Answer to {item}"
    next(one for one in visit.app.button_group if one.label == label).set_value(right).run()
    return visit


def begun(visit: Visit, student: str) -> str:
    """The student is in the scenario; its id."""
    scenario = station(visit.fake)
    visit.open("tutoring", student=student, scenario=scenario).press("Begin the scenario")
    return scenario
