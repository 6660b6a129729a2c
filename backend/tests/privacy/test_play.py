"""Without the consent that the school requires nothing is stored and nobody begins to play."""

from uuid import uuid4

import pytest

from learntrace.privacy.kinds import Kind, State
from learntrace.privacy.policies import MAY_NOT_PLAY
from tests.world import add_student, batch, bearer

JOIN = "/api/v1/players/join"
SINGLE = "/api/v1/telemetry/events"
BATCH = "/api/v1/telemetry/batch"
VALIDATE = "/api/v1/telemetry/validate"
STORED = (
    "select (select count(*) from events) + (select count(*) from game_sessions where event_count"
    " <> (select count(*) from events e where e.game_session_id = game_sessions.id))"
)


@pytest.fixture
def send(api, world):
    async def post(*events, path=BATCH, key=world.write_key):
        answer = await api.post(path, json=batch(list(events)), headers=bearer(key))
        return answer.status_code, answer.json()

    return post


@pytest.fixture
def join(api, world):
    async def post(**changes):
        body = {"game_id": str(world.game_id), "class_code": "CLASS5", "pupil_code": "PUPIL0"}
        return await api.post(JOIN, json=body | changes)

    return post


async def test_nobody_needs_consent_until_the_school_says_so(send, world, require, say, join):
    await say(State.REVOKED)
    await require(Kind.AUDIO, Kind.RESEARCH)
    assert (await send(world.event()))[0] == 201
    assert (await join()).status_code == 201


async def test_events_without_consent_are_refused_and_others_stored(send, world, require, say):
    await require(Kind.PLAY)
    await say(State.VERIFIED, world.students[1])
    ada, ben = world.event(), world.event(student_id=world.students[1])
    status, told = await send(ada, ben)
    assert (status, told["accepted"]) == (201, 1)
    [refused] = told["rejected"]
    assert (refused["event_id"], refused["code"]) == (ada["event_id"], "consent_missing")
    assert refused["retryable"] is True
    assert await world.one(STORED) == 1
    assert await world.one("select student_id from game_sessions") == world.students[1]
    answered = await world.rows("select accepted, rejected from telemetry_batches")
    assert (answered[0].accepted, answered[0].rejected[0]["code"]) == (1, "consent_missing")
    assert await world.one("select code from rejections") == "consent_missing"


async def test_a_rehearsal_says_the_same_and_stores_nothing(send, world, require):
    await require(Kind.PLAY)
    status, told = await send(world.event(), path=VALIDATE)
    assert (status, told["rejected"][0]["code"]) == (422, "consent_missing")
    assert await world.one(STORED) == 0


@pytest.mark.parametrize("path", [SINGLE, BATCH])
async def test_a_player_token_stays_and_stores_nothing_until_consent_is_there(
    api, world, require, say, path
):
    await require(Kind.PLAY)
    event, headers = world.event(), bearer(world.player_token)
    sent = event if path == SINGLE else batch([event])
    for state, status in ((None, 422), (State.REVOKED, 422), (State.VERIFIED, 201)):
        if state is not None:
            await say(state)
        answer = await api.post(path, json=sent, headers=headers)
        assert answer.status_code == status
        if status == 422:
            assert answer.json()["rejected"][0]["code"] == "consent_missing"
    assert await world.one(STORED) == 1


async def test_after_revocation_a_repeat_is_still_known_and_a_conflict_still_one(
    send, world, require, say
):
    await require(Kind.PLAY)
    await say(State.VERIFIED)
    event = world.event()
    assert (await send(event))[0] == 201
    await say(State.REVOKED)
    status, told = await send(event, event | {"event_type": "other"}, world.event())
    assert (status, told["accepted"], told["duplicates"]) == (200, 0, 1)
    assert [one["code"] for one in told["rejected"]] == ["conflict", "consent_missing"]
    assert await world.one(STORED) == 1


async def test_what_is_no_longer_required_is_stored_again(send, world, require):
    await require(Kind.PLAY)
    event = world.event()
    assert (await send(event))[0] == 422
    await require()
    assert (await send(event))[0] == 201


async def test_a_student_added_later_needs_consent_too(send, world, require):
    await require(Kind.PLAY)
    late = uuid4()
    async with world.database.transaction() as db:
        await add_student(db, world.school_id, late, "Dora", "PUPIL5")
    _, told = await send(world.event(student_id=late))
    assert told["rejected"][0]["code"] == "consent_missing"


async def test_what_is_wrong_besides_is_told_first(send, world, require):
    await require(Kind.PLAY)
    stranger = world.event(student_id=world.foreign_student)
    ancient = world.event(timestamp="1999-01-01T00:00:00Z")
    _, told = await send(stranger, ancient)
    assert [one["code"] for one in told["rejected"]] == [
        "unknown_student",
        "timestamp_out_of_range",
    ]


async def test_sandbox_and_other_schools_need_none_of_it(send, world, require):
    await require(Kind.PLAY)
    assert (await send(world.event(), key=world.sandbox_key))[0] == 201
    foreign = world.event(student_id=world.foreign_student)
    assert (await send(foreign, key=world.other_school_key))[0] == 201


async def test_who_may_not_play_is_told_so_only_with_the_right_codes(join, world, require, say):
    await require(Kind.PLAY)
    refused = await join()
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.json()["detail"], refused.json()["code"]) == (MAY_NOT_PLAY, "consent_missing")
    await say(State.REVOKED)
    assert (await join()).text == refused.text  # nobody learns why there is none
    wrong = await join(pupil_code="NOSUCH")
    assert (wrong.status_code, (await join(pupil_code="PUPIL9")).text) == (404, wrong.text)
    assert await world.one("select count(*) from player_tokens") == 1
    await say(State.VERIFIED)
    assert (await join()).status_code == 201


async def test_a_token_is_not_renewed_without_consent(api, world, require, say):
    await require(Kind.PLAY)
    headers = bearer(world.player_token)
    answer = await api.post("/api/v1/players/renew", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")
    await say(State.VERIFIED)
    assert (await api.post("/api/v1/players/renew", headers=headers)).status_code == 200


async def test_nothing_is_proposed_to_play_without_consent(api, world, require, say):
    await require(Kind.PLAY)
    path, headers = f"/api/v1/adaptive/{world.students[0]}/next", bearer(world.player_token)
    answer = await api.get(path, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_missing")
    other = await api.get(f"/api/v1/adaptive/{world.students[1]}/next", headers=headers)
    assert other.status_code == 404
    await say(State.VERIFIED)
    answer = await api.get(path, params={"skills": ["waves"]}, headers=headers)
    assert answer.status_code == 200
