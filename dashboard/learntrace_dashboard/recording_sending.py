"""Sending audio, or a transcript that somebody has."""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from learntrace_dashboard import reads
from learntrace_dashboard.changes import change, form_key, renew_form, say
from learntrace_dashboard.client import ApiError, SignedOutError
from learntrace_dashboard.contract_recordings import Recording
from learntrace_dashboard.look import HERE, css, desk, part
from learntrace_dashboard.recording_new import NO_ENGINE
from learntrace_dashboard.transfer import UPLOADS

ENDINGS = ("mp3", "wav", "flac", "ogg", "mp4", "m4a")
WRITTEN = ("vtt", "srt")
LARGEST_TRANSCRIPT_MB = 5
_ADDRESS = "lt_upload_address"
_REFUSED = "lt_upload_refused"
_CONFIRMED = "lt_upload_confirmed"
_SAYS = ("title", "button", "cancel", "preparing", "checking", "empty", "stopped", "refused",
         "no_sound", "over", "broken", "busy", "leave")  # fmt: skip


def show(recording: Recording) -> None:
    """The audio's way here, and the transcript's; where nothing can be heard, only that."""
    heard = recording.stt_provider != NO_ENGINE
    if heard:
        _audio(recording.id)
    show_written(recording.id, unfolded=not heard)


def _audio(recording_id: str) -> None:
    """The browser sends the file; this asks where to, and says when all of it was sent."""
    at_desk = desk()
    texts = at_desk.texts
    st.subheader(texts("sending.title"), anchor=False)
    st.caption(texts("sending.help"))
    plan = part("plan", reads.plan)
    if plan is None:
        return
    most = plan.plan.file_size_mb
    told = _uploader()(
        key=f"lt-upload-{recording_id}",
        data={
            "address": st.session_state.get(_ADDRESS),
            "refused": st.session_state.get(_REFUSED),
            "endings": ENDINGS,
            "most_mb": most,
            "words": _words(most),
        },
        on_chosen_change=lambda: None,
        on_sent_change=lambda: None,
    )
    if told.chosen is not None:
        _ask(recording_id, told.chosen)
    if told.sent is not None and st.session_state.get(_CONFIRMED) != told.sent:
        st.session_state[_CONFIRMED] = told.sent
        _confirm(recording_id)


def _ask(recording_id: str, chosen: dict[str, Any]) -> None:
    """Have the API sign an address for what was chosen; once for each time it was asked for."""
    ask = chosen["ask"]
    address = st.session_state.get(_ADDRESS) or {}
    if ask in (address.get("ask"), st.session_state.get(_REFUSED)):
        return
    try:
        signed = desk().client.upload_address(recording_id, chosen["name"], chosen["size_mb"])
    except SignedOutError:
        raise
    except ApiError as error:
        st.session_state[_REFUSED] = ask
        st.error(str(error), icon=":material/error:")
        return
    token = signed.upload_url.rstrip("/").rpartition("/")[2]
    st.session_state[_ADDRESS] = {"ask": ask, "url": f"{UPLOADS}/{token}"}
    st.rerun()


def _confirm(recording_id: str) -> None:
    """All of it was sent: see that it arrived, and have it written down."""
    at_desk = desk()
    texts = at_desk.texts
    arrived: list[bool] = []
    confirm = at_desk.client.confirm_upload
    if not change(lambda: arrived.append(confirm(recording_id).ready_for_transcription)):
        return
    if not arrived[0]:
        st.error(texts("sending.missing"), icon=":material/error:")
        return
    say(texts("sending.arrived"))
    engines = part("engines", reads.engines)
    if engines is not None and engines.providers:
        change(lambda: at_desk.client.start(recording_id))
    st.rerun()


def show_written(recording_id: str, *, unfolded: bool = False) -> None:
    """The way to a transcript without audio."""
    at_desk = desk()
    texts = at_desk.texts
    with st.expander(texts("written.title"), unfolded, icon=":material/description:"):
        st.caption(texts("written.help"))
        file = st.file_uploader(
            texts("written.file"),
            type=list(WRITTEN),
            max_upload_size=LARGEST_TRANSCRIPT_MB,
            key=form_key("written", recording_id),
        )
        checked = st.checkbox(texts("written.checked"), key=form_key("written-checked"))
        asked = st.button(texts("written.button"), disabled=file is None)
    if not asked or file is None:
        return
    put, name, content = at_desk.client.put_transcript, file.name, file.getvalue()
    if change(lambda: put(recording_id, name, content, checked=checked)):
        renew_form("written")
        say(texts("written.done"))
        st.rerun()


def _words(most: int) -> dict[str, str]:
    texts = desk().texts
    endings = ", ".join(ENDINGS)
    said = {one: texts(f"sending.{one}") for one in _SAYS}
    return said | {
        "sent": texts("sending.sent", sent="{sent}", total="{total}"),
        "file": texts("sending.file", endings=endings, most=most),
        "large": texts("sending.large", size="{size}", most=most),
        "ending": texts("sending.ending", endings=endings),
        "consent": texts("error.consent_missing"),
    }


@cache
def _uploader() -> Callable[..., Any]:
    return st.components.v2.component(
        "learntrace_upload",
        css=css("upload"),
        js=(HERE / "scripts" / "upload.js").read_text(encoding="utf-8"),
    )
