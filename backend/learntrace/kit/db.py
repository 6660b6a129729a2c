"""The database: one engine a process, and the only place that commits."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, ClassVar

import asyncpg
from fastapi import Depends, Request
from sqlalchemy import MetaData
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase

from learntrace.kit.errors import UnavailableError
from learntrace.kit.inventory import Holds

NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

# What asyncpg and the socket raise when the server is gone, restarting or refusing.
CONNECTION_ERRORS: tuple[type[BaseException], ...] = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's last word came between two statements
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
)


# Aware, UTC, microseconds.
Instant = TIMESTAMP(timezone=True)


class Base(DeclarativeBase):
    """What every table's model is made from; each says what its columns hold."""

    metadata = MetaData(naming_convention=NAMING)
    holds: ClassVar[Holds]


def plain_dsn(url: str) -> str:
    """`url` as asyncpg takes it, whatever driver it names."""
    _, _, rest = url.partition("://")
    return f"postgresql://{rest}"


def sqlalchemy_url(url: str) -> str:
    """`url` as SQLAlchemy's asyncpg dialect takes it."""
    return plain_dsn(url).replace("postgresql://", "postgresql+asyncpg://", 1)


@dataclass(frozen=True, slots=True)
class Database:
    """A process's engine and the maker of its handles."""

    engine: AsyncEngine
    handles: async_sessionmaker[AsyncSession]

    @classmethod
    def connect(
        cls,
        url: str,
        *,
        pool_size: int = 5,
        pool_timeout_s: float = 10.0,
        command_timeout_s: float | None = 600.0,
    ) -> "Database":
        """`pool_size` connections, made when needed.

        Who finds them all busy waits `pool_timeout_s`; a statement may take `command_timeout_s`,
        `None` for as long as it likes.
        """
        engine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=pool_timeout_s,
            pool_pre_ping=True,
            connect_args={"timeout": 5, "command_timeout": command_timeout_s},
        )
        return cls(engine, async_sessionmaker(engine, expire_on_commit=False))

    async def dispose(self) -> None:
        await self.engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed when the block ends, rolled back when it raises.

        Raises `UnavailableError` where the server is out of reach or silent, all connections are
        busy, or the commit's outcome is unknown.
        """
        try:
            async with self.handles() as db, db.begin():
                yield db
        except PoolTimeoutError as error:
            raise UnavailableError("The database is busy. Send this again.") from error
        except (InterfaceError, OperationalError) as error:
            raise UnavailableError("The database did not answer. Send this again.") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise UnavailableError("The database did not answer. Send this again.") from error
            raise
        except CONNECTION_ERRORS as error:
            raise UnavailableError("The database did not answer. Send this again.") from error


async def _request_db(request: Request) -> AsyncIterator[AsyncSession]:
    database: Database = request.app.state.database
    async with database.transaction() as db:
        yield db


# scope="function": the transaction commits before the answer leaves.
RequestDb = Annotated[AsyncSession, Depends(_request_db, scope="function")]
