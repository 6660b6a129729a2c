"""The client against the fake API over real HTTP: tokens, paging, and sentences for failures."""

import ipaddress
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fake_api import FakeApi, Served
from starlette.responses import JSONResponse, PlainTextResponse

from learntrace_dashboard.client import (
    TIMEOUT_S,
    ApiError,
    Client,
    SignedOutError,
    connect,
)
from learntrace_dashboard.contract import SignedIn
from learntrace_dashboard.texts import Texts


@pytest.fixture
def http(api: Served):
    with connect(api.url) as connection:
        yield connection


@pytest.fixture
def kept() -> list[SignedIn]:
    return []


@pytest.fixture
def client(http: httpx.Client, kept: list[SignedIn]) -> Client:
    return Client(http, Texts(), on_sign_in=kept.append)


def test_connection_verifies_certificates_and_times_out(http: httpx.Client) -> None:
    assert http.timeout == httpx.Timeout(TIMEOUT_S)
    assert http.base_url.path == "/api/v1/"


def test_untrusted_certificate_is_refused(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(a_certificate_of_nobody(tmp_path / "server.pem"))
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        with (
            connect(f"https://127.0.0.1:{server.server_port}") as connection,
            pytest.raises(ApiError, match="cannot be reached") as caught,
        ):
            Client(connection, Texts()).login("t.winter", "x")
        thread.join(timeout=60)
    assert "CERTIFICATE_VERIFY_FAILED" in str(caught.value.__cause__)


def a_certificate_of_nobody(path: Path) -> Path:
    """A self-signed certificate for 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(pem))
    return path


def test_login_keeps_the_token_and_the_sign_in(client: Client, kept: list[SignedIn]) -> None:
    signed_in = client.login("t.winter", "t.winter-pass-2026")
    assert kept == [signed_in]
    assert signed_in.user.display_name == "Tessa Winter"
    assert signed_in.sign_in_id
    assert [one.name for one in client.classes().items] == [
        "Class 5b Science",
        "Class 6a",
        "Test players",
    ]


def test_wrong_password_is_a_sentence_and_no_sign_out(client: Client) -> None:
    with pytest.raises(ApiError, match="not right") as caught:
        client.login("t.winter", "wrong")
    assert not isinstance(caught.value, SignedOutError)


def test_expired_token_is_renewed_once_and_the_read_repeated(
    client: Client, fake: FakeApi, kept: list[SignedIn]
) -> None:
    client.login("t.winter", "t.winter-pass-2026")
    fake.expire_tokens()
    assert client.games().items
    assert len(kept) == 2
    assert fake.requests[-3:] == ["GET /games", "POST /auth/refresh", "GET /games"]


def test_read_that_stays_unauthorised_ends_the_sign_in(client: Client, fake: FakeApi) -> None:
    client.login("t.winter", "t.winter-pass-2026")
    fake.failures["/games"] = JSONResponse({}, 401)
    with pytest.raises(SignedOutError):
        client.games()
    assert fake.requests.count("POST /auth/refresh") == 1


def test_dead_sign_in_is_said_so(client: Client, fake: FakeApi) -> None:
    client.login("t.winter", "t.winter-pass-2026")
    fake.end_sign_ins()
    with pytest.raises(SignedOutError, match="has ended"):
        client.games()


def test_without_a_sign_in_nothing_is_renewed(client: Client, fake: FakeApi) -> None:
    with pytest.raises(SignedOutError):
        client.games()
    assert fake.requests == ["GET /games"]


def test_lists_are_read_to_their_end(client: Client, fake: FakeApi) -> None:
    client.login("t.winter", "t.winter-pass-2026")
    one = fake.world.games[0]
    fake.world.games = [one | {"id": f"{n}"} for n in range(450)]
    assert [game.id for game in client.games().items] == [str(n) for n in range(450)]
    assert fake.requests.count("GET /games") == 5


def test_endless_lists_are_cut(client: Client, fake: FakeApi) -> None:
    client.login("t.winter", "t.winter-pass-2026")
    fake.world.games = [fake.world.games[0]] * 1500
    games = client.games()
    assert len(games.items) == 1000
    assert games.more
    fake.world.games = fake.world.games[:1000]
    assert not client.games().more


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (JSONResponse({}, 403), "Your account may not see this"),
        (JSONResponse({}, 404), "This was not found"),
        (JSONResponse({"detail": "path: not a UUID"}, 422), "This was not found"),
        (JSONResponse({}, 429), "Please wait a moment"),
        (JSONResponse({}, 429, {"Retry-After": "12"}), "wait 12 seconds"),
        (JSONResponse({}, 500), "Something went wrong on the Learntrace server"),
        (PlainTextResponse("Bad gateway", 502), "Something went wrong on the Learntrace server"),
        (JSONResponse({"detail": "Ask for fewer days."}, 400), "Ask for fewer days."),
        (JSONResponse({"detail": ["odd"]}, 400), "does not understand"),
        (JSONResponse(["odd"], 400), "does not understand"),
        (PlainTextResponse("odd", 400), "does not understand"),
        (JSONResponse({"items": [{"odd": 1}]}, 200), "does not understand"),
        (PlainTextResponse("<html>", 200), "does not understand"),
    ],
)
def test_failures_become_sentences(client: Client, fake: FakeApi, answer, sentence: str) -> None:
    client.login("t.winter", "t.winter-pass-2026")
    fake.failures["/games"] = answer
    with pytest.raises(ApiError, match=sentence):
        client.games()


def test_slow_server_is_given_up_on(api: Served, fake: FakeApi) -> None:
    fake.delay_s["/auth/login"] = 0.5
    with connect(api.url) as connection:
        client = Client(connection, Texts())
        with pytest.raises(ApiError, match="took too long"):
            client._send("POST", "/auth/login", json={}, timeout_s=0.05)


def test_absent_server_is_said_so() -> None:
    with (
        connect("http://127.0.0.1:9") as connection,
        pytest.raises(ApiError, match="cannot be reached"),
    ):
        Client(connection, Texts()).login("t.winter", "x")


def test_ids_cannot_change_the_address(client: Client, fake: FakeApi) -> None:
    client.login("t.winter", "t.winter-pass-2026")
    with pytest.raises(ApiError):
        client.student("../auth/me?x=1")
    assert fake.requests[-1] != "GET /auth/me"


def test_token_is_sent_in_the_header_only(
    client: Client, fake: FakeApi, http: httpx.Client
) -> None:
    seen: list[httpx.Request] = []
    http.event_hooks["request"].append(seen.append)
    signed_in = client.login("t.winter", "t.winter-pass-2026")
    client.classes()
    for request in seen:
        assert signed_in.access_token not in str(request.url)
        assert "pass-2026" not in str(request.url)
    assert seen[-1].headers["Authorization"] == f"Bearer {signed_in.access_token}"
