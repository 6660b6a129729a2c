"""Lessons: what a class has to do, assigning something new, and the library."""

from learntrace_dashboard import (
    library_assign,
    library_assigned,
    library_content,
    library_scenarios,
    navigation,
)
from learntrace_dashboard.changes import show_said
from learntrace_dashboard.look import desk, for_roles_of, heading
from learntrace_dashboard.tabs import lazy_tabs


@for_roles_of(navigation.LESSONS)
def page() -> None:
    """Draw the page."""
    texts = desk().texts
    heading(texts("lessons.title"), texts("lessons.intro"))
    show_said()
    lazy_tabs(
        {
            "assigned": library_assigned.show,
            "assign": library_assign.show,
            "scenarios": library_scenarios.show,
            "content": library_content.show,
        }
    )
