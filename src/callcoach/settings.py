"""What can be set, by environment variable (`CALLCOACH_...`) or by the command line. Knows nothing of what the values do."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
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
    executor: Literal["local", "ray"] = Field(default="local", description="Where calls are worked on: local or ray.")
    ray_address: str | None = Field(default=None, description="HOST:PORT of a Ray cluster; the default starts one here.")
    ray_cpus: float = Field(default=1.0, gt=0, description="CPUs that each worker on a Ray cluster takes.")
    ray_gpus: float = Field(default=0.0, ge=0, description="GPUs that each worker takes there to recognise; 0.5: two share one.")
    ray_wait: float = Field(default=60.0, gt=0, description="Seconds to wait for the Ray cluster, and there for a worker.")
    call_time_limit: float = Field(default=3600.0, gt=0, description="Seconds one call may take before it counts as failed.")
    call_memory_limit: int = Field(default=4000, ge=0, description="MB one call may take in its worker; 0: no limit.")
    calibration_calls: int = Field(default=20, ge=2, description="Calls two people must have labelled before coaching.")
    calibration_people: int = Field(default=2, ge=2, description="People who must have labelled them.")
    calibration_raised: int = Field(default=3, ge=0, description="Of the calls, those in which the initiative must come up.")
    calibration_agreement: float = Field(default=0.6, ge=0, le=1, description="Kappa people must reach with each other.")
    calibration_machine: float = Field(default=0.4, ge=0, le=1, description="Kappa the judge must reach with the people.")
    max_recording_bytes: int = Field(default=2_000_000_000, gt=0, description="Larger recordings are refused.")
    max_recording_seconds: float = Field(default=4 * 3600.0, gt=0, description="Longer recordings are refused.")
    opinion_url: str | None = Field(default=None, description="OpenAI-compatible endpoint to ask where the judge is unsure.")
    opinion_model: str = Field(default="", description="The model to ask there.")
    opinion_key: SecretStr | None = Field(default=None, description="The endpoint's key.")
    opinion_key_file: Path | None = Field(default=None, description="A file with the endpoint's key.")
    opinion_timeout: float = Field(default=60.0, gt=0, description="Seconds one second opinion may take, retries included.")
    opinion_below: float = Field(default=0.6, ge=0, le=1, description="Verdicts with less confidence are asked about.")
    opinion_redact: bool = Field(default=True, description="Take names and numbers out of a call before it is sent there.")
    opinion_most: int = Field(default=20, ge=0, description="Most second opinions in one run.")
    file_name_pattern: str | None = Field(default=None, description="How files of calls are named; default DAY_REP_CALL.")
    s3_endpoint: str | None = Field(default=None, description="Address of an S3-compatible store; the default is Amazon's.")
    s3_plain_http: bool = Field(default=False, description="Allow an endpoint without encryption on another machine.")
    source_settle: float = Field(default=10.0, ge=0, le=600, description="Seconds a new file is left to prove that it is whole.")
    source_timeout: float = Field(default=60.0, gt=0, description="Seconds a bucket or SFTP server may be silent.")
    smtp_host: str | None = Field(default=None, description="Mail server that the nightly brief is sent over.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(default="starttls", description="starttls, tls or none.")
    smtp_user: str | None = Field(default=None, description="Who logs in there.")
    smtp_password: SecretStr | None = Field(default=None, description="The password.")
    smtp_password_file: Path | None = Field(default=None, description="A file with the password.")
    smtp_from: str = Field(default="", description="The sender's address.")
    smtp_to: str = Field(default="", description="Addresses of those who get the brief, divided by commas.")
    smtp_attach_brief: bool = Field(default=True, description="Attach the brief, which quotes calls; else the mail only counts.")
    webhook_url: str | None = Field(default=None, description="Address that is told when the brief is there.")
    webhook_secret: SecretStr | None = Field(default=None, description="The secret that signs what is sent there.")
    webhook_secret_file: Path | None = Field(default=None, description="A file with the secret.")
    webhook_plain_http: bool = Field(default=False, description="Allow an address without encryption on another machine.")
    delivery_timeout: float = Field(default=20.0, gt=0, description="Seconds one attempt to send the brief may take.")
    keep_recordings_days: int | None = Field(default=None, ge=1, description="Days after a call its sound is kept.")
    keep_transcripts_days: int | None = Field(default=None, ge=1, description="Days after a call its words are kept.")
    keep_scores_days: int | None = Field(default=None, ge=1, description="Days after a call anything of it is kept.")
    log_format: Literal["text", "json"] | None = Field(default=None, description="How lines of the log are written; unset: none.")
    log_level: Literal["debug", "info", "warning", "error"] | None = Field(default=None, description="The least that is logged.")
    log_file: Path | None = Field(default=None, description="Where the log is written; the default is standard error.")
    metrics_listen: str | None = Field(default=None, description="HOST:PORT at which serve tells Prometheus how things stand.")
    metrics_file: Path | None = Field(default=None, description="A .prom file that nightly writes for node_exporter.")
    redact_exports: bool = Field(default=False, description="Take names and numbers out of every export.")
    opinion_plain_http: bool = Field(default=False, description="Allow an endpoint without encryption on another machine.")

    password_sign_in: bool = Field(default=True, description="Take passwords on the sign-in page; off: only the issuer's word.")
    oidc_issuer: str | None = Field(default=None, description="OpenID Connect issuer through which people may sign in.")
    oidc_client_id: str = Field(default="", description="callcoach's client id there.")
    oidc_client_secret: SecretStr | None = Field(default=None, description="Its secret there.")
    oidc_client_secret_file: Path | None = Field(default=None, description="A file with the secret.")
    oidc_allowed_domain: str | None = Field(default=None, description="Domain in which e-mails from there have to lie.")

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
