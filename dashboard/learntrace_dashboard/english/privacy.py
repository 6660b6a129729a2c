"""What a school's administrator does for the privacy of the students."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "privacy.title": "Privacy",
    "privacy.intro": "What your school requires, keeps and shows of its students' records.",
    # Consent
    "tab.consent": "Consent",
    "consent.standing": "Consents of your students",
    "consent.column_kind": "Consent to",
    "consent.column_required": "Required",
    "consent.play": "Play",
    "consent.audio": "Sound recordings",
    "consent.research": "Research",
    "consent.verified": "Given",
    "consent.revoked": "Refused",
    "consent.pending": "Not known yet",
    "consent.verified_help": "The parents or the student said yes.",
    "consent.revoked_help": "They said no, or took their consent back.",
    "consent.pending_help": "Nobody has answered; also to undo a mistake.",
    "consent.policy": "What your school requires",
    "consent.policy_help": "Ask your lawyer or privacy officer what applies to your school. What "
    "you change here counts at once, for every student.",
    "consent.require_play": "Play: without it nothing that a student does in a game is stored, "
    "and the student cannot join",
    "consent.require_audio": "Sound recordings: without it nothing that a student says is stored, "
    "whether or not you require it here",
    "consent.require_research": "Research: without it a student is in no export for research. Who "
    "said no never is",
    "consent.lacking.one": "{count} student has not given consent to play. As soon as you "
    "require it, this student cannot play.",
    "consent.lacking.other": "{count} students have not given consent to play. As soon as you "
    "require it, none of them can play.",
    "consent.sure": "I know; require it anyway",
    "consent.not_sure": "Nothing was changed. First note the consents that you have, below, or "
    "tick that you know what it does.",
    "consent.save_policy": "Save for the whole school",
    "consent.policy_saved": "Saved. It counts from now on.",
    "consent.class": "Note the answers of a class",
    "consent.class_help": "Tick the students whose parents answered the same, and say what they "
    "answered. Who noted what and when is kept.",
    "consent.kind": "Consent to",
    "consent.all": "Tick everybody",
    "consent.nobody": "Tick nobody",
    "consent.of": "{name}: {state}",
    "consent.new_state": "Their answer",
    "consent.note": "Note (may stay empty)",
    "consent.note_like": "Form signed on 2 March, folder 5b",
    "consent.nothing": "Tick at least one student, and choose the answer.",
    "consent.save": "Save for those who are ticked",
    "consent.saved.one": "Saved for {count} student.",
    "consent.saved.other": "Saved for {count} students.",
}
