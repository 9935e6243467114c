"""/api/v1: what the screens show as JSON, for programs, under the same rules of who sees what."""

from callcoach.web.api import calls, exports, openapi, queue, runs, standings

__all__ = ["calls", "exports", "openapi", "queue", "runs", "standings"]
