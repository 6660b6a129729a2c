"""The engines of this process, as a type in an endpoint's signature."""

from typing import Annotated

from fastapi import Depends, Request

from learntrace.transcription_sessions.transcription.engines import Engines


def _engines(request: Request) -> Engines:
    engines: Engines = request.app.state.engines
    return engines


KnownEngines = Annotated[Engines, Depends(_engines)]
