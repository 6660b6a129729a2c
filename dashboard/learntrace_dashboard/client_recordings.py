"""What the dashboard asks of the API about recordings and their transcripts."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from learntrace_dashboard import contract_recordings as contract
from learntrace_dashboard.wire import BATCH_TIMEOUT_S, FILE_TIMEOUT_S, Wire

PAGE = 50


def _of(recording_id: str, what: str = "") -> str:
    return f"/sessions/{quote(recording_id, safe='')}{what}"


class RecordingsClient(Wire):
    """Recordings of talk: making, sending, writing down, correcting."""

    def engines(self) -> contract.Engines:
        """What writes transcripts here, and in which languages."""
        return self._get("/sessions/providers", contract.Engines)

    def recordings(
        self, student_id: str | None, cursor: str | None = None
    ) -> contract.RecordingsPage:
        """A page of recordings, newest first; of one student where that is asked for."""
        offset = int(cursor or 0)
        query = {"student_id": student_id, "limit": PAGE, "offset": offset}
        found = self._get("/sessions", contract.Recordings, query)
        end = offset + len(found.items)
        more = bool(found.items) and end < found.total
        return contract.RecordingsPage(items=found.items, next_cursor=str(end) if more else None)

    def recording(self, recording_id: str) -> contract.Recording:
        """One recording."""
        return self._get(_of(recording_id), contract.Recording)

    def new_recording(self, told: Mapping[str, str | None]) -> contract.Recording:
        """A recording whose audio is still to come: `title`, `language`, `student_id`."""
        return self._post("/sessions", told, contract.Recording)

    def delete_recording(self, recording_id: str) -> None:
        """Delete a recording with its audio and transcript."""
        self._delete(_of(recording_id))

    def cancel_recording(self, recording_id: str) -> None:
        """Stop what is going on with it."""
        self._request("POST", _of(recording_id, "/cancel"))

    def upload_address(
        self, recording_id: str, filename: str, size_mb: float
    ) -> contract.UploadAddress:
        """Where its audio may be sent."""
        response = self._request(
            "POST",
            _of(recording_id, "/upload-url"),
            {"filename": filename, "file_size_mb": size_mb},
        )
        return self._parse(response, contract.UploadAddress)

    def confirm_upload(self, recording_id: str) -> contract.Confirmed:
        """Say that all of it was sent; tells whether it has arrived."""
        return self._post(_of(recording_id, "/confirm-upload"), {}, contract.Confirmed)

    def start(self, recording_id: str) -> contract.Started:
        """Have its transcript written; once more where there is one already."""
        return self._post(_of(recording_id, "/start-transcription"), {}, contract.Started)

    def retry(self, recording_id: str) -> contract.Started:
        """Try once more after a failure."""
        return self._post(_of(recording_id, "/retry-transcription"), {}, contract.Started)

    def progress_of(self, recording_id: str) -> contract.Progress:
        """How far the transcription is."""
        return self._get(_of(recording_id, "/status"), contract.Progress)

    def segments(self, recording_id: str) -> contract.Segments:
        """The transcript."""
        path = _of(recording_id, "/segments")
        return self._get(path, contract.Segments, timeout_s=BATCH_TIMEOUT_S)

    def put_transcript(
        self, recording_id: str, filename: str, content: bytes, *, checked: bool
    ) -> None:
        """Take a transcript that somebody has, VTT or SRT."""
        self._request(
            "POST",
            _of(recording_id, "/transcript"),
            files={"file": (filename, content)},
            data={"checked": str(checked).lower()},
            timeout_s=FILE_TIMEOUT_S,
        )

    def file_of(self, recording_id: str, kind: str) -> bytes:
        """The transcript as a file: json, vtt, srt, txt or xlsx."""
        path = _of(recording_id, "/transcript")
        return self._request("GET", path, {"format": kind}, timeout_s=FILE_TIMEOUT_S).content

    def put_speaker_roles(self, recording_id: str, roles: Mapping[str, str | None]) -> None:
        """Say who the speakers are."""
        self._patch(recording_id, "speaker-roles", {"roles": roles})

    def correct(
        self,
        recording_id: str,
        roles: Mapping[str, str | None],
        contents: Mapping[str, str],
    ) -> None:
        """Say who speaks in single segments, and what was really said there."""
        if contents:
            self._patch(recording_id, "segment-content", {"contents": contents})
        if roles:
            self._patch(recording_id, "segment-roles", {"roles": roles})

    def _patch(self, recording_id: str, what: str, body: Mapping[str, Any]) -> None:
        path = _of(recording_id, f"/{what}")
        self._request("PATCH", path, json=body, timeout_s=BATCH_TIMEOUT_S)

    def put_checked(self, recording_id: str, *, checked: bool) -> None:
        """Say that the transcript is right, or that it is not."""
        self._request("PUT", _of(recording_id, "/checked"), json={"checked": checked})

    def talk(self, recording_id: str) -> contract.Talk:
        """What the student's talk shows."""
        return self._get(_of(recording_id, "/features"), contract.Talk)

    def put_keep_audio(self, *, keep_audio: bool) -> contract.KeepAudio:
        """Keep such audio from now on, or not."""
        return self._post(
            "/schools/recordings", {"keep_audio": keep_audio}, contract.KeepAudio, "PUT"
        )

    def keep_audio(self) -> contract.KeepAudio:
        """Whether the school keeps audio whose transcript was accepted."""
        return self._get("/schools/recordings", contract.KeepAudio)

    def recordings_retention(self) -> contract.RecordingsRetention:
        """How long the plan keeps recordings, and what would go now."""
        path = "/schools/recordings-retention"
        return self._get(path, contract.RecordingsRetention, timeout_s=BATCH_TIMEOUT_S)

    def put_recordings_retention(self, days: int | None) -> contract.RecordingsRetention:
        """Let recordings go after the plan's days, which these are; or keep them all."""
        body = {"confirmed_days": days}
        path = "/schools/recordings-retention"
        return self._post(path, body, contract.RecordingsRetention, "PUT")
