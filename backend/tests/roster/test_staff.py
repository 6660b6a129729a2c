"""A school's administrators change who signs in there, and nobody else's people."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from learntrace.accounts.staff import LAST, Change, change
from learntrace.app import create_app, finished
from learntrace.kit.errors import ConflictError
from learntrace.roster import repository as roster
from tests.world import ACT, add_signed_in, bearer

USERS = "/api/v1/users"


@pytest.fixture
async def tokens(world):
    """Somebody of each kind who is signed in: user id and access token by username."""
    people = (
        ("adam", "school_admin", world.school_id),
        ("anna", "school_admin", world.school_id),
        ("tess", "teacher", world.school_id),
        ("lena", "school_admin", world.other_school_id),
        ("lars", "teacher", world.other_school_id),
        ("sys", "system_admin", None),
        ("dev", "game_developer", None),
    )
    async with world.database.transaction() as db:
        return {
            name: await add_signed_in(db, name, role, school_id) for name, role, school_id in people
        }


@pytest.fixture
def call(api, tokens):
    """Calls as somebody of `tokens`."""

    async def do(who: str, method: str, path: str, **options: object) -> httpx.Response:
        headers = bearer(tokens[who][1])
        return await api.request(method, USERS + path, headers=headers, **options)

    return do


@pytest.fixture
async def elsewhere(app, settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of another process's application on the same database."""
    other = create_app(settings)
    async with other.router.lifespan_context(other):
        transport = httpx.ASGITransport(finished(other), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client


async def chosen(api, token, password):
    headers = bearer(token)
    answer = await api.post("/api/v1/auth/password", json={"password": password}, headers=headers)
    return answer.status_code


async def login(api, username, password):
    body = {"username": username, "password": password}
    return await api.post("/api/v1/auth/login", json=body)


async def test_the_people_of_the_school_are_listed_with_their_classes(world, tokens, call):
    async with world.database.transaction() as db:
        for class_id, school_id in (
            (world.class_id, world.school_id),
            (world.test_class_id, world.sandbox_id),
        ):
            await roster.assign_teacher(
                db, user_id=tokens["tess"][0], school_id=school_id, class_id=class_id
            )
    answer = await call("adam", "GET", "")
    assert answer.status_code == 200
    found = answer.json()
    assert [one["username"] for one in found["items"]] == ["adam", "anna", "tess"]
    assert found["next_cursor"] is None
    assert found["items"][2] == {
        "id": str(tokens["tess"][0]),
        "username": "tess",
        "display_name": "tess",
        "role": "teacher",
        "disabled": False,
        "last_signed_in_at": None,
        "classes": [
            {"id": str(world.class_id), "name": "5a"},
            {"id": str(world.test_class_id), "name": "Test players"},
        ],
    }
    async with world.database.transaction() as db:
        await roster.end_teaching(
            db, user_id=tokens["tess"][0], school_id=world.school_id, class_id=world.class_id
        )
    (tess,) = (await call("adam", "GET", "")).json()["items"][2:]
    assert [one["name"] for one in tess["classes"]] == ["Test players"]


async def test_the_list_goes_on_where_it_ended(call):
    names, cursor = [], None
    while True:
        options = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        page = (await call("adam", "GET", "", params=options)).json()
        names += [one["username"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert names == ["adam", "anna", "tess"]
    assert (await call("adam", "GET", "", params={"cursor": "x"})).status_code == 422


async def test_somebody_new_chooses_a_password_with_the_link(api, call):
    told = {"username": " Tina@School.Example ", "display_name": "Tina", "role": "teacher"}
    answer = await call("adam", "POST", "", json=told)
    assert answer.status_code == 201
    user, reset = answer.json()["user"], answer.json()["reset"]
    assert (user["username"], user["role"]) == ("tina@school.example", "teacher")
    assert (user["classes"], user["disabled"], user["last_signed_in_at"]) == ([], False, None)
    assert await chosen(api, reset["token"], "a password of Tina's") == 204
    signed_in = await login(api, "tina@school.example", "a password of Tina's")
    assert signed_in.json()["user"]["school"]["name"] == "Hill School"
    listed = (await call("adam", "GET", "")).json()["items"]
    (tina,) = [one for one in listed if one["id"] == user["id"]]
    assert tina["last_signed_in_at"] is not None


async def test_a_username_that_is_taken_is_409_wherever_it_is(call):
    for taken in ("tess", "LARS", "sys"):
        told = {"username": taken, "display_name": "New", "role": "teacher"}
        assert (await call("adam", "POST", "", json=told)).status_code == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "system_admin"},
        {"role": "game_developer"},
        {"role": None},
        {"username": "two words"},
        {"username": "x"},
        {"display_name": " "},
        {"display_name": "a\u0000b"},
        {"display_name": "a\u202eb"},
        {"school_id": str(uuid4())},
        {"password": "chosen for somebody"},
    ],
)
async def test_who_does_not_fit_is_refused(call, world, changes):
    told = {"username": "new", "display_name": "New", "role": "teacher"} | changes
    assert (await call("adam", "POST", "", json=told)).status_code == 422
    assert await world.one("select count(*) from users where username = 'new'") == 0


