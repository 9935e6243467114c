"""Draw shares with their intervals as SVG text: values in, markup out. Knows nothing of reps, files or what is to be coached.

A share is a dot on a line that is its interval, never a bar from zero; where there is no share there is no dot, and the words
why. Colours are the page's (classes), shapes tell the same apart without them; every text is escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from markupsafe import Markup, escape

from callcoach.coaching.notation import day, percent, plain
from callcoach.domain.coaching import Estimate

WIDTH = 300
LEFT, RIGHT = 104, 252
"""Where 0% and 100% stand: names on the left, numbers of calls on the right, legible on a phone of 320 px without scaling."""

ROW, HEAD, FOOT = 24, 8, 22
NAME_LETTERS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a plot. instead: the words where no share is shown; then nothing is drawn. shape: dot, diamond or square."""

    name: str
    estimate: Estimate
    instead: str | None = None
    shape: str = "dot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The share in a stretch of time, both days included. instead: as in a Row."""

    first: date
    last: date
    estimate: Estimate
    instead: str | None = None


class Drawn(NamedTuple):
    """A share that can be drawn: the three are known."""

    share: float
    low: float
    high: float


def place(share: float) -> float:
    """Where a share (0..1) stands from left to right."""
    return round(LEFT + (RIGHT - LEFT) * share, 2)


def intervals(rows: Sequence[Row], *, title: str, key: str) -> Markup:
    """One row per name, in the order given, on an axis from 0 to 100%. `key` makes the ids of title and description unique."""
    bottom = HEAD + ROW * len(rows)
    parts = [_axis(bottom)]
    for number, row in enumerate(rows):
        middle = HEAD + ROW * number + ROW / 2
        parts.append(_text(LEFT - 8, middle + 4, _short(row.name), "name", "end"))
        drawn = _drawn(row.estimate, row.instead)
        if drawn is None:
            parts.append(_text(LEFT + 3, middle + 4, row.instead or "no call to tell from", "missing"))
            continue
        parts.append(
            Markup('<g class="{}"><title>{}</title>{}{}</g>').format(
                row.shape,
                plain(f"{row.name}: {in_words(row.estimate, row.instead)}"),
                _line(place(drawn.low), middle, place(drawn.high), middle, "interval"),
                _mark(row.shape, place(drawn.share), middle),
            )
        )
        parts.append(_text(WIDTH, middle + 4, f"n {row.estimate.n}", "n", "end"))
    told = "; ".join(f"{row.name}: {in_words(row.estimate, row.instead)}" for row in rows)
    return _svg(parts, bottom + FOOT, title, told, key)


def over_time(points: Sequence[Point], *, title: str, key: str, event: tuple[date, str] | None = None) -> Markup:
    """The share in each stretch of time, with its interval and number of calls. event: a day to mark, with its word."""
    if not points:
        return Markup()
    top, bottom, left, right = 14.0, 126.0, 38.0, WIDTH - 12.0
    first, last = points[0].first, points[-1].last
    if event is not None:
        first = min(first, event[0])
    span = max(1, (last - first).days)
    parts = []
    for share in (0.0, 0.5, 1.0):
        level = _level(share, top, bottom)
        parts += [_line(left, level, right, level, "grid"), _text(left - 6, level + 4, percent(share), "tick", "end")]
    if event is not None:
        at = left + (right - left) * (event[0] - first).days / span
        parts += [_line(at, top, at, bottom, "event"), _text(at + 3, top - 4, event[1], "tick")]
    drawn_before: tuple[float, float] | None = None
    for point in points:
        middle = (point.first.toordinal() + point.last.toordinal()) / 2 - first.toordinal()
        across = round(min(max(left + (right - left) * middle / span, left + 20), right - 20), 2)
        parts.append(_text(across, bottom + 15, f"n {point.estimate.n}", "n", "middle"))
        parts.append(_text(across, bottom + 29, day(point.last), "tick", "middle"))
        drawn = _drawn(point.estimate, point.instead)
        if drawn is None:
            parts.append(_text(across, bottom - 6, "too few", "missing", "middle"))
            drawn_before = None
            continue
        height = _level(drawn.share, top, bottom)
        if drawn_before is not None:
            parts.append(_line(*drawn_before, across, height, "trend"))
        parts.append(
            Markup('<g class="dot"><title>{}</title>{}{}</g>').format(
                plain(f"{day(point.first)} to {day(point.last)}: {in_words(point.estimate, point.instead)}"),
                _line(across, _level(drawn.low, top, bottom), across, _level(drawn.high, top, bottom), "interval"),
                _mark("dot", across, height),
            )
        )
        drawn_before = (across, height)
    told = "; ".join(f"{day(point.first)} to {day(point.last)}: {in_words(point.estimate, point.instead)}" for point in points)
    return _svg(parts, int(bottom) + 36, title, told, key)


def in_words(estimate: Estimate, instead: str | None = None) -> str:
    """What a mark says, for whoever does not see it."""
    drawn = _drawn(estimate, instead)
    if drawn is None:
        return (instead or "no call to tell from").rstrip(".")
    return f"{estimate.count} of {estimate.n} calls, likely {percent(drawn.low)} to {percent(drawn.high)} in the long run"


def _drawn(estimate: Estimate, instead: str | None) -> Drawn | None:
    if instead is not None or estimate.share is None or estimate.low is None or estimate.high is None:
        return None
    return Drawn(estimate.share, estimate.low, estimate.high)


def _level(share: float, top: float, bottom: float) -> float:
    return round(bottom - (bottom - top) * share, 2)


def _axis(bottom: float) -> Markup:
    marks = [_line(place(share), HEAD, place(share), bottom, "grid") for share in (0.0, 0.5, 1.0)]
    ticks = [_text(place(share), bottom + 15, percent(share), "tick", "middle") for share in (0.0, 0.5, 1.0)]
    return Markup().join([*marks, *ticks])


def _mark(shape: str, x: float, y: float) -> Markup:
    if shape == "diamond":
        return Markup('<path class="at" d="M{} {}l5.5 5.5-5.5 5.5-5.5-5.5z"/>').format(x, y - 5.5)
    if shape == "square":
        return Markup('<rect class="at" x="{}" y="{}" width="9" height="9"/>').format(round(x - 4.5, 2), y - 4.5)
    return Markup('<circle class="at" cx="{}" cy="{}" r="4.5"/>').format(x, y)


def _line(x1: float, y1: float, x2: float, y2: float, css: str) -> Markup:
    return Markup('<line class="{}" x1="{}" y1="{}" x2="{}" y2="{}"/>').format(css, x1, y1, x2, y2)


def _text(x: float, y: float, words: str, css: str, anchor: str = "start") -> Markup:
    return Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(css, x, y, anchor, plain(words))


def _short(name: str) -> str:
    name = plain(name)
    return name if len(name) <= NAME_LETTERS else name[: NAME_LETTERS - 1].rstrip() + "…"


def _svg(parts: Sequence[Markup], height: int, title: str, told: str, key: str) -> Markup:
    return Markup(
        '<svg class="plot" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{key}-t {key}-d">'
        '<title id="{key}-t">{title}</title><desc id="{key}-d">{told}</desc>{parts}</svg>'
    ).format(
        width=WIDTH,
        height=height,
        key=escape(key),
        title=plain(title),
        told=plain(told),
        parts=Markup().join(parts),
    )
