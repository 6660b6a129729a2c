"""A school's administrator sends a roster; and what others send, or what is no roster."""

import asyncio
import io
import random
import struct
import zipfile
from contextlib import suppress

import httpx
import pytest

from learntrace.kit.errors import InvalidError, LearntraceError, TooLargeError
from learntrace.roster.importing import endpoints
from learntrace.roster.importing import files as roster_files
from learntrace.roster.importing.files import open_upload
from tests.world import add_signed_in, bearer

from .exports import plain, school

IMPORT = "/api/v1/roster/import"
ZIP, CSV = {"Content-Type": "application/zip"}, {"Content-Type": "text/csv; charset=utf-8"}


def packed(files, *, prefix="", method=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, one in files.items():
            archive.writestr(f"{prefix}{name}", one)
    return content.getvalue()


def archive(export):
    return packed(export.files(), prefix="export/")


@pytest.fixture
async def tokens(world):
    people = (
        ("adam", "school_admin", world.school_id),
        ("lena", "school_admin", world.other_school_id),
        ("tess", "teacher", world.school_id),
        ("sys", "system_admin", None),
        ("dev", "game_developer", None),
    )
    async with world.database.transaction() as db:
        return {
            name: (await add_signed_in(db, name, role, school_id))[1]
            for name, role, school_id in people
        }


@pytest.fixture
def send(api, tokens):
    """Sends as an administrator of Hill School, or as somebody else."""

    async def do(content, kind=ZIP, *, who="adam", **query: bool) -> httpx.Response:
        headers = bearer(tokens[who]) | kind
        return await api.post(IMPORT, content=content, params=query, headers=headers)

    return do


async def rostered(world):
    return await world.one("select count(*) from students where source_id is not null")


async def test_a_preview_says_what_an_import_then_does(send, world):
    dry = await send(archive(school()), dry_run=True)
    assert dry.status_code == 200
    assert await rostered(world) == 0
    told = dry.json()
    assert (told["dry_run"], told["stored"], told["refused"]) == (True, False, None)
    assert told["counts"]["students"] == {"added": 20, "changed": 0, "ended": 0, "unchanged": 0}
    assert told["change_count"] == len(told["changes"]) == 2 + 20 + 2 + 20 + 2
    assert told["changes"][0] == {"kind": "class", "action": "added", "words": "Class 1 is new"}
    assert told["new_people"][0] == {
        "user_id": None,
        "username": "teacher-1@school.example",
        "display_name": "Given Teacher-1",
    }
    done = (await send(archive(school()))).json()
    assert (done["dry_run"], done["stored"]) == (False, True)
    assert {**done, "new_people": []} == {
        **told,
        "new_people": [],
        "dry_run": False,
        "stored": True,
    }
    assert await rostered(world) == 20


async def test_somebody_new_gets_a_link(api, send, tokens):
    done = (await send(archive(school()))).json()
    path = f"/api/v1/users/{done['new_people'][0]['user_id']}/password-reset"
    made = await api.post(path, headers=bearer(tokens["adam"]))
    assert made.status_code == 201


async def test_a_plain_file_is_imported(send, world):
    answer = await send(plain("5b,Given,Family,1"), CSV)
    assert answer.json()["counts"]["students"]["added"] == 1
    assert await rostered(world) == 1


async def test_ending_many_is_refused_until_it_is_meant(send, world):
    await send(plain(*(f"5b,Given,Family,{n}" for n in range(10))), CSV)
    fewer = plain(*(f"5b,Given,Family,{n}" for n in range(8)))
    for dry_run in (True, False):
        told = (await send(fewer, CSV, dry_run=dry_run)).json()
        assert (told["dry_run"], told["stored"]) == (dry_run, False)
        assert "end 2 of the 10 enrolments that are open now, more than 10 %" in told["refused"]
        assert 'tick "End more than 10 %"' in told["refused"]
        assert "--force" not in told["refused"]
        assert told["counts"]["enrolments"]["ended"] == 2
        assert told["changes"][0]["action"] == "ended"
    read = await world.rows("select distinct action from audit_entries")
    assert [one.action for one in read if "dry-run" in one.action]
    told = (await send(fewer, CSV, force=True)).json()
    assert (told["stored"], told["refused"]) == (True, None)


async def test_what_was_refused_made_nobody(send, world):
    await send(archive(school()))
    export = school()
    for place in range(1, 10):
        export.remove("enrollments.csv", userSourcedId=f"pupil-1-{place}")
    export.user("teacher-3", "teacher")
    export.enrol("teacher-3", 1, "teacher")
    told = (await send(archive(export))).json()
    assert told["refused"] is not None
    assert [(one["user_id"], one["display_name"]) for one in told["new_people"]] == [
        (None, "Given Teacher-3")
    ]


async def test_problems_are_told_by_line_and_nothing_is_stored(send, world):
    told = (await send(plain("5b,Given,Family,1", "5b,Secret,Family,"), CSV)).json()
    assert (told["stored"], told["counts"], told["changes"]) == (False, None, [])
    assert told["refused"] == "Nothing was stored: the files have 1 problem."
    assert told["problems"][0].startswith("roster.csv, line 3: Give each pupil an external_id")
    assert await rostered(world) == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (plain("5a,M\xfcller,Family,2").replace(b"\xc3\xbc", b"\xfc"), "line 2, column 5: This is"),
        (plain("5a,A,B,1", '5a,"Given,Family,7'), "line 3, column 4: From here on"),
        (plain('5a,"Gi"ven,Family,7'), "line 2, column 8: From here on"),
        (plain('5a,"Gi\nven" x,Family,7'), "line 3, column 5: From here on"),
        (plain(f"5a,{'x' * 70_000},Family,7"), "line 2, column 4: From here on"),
        (b"," * 20_000_000, "line 1, column 65537: From here on"),
        (plain("5a,A,B,1", "," * 70_000), "line 3, column 65537: From here on"),
        (plain('5a,A,B,"1' + "\n" * 70_000 + '"'), "line 2, column 8: From here on"),
        (plain(*['5a,A,"\n"'] * 3, ',"\n"' * 30_000), "line 16391, column 3: From here on"),
    ],
)
async def test_a_file_that_cannot_be_read_is_422_with_the_place(send, world, content, said):
    answer = await send(content, CSV)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(f"roster.csv, {said}")
    assert await rostered(world) == 0


