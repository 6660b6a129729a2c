"""Settings, all from the environment."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _split(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


class Settings(BaseSettings):
    """What an operator may set; names are the environment variables in lower case.

    Limits named `rate_limit_*` are requests per minute; 0 switches one off. `_s` are seconds,
    `_bytes` bytes.
    """

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    data_dir: Path = Path(".data")
    database_url: str | None = None
    object_storage_url: str | None = None
    object_storage_endpoint: str | None = None
    object_storage_region: str | None = None
    object_storage_key: str | None = None
    object_storage_secret: str | None = None

    api_host: str = "127.0.0.1"
    api_port: Annotated[int, Field(ge=1, le=65535)] = 8000
    api_workers: Annotated[int, Field(ge=1, le=64)] = 1
    metrics_host: str = "127.0.0.1"
    metrics_port: Annotated[int, Field(ge=1, le=65535)] = 9000
    worker_metrics_port: Annotated[int, Field(ge=1, le=65535)] = 9001
    dashboard_port: Annotated[int, Field(ge=1, le=65535)] = 8501

    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    log_level: str = "INFO"

    rate_limit_events: Annotated[int, Field(ge=0)] = 100
    rate_limit_batches: Annotated[int, Field(ge=0)] = 10
    rate_limit_key_events: Annotated[int, Field(ge=0)] = 6000
    rate_limit_key_batches: Annotated[int, Field(ge=0)] = 600
    rate_limit_closes: Annotated[int, Field(ge=0)] = 100
    rate_limit_status: Annotated[int, Field(ge=0)] = 100
    rate_limit_bad_credentials: Annotated[int, Field(ge=0)] = 300
    rate_limit_login: Annotated[int, Field(ge=0)] = 10
    rate_limit_login_address: Annotated[int, Field(ge=0)] = 300
    rate_limit_join: Annotated[int, Field(ge=0)] = 60
    rate_limit_join_class: Annotated[int, Field(ge=0)] = 600
    rate_limit_join_address: Annotated[int, Field(ge=0)] = 300
    rate_limit_people: Annotated[int, Field(ge=0)] = 600
    rate_limit_uploads: Annotated[int, Field(ge=0)] = 300

    earliest_event_year: Annotated[int, Field(ge=1970, le=2100)] = 2000
    idle_close_s: Annotated[float, Field(gt=0)] = 1800.0
    quiet_s: Annotated[float, Field(ge=0)] = 5.0
    worker_pass_s: Annotated[float, Field(gt=0)] = 1.0
    refit_pass_s: Annotated[float, Field(gt=0)] = 300.0
    writer_connections: Annotated[int, Field(ge=1, le=16)] = 3
    writer_queue_events: Annotated[int, Field(ge=1000)] = 50_000
    writer_queue_bytes: Annotated[int, Field(ge=16 * 1024 * 1024)] = 128 * 1024 * 1024
    database_pool_size: Annotated[int, Field(ge=1, le=50)] = 5
    access_token_s: Annotated[int, Field(ge=60)] = 900
    sign_in_s: Annotated[int, Field(ge=600)] = 12 * 3600
    player_token_s: Annotated[int, Field(ge=600)] = 12 * 3600

    @property
    def earliest_event_at(self) -> datetime:
        """The first instant of `earliest_event_year`, UTC."""
        return datetime(self.earliest_event_year, 1, 1, tzinfo=UTC)

    @field_validator(
        "database_url",
        "object_storage_url",
        "object_storage_endpoint",
        "object_storage_region",
        "object_storage_key",
        "object_storage_secret",
        mode="before",
    )
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return value or None

    @field_validator("object_storage_url")
    @classmethod
    def _bucket(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]+(/.*)?", value):
            raise ValueError("OBJECT_STORAGE_URL is s3://bucket or s3://bucket/prefix")
        return value

    @field_validator("cors_origins", "trusted_proxies", mode="before")
    @classmethod
    def _comma_list(cls, value: object) -> object:
        return _split(value)

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses_or_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for written in value:
            try:
                ip_network(written)
            except ValueError as error:
                raise ValueError(
                    f"{error}. TRUSTED_PROXIES takes addresses and networks such as "
                    "10.0.0.9 or 10.0.0.0/8, separated by commas"
                ) from error
        return value


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """The process's settings, read once."""
    return Settings()
