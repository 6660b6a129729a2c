"""What the dashboard asks of the API about a school's people, write keys and roster."""

from collections.abc import Mapping
from urllib.parse import quote

from learntrace_dashboard import contract_school as contract
from learntrace_dashboard.contract import Page
from learntrace_dashboard.wire import Listing, Wire


def _user(user_id: str) -> str:
    return f"/users/{quote(user_id, safe='')}"


def _key(key_id: str, what: str) -> str:
    return f"/write-keys/{quote(key_id, safe='')}/{what}"


class SchoolClient(Wire):
    """What a school's administrators do."""

    def staff(self) -> Listing[contract.Staff]:
        """The teachers and administrators of the school, by name."""
        return self._all("/users", Page[contract.Staff])

    def add_staff(self, username: str, display_name: str, role: str) -> contract.StaffAdded:
        """Somebody new at the school."""
        body = {"username": username, "display_name": display_name, "role": role}
        return self._post("/users", body, contract.StaffAdded)

    def change_staff(self, user_id: str, change: Mapping[str, str | bool]) -> contract.Staff:
        """Change `display_name`, `role` or `disabled` of somebody; what is left out stays."""
        return self._post(_user(user_id), change, contract.Staff, "PATCH")

    def make_reset(self, user_id: str) -> contract.Reset:
        """A new one-time link for somebody; the one before ends."""
        return self._post(f"{_user(user_id)}/password-reset", {}, contract.Reset)

    def choose_password(self, password: str) -> None:
        """Set the password of whoever the one-time token is for, which this client speaks with."""
        self._request("POST", "/auth/password", json={"password": password})

    def write_keys(self) -> contract.WriteKeys:
        """The keys of the school and its sandbox."""
        return self._get("/write-keys", contract.WriteKeys)

    def create_key(self, game_id: str, environment: str, name: str) -> contract.NewWriteKey:
        """A new key for a game."""
        body = {"game_id": game_id, "environment": environment, "name": name}
        return self._post("/write-keys", body, contract.NewWriteKey)

    def rotate_key(self, key_id: str, overlap_hours: int) -> contract.NewWriteKey:
        """A successor; the old key works on for the overlap."""
        body = {"overlap_hours": overlap_hours}
        return self._post(_key(key_id, "rotate"), body, contract.NewWriteKey)

    def revoke_key(self, key_id: str) -> contract.WriteKey:
        """End a key at once."""
        return self._post(_key(key_id, "revoke"), {}, contract.WriteKey)

    def import_roster(
        self, content: bytes, media_type: str, *, dry_run: bool, force: bool
    ) -> contract.RosterOutcome:
        """Take over a roster, or with `dry_run` say what that would change."""
        query = {"dry_run": str(dry_run).lower(), "force": str(force).lower()}
        return self._post_file("/roster/import", content, media_type, contract.RosterOutcome, query)
