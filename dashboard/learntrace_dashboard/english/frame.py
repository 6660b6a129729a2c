"""The frame of every page: signing in, menu, errors and what pages share."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "app.tagline": "What your students do in their learning games, in plain words.",
    # Signing in and out
    "login.title": "Log in",
    "login.username": "User name",
    "login.password": "Password",
    "login.button": "Log in",
    "login.help": "Use the account your school gave you. Forgot your password? Ask your school's "
    "Learntrace administrator for a link to choose a new one.",
    "login.empty": "Please enter your user name and your password.",
    "login.ended": "Your sign-in has ended. Please log in again.",
    "logout.button": "Log out",
    "logout.done": "You are logged out.",
    "logout.offline": "You are logged out on this device, but the server could not be told. "
    "Close this browser if others use it.",
    # A one-time link
    "password.title": "Choose a new password",
    "password.help": "At least {least} characters. Three or four words that do not belong "
    "together are easy to remember and hard to guess. You will be signed out everywhere.",
    "password.new": "New password",
    "password.again": "The same once more",
    "password.save": "Set the password",
    "password.short": "Please choose at least {least} characters.",
    "password.differ": "The two are not the same. Please type them again.",
    "password.over": "This link no longer works: it was used, it is older than 24 hours, or a "
    "newer one was made. Ask your school's Learntrace administrator for a new link.",
    "password.no_link": "Open this page by the link that your school's Learntrace administrator "
    "gave you. If you have just done so, open it once more.",
    "password.done": "Your new password is set. Log in with it.",
    "setup.title": "The dashboard is not set up",
    # Roles
    "role.teacher": "Teacher",
    "role.school_admin": "School administrator",
    "role.system_admin": "System administrator",
    "role.game_developer": "Game developer",
    # Navigation
    "nav.school": "My school",
    "nav.games": "My games",
    "nav.checks": "Behind the scenes",
    "nav.office": "School administration",
    "nav.now": "Now",
    "nav.class": "Class overview",
    "nav.skills": "Class skills",
    "nav.rate": "Rate",
    "nav.student": "Student",
    "nav.session": "Play session",
    "nav.meetings": "Meetings",
    "nav.meeting": "Meeting",
    "nav.lessons": "Lessons",
    "nav.scenario": "Scenario",
    "nav.content": "Content",
    "nav.recordings": "Recordings",
    "nav.recording": "Recording",
    "nav.tutoring": "Work with a student",
    "nav.test": "Test players",
    "nav.codes": "Codes sheet",
    "nav.health": "Data health",
    "nav.system": "System status",
    "nav.people": "School",
    "nav.privacy": "Privacy",
    "nav.weights": "Evidence weights",
    # Errors
    "error.title": "This could not be shown",
    "error.not_saved": "This was not saved",
    "error.retry": "Try again",
    "error.credentials": "User name or password is not right. Please check both and try again.",
    "error.signed_out": "Your sign-in has ended. Please log in again.",
    "error.timeout": "The Learntrace server took too long to answer. Please try again in a moment.",
    "error.unreachable": "The Learntrace server cannot be reached. Please try again in a moment; "
    "if it stays like this, tell your administrator.",
    "error.server": "Something went wrong on the Learntrace server. Nothing is lost; please try "
    "again in a moment.",
    "error.unexpected": "The Learntrace server gave an answer this dashboard does not understand. "
    "Server and dashboard may be of different versions; tell your administrator.",
    "error.busy": "Too many requests at once. Please wait a moment and try again.",
    "error.busy_wait": "Too many requests at once. Please wait {seconds} seconds and try again.",
    "error.forbidden": "Your account may not see this. Ask your administrator if you need it.",
    "error.consent_missing": "Nothing was stored: a consent is missing. Recordings need consent "
    "to audio, lessons consent to play where your school requires it. A school administrator notes "
    "it under “Privacy”, “Consent”; then try again.",
    "error.not_found": "This was not found. It may have been deleted, or it belongs to a class "
    "that you do not teach.",
    "error.role": "This page is not part of your account. Choose another page in the menu.",
    # Common
    "common.loading": "Loading …",
    "common.data_until": "Data up to {time} ({zone} time)",
    "common.refresh": "Refresh",
    "common.unknown": "not known yet",
    "common.never": "never",
    "common.yes": "yes",
    "common.no": "no",
    "common.none": "–",
    "common.sandbox": "Test data",
    "common.sandbox_note": "This is the test area. Nobody here is a real student, and nothing "
    "here counts in your classes.",
    "common.live": "Real play",
    "common.last_days": "{days} days",
    "common.all_time": "All time",
    # Hiding names
    "hide.switch": "Hide names",
    "hide.help": "For the projector: every page, chart and file shows neutral labels in place of "
    "names, until you switch this off.",
    "hide.label": "Student {code}",
    "hide.codes": "Names are hidden, so the codes are too",
    "hide.codes_help": "Switch “Hide names” off to see and print the cards.",
    "list.amendments": "Only the newest {count} requests are shown; there are older ones.",
    "list.people": "Only the first {count} people are in this list; there are more.",
    # Lists that are longer than what is read of them
    "list.classes": "Only the first {count} classes are in this list; there are more.",
    "list.students": "Only the first {count} students are in this list; the overview of the class "
    "has them all.",
    "list.sessions": "Only the newest {count} play sessions are shown and counted here; there are "
    "older ones.",
    "list.games": "Only the first {count} games are in this list; there are more.",
}
