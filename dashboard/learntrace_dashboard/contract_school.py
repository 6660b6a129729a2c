"""The shapes of the API's answers about a school's people, write keys and roster."""

from collections.abc import Mapping
from datetime import datetime

from learntrace_dashboard.contract import Answer, Named


class Staff(Answer):
    """A teacher or administrator; `last_signed_in_at` is None before the first time."""

    id: str
    username: str
    display_name: str
    role: str
    disabled: bool
    last_signed_in_at: datetime | None = None
    classes: tuple[Named, ...] = ()


class Reset(Answer):
    """The token of a one-time link for a new password, told this once."""

    token: str
    expires_at: datetime


class StaffAdded(Answer):
    """Somebody new, and the link with which that person chooses a password."""

    user: Staff
    reset: Reset


class WriteKey(Answer):
    """A key of a game server, without its secret; it works until it expires or is revoked."""

    id: str
    game: Named
    environment: str
    name: str
    created_at: datetime
    last_used_at: datetime | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class WriteKeys(Answer):
    """All keys of the school and its sandbox, also those that are over."""

    items: tuple[WriteKey, ...]


class NewWriteKey(Answer):
    """A key just made; its secret is told this once."""

    write_key: WriteKey
    secret: str


class RosterCounts(Answer):
    """How many of one kind a roster adds, changes, ends and leaves."""

    added: int
    changed: int
    ended: int
    unchanged: int


class RosterChange(Answer):
    """One change in words."""

    kind: str
    action: str
    words: str


class NewTeacher(Answer):
    """Somebody whom the roster adds, who needs a link; without `user_id` nothing was stored."""

    user_id: str | None
    username: str
    display_name: str


class RosterOutcome(Answer):
    """What a roster changes, or with `stored` has changed; `refused` says why it would not.

    `counts` is None while there are problems.
    """

    dry_run: bool
    stored: bool
    refused: str | None = None
    counts: Mapping[str, RosterCounts] | None
    changes: tuple[RosterChange, ...] = ()
    change_count: int = 0
    erased_count: int = 0
    problems: tuple[str, ...] = ()
    new_people: tuple[NewTeacher, ...] = ()
