"""Class overview: who played, when and how long, in one class of real students."""

from learntrace_dashboard import navigation, reads
from learntrace_dashboard.look import cut_note, desk, empty, fetch, for_roles_of, heading
from learntrace_dashboard.overview import show_overview


@for_roles_of(navigation.CLASS)
def page() -> None:
    """Draw the page."""
    at_desk = desk()
    heading(at_desk.texts("class.title"))
    read = fetch(lambda: reads.classes(at_desk.caller, at_desk.client))
    cut_note(read, "list.classes")
    classes = [one for one in read.value if not one.sandbox]
    if classes:
        show_overview(classes)
    else:
        empty(at_desk.texts("class.none"), at_desk.texts("class.none_help"), read.at)
