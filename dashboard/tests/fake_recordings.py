"""Recordings in the fake API: `fake.recordings` by id, `fake.audio` what was uploaded.

A transcription goes on by a step each time somebody asks how far it is.
"""

import io
import wave
from datetime import UTC, datetime, timedelta
from random import Random

from fake_world import an_id, iso
from fastapi import FastAPI, Request, Response

STEP = 30
LINES = (
    ("S1", "teacher", 0.0, 4.2, "How did you find out which wave goes where?", 0.93),
    ("S2", "student", 4.9, 12.4, "First I tried the tall one, and um, that was wrong.", 0.88),
    ("S2", "student", 12.8, 19.0, "So maybe you have to add them, I thought.", 0.41),
    ("S1", "teacher", 19.6, 22.0, "And then?", 0.97),
    ("S2", "student", 22.5, 30.1, "Then I asked Noor and we did it together.", 0.9),
)
FIGURES = (
    ("talk_ratio", "Share of the talk", 0.71, "share", None),
    ("question_rate", "Questions asked", None, "per minute", "not_reviewed"),
    ("mean_turn", "Words in a turn", None, "words", "too_few_words"),
)
WHY = {
    "not_reviewed": "nobody has checked the transcript yet",
    "too_few_words": "the student said fewer than 50 words",
}


