"""Privacy: what a school requires, keeps and shows of its students' records."""

from learntrace_dashboard import (
    amendments,
    navigation,
    privacy_access,
    privacy_consent,
    privacy_recordings,
    privacy_retention,
)
from learntrace_dashboard.changes import show_said
from learntrace_dashboard.look import desk, for_roles_of, heading
from learntrace_dashboard.tabs import lazy_tabs


@for_roles_of(navigation.PRIVACY)
def page() -> None:
    """Draw the page."""
    texts = desk().texts
    heading(texts("privacy.title"), texts("privacy.intro"))
    show_said()
    lazy_tabs(
        {
            "consent": privacy_consent.show,
            "retention": privacy_retention.show,
            "recordings": privacy_recordings.show,
            "access": privacy_access.show,
            "amendments": amendments.show_open,
        }
    )
