"""How the dashboard speaks to the API: tokens, pages, time-outs, sentences for failures.

Answers are parsed into their shapes; every failure becomes an `ApiError` whose message is one
plain sentence for the person in front of the screen.
"""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, Self, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from learntrace_dashboard import contract
from learntrace_dashboard.hiding import CONTEXT, label_of
from learntrace_dashboard.texts import Texts

TIMEOUT_S = 10.0
BATCH_TIMEOUT_S = 20.0
PAGE_LIMIT = 100
MOST_PAGES = 10

Shape = TypeVar("Shape")
Query = Mapping[str, str | int | None]


@dataclass(frozen=True)
class Listing(Generic[contract.Item]):
    """A list as far as it was read, at most 1,000 items; `more` where the API has others."""

    items: tuple[contract.Item, ...]
    more: bool


class ApiError(Exception):
    """A request failed; `str(error)` is a sentence to show, `status` the HTTP status if any."""

    def __init__(self, sentence: str, status: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status


class SignedOutError(ApiError):
    """The sign-in is over: the person has to log in again."""


class Wire:
    """One person's way to the API.

    `sign_in_id` buys a new access token once when the API says 401; `on_sign_in` is told of
    every new token so that the caller can keep it. Without a token only login works.
    """

    def __init__(
        self,
        http: httpx.Client,
        texts: Texts,
        *,
        access_token: str | None = None,
        sign_in_id: str | None = None,
        on_sign_in: Callable[[contract.SignedIn], None] = lambda _: None,
    ) -> None:
        self._area: Query = {}
        self._context: dict[str, Any] = {}
        self._http = http
        self._texts = texts
        self._access_token = access_token
        self._sign_in_id = sign_in_id
        self._on_sign_in = on_sign_in

    def in_sandbox(self) -> Self:
        """The same person's client, reading classes, students and play of the sandbox only.

        A sandbox may use the ids of the live school, so the API is told which is meant.
        """
        inside = copy(self)
        inside._area = {"sandbox": "true"}
        return inside

    def without_names(self) -> Self:
        """The same person's client, whose answers hold neutral labels in place of names."""
        hidden = copy(self)
        hidden._context = {CONTEXT: lambda student_id: label_of(student_id, self._texts)}
        return hidden

    def login(self, username: str, password: str) -> contract.SignedIn:
        """Exchange a password for a token and an id to remember; 401 is wrong credentials."""
        body = {"username": username, "password": password, "remember": True}
        response = self._send("POST", "/auth/login", json=body, as_person=False)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            raise ApiError(self._texts("error.credentials"), response.status_code)
        return self._keep(self._parse(response, contract.SignedIn))

    def refresh(self) -> contract.SignedIn:
        """Exchange the remembered id for a fresh token; `SignedOutError` when it is dead."""
        response = self._send(
            "POST", "/auth/refresh", json={"sign_in_id": self._sign_in_id}, as_person=False
        )
        if response.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.UNPROCESSABLE_ENTITY}:
            raise SignedOutError(self._texts("error.signed_out"), response.status_code)
        return self._keep(self._parse(response, contract.SignedIn))

    def logout(self) -> None:
        """End the sign-in at the API, so that the cookie that remembers it is dead."""
        self._request("POST", "/auth/logout")

    def _all(
        self, path: str, shape: type[contract.Page[contract.Item]], query: Query | None = None
    ) -> Listing[contract.Item]:
        items: list[contract.Item] = []
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = self._get(path, shape, {**(query or {}), "limit": PAGE_LIMIT, "cursor": cursor})
            items.extend(page.items)
            cursor = page.next_cursor
            if cursor is None:
                break
        return Listing(tuple(items), more=cursor is not None)

    def _get(
        self,
        path: str,
        shape: type[Shape],
        query: Query | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> Shape:
        params = {name: value for name, value in (query or {}).items() if value is not None}
        return self._parse(self._request("GET", path, params, timeout_s=timeout_s), shape)

    def _post(
        self, path: str, body: Mapping[str, Any], shape: type[Shape], method: str = "POST"
    ) -> Shape:
        return self._parse(self._request(method, path, self._area_params(), json=body), shape)

    def _delete(self, path: str) -> None:
        self._request("DELETE", path, self._area_params())

    def _area_params(self) -> dict[str, str | int]:
        return {name: value for name, value in self._area.items() if value is not None}

    def _request(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None = None,
        *,
        json: Mapping[str, Any] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> httpx.Response:
        """Send it with the person's token, once more with a new one where that has ended."""
        response = self._send(method, path, params=params, json=json, timeout_s=timeout_s)
        if response.status_code == HTTPStatus.UNAUTHORIZED and self._sign_in_id:
            self.refresh()
            response = self._send(method, path, params=params, json=json, timeout_s=timeout_s)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            raise SignedOutError(self._texts("error.signed_out"), response.status_code)
        self._check(response)
        return response

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        json: Mapping[str, Any] | None = None,
        timeout_s: float = TIMEOUT_S,
        as_person: bool = True,
    ) -> httpx.Response:
        token = self._access_token
        headers = {"Authorization": f"Bearer {token}"} if token and as_person else {}
        try:
            return self._http.request(
                method, path, params=params, json=json, headers=headers, timeout=timeout_s
            )
        except httpx.TimeoutException as error:
            raise ApiError(self._texts("error.timeout")) from error
        except httpx.HTTPError as error:
            raise ApiError(self._texts("error.unreachable")) from error

    def _keep(self, signed_in: contract.SignedIn) -> contract.SignedIn:
        self._access_token = signed_in.access_token
        self._sign_in_id = signed_in.sign_in_id or self._sign_in_id
        self._on_sign_in(signed_in)
        return signed_in

    def _parse(self, response: httpx.Response, shape: type[Shape]) -> Shape:
        self._check(response)
        try:
            return TypeAdapter(shape).validate_json(response.content, context=self._context)
        except ValidationError as error:
            raise ApiError(self._texts("error.unexpected"), response.status_code) from error

    def _check(self, response: httpx.Response) -> None:
        """Raise an `ApiError` with a sentence for the status, unless the request succeeded."""
        if response.is_success:
            return
        status = response.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = response.headers.get("Retry-After", "")
            sentence = (
                self._texts("error.busy_wait", seconds=int(wait))
                if wait.isdecimal()
                else self._texts("error.busy")
            )
        elif status == HTTPStatus.FORBIDDEN:
            sentence = self._texts("error.forbidden")
        elif status == HTTPStatus.NOT_FOUND or _is_garbled_address(response):
            sentence = self._texts("error.not_found")
        elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            sentence = self._texts("error.server")
        else:
            sentence = _detail(response) or self._texts("error.unexpected")
        raise ApiError(sentence, status)


def _is_garbled_address(response: httpx.Response) -> bool:
    """Whether a read was refused for its address, as a mistyped id in a link is."""
    unprocessable = response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    return unprocessable and response.request.method == "GET"


def _detail(response: httpx.Response) -> str | None:
    """The sentence of a problem+json answer, None when there is none."""
    try:
        problem = response.json()
    except ValueError:
        return None
    detail = problem.get("detail") if isinstance(problem, dict) else None
    return detail if isinstance(detail, str) and detail else None
