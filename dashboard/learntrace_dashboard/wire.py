"""How the dashboard speaks to the API: tokens, pages, time-outs, sentences for failures.

Answers are parsed into their shapes; every failure becomes an `ApiError` whose message is one
plain sentence for the person in front of the screen.
"""

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, Generic, Self, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from learntrace_dashboard import contract
from learntrace_dashboard.hiding import CONTEXT, label_of
from learntrace_dashboard.texts import Texts

TIMEOUT_S = 10.0
BATCH_TIMEOUT_S = 20.0
FILE_TIMEOUT_S = 120.0
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
    """A request failed; `str(error)` is a sentence to show, `status` the HTTP status if any.

    `student_ids`: whose consent is missing, where the API named them.
    """

    def __init__(
        self, sentence: str, status: int | None = None, student_ids: tuple[str, ...] = ()
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.student_ids = student_ids


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

    def apart(self) -> Self:
        """The same person's client for use outside a page's run: nobody is told of new tokens."""
        other = copy(self)
        other._on_sign_in = lambda _: None
        return other

    def credential(self) -> dict[str, str]:
        """The header that speaks for the person; empty where nobody is signed in."""
        return {"Authorization": f"Bearer {self._access_token}"} if self._access_token else {}

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

    def _post_file(
        self, path: str, content: bytes, media_type: str, shape: type[Shape], query: Query
    ) -> Shape:
        params = {name: value for name, value in query.items() if value is not None}
        headers = {"Content-Type": media_type}
        response = self._request(
            "POST", path, params, content=content, headers=headers, timeout_s=FILE_TIMEOUT_S
        )
        return self._parse(response, shape)

    def _delete(self, path: str, query: Mapping[str, str] | None = None) -> None:
        self._request("DELETE", path, {**(query or {}), **self._area_params()})

    def _area_params(self) -> dict[str, str | int]:
        return {name: value for name, value in self._area.items() if value is not None}

    def _request(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int | float] | None = None,
        *,
        json: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> httpx.Response:
        """Send it with the person's token, once more with a new one where that has ended."""
        send = partial(
            self._send,
            method,
            path,
            params=params,
            json=json,
            content=content,
            files=files,
            data=data,
            headers=headers,
            timeout_s=timeout_s,
        )
        response = send()
        if response.status_code == HTTPStatus.UNAUTHORIZED and self._sign_in_id:
            self.refresh()
            response = send()
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            raise SignedOutError(self._texts("error.signed_out"), response.status_code)
        self._check(response)
        return response

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int | float] | None = None,
        json: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = TIMEOUT_S,
        as_person: bool = True,
    ) -> httpx.Response:
        sent = {**(headers or {}), **(self.credential() if as_person else {})}
        try:
            return self._http.request(
                method,
                path,
                params=params,
                json=json,
                content=content,
                files=files,
                data=data,
                headers=sent,
                timeout=timeout_s,
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
        without: tuple[str, ...] = ()
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = response.headers.get("Retry-After", "")
            sentence = (
                self._texts("error.busy_wait", seconds=int(wait))
                if wait.isdecimal()
                else self._texts("error.busy")
            )
        elif status == HTTPStatus.FORBIDDEN:
            problem = _problem(response)
            sentence = self._forbidden(problem)
            if problem.get("code") == "consent_missing":
                without = tuple(map(str, problem.get("student_ids", ())))
        elif status == HTTPStatus.NOT_FOUND or _is_garbled_address(response):
            sentence = self._texts("error.not_found")
        elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            sentence = self._texts("error.server")
        else:
            sentence = _detail(response) or self._texts("error.unexpected")
        raise ApiError(sentence, status, without)

    def _forbidden(self, problem: Mapping[str, Any]) -> str:
        """Why not: a consent is missing, the school's plan is used up, or it is not theirs."""
        if problem.get("code") == "consent_missing":
            return self._texts("error.consent_missing")
        if "limit" in problem and isinstance(problem.get("message"), str):
            return str(problem["message"])
        return self._texts("error.forbidden")


def _is_garbled_address(response: httpx.Response) -> bool:
    """Whether a read was refused for its address, as a mistyped id in a link is."""
    unprocessable = response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    return unprocessable and response.request.method == "GET"


def _problem(response: httpx.Response) -> Mapping[str, Any]:
    """A problem+json answer, empty when there is none."""
    try:
        problem = response.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _detail(response: httpx.Response) -> str | None:
    """The sentence of a problem+json answer, None when there is none."""
    detail = _problem(response).get("detail")
    return detail if isinstance(detail, str) and detail else None
