"""Class overview: who played, when and how long, in one class of real students."""

from learntrace_dashboard import navigation
from learntrace_dashboard.choosers import own_classes
from learntrace_dashboard.look import desk, for_roles_of, heading
from learntrace_dashboard.overview import show_overview


@for_roles_of(navigation.CLASS)
def page() -> None:
    """Draw the page."""
    heading(desk().texts("class.title"))
    show_overview(own_classes())
