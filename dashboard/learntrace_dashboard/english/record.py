"""A student's whole record: consents, a copy of it, erasing it."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "tab.record": "Record",
    "record.hidden": "The record is not shown while names are hidden.",
    "record.consents": "Consents",
    "record.column_since": "Since",
    "record.nothing_said": "Nobody has answered yet.",
    "record.history": "What was answered, newest first",
    "record.column_change": "Change",
    "record.column_note": "Note",
    "record.change": "{before} → {after}",
    "record.on_server": "on the server",
    "older.consents": "Show older answers",
    "record.new_consent": "Note an answer",
    "record.choose": "Choose the answer first.",
    "record.save_consent": "Save the answer",
    # A copy of everything
    "record.copy": "A copy of everything",
    "record.copy_help": "One file (zip) with everything that is stored about this student, for "
    "parents who ask for it. Keep it as you keep any file about a student.",
    "record.make_copy": "Put the copy together",
    "record.download": "Save the copy (zip)",
    # Erasing
    "record.erase": "Erase this student",
    "record.erase_open": "Erase everything about this student",
    "record.erase_help": "Play, estimates, ratings, notes and consents of this student are deleted "
    "**for good**; nobody can bring them back. The student can no longer play, and a new list of "
    "the school does not bring the student back. Save a copy first if anybody may want one. "
    "Copies and backups outside Learntrace are not reached.",
    "record.erase_name": "To go on, type the name: {name}",
    "record.erase_button": "Erase for good",
    "record.erase_other": "Nothing was erased: this is not the name, letter for letter.",
    "record.erased": "Erased {when}. Note the number of the receipt if you have to show it: {id}",
    "record.receipt": "What was erased",
    "record.column_kind": "Kind of record",
    "record.column_count": "How many",
}
