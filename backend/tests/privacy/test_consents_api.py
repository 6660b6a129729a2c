"""Consent over HTTP: who says and reads it, what is kept, and that it is all or nothing."""

from uuid import UUID, uuid4

import pytest

from tests.world import bearer

NOT_SIGNED_IN = {"expired", "nobody", "forged"}
READERS = {"teacher", "school_admin", "system_admin"}
STRANGERS = {"tester", "colleague", "former_teacher", "lake_teacher"}
OTHERS = {"developer", "tiles_developer", "ada", "ben", "write_key"}
EVERYBODY = sorted(NOT_SIGNED_IN | READERS | STRANGERS | OTHERS | {"lake_admin"})
POLICY = "/schools/consent-policy"


def consents(student_id: UUID) -> str:
    return f"/students/{student_id}/consents"


async def test_only_the_schools_administrators_say_how_a_consent_stands(ask, day):
    def expected(who):
        if who in NOT_SIGNED_IN:
            return 401
        return {"school_admin": 200, "lake_admin": 404}.get(who, 403)

    for method, path, body in (
        ("PUT", f"{consents(day.ada)}/play", {"state": "verified"}),
        (
            "POST",
            "/consents",
            {"student_ids": [str(day.ada)], "kind": "audio", "state": "verified"},
        ),
    ):
        found = {who: (await ask(who, method, path, body)).status_code for who in EVERYBODY}
        assert found == {who: expected(who) for who in EVERYBODY}
    assert await day.world.one("select count(*) from consent_changes") == 2


async def test_teachers_of_the_student_read_it_and_nobody_elsewhere(ask, day):
    def expected(who):
        if who in NOT_SIGNED_IN:
            return 401
        if who in READERS:
            return 200
        return 403 if who in OTHERS else 404

    found = {who: (await ask(who, "GET", consents(day.ada))).status_code for who in EVERYBODY}
    assert found == {who: expected(who) for who in EVERYBODY}


async def test_teachers_of_the_class_read_how_it_stands_for_each_student(ask, day):
    def expected(who):
        if who in NOT_SIGNED_IN:
            return 401
        if who in READERS:
            return 200
        return 403 if who in OTHERS else 404

    path = f"/classes/{day.world.class_id}/consents"
    found = {who: (await ask(who, "GET", path)).status_code for who in EVERYBODY}
    assert found == {who: expected(who) for who in EVERYBODY}
    await ask("school_admin", "PUT", POLICY, {"required": ["play"]})
    await ask("school_admin", "PUT", f"{consents(day.ada)}/play", {"state": "verified"})
    told = (await ask("teacher", "GET", path)).json()
    assert told["class_id"] == str(day.world.class_id)
    ada = next(one for one in told["students"] if one["student_id"] == str(day.ada))
    own = (await ask("teacher", "GET", consents(day.ada))).json()
    assert ada["consents"] == own["consents"]
    others = [one["consents"][0] for one in told["students"] if one is not ada]
    assert others
    assert all((one["state"], one["required"]) == ("pending", True) for one in others)


async def test_a_schools_policy_is_its_administrators_alone(ask, day):
    def expected(who):
        if who in NOT_SIGNED_IN:
            return 401
        return 200 if who.endswith("_admin") and who != "system_admin" else 403

    for method, body in (("GET", None), ("PUT", {"required": ["play"]})):
        found = {who: (await ask(who, method, POLICY, body)).status_code for who in EVERYBODY}
        assert found == {who: expected(who) for who in EVERYBODY}
    schools = {row[0] for row in await day.world.rows("select school_id from consent_policies")}
    assert schools == {day.world.school_id, day.world.other_school_id}


async def test_policy_is_read_back_with_how_many_students_stand_how(ask, day):
    none = (await ask("school_admin", "GET", POLICY)).json()
    assert (none["required"], none["changed_at"]) == ([], None)
    await ask("school_admin", "PUT", f"{consents(day.ada)}/play", {"state": "verified"})
    await ask("school_admin", "PUT", f"{consents(day.ben)}/play", {"state": "revoked"})
    told = {"required": ["research", "play", "play"]}
    put = (await ask("school_admin", "PUT", POLICY, told)).json()
    assert put["required"] == ["play", "research"]
    assert put["students"][0] == {"kind": "play", "pending": 1, "verified": 1, "revoked": 1}
    assert put["students"][1] == {"kind": "audio", "pending": 3, "verified": 0, "revoked": 0}
    assert (await ask("school_admin", "GET", POLICY)).json() == put
    assert (await ask("school_admin", "PUT", POLICY, told)).json() == put  # no new version
    stored = await day.world.rows("select version, required, changed_by from consent_policies")
    assert [tuple(row) for row in stored] == [(1, ["play", "research"], day.users["school_admin"])]