async def test_the_roster_of_another_school_is_refused_from_the_second_on(send, world):
    await send(archive(school()))
    foreign = school()
    foreign.of("orgs.csv", sourcedId="org-1").update(sourcedId="org-9", name="Lake School")
    for file in ("classes.csv", "enrollments.csv"):
        for row in foreign.rows[file]:
            row["schoolSourcedId"] = "org-9"
    for row in foreign.rows["roles.csv"]:
        row["orgSourcedId"] = "org-9"
    for options in ({}, {"force": True}, {"dry_run": True}):
        told = (await send(archive(foreign), **options)).json()
        assert (told["stored"], told["counts"]) == (False, None)
        (problem,) = told["problems"]
        assert "another school than the one imported before" in problem
        assert "Schools: org-9 (Lake School)." in problem
    lakes = (await send(archive(foreign), who="lena")).json()
    assert lakes["problems"] or lakes["stored"]


async def test_a_dry_run_remembers_no_school(send, world):
    await send(archive(school()), dry_run=True)
    assert await world.one("select count(*) from schools where source_id is not null") == 0
    await send(archive(school()))
    named = "select source_id from schools where id = :id"
    assert await world.one(named, id=world.school_id) == "org-1"


@pytest.mark.parametrize("who", ["tess", "sys", "dev"])
async def test_other_roles_are_403(send, world, who):
    assert (await send(archive(school()), who=who)).status_code == 403
    assert await rostered(world) == 0


async def test_each_school_gets_its_own(send, world):
    await send(plain("5b,Given,Family,1"), CSV, who="lena")
    query = "select school_id from students where source_id = '1'"
    assert await world.one(query) == world.other_school_id


