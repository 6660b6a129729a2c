"""Whisper by faster-whisper, in a process of its own for each recording."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from learntrace.transcription_sessions.heard import Heard
from learntrace.transcription_sessions.transcription.port import OnProgress, TranscriptionError

PROCESS = "learntrace.transcription_sessions.transcription.whisper_process"
# Its libraries download nothing, and tell their makers nothing: onnxruntime would, from 1.29 on.
QUIET = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "ORT_DISABLE_TELEMETRY": "1"}


@dataclass(frozen=True, slots=True)
class Whisper:
    """`folder` holds the model as CTranslate2 keeps it. On this machine it costs nothing."""

    folder: Path
    model: str
    languages: frozenset[str]
    name: str = "faster-whisper"
    cost_per_minute_micro: int = 0

    async def transcribe(
        self, audio: BinaryIO, language: str, on_progress: OnProgress
    ) -> list[Heard]:
        """See `Transcriber`. The process ends with the call, however that ends."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", PROCESS, str(self.folder), language),
            stdin=audio,
            stdout=asyncio.subprocess.PIPE,
            env=os.environ | QUIET,
            start_new_session=True,
        )
        assert process.stdout is not None
        said: list[Heard] = []
        try:
            async for line in process.stdout:
                told = json.loads(line)
                if "refused" in told:
                    raise TranscriptionError(told["refused"])
                if "heard" in told:
                    said.append(Heard(**told["heard"]))
                else:
                    on_progress(told["done_s"], told["of_s"])
            if code := await process.wait():
                raise RuntimeError(f"the transcribing process ended with {code}")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return said
