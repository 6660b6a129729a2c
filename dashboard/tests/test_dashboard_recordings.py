"""Recordings: pages run in this process, one state after the other."""

from datetime import datetime, timedelta, tzinfo

import fake_recordings
import pytest
from fake_world import iso
from starlette.responses import JSONResponse
from visiting import Visit, student_named

from learntrace_dashboard import look

SURE = {"to_state": "verified", "kind": "audio"}


class Tomorrow(datetime):
    """The clock of a page that is looked at a day later."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + timedelta(days=1)


@pytest.fixture
def teacher(visit: Visit) -> Visit:
    return visit.arrive().log_in()


def consenting(visit: Visit, name: str = "Amina Haddad") -> str:
    """A student whose consent to audio is noted."""
    student = student_named(visit.fake, name)
    visit.fake.consents[student] = [SURE | {"changed_at": iso(visit.fake.world.now)}]
    return student


def a_recording(visit: Visit, status: str, **known) -> str:
    return fake_recordings.a_recording(visit.fake, "Talk with Amina", status, **known)["id"]


def test_list_says_the_state_and_what_to_do_next(teacher: Visit) -> None:
    assert "There is no recording yet" in teacher.open("recordings").text
    for status in ("uploading", "pending", "processing", "completed", "failed", "cancelled"):
        a_recording(teacher, status)
    a_recording(teacher, "completed", checked_at=iso(teacher.fake.world.now))
    teacher.press("Refresh")
    states = ("No audio yet", "Audio is here", "Being written down", "Written down", "Stopped")
    for said in (*states, "Did not work", "Checked", "Read it and mark it as checked"):
        assert said in teacher.text


def test_list_asks_for_a_transcript_where_nothing_is_heard(teacher: Visit) -> None:
    a_recording(teacher, "uploading", stt_provider="none")
    teacher.open("recordings")
    assert "No transcript yet" in teacher.text
    assert "Upload the transcript" in teacher.text
    assert "Upload the audio" not in teacher.text


def test_list_says_when_it_was_read(teacher: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    teacher.open("recordings")
    monkeypatch.setattr(look, "datetime", Tomorrow)
    teacher.open("recordings")
    assert "Data up to yesterday" in teacher.text


def test_list_names_whom_a_recording_is_about(teacher: Visit) -> None:
    student = consenting(teacher)
    a_recording(teacher, "pending", student_id=student)
    teacher.fake.failures[f"/students/{student}"] = JSONResponse({}, 503)
    assert "Amina Haddad" in teacher.open("recordings").text


def test_uploaded_transcript_is_not_called_a_computers(teacher: Visit) -> None:
    recording = a_recording(teacher, "completed")
    for one in teacher.fake.segments[recording]:
        one["confidence"] = None
    teacher.open("recording", recording=recording)
    assert "Uploaded, and not checked yet." in teacher.text
    assert "Written by a computer" not in teacher.text


def test_older_recordings_are_shown_when_asked_for(teacher: Visit) -> None:
    for _ in range(51):
        a_recording(teacher, "pending")
    teacher.open("recordings")
    rows = teacher.text.count("Have it written down")
    teacher.press("Show older recordings")
    assert teacher.text.count("Have it written down") == rows + 1


def test_new_recording_is_made_and_opened(teacher: Visit) -> None:
    student = consenting(teacher)
    teacher.open("recordings").choose("Whom is it about?", student)
    assert "Consent to audio is not noted" not in teacher.text
    teacher.field("Title").set_value("  Reading  ")
    teacher.press("Go on to the file")
    [made] = teacher.fake.recordings.values()
    assert (made["title"], made["student_id"], made["language"]) == ("Reading", student, "en")
    assert "Upload the audio" in teacher.text


def test_missing_consent_is_said_before_and_after_asking(teacher: Visit) -> None:
    student = student_named(teacher.fake, "Ben Oduya")
    teacher.open("recordings").choose("Whom is it about?", student)
    assert "Consent to audio is not noted for this student" in teacher.text
    teacher.press("Go on to the file")
    assert (
        "Nothing was stored: a consent is missing. Recordings need consent to audio" in teacher.text
    )
    assert teacher.fake.recordings == {}


def test_without_speech_recognition_a_transcript_can_still_be_taken(teacher: Visit) -> None:
    teacher.fake.engines = []
    teacher.open("recordings")
    assert "This installation has no speech recognition" in teacher.text
    teacher.press("Go on to the file")
    [made] = teacher.fake.recordings.values()
    assert made["stt_provider"] == "none"
    assert "I have a transcript already" in teacher.text
    assert "Upload the audio" not in teacher.text


def test_language_that_cannot_be_heard_takes_a_transcript_only(teacher: Visit) -> None:
    teacher.open("recordings")
    box = next(one for one in teacher.app.selectbox if one.label == "Language that is spoken")
    assert box.options[:2] == ["English", "Arabic: only for a transcript that you have"]
    box.set_value("de")
    teacher.press("Go on to the file")
    [made] = teacher.fake.recordings.values()
    assert (made["language"], made["stt_provider"]) == ("de", "none")


def test_plan_that_is_used_up_is_said_in_the_words_of_the_api(teacher: Visit) -> None:
    recording = a_recording(teacher, "pending")
    said = {"message": "The 200 minutes of this month are used.", "limit": 200, "plan": "free"}
    path = f"/sessions/{recording}/start-transcription"
    teacher.fake.failures[path] = JSONResponse(said, 403)
    teacher.open("recording", recording=recording).press("Write it down")
    assert "The 200 minutes of this month are used." in teacher.text


def test_transcription_is_started_watched_and_stopped(teacher: Visit) -> None:
    recording = a_recording(teacher, "pending", duration_seconds=61.0)
    teacher.open("recording", recording=recording)
    assert "The audio is here, 1 min long" in teacher.text
    teacher.press("Write it down")
    assert "Being written down: 40 %" in teacher.text
    assert "about 1 min to go" in teacher.text or "about 2 min to go" in teacher.text
    teacher.press("Stop")
    assert teacher.fake.recordings[recording]["status"] == "cancelled"
    assert "This was stopped." in teacher.text


def test_waiting_for_its_turn_is_said(teacher: Visit) -> None:
    recording = a_recording(teacher, "processing")
    told = {"session_id": recording, "status": "processing", "progress_percentage": 10}
    teacher.fake.failures[f"/sessions/{recording}/status"] = JSONResponse(told)
    teacher.open("recording", recording=recording)
    assert "It waits for its turn" in teacher.text


def test_failure_says_why_and_offers_another_try(teacher: Visit) -> None:
    recording = a_recording(
        teacher, "failed", has_audio=True, error_message="The file is *broken*."
    )
    teacher.open("recording", recording=recording)
    assert "The file is *broken*." in teacher.text
    teacher.press("Try again")
    assert teacher.fake.recordings[recording]["status"] == "processing"


def test_progress_that_cannot_be_told_ends_nothing(teacher: Visit) -> None:
    recording = a_recording(teacher, "processing")
    teacher.fake.failures[f"/sessions/{recording}/status"] = JSONResponse({}, 503)
    teacher.open("recording", recording=recording)
    assert "How far it is cannot be told at the moment." in teacher.text


def test_speakers_are_named_and_the_transcript_is_marked(teacher: Visit) -> None:
    student = consenting(teacher)
    recording = a_recording(teacher, "completed", student_id=student, has_audio=True)
    teacher.open("recording", recording=recording)
    assert "how many with children's speech is not measured" in teacher.text
    assert "Say first who speaks" in teacher.text
    for box, role in zip(teacher.app.selectbox, ("teacher", "student"), strict=True):
        box.set_value(role)
    teacher.press("Save the speakers")
    roles = {one["speaker_id"]: one["role"] for one in teacher.fake.segments[recording]}
    assert roles == {"S1": "teacher", "S2": "student"}
    assert "The audio is deleted then" in teacher.text
    teacher.press("Mark as checked")
    assert teacher.fake.recordings[recording]["checked_at"]
    assert "There is no audio to listen to any more" in teacher.text
    teacher.press("It is not right: take the mark away")
    assert teacher.fake.recordings[recording]["checked_at"] is None


def test_school_that_keeps_audio_is_not_warned_of_its_end(teacher: Visit) -> None:
    teacher.fake.keep_audio = True
    recording = a_recording(teacher, "completed", has_audio=True)
    teacher.open("recording", recording=recording)
    assert "The audio is deleted then" not in teacher.text


def test_figures_say_why_they_are_empty(teacher: Visit) -> None:
    recording = a_recording(teacher, "completed")
    teacher.open("recording", recording=recording, part="What the talk shows")
    assert "71 %" in teacher.text
    assert "nobody has checked the transcript yet" in teacher.text
    assert "do not count in any estimate" in teacher.text


def test_file_of_a_transcript_is_made_or_the_refusal_said(teacher: Visit) -> None:
    recording = a_recording(teacher, "completed")
    teacher.open("recording", recording=recording, part="Files and more")
    teacher.choose("Kind of file", "vtt").press("Get the file ready")
    assert "Save learntrace-recording.vtt" in teacher.text
    said = {"message": "Your plan has no tables.", "limit": 0}
    teacher.fake.failures[f"/sessions/{recording}/transcript"] = JSONResponse(said, 403)
    teacher.choose("Kind of file", "xlsx").press("Get the file ready")
    assert "Your plan has no tables." in teacher.text


def test_recording_is_deleted_after_a_tick(teacher: Visit) -> None:
    recording = a_recording(teacher, "uploading")
    teacher.open("recording", recording=recording)
    teacher.app.checkbox[-1].set_value(True).run()
    teacher.press("Delete")
    assert teacher.fake.recordings == {}
    assert "The recording is deleted." in teacher.text


def test_hidden_names_hide_titles_talk_and_files(teacher: Visit) -> None:
    student = consenting(teacher)
    recording = a_recording(teacher, "completed", student_id=student, has_audio=True)
    teacher.open("recordings").switch("Hide names", on=True)
    assert "Talk with Amina" not in teacher.text
    assert "Amina Haddad" not in teacher.text
    assert "Recording of today" in teacher.text or "Recording of yesterday" in teacher.text
    for part in ("Transcript", "Files and more"):
        teacher.open("recording", recording=recording, part=part, names="hidden")
        for told in ("Amina", "Noor", "transfer/audio"):
            assert told not in teacher.text
        assert "Names are hidden, so what was said is too" in teacher.text


def test_recording_page_without_one_leads_to_the_list(teacher: Visit) -> None:
    teacher.open("recording")
    assert "Choose a recording to begin" in teacher.text
    teacher.press("All recordings")
    assert "There is no recording yet" in teacher.text


def test_student_leads_to_the_own_recordings(teacher: Visit) -> None:
    student = consenting(teacher)
    a_recording(teacher, "pending", student_id=student)
    a_recording(teacher, "failed")
    teacher.open("student", student=student).press("Recordings with Amina Haddad")
    assert "Only recordings with **Amina Haddad**" in teacher.text
    assert "Audio is here" in teacher.text
    assert "Did not work" not in teacher.text


def test_school_decides_whether_audio_is_kept(visit: Visit) -> None:
    visit.arrive().log_in("principal").open("privacy", part="Recordings")
    switch = "Keep audio after its transcript was checked"
    visit.switch(switch, on=True)
    assert visit.fake.keep_audio is True
    assert "Audio is kept from now on." in visit.text
    visit.fake.failures["/schools/recordings"] = JSONResponse({}, 503)
    visit.switch(switch, on=False)
    assert visit.fake.keep_audio is True
    assert "Something went wrong on the Learntrace server" in visit.text


def test_school_sees_what_goes_before_it_agrees_to_the_days_of_the_plan(visit: Visit) -> None:
    visit.arrive().log_in("principal").open("privacy", part="Recordings")
    assert "Recordings from before **Fri 21 Nov 2025**" in visit.text
    assert "412" in visit.text
    visit.app.checkbox[0].set_value(True).run()
    visit.press("Agree for the whole school")
    assert visit.fake.agreed_days == 365
    visit.press("Keep recordings instead")
    assert visit.fake.agreed_days is None
    visit.fake.plan["retention_days"] = -1
    visit.press("Refresh")
    assert "kept without end" in visit.text