@pytest.mark.parametrize(
    "kind",
    [
        {"Content-Type": "application/json"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {},
        CSV | {"Content-Encoding": "gzip"},
    ],
)
async def test_other_types_are_415(send, kind):
    assert (await send(b"x", kind)).status_code == 415


async def test_too_large_a_body_is_413_and_nobody_unknown_has_any_read(api, send, monkeypatch):
    monkeypatch.setattr(endpoints, "MOST_BYTES", 1000)
    assert (await send(b"x" * 1001, CSV)).status_code == 413

    async def in_pieces():
        for _ in range(3):
            yield b"x" * 500

    assert (await send(in_pieces(), CSV)).status_code == 413
    read = []

    async def watched():
        read.append(True)
        yield b"x"

    answer = await api.post(IMPORT, content=watched(), headers=CSV | bearer("lt_access_x"))
    assert (answer.status_code, read) == (401, [])


async def test_who_stalls_while_sending_is_told_and_holds_nobody_up(send, world, monkeypatch):
    monkeypatch.setattr(endpoints, "ARRIVES_WITHIN_S", 0.5)

    async def stalled():
        yield b"class,"
        await asyncio.sleep(3600)

    first = asyncio.create_task(send(stalled(), CSV))
    await asyncio.sleep(0.1)
    assert (await send(plain("5b,Given,Family,1"), CSV)).json()["stored"]
    answer = await first
    assert answer.status_code == 408
    assert "took longer than" in answer.json()["detail"]
    assert await rostered(world) == 1


async def test_imports_of_one_school_take_turns(send, world):
    answers = await asyncio.gather(*(send(archive(school())) for _ in range(3)))
    assert sorted(one.json()["counts"]["students"]["added"] for one in answers) == [0, 0, 20]
    assert sorted(len(one.json()["new_people"]) for one in answers) == [0, 0, 2]


async def test_others_are_answered_while_a_roster_is_read(api, send, tokens, monkeypatch):
    """A large one: what takes long is done aside."""
    large = plain(*(f"{n % 100},Given,Family,{n}" for n in range(40_000)))
    importing = asyncio.create_task(send(large, CSV, dry_run=True))
    answered = 0
    while not importing.done():
        me = await api.get("/api/v1/auth/me", headers=bearer(tokens["tess"]))
        assert me.status_code == 200
        answered += 1
    assert (await importing).json()["counts"]["students"]["added"] == 40_000
    assert answered > 5


def test_paths_in_an_archive_lead_nowhere():
    content = plain("5a,A,B,1")
    for prefix in ("../../etc/", "/tmp/", "C:\\export\\", "a/b/c/"):
        files = open_upload(packed({"List.csv": content}, prefix=prefix), is_archive=True)
        assert files == {"list.csv": content}


def test_what_is_no_table_is_not_opened():
    files = {"list.csv": b"a", "__MACOSX/list.csv": b"b", "run.exe": b"c", "notes": b"d"}
    assert open_upload(packed(files), is_archive=True) == {"list.csv": b"a"}


def refused(content):
    with pytest.raises(LearntraceError) as error:
        open_upload(content, is_archive=True)
    return error.value


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(roster_files, "MOST_UPLOADED_BYTES", 1_000_000)
    many = {f"{n}.csv": b"0" * 200_000 for n in range(6)}
    assert refused(packed(many)).status == 413


def test_an_archive_that_lies_about_its_size_is_damaged():
    content = bytearray(packed({"list.csv": b"0" * 50_000_000}))
    place = content.index(b"PK\x01\x02") + 24
    content[place : place + 4] = struct.pack("<I", 1000)
    assert "damaged" in refused(bytes(content)).detail


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_cannot_be_unpacked_in_steps_is_refused(method):
    assert "unusual" in refused(packed({"list.csv": b"0" * 1000}, method=method)).detail


def test_too_many_entries_are_refused_before_they_are_listed():
    assert refused(packed({f"{n}": b"" for n in range(1001)})).status == 413


def test_too_many_lines_are_refused():
    with pytest.raises(LearntraceError) as error:
        open_upload(b"a\n" * 300_001, is_archive=False)
    assert error.value.status == 413


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x05\x06" + b"\0" * 18, b"PK\x01\x02"])
def test_what_is_no_archive_is_told(content):
    assert refused(content).status == 422


def test_a_broken_archive_is_told_whatever_is_broken():
    good = archive(school(classes=1, students=2))
    chance = random.Random(1)
    for _ in range(500):
        broken = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        with suppress(InvalidError, TooLargeError):
            open_upload(bytes(broken), is_archive=True)


def test_an_archive_with_a_password_is_told():
    content = bytearray(packed({"list.csv": b"a"}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + place] |= 1
    assert "password" in refused(bytes(content)).detail
