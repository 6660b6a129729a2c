"""School: its people, classes, roster and the keys of its game servers."""

from learntrace_dashboard import (
    navigation,
    once,
    school_classes,
    school_keys,
    school_people,
    school_plan,
    school_roster,
)
from learntrace_dashboard.changes import show_said
from learntrace_dashboard.look import desk, for_roles_of, heading
from learntrace_dashboard.tabs import lazy_tabs


@for_roles_of(navigation.SCHOOL)
def page() -> None:
    """Draw the page."""
    texts = desk().texts
    heading(texts("school.title"), texts("school.intro"))
    show_said()
    once.show()
    lazy_tabs(
        {
            "staff": school_people.show,
            "classes": school_classes.show,
            "roster": school_roster.show,
            "keys": school_keys.show,
            "plan": school_plan.show,
        }
    )
