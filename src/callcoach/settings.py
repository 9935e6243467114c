"""What can be set, by environment variable (`CALLCOACH_...`) or by the command line. Knows nothing of what the values do."""

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

# a worker with Whisper base and the sentence encoder takes 1.3 GB at its peak
BYTES_PER_WORKER = 2_000_000_000


class Settings(BaseSettings):
    """Every setting with its default; each field `x` is read from `CALLCOACH_X`."""

    model_config = SettingsConfigDict(env_prefix="CALLCOACH_", extra="forbid", frozen=True)

    home: Path = Field(default=Path("callcoach-data"), description="Folder of the database and the briefs.")
    database_url: str | None = Field(default=None, description="SQLAlchemy URL; the default is a SQLite file in the home folder.")
    speech_model: str = Field(default="whisper-base", description="Name in models/manifest.toml, folder, or hub name.")
    rep_channel: int | None = Field(
        default=None, ge=0, le=7, description="The rep's channel where no call says it; by default it is told from the words."
    )
    encoder: str = Field(
        default="all-minilm-l6-v2", description="Sentence encoder: name in models/manifest.toml, folder, or hub name."
    )
    sentence_model: str = Field(
        default="en-core-web-sm", description="spaCy pipeline: name in models/manifest.toml, folder or package."
    )
    judge: Path | None = Field(default=None, description="Folder of trained heads; the default is the judge that ships.")
    device: str = Field(default="auto", description="auto, cpu or cuda.")
    workers: int = Field(default=0, ge=0, description="Worker processes; 0: one per core, as memory allows.")
    call_time_limit: float = Field(default=3600.0, gt=0, description="Seconds one call may take before it counts as failed.")
    max_recording_bytes: int = Field(default=2_000_000_000, gt=0, description="Larger recordings are refused.")
    max_recording_seconds: float = Field(default=4 * 3600.0, gt=0, description="Longer recordings are refused.")

    @property
    def database(self) -> str:
        """The URL of the database in use."""
        return self.database_url or f"sqlite:///{self.home / 'callcoach.db'}"

    @property
    def worker_count(self) -> int:
        """Worker processes to start: on two cores, two with a thread each were 1.4 times as fast as one with two."""
        return self.workers or max(1, min(self.cores, _memory_bytes() // BYTES_PER_WORKER))

    @property
    def threads_per_worker(self) -> int:
        """Compute threads each worker may use, so that workers together fill the cores."""
        return max(1, self.cores // self.worker_count)

    @property
    def cores(self) -> int:
        """Cores this process may run on."""
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def _memory_bytes() -> int:
    """Memory of the machine; one worker's worth where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return BYTES_PER_WORKER