def sound(seconds: float = 0.5) -> bytes:
    """A silent sound file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(bytes(int(seconds * 8000) * 2))
    return file.getvalue()


def begin(fake) -> None:
    """Nothing is recorded; an engine that knows English is there."""
    fake.recordings = {}
    fake.segments = {}
    fake.audio = {}
    fake.signed_uploads = {}
    fake.engines = [{"name": "faster-whisper", "model": "tiny.en", "languages": ["en"]}]
    fake.keep_audio = False
    fake.agreed_days = None


def a_recording(fake, title: str, status: str, **known) -> dict:
    """One recording, made some time ago."""
    number = len(fake.recordings)
    made = iso(fake.world.now - timedelta(hours=number + 1))
    one = {
        "id": an_id(Random(f"recording {number}")),
        "title": title,
        "status": status,
        "language": "en",
        "stt_provider": "auto",
        "student_id": None,
        "student_name": None,
        "audio_filename": None,
        "duration_seconds": None,
        "duration_minutes": None,
        "segments_count": 0,
        "progress_percentage": {"pending": 5, "processing": 10, "completed": 100}.get(status, 0),
        "error_message": None,
        "checked_at": None,
        "has_audio": False,
        "created_at": made,
        "updated_at": made,
    } | known
    if one["student_id"] is not None:
        one["student_name"] = fake.world.students[one["student_id"]]["display_name"]
    fake.recordings[one["id"]] = one
    if status == "completed":
        written(fake, one)
    return one


def written(fake, one: dict) -> None:
    """Its transcript is there."""
    fake.segments[one["id"]] = [
        {"id": an_id(Random(f"{one['id']} {at}")), "speaker_id": speaker, "role": None,
         "start_sec": start, "end_sec": end, "content": words, "confidence": sure}
        for at, (speaker, _, start, end, words, sure) in enumerate(LINES)
    ]  # fmt: skip
    one |= {"status": "completed", "progress_percentage": 100, "segments_count": len(LINES)}


def checkable(fake, student_id: str) -> bool:
    """Whether consent to audio is noted."""
    said = [one for one in fake.consents.get(student_id, []) if one["kind"] == "audio"]
    return bool(said) and said[-1]["to_state"] == "verified"


def add_routes(app: FastAPI, api: str, fake, problem: type[Exception]) -> None:
    def of(request: Request, recording_id: str) -> dict:
        fake.caller(request, "teacher", "school_admin")
        if recording_id not in fake.recordings:
            raise problem(404, "Not found", "Session not found")
        return fake.recordings[recording_id]

    @app.get(f"{api}/sessions/providers")
    async def providers(request: Request) -> dict:
        fake.caller(request)
        default = fake.engines[0]["name"] if fake.engines else None
        languages = [one for engine in fake.engines for one in engine["languages"]]
        return {"providers": fake.engines, "languages": languages, "default": default}

    @app.get(f"{api}/sessions")
    async def listed(
        request: Request, student_id: str | None = None, limit: int = 50, offset: int = 0
    ) -> dict:
        fake.caller(request, "teacher", "school_admin")
        found = [
            one
            for one in sorted(fake.recordings.values(), key=lambda r: r["created_at"], reverse=True)
            if student_id in (None, one["student_id"])
        ]
        return {"items": found[offset : offset + limit], "total": len(found)}

    @app.post(f"{api}/sessions", status_code=201)
    async def make(request: Request) -> dict:
        fake.caller(request, "teacher", "school_admin")
        told = await request.json()
        student = told.get("student_id")
        if student is not None and not checkable(fake, student):
            raise problem(403, "Forbidden", "No consent.", code="consent_missing")
        told |= {"created_at": iso(datetime.now(UTC))}
        return a_recording(fake, told.pop("title"), "uploading", **told)

    @app.get(f"{api}/sessions/{{recording_id}}")
    async def read(request: Request, recording_id: str) -> dict:
        return of(request, recording_id)

    @app.delete(f"{api}/sessions/{{recording_id}}", status_code=204)
    async def delete(request: Request, recording_id: str) -> Response:
        del fake.recordings[of(request, recording_id)["id"]]
        return Response(status_code=204)

    @app.post(f"{api}/sessions/{{recording_id}}/cancel")
    async def cancel(request: Request, recording_id: str) -> dict:
        found = of(request, recording_id)
        found |= {"status": "cancelled", "progress_percentage": 0}
        return found

    @app.post(f"{api}/sessions/{{recording_id}}/upload-url")
    async def address(
        request: Request, recording_id: str, filename: str, file_size_mb: float
    ) -> dict:
        found = of(request, recording_id)
        if file_size_mb > 500:
            raise problem(413, "Too large", "The plan allows files of 500 MB.")
        token = f"signed.{len(fake.signed_uploads)}.{recording_id}"
        fake.signed_uploads[token] = (recording_id, filename)
        found |= {"status": "uploading"}
        until = iso(datetime.now(UTC) + timedelta(minutes=60))
        url = f"{request.base_url}api/v1/uploads/{token}"
        return {"upload_url": url, "path": f"/api/v1/uploads/{token}", "expires_at": until}

    @app.put(f"{api}/uploads/{{token}}")
    async def put(request: Request, token: str) -> dict:
        if token not in fake.signed_uploads:
            raise problem(403, "Forbidden", "The address is not valid.")
        recording_id, filename = fake.signed_uploads[token]
        arrived = [piece async for piece in request.stream()]
        content = b"".join(arrived)
        if not content.startswith(b"RIFF"):
            raise problem(415, "Unsupported Media Type", "This is no wav file.")
        fake.audio[recording_id] = content
        fake.recordings[recording_id] |= {"audio_filename": filename, "has_audio": True}
        return {"size_bytes": len(content)}

    @app.post(f"{api}/sessions/{{recording_id}}/confirm-upload")
    async def confirm(request: Request, recording_id: str) -> dict:
        found = of(request, recording_id)
        here = recording_id in fake.audio
        if here:
            found |= {"status": "pending", "progress_percentage": 5, "duration_seconds": 30.5}
        return {"file_exists": here, "file_size": len(fake.audio.get(recording_id, b"")),
                "ready_for_transcription": here, "message": "…"}  # fmt: skip

    @app.post(f"{api}/sessions/{{recording_id}}/start-transcription")
    @app.post(f"{api}/sessions/{{recording_id}}/retry-transcription")
    async def start(request: Request, recording_id: str) -> dict:
        found = of(request, recording_id)
        found |= {"status": "processing", "progress_percentage": 10, "checked_at": None}
        return {"message": "Started.", "task_id": recording_id, "estimated_completion_minutes": 1}

    @app.get(f"{api}/sessions/{{recording_id}}/status")
    async def status(request: Request, recording_id: str) -> dict:
        found = of(request, recording_id)
        if found["status"] == "processing":
            found["progress_percentage"] = min(95, found["progress_percentage"] + STEP)
            if found["progress_percentage"] == 95:
                written(fake, found)
        now = datetime.now(UTC)
        share = found["progress_percentage"] / 100
        return {
            "session_id": recording_id,
            "status": found["status"],
            "progress": share,
            "progress_percentage": found["progress_percentage"],
            "message": "…",
            "duration_processed": 30.5 * share,
            "duration_total": 30.5,
            "started_at": iso(now),
            "estimated_completion": iso(now + timedelta(seconds=90)),
            "processing_speed": 3.0,
        }

    @app.get(f"{api}/sessions/{{recording_id}}/segments")
    async def segments(request: Request, recording_id: str) -> dict:
        of(request, recording_id)
        return {"segments": fake.segments[recording_id]}

    @app.get(f"{api}/sessions/{{recording_id}}/audio")
    async def audio(request: Request, recording_id: str) -> Response:
        of(request, recording_id)
        content = fake.audio[recording_id]
        asked = request.headers.get("Range")
        if asked is None:
            return Response(content, media_type="audio/wav", headers={"Accept-Ranges": "bytes"})
        first, _, last = asked.removeprefix("bytes=").partition("-")
        end = min(int(last or len(content) - 1), len(content) - 1)
        headers = {"Content-Range": f"bytes {first}-{end}/{len(content)}"}
        return Response(content[int(first) : end + 1], 206, headers, "audio/wav")

    @app.get(f"{api}/sessions/{{recording_id}}/transcript")
    async def file_of(request: Request, recording_id: str) -> Response:
        of(request, recording_id)
        kind = request.query_params["format"]
        text = "\n".join(one["content"] for one in fake.segments[recording_id])
        return Response(f"{kind}\n{text}", media_type="text/plain")

    @app.post(f"{api}/sessions/{{recording_id}}/transcript")
    async def take(request: Request, recording_id: str) -> dict:
        found = of(request, recording_id)
        form = await request.form()
        if b"-->" not in await form["file"].read():
            raise problem(422, "Unprocessable", "There is no line with a time in this file.")
        written(fake, found)
        if form["checked"] == "true":
            found["checked_at"] = iso(datetime.now(UTC))
        return found

    @app.patch(f"{api}/sessions/{{recording_id}}/{{what}}")
    async def change(request: Request, recording_id: str, what: str) -> dict:
        of(request, recording_id)
        body = await request.json()
        for one in fake.segments[recording_id]:
            if what == "speaker-roles" and one["speaker_id"] in body["roles"]:
                one["role"] = body["roles"][one["speaker_id"]]
            elif what == "segment-roles" and one["id"] in body["roles"]:
                one["role"] = body["roles"][one["id"]]
            elif what == "segment-content" and one["id"] in body["contents"]:
                one["content"] = body["contents"][one["id"]]
        return {"segments": fake.segments[recording_id]}

    @app.put(f"{api}/sessions/{{recording_id}}/checked")
    async def check(request: Request, recording_id: str) -> dict:
        found = of(request, recording_id)
        checked = (await request.json())["checked"]
        found["checked_at"] = iso(datetime.now(UTC)) if checked else None
        if checked and not fake.keep_audio:
            found["has_audio"] = False
        return found

    @app.get(f"{api}/sessions/{{recording_id}}/features")
    async def features(request: Request, recording_id: str) -> dict:
        of(request, recording_id)
        return {
            "features": {
                name: {
                    "value": value, "unit": unit, "minimum": 0,
                    "maximum": 1 if unit == "share" else None, "title": title,
                    "meaning": "What this means in a sentence.", "reason": reason,
                    "reason_text": WHY.get(reason),
                }
                for name, title, value, unit, reason in FIGURES
            }
        }  # fmt: skip

    @app.get(f"{api}/schools/recordings")
    async def keeping(request: Request) -> dict:
        fake.caller(request, "teacher", "school_admin")
        return {"keep_audio": fake.keep_audio}

    @app.put(f"{api}/schools/recordings")
    async def keep(request: Request) -> dict:
        fake.caller(request, "school_admin")
        fake.keep_audio = (await request.json())["keep_audio"]
        return {"keep_audio": fake.keep_audio}

    def retention() -> dict:
        days = fake.plan["retention_days"]
        counts = {"transcription_sessions": 3, "transcript_segments": 412}
        return {
            "plan": fake.plan["id"],
            "days": days,
            "confirmed": fake.agreed_days == days,
            "before": None if days == -1 else "2025-11-21",
            "counts": {} if days == -1 else counts,
        }

    @app.get(f"{api}/schools/recordings-retention")
    async def read_retention(request: Request) -> dict:
        fake.caller(request, "school_admin")
        return retention()

    @app.put(f"{api}/schools/recordings-retention")
    async def put_retention(request: Request) -> dict:
        fake.caller(request, "school_admin")
        fake.agreed_days = (await request.json())["confirmed_days"]
        return retention()
