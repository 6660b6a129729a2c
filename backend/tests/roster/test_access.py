"""Taking away what lets a pupil play."""

import secrets
from uuid import uuid4

import pytest

from learntrace.audit.acts import Act
from learntrace.kit.errors import NotFoundError
from learntrace.roster import access
from tests.world import bearer

ACT = Act.of_command("players revoke")
JOIN = "/api/v1/players/join"


async def joined(api, world, pupil_code="PUPIL0"):
    body = {"game_id": str(world.game_id), "class_code": "CLASS5", "pupil_code": pupil_code}
    return await api.post(JOIN, json=body)


async def sent(api, world, token):
    event = world.event()
    return await api.post("/api/v1/telemetry/events", json=event, headers=bearer(token))


async def test_revoked_token_writes_nothing_and_the_pupil_may_join_again(api, world):
    assert (await sent(api, world, world.player_token)).status_code == 201
    async with world.database.transaction() as db:
        ended = await access.revoke_student(
            db, ACT, school_id=world.school_id, student_id=world.students[0]
        )
    assert ended == 1
    assert (await sent(api, world, world.player_token)).status_code == 401
    again = (await joined(api, world)).json()["player_token"]
    assert (await sent(api, world, again)).status_code == 201


async def test_whole_class_is_revoked_however_the_code_is_typed(api, world):
    for code in ("PUPIL0", "PUPIL1"):
        assert (await joined(api, world, code)).status_code == 201
    async with world.database.transaction() as db:
        ended = await access.revoke_class(db, ACT, school_id=world.school_id, class_code="cla-ss5")
    assert ended == 3  # with the one that was there before
    async with world.database.transaction() as db:
        again = await access.revoke_class(db, ACT, school_id=world.school_id, class_code="CLASS5")
    assert again == 0


async def test_new_code_replaces_the_old_one_and_ends_the_tokens(api, world, monkeypatch):
    characters = iter("PUPIL0" + "PUPIL1" + "NEWONE")
    with monkeypatch.context() as dealt:
        dealt.setattr(secrets, "choice", lambda _: next(characters))
        async with world.database.transaction() as db:
            code = await access.renew_code(
                db, ACT, school_id=world.school_id, student_id=world.students[0]
            )
    assert code == "NEWONE"
    assert (await sent(api, world, world.player_token)).status_code == 401
    assert (await joined(api, world)).status_code == 404
    assert (await joined(api, world, "NEWONE")).json()["student_id"] == str(world.students[0])


async def test_other_schools_pupils_and_classes_are_unknown(world):
    for student_id in (uuid4(), world.foreign_student):
        for end in (access.revoke_student, access.renew_code):
            with pytest.raises(NotFoundError):
                async with world.database.transaction() as db:
                    await end(db, ACT, school_id=world.school_id, student_id=student_id)
    with pytest.raises(NotFoundError):
        async with world.database.transaction() as db:
            await access.revoke_class(db, ACT, school_id=world.other_school_id, class_code="CLASS5")
