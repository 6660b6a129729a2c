"""The school itself: who signs in, its plan, its keys, the system it is on."""

from ..route import API, Names, Route


def _new_key(names: Names) -> dict[str, str]:
    return {"game_id": names["game_id"], "environment": "live", "name": "new"}


ROSTER = "class,given_name,family_name,external_id\n5z,Given,Family,20417\n"

ONESELF = (
    Route("get", f"{API}/auth/me", "read who one is"),
    Route("post", f"{API}/auth/logout", "sign out"),
    Route(
        "post",
        f"{API}/auth/password",
        "choose a new password, once",
        {"password": "a good new password"},
    ),
    Route("post", f"{API}/players/renew", "let the pupil's token live longer, once"),
)

PLANS = (
    Route("get", f"{API}/plans", "list plans"),
    Route("get", f"{API}/plans/{{plan_id}}", "read what one plan allows"),
    Route("get", f"{API}/plans/current", "read which plan the school has"),
    Route("get", f"{API}/plans/compare", "compare plans"),
    Route("get", f"{API}/plan/current-usage", "read what the school used of its plan"),
    Route("get", f"{API}/plan/budget", "read the budget for paid engines and its status"),
    Route(
        "put",
        f"{API}/plan/budget",
        "set the budget for paid engines",
        {"budget_micro": 0},
    ),
    Route(
        "post",
        f"{API}/plan/validate-action",
        "ask whether the plan allows something",
        {"action": "transcribe"},
    ),
)

PEOPLE = (
    Route("get", f"{API}/users", "list who signs in", shows="user_id", only_live=True),
    Route(
        "post",
        f"{API}/users",
        "add somebody",
        {"username": "somebody", "display_name": "Somebody", "role": "teacher"},
    ),
    Route(
        "patch",
        f"{API}/users/{{user_id}}",
        "rename, disable or change the role of somebody",
        {"display_name": "Somebody else"},
        only_live=True,
    ),
    Route(
        "post",
        f"{API}/users/{{user_id}}/password-reset",
        "make a link for a new password",
        only_live=True,
    ),
    Route("post", f"{API}/roster/import", "import the school's roster", csv=ROSTER),
)

WRITE_KEYS = (
    Route("get", f"{API}/write-keys", "list keys, never their secret", shows="key_id"),
    Route("post", f"{API}/write-keys", "make a key for a game", _new_key, of_a_game=True),
    Route(
        "post",
        f"{API}/write-keys/{{key_id}}/rotate",
        "put a new key in a key's place",
        {"overlap_hours": 1},
    ),
    Route("post", f"{API}/write-keys/{{key_id}}/revoke", "end a key"),
)

SYSTEM = (Route("get", f"{API}/system/status", "read how the system is"),)
