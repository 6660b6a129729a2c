"""What a request is in the log."""

from fastapi import Request

from learntrace.audit.acts import Act, Doer
from learntrace.kit.http import route_label

PREFIX = "/api/v1"


def act_of(person: Doer, request: Request) -> Act:
    """What somebody does: the route's method and template, `GET /students/{student_id}`."""
    return Act.of_person(person, _action(request))


def act_of_link(request: Request) -> Act:
    """What whoever has a one-time link does."""
    return Act.of_link(_action(request))


def _action(request: Request) -> str:
    template = route_label(request.scope).removeprefix(PREFIX)
    return f"{request.method} {template}"