async def test_a_required_consent_that_is_revoked_stops_the_next_event(
    ask,
    api,
    day,
):
    headers = bearer(day.world.player_token)

    async def sent():
        event = day.world.event()
        return (await api.post("/api/v1/telemetry/events", json=event, headers=headers)).status_code

    assert await sent() == 201
    await ask("school_admin", "PUT", POLICY, {"required": ["play"]})
    assert await sent() == 422
    await ask("school_admin", "PUT", f"{consents(day.ada)}/play", {"state": "verified"})
    assert await sent() == 201
    await ask("school_admin", "PUT", f"{consents(day.ada)}/play", {"state": "revoked"})
    assert await sent() == 422


async def test_every_change_is_kept_with_who_when_and_why(ask, day):
    path = f"{consents(day.ada)}/play"
    for state, note in (
        ("verified", " Form in folder 5b. "),
        ("verified", None),
        ("revoked", None),
    ):
        body = {"state": state, "note": note}
        answer = (await ask("school_admin", "PUT", path, body)).json()
        assert (answer["kind"], answer["state"], answer["required"]) == ("play", state, False)
    told = (await ask("teacher", "GET", consents(day.ada))).json()
    assert [(one["kind"], one["state"]) for one in told["consents"]] == [
        ("play", "revoked"),
        ("audio", "pending"),
        ("research", "pending"),
    ]
    assert told["consents"][1]["changed_at"] is None
    assert [(one["from_state"], one["to_state"], one["note"]) for one in told["history"]] == [
        ("verified", "revoked", None),
        ("pending", "verified", "Form in folder 5b."),
    ]
    admin = {"id": str(day.users["school_admin"]), "name": "school_admin"}
    assert [one["changed_by"] for one in told["history"]] == [admin, admin]
    assert told["history"][0]["changed_at"] == told["consents"][0]["changed_at"]
    again = {"state": "revoked", "note": "Asked once more."}
    await ask("school_admin", "PUT", path, again)
    told = (await ask("teacher", "GET", consents(day.ada), limit=1)).json()
    assert [one["note"] for one in told["history"]] == ["Asked once more."]
    rest = await ask("teacher", "GET", consents(day.ada), limit=2, cursor=told["next_cursor"])
    assert [one["to_state"] for one in rest.json()["history"]] == ["revoked", "verified"]
    assert rest.json()["next_cursor"] is None


async def test_no_reader_rewrites_what_was_said(ask, day):
    await ask("school_admin", "PUT", f"{consents(day.ada)}/play", {"state": "verified"})
    for right in ("update", "delete"):
        query = "select has_table_privilege('learntrace_reader', 'consent_changes', :right)"
        assert await day.world.one(query, right=right) is False


async def test_a_class_at_once_is_all_or_nothing(ask, day):
    own = [str(one) for one in day.world.students]
    body = {"student_ids": [*own, own[0]], "kind": "play", "state": "verified"}
    answer = await ask("school_admin", "POST", "/consents", body)
    assert (answer.status_code, answer.json()) == (200, {"changed": 3})
    answer = await ask("school_admin", "POST", "/consents", body)
    assert answer.json() == {"changed": 0}
    strangers = sorted([str(day.world.foreign_student), str(uuid4())])
    body |= {"student_ids": [*own, *strangers], "state": "revoked"}
    answer = await ask("school_admin", "POST", "/consents", body)
    assert (answer.status_code, answer.json()["student_ids"]) == (404, strangers)
    assert await day.world.one("select count(*) from consents where state = 'verified'") == 3
    assert (
        await day.world.one(
            "select bool_and(play_consent) from students s join consents c on c.student_id = s.id"
        )
        is True
    )


async def test_players_of_the_sandbox_have_no_consent_to_keep(ask, day):
    answer = await ask("school_admin", "PUT", f"{consents(day.tess)}/play", {"state": "verified"})
    assert answer.status_code == 422
    body = {"student_ids": [str(day.ada), str(day.tess)], "kind": "play", "state": "verified"}
    assert (await ask("school_admin", "POST", "/consents", body)).status_code == 422
    read_back = (await ask("tester", "GET", consents(day.tess))).json()
    assert {one["required"] for one in read_back["consents"]} == {False}
    assert await day.world.one("select count(*) from consents") == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/play", {"state": "yes"}),
        ("/play", {}),
        ("/play", {"state": "verified", "note": "a" * 501}),
        ("/play", {"state": "verified", "note": "a\x00"}),
        ("/play", {"state": "verified", "note": " "}),
        ("/play", {"state": "verified", "by": "me"}),
        ("/photos", {"state": "verified"}),
    ],
)
async def test_what_says_no_consent_is_refused(ask, day, path, body):
    answer = await ask("school_admin", "PUT", f"{consents(day.ada)}{path}", body)
    assert answer.status_code == 422


@pytest.mark.parametrize("count", [0, 501])
async def test_one_to_500_students_at_once(ask, day, count):
    body = {
        "student_ids": [str(uuid4()) for _ in range(count)],
        "kind": "play",
        "state": "verified",
    }
    assert (await ask("school_admin", "POST", "/consents", body)).status_code == 422
    assert (await ask("school_admin", "PUT", POLICY, {"required": ["photos"]})).status_code == 422