@pytest.mark.parametrize("told", [{"role": "school_admin"}, {"disabled": True}])
async def test_a_change_of_rights_signs_out_at_once_in_every_process(
    api, call, elsewhere, tokens, told
):
    user_id, token = tokens["tess"]
    headers = bearer(token)
    assert (await elsewhere.get("/api/v1/auth/me", headers=headers)).status_code == 200
    answer = await call("adam", "PATCH", f"/{user_id}", json=told)
    assert answer.status_code == 200
    assert answer.json() | told == answer.json()
    for client in (elsewhere, api):
        assert (await client.get("/api/v1/auth/me", headers=headers)).status_code == 401


@pytest.mark.parametrize("told", [{"role": "school_admin"}, {"disabled": True}])
async def test_a_change_of_rights_ends_refresh_tokens_too(api, call, elsewhere, told):
    new = {"username": "tina", "display_name": "Tina", "role": "teacher"}
    made = (await call("adam", "POST", "", json=new)).json()
    await chosen(api, made["reset"]["token"], "a password of Tina's")
    signed_in = (await login(api, "tina", "a password of Tina's")).json()
    await call("adam", "PATCH", f"/{made['user']['id']}", json=told)
    body = {"refresh_token": signed_in["refresh_token"]}
    assert (await elsewhere.post("/api/v1/auth/refresh", json=body)).status_code == 401
    expected = 401 if "disabled" in told else 200
    assert (await login(elsewhere, "tina", "a password of Tina's")).status_code == expected


async def test_a_new_name_or_the_same_role_signs_nobody_out(api, call, tokens):
    user_id, token = tokens["tess"]
    for told in ({"display_name": "Tess Arnold"}, {"role": "teacher"}, {"disabled": False}, {}):
        answer = await call("adam", "PATCH", f"/{user_id}", json=told)
        assert answer.json()["display_name"] == "Tess Arnold"
    assert (await api.get("/api/v1/auth/me", headers=bearer(token))).status_code == 200


async def test_the_disabled_are_listed_and_let_in_again(api, call, tokens):
    user_id, _ = tokens["tess"]
    await call("adam", "PATCH", f"/{user_id}", json={"disabled": True})
    listed = (await call("adam", "GET", "")).json()["items"]
    assert [one["disabled"] for one in listed] == [False, False, True]
    reset = await call("adam", "POST", f"/{user_id}/password-reset")
    assert reset.status_code == 409
    answer = await call("adam", "PATCH", f"/{user_id}", json={"disabled": False})
    assert answer.json()["disabled"] is False
    reset = await call("adam", "POST", f"/{user_id}/password-reset")
    assert reset.status_code == 201
    assert await chosen(api, reset.json()["token"], "a password of Tess's") == 204


@pytest.mark.parametrize("told", [{"role": "teacher"}, {"disabled": True}, {"display_name": "Me"}])
async def test_oneself_is_409(call, world, tokens, told):
    answer = await call("adam", "PATCH", f"/{tokens['adam'][0]}", json=told)
    assert answer.status_code == 409
    assert await world.one("select role from users where username = 'adam'") == "school_admin"


@pytest.mark.parametrize("told", [{"role": "teacher"}, {"disabled": True}])
async def test_of_two_who_take_each_others_rights_one_stays(api, world, tokens, told):
    paths = {"adam": f"{USERS}/{tokens['anna'][0]}", "anna": f"{USERS}/{tokens['adam'][0]}"}
    answers = await asyncio.gather(
        *(api.patch(path, json=told, headers=bearer(tokens[who][1])) for who, path in paths.items())
    )
    assert 200 in {one.status_code for one in answers}
    assert {one.status_code for one in answers} <= {200, 401, 409}
    left = "role = 'school_admin' and disabled_at is null and school_id = :school_id"
    query = f"select count(*) from users where {left}"
    assert await world.one(query, school_id=world.school_id) == 1


async def test_the_last_administrator_stays_whoever_asks(world, tokens):
    """Somebody else took the caller's rights after the request was let in."""
    async with world.database.transaction() as db:
        caller, other = tokens["adam"][0], tokens["anna"][0]
        await change(db, ACT, world.school_id, caller, Change(disabled=True), by=other)
        with pytest.raises(ConflictError) as refused:
            await change(db, ACT, world.school_id, other, Change(disabled=True), by=caller)
    assert refused.value.detail == LAST


REQUESTS = (
    ("PATCH", "/{user_id}", {"disabled": True}),
    ("POST", "/{user_id}/password-reset", None),
)


@pytest.mark.parametrize(("method", "path", "told"), REQUESTS)
@pytest.mark.parametrize("whose", ["lars", "lena", "sys", "dev", "nobody"])
async def test_another_schools_people_are_404(call, world, tokens, method, path, told, whose):
    user_id = tokens[whose][0] if whose in tokens else uuid4()
    answer = await call("adam", method, path.format(user_id=user_id), json=told)
    assert answer.status_code == 404
    assert await world.one("select count(*) from users where disabled_at is not null") == 0
    assert await world.one("select count(*) from password_resets") == 0


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        *REQUESTS,
        ("GET", "", None),
        ("POST", "", {"username": "new", "display_name": "New", "role": "school_admin"}),
    ],
)
@pytest.mark.parametrize("who", ["tess", "sys", "dev"])
async def test_other_roles_are_403(call, tokens, who, method, path, told):
    answer = await call(who, method, path.format(user_id=tokens["tess"][0]), json=told)
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("This is for the role school_admin")
