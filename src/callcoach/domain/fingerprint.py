"""Name a value by its content. Knows nothing of what the content means."""

import hashlib
import json
from typing import Any


def fingerprint(*parts: Any) -> str:
    """First 16 hex digits of the sha256 of `parts` as canonical JSON. Parts: JSON-like values (str, int, list, dict ...)."""
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
