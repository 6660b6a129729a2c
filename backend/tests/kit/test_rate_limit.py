"""By which address a caller is counted."""

import pytest
from pydantic import ValidationError

from learntrace.kit.config import Settings
from learntrace.kit.rate_limit import address_of

PROXIES = ("10.0.0.0/8", "2001:db8:1::/48", "127.0.0.1")


@pytest.mark.parametrize(
    ("peer", "lines", "address"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        (None, ["198.51.100.1"], "unknown"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),  # no proxy of ours
        ("127.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["198.51.100.1"], "198.51.100.1"),  # within a network
        ("10.1.2.3", ["1.1.1.1, 198.51.100.1 , 10.9.9.9"], "198.51.100.1"),
        # A proxy that adds a line instead of extending the one that the caller made up.
        ("10.1.2.3", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["10.9.9.9", "10.9.9.8"], "10.9.9.9"),
        ("10.1.2.3", ["1.1.1.1", "nonsense"], "nonsense"),
        ("10.1.2.3", [" , "], "10.1.2.3"),
        ("::ffff:10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("2001:db8:1::5", ["2001:db8:7:8:9::1"], "2001:db8:7:8::/64"),
        ("2001:db8:7:8:a:b:c:d", [], "2001:db8:7:8::/64"),
        ("fe80::1%eth0", [], "fe80::/64"),
    ],
)
def test_address_counted(peer: str | None, lines: list[str], address: str) -> None:
    assert address_of(peer, lines, PROXIES) == address


def test_proxies_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::1")
    assert Settings().trusted_proxies == ("10.0.0.0/8", "2001:db8::1")


@pytest.mark.parametrize("written", ["proxy.example", "10.0.0.1/8", "10.0.0.0/40", "10.0.0"])
def test_other_proxies_are_refused_in_words(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", written)
    with pytest.raises(ValidationError, match="takes addresses and networks such as"):
        Settings()
