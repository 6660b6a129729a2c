"""How much a school trusts each source."""

import asyncio

WEIGHTS = "/api/v1/fusion/weights"


def weight(trust, source="teacher_ratings", skill="empathy"):
    return {"source": source, "skill": skill, "trust": trust}


async def put(api, day, who, *weights):
    return await api.put(WEIGHTS, json={"weights": list(weights)}, headers=day.headers(who))


async def test_until_a_school_says_otherwise_every_source_counts_as_it_is(read, day):
    answer = (await read("teacher", "/fusion/weights")).json()
    assert (answer["version"], answer["created_at"]) == (0, None)
    assert len(answer["weights"]) == 28
    assert {one["trust"] for one in answer["weights"]} == {1.0}


async def test_only_school_administrators_set_them_for_their_school(api, read, day):
    refused = {"teacher": 403, "system_admin": 403, "developer": 403, "ada": 403, "nobody": 401}
    for who, status in refused.items():
        assert (await put(api, day, who, weight(0))).status_code == status
    for who in ("system_admin", "developer", "ada", "write_key"):
        assert (await read(who, "/fusion/weights")).status_code == 403
    assert (await put(api, day, "school_admin", weight(0.5))).json()["version"] == 1
    assert (await read("lake_teacher", "/fusion/weights")).json()["version"] == 0
    answer = (await read("teacher", "/fusion/weights")).json()
    changed = [one for one in answer["weights"] if one["trust"] != 1]
    assert (answer["version"], changed) == (1, [weight(0.5)])


async def test_only_what_changes_is_a_new_version(api, day):
    told = ([weight(0)], [weight(0), weight(1, skill="resilience")], [weight(2)], [])
    answers = [await put(api, day, "school_admin", *weights) for weights in told]
    versions = [one.json()["version"] for one in answers]
    assert versions == [1, 1, 2, 3]


async def test_what_is_no_weight_is_refused(api, day):
    for told in ([weight(2.1)], [weight(-1)], [weight(1, source="gossip")], [weight(1)] * 2):
        assert (await put(api, day, "school_admin", *told)).status_code == 422


async def test_two_at_once_never_lose_a_version_silently(api, day):
    answers = await asyncio.gather(
        *(put(api, day, "school_admin", weight(n / 10)) for n in range(2, 8))
    )
    stored = await day.world.one("select count(*) from fusion_weights")
    assert stored == sum(one.status_code == 200 for one in answers) >= 1
    assert {one.status_code for one in answers} <= {200, 409}
