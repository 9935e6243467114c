"""People who open pages of a web server, each at their own pace, and how long each page took. Knows no page's contents."""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import httpx


class Visitor(NamedTuple):
    """Somebody who is signed in by a cookie, and the addresses they may open, by kind of page."""

    cookies: Mapping[str, str]
    pages: Mapping[str, Sequence[str]]


class Opened(NamedTuple):
    """A page that was opened: how long until its last byte was there; status 0 where none came."""

    kind: str
    path: str
    seconds: float
    status: int


def visit(
    address: str, visitors: Sequence[Visitor], *, seconds: float, think: tuple[float, float], seed: int
) -> tuple[Opened, ...]:
    """What all visitors opened within so many seconds; think: seconds from one page to the next, least and most."""
    return asyncio.run(_all(address, visitors, seconds, think, seed))


def quantile(opened: Sequence[Opened], kind: str, share: float) -> float | None:
    """In milliseconds: so large a share of the pages of this kind was there by then; None where none was opened."""
    took = sorted(each.seconds for each in opened if each.kind == kind)
    return round(1000 * took[min(len(took) - 1, int(share * len(took)))], 1) if took else None


async def _all(
    address: str, visitors: Sequence[Visitor], seconds: float, think: tuple[float, float], seed: int
) -> tuple[Opened, ...]:
    end = time.monotonic() + seconds
    each = (_one(address, visitor, end, think, random.Random(seed + number)) for number, visitor in enumerate(visitors))
    return tuple(opened for found in await asyncio.gather(*each) for opened in found)


async def _one(address: str, visitor: Visitor, end: float, think: tuple[float, float], chance: random.Random) -> list[Opened]:
    found: list[Opened] = []
    async with httpx.AsyncClient(base_url=address, cookies=dict(visitor.cookies), timeout=30) as client:
        await asyncio.sleep(chance.uniform(0, think[1]))
        while time.monotonic() < end:
            kind = chance.choice(sorted(visitor.pages))
            path = chance.choice(visitor.pages[kind])
            started = time.perf_counter()
            try:
                status = (await client.get(path)).status_code
            except httpx.HTTPError:
                status = 0
            found.append(Opened(kind, path, time.perf_counter() - started, status))
            await asyncio.sleep(chance.uniform(*think))
    return found
