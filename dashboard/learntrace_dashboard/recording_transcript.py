"""What was said: hearing, correcting, saying who speaks, and marking it as checked."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.changes import change, say
from learntrace_dashboard.contract_recordings import Recording, Segment
from learntrace_dashboard.listening import passes
from learntrace_dashboard.look import HERE, css, desk, empty, label_text, part
from learntrace_dashboard.texts import Texts
from learntrace_dashboard.transfer import AUDIO

ROLES = ("student", "teacher", "peer")
NOBODY = "nobody"
UNSURE = 0.5
_SAVED = "lt_transcript_saved"
_SAYS = ("caption", "player", "no_audio", "unsure", "save", "unsaved", "same")
_AT = ("play_from", "who", "said")


def show(recording: Recording) -> None:
    """Draw it; nothing of it while names are hidden, for talk is full of them."""
    at_desk = desk()
    texts = at_desk.texts
    if at_desk.names_hidden:
        empty(texts("transcript.hidden"), texts("transcript.hidden_help"))
        return
    found = part("segments", reads.segments, recording.id)
    if found is None:
        return
    segments = found.segments
    if recording.checked_at is None and all(one.confidence is None for one in segments):
        st.info(texts("transcript.person"), icon=":material/description:")
    elif recording.checked_at is None:
        st.info(texts("transcript.machine"), icon=":material/smart_toy:")
    else:
        when = at_desk.formats.moment(recording.checked_at, at_desk.now)
        st.success(texts("transcript.checked", when=when), icon=":material/check:")
    if not segments:
        empty(texts("transcript.none"), texts("transcript.none_help"))
        return
    _speakers(recording, segments)
    _lines(recording, segments)
    _mark(recording, segments)


def role_name(texts: Texts, role: str | None) -> str:
    """The student, a teacher, another student; or not said yet."""
    return texts(f"speaks.{role if role in ROLES else NOBODY}")


def _speakers(recording: Recording, segments: Sequence[Segment]) -> None:
    """Who is who, where the transcript tells speakers apart."""
    at_desk = desk()
    texts = at_desk.texts
    roles: dict[str, set[str | None]] = {}
    for one in segments:
        if one.speaker_id is not None:
            roles.setdefault(one.speaker_id, set()).add(one.role)
    if not roles:
        if all(one.role is None for one in segments):
            st.caption(texts("transcript.no_speakers"))
        return
    st.subheader(texts("transcript.speakers"), anchor=False)
    known = {name: next(iter(found)) if len(found) == 1 else None for name, found in roles.items()}
    with st.form(f"lt-speakers-{recording.id}", border=False):
        chosen: dict[str, str | None] = {}
        columns = st.columns(min(3, len(known)))
        for at, (name, role) in enumerate(known.items()):
            with columns[at % len(columns)]:
                chosen[name] = st.selectbox(
                    label_text(texts("transcript.speaker", name=name)),
                    [None, *ROLES],
                    index=[None, *ROLES].index(role if role in ROLES else None),
                    format_func=partial(role_name, texts),
                    key=f"lt-speaker-{recording.id}-{name}-{role}",
                )
        asked = st.form_submit_button(texts("transcript.save_speakers"))
    told = {name: role for name, role in chosen.items() if role != known[name]}
    if asked and told and change(lambda: at_desk.client.put_speaker_roles(recording.id, told)):
        say(texts("transcript.saved"))
        st.rerun()


def _lines(recording: Recording, segments: Sequence[Segment]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    audio = None
    if recording.has_audio:
        word = passes.give(at_desk.user.id, at_desk.client.apart(), recording.id)
        audio = f"{AUDIO}/{word}"
    told = _transcript()(
        key=f"lt-transcript-{recording.id}",
        data={
            "audio": audio,
            "rows": [_row(recording, one) for one in segments],
            "roles": [
                ["", role_name(texts, None)],
                *([one, role_name(texts, one)] for one in ROLES),
            ],
            "words": {one: texts(f"transcript.{one}") for one in _SAYS}
            | {one: texts(f"transcript.{one}", time="{time}") for one in _AT},
        },
        on_saved_change=lambda: None,
    )
    saved = told.saved
    if saved is None or st.session_state.get(_SAVED) == saved["at"]:
        return
    st.session_state[_SAVED] = saved["at"]
    correct = at_desk.client.correct
    if change(lambda: correct(recording.id, saved["roles"], saved["contents"])):
        say(texts("transcript.saved"))
        st.rerun()


def _row(recording: Recording, one: Segment) -> dict[str, Any]:
    return {
        "id": one.id,
        "start": one.start_sec,
        "end": one.end_sec,
        "clock": clock(one.start_sec),
        "speaker": one.speaker_id or "",
        "role": one.role or "",
        "text": one.content,
        "lang": recording.language,
        "unsure": one.confidence is not None and one.confidence < UNSURE,
    }


def clock(seconds: float) -> str:
    """0:07, 12:40, 1:02:09."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _mark(recording: Recording, segments: Sequence[Segment]) -> None:
    at_desk = desk()
    texts = at_desk.texts
    checked = recording.checked_at is not None
    put = at_desk.client.put_checked
    if checked:
        asked = st.button(texts("transcript.unmark_button"), icon=":material/undo:")
        if asked and change(lambda: put(recording.id, checked=False)):
            say(texts("transcript.unmarked"))
            st.rerun()
        return
    st.subheader(texts("transcript.mark"), anchor=False)
    st.markdown(texts("transcript.mark_help"))
    nobody = recording.student_id is not None and all(one.role is None for one in segments)
    if nobody:
        st.warning(texts("transcript.roles_first"), icon=":material/info:")
    elif recording.has_audio:
        keeping = part("keeping-audio", reads.keep_audio)
        if keeping is not None and not keeping.keep_audio:
            st.warning(texts("transcript.audio_goes"), icon=":material/delete:")
    asked = st.button(
        texts("transcript.mark_button"), type="primary", icon=":material/check:", disabled=nobody
    )
    if asked and change(lambda: put(recording.id, checked=True)):
        say(texts("transcript.marked"))
        st.rerun()


@cache
def _transcript() -> Callable[..., Any]:
    return st.components.v2.component(
        "learntrace_transcript",
        css=css("transcript"),
        js=(HERE / "scripts" / "transcript.js").read_text(encoding="utf-8"),
    )
