"""Settings of the dashboard, read from the environment once."""

from functools import cache
from typing import Annotated

from pydantic import AnyHttpUrl, Field, SecretStr, UrlConstraints, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MINIMUM_KEY_LENGTH = 32
_DEFAULT_KEYS = ("some_key", "change", "secret", "default", "example", "password", "cookie_key")


class SettingsError(Exception):
    """The dashboard cannot start; the message says what to set."""


class Settings(BaseSettings):
    """Where the API is and how the dashboard serves.

    `dashboard_cookie_key` signs the cookie that remembers a sign-in; whoever holds it
    could forge one, so an unset, short or well-known key is refused.
    """

    model_config = SettingsConfigDict(env_prefix="", extra="ignore", hide_input_in_errors=True)

    api_url: Annotated[AnyHttpUrl, UrlConstraints(host_required=True)]
    dashboard_cookie_key: SecretStr
    dashboard_host: str = "127.0.0.1"
    dashboard_port: int = Field(default=8501, ge=1, le=65535)
    dashboard_cookie_name: str = Field(default="learntrace", pattern=r"^[A-Za-z0-9_-]{1,40}$")
    dashboard_cookie_days: float = Field(default=14.0, gt=0, le=90)

    @field_validator("dashboard_cookie_key")
    @classmethod
    def refuse_weak_key(cls, key: SecretStr) -> SecretStr:
        """A key of at least 32 characters that is neither a default nor one repeated pattern."""
        value = key.get_secret_value()
        if len(value) < MINIMUM_KEY_LENGTH:
            raise ValueError(f"needs at least {MINIMUM_KEY_LENGTH} characters")
        if value.lower().startswith(_DEFAULT_KEYS) or len(set(value)) < 8:
            raise ValueError("is a default or guessable value")
        return key


@cache
def load_settings() -> Settings:
    """The settings, or a `SettingsError` naming each variable to set, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"{str(problem['loc'][0]).upper()}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        advice = (
            "Set DASHBOARD_COOKIE_KEY to a random value, for example the output of "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`, "
            "and API_URL to the address of the Learntrace API."
        )
        raise SettingsError(f"The dashboard does not start. {problems}. {advice}") from error
