"""Small plots as SVG, drawn by hand: panels with axes, lines and dots. Enough for a card and a training log."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 320, 200  # of a panel, with its margins; names of lines stand at the right
LEFT, RIGHT, TOP, BOTTOM = 40, 84, 24, 30
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555555", "#8c510a")  # Okabe and Ito


@dataclass
class Line:
    """Points (x, y) joined in order; ``dashed`` for what is only there to compare with."""

    name: str
    points: list[tuple[float, float]]
    dashed: bool = False


@dataclass
class Panel:
    title: str
    x_title: str
    lines: list[Line] = field(default_factory=list)
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None


def _span(values: list[float], given: tuple[float, float] | None) -> tuple[float, float]:
    """The range of an axis: as given, else of the values, a little wider."""
    if given is not None:
        return given
    low, high = min(values), max(values)
    room = (high - low) * 0.05 or 0.5
    return low - room, high + room


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers within a range."""
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first = math.ceil(low / step - 1e-9)
    return [round(number * step, 10) for number in range(first, math.floor(high / step + 1e-9) + 1)]


def _text(x: float, y: float, text: str, anchor: str = "middle", size: int = 9, colour: str = "#333333") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{escape(text)}</text>'
    )


def _panel(panel: Panel, left: float, top: float) -> list[str]:
    points = [point for line in panel.lines for point in line.points]
    x_low, x_high = _span([x for x, _ in points], panel.x_range)
    y_low, y_high = _span([y for _, y in points], panel.y_range)
    x0, x1, y0, y1 = left + LEFT, left + WIDTH - RIGHT, top + HEIGHT - BOTTOM, top + TOP

    def place(x: float, y: float) -> tuple[float, float]:
        return x0 + (x - x_low) / (x_high - x_low) * (x1 - x0), y0 + (y - y_low) / (y_high - y_low) * (y1 - y0)

    out = [f'<rect x="{x0}" y="{y1}" width="{x1 - x0}" height="{y0 - y1}" fill="none" stroke="#999999"/>']
    out.append(_text((x0 + x1) / 2, top + 14, panel.title, size=11))
    out.append(_text((x0 + x1) / 2, top + HEIGHT - 3, panel.x_title))
    for value in ticks(x_low, x_high):
        out.append(_text(place(value, y_low)[0], y0 + 12, f"{value:g}"))
    for value in ticks(y_low, y_high):
        y = place(x_low, value)[1]
        out.append(f'<path d="M{x0} {y:.1f}H{x1}" stroke="#eeeeee"/>')
        out.append(_text(x0 - 4, y + 3, f"{value:g}", "end"))
    named = 0
    for number, line in enumerate(panel.lines):
        colour = "#999999" if line.dashed else COLOURS[number % len(COLOURS)]
        path = "L".join("{:.1f} {:.1f}".format(*place(x, y)) for x, y in line.points)
        dash = ' stroke-dasharray="4 3"' if line.dashed else ""
        out.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dash}/>')
        if not line.dashed:
            out += [
                '<circle cx="{:.1f}" cy="{:.1f}" r="1.8" fill="{}"/>'.format(*place(x, y), colour)
                for x, y in line.points
            ]
        if line.name:
            out.append(_text(x1 + 5, y1 + 11 + 10 * named, line.name, "start", 8, colour))
            named += 1
    return out


def draw(panels: list[Panel], columns: int = 3) -> str:
    """Panels side by side and below one another -> an SVG document. Panels without points are left out."""
    panels = [panel for panel in panels if any(line.points for line in panel.lines)]
    columns = max(1, min(columns, len(panels)))
    rows = max(1, math.ceil(len(panels) / columns))
    width, height = columns * WIDTH, rows * HEIGHT
    body = [
        piece
        for number, panel in enumerate(panels)
        for piece in _panel(panel, number % columns * WIDTH, number // columns * HEIGHT)
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    background = f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    return "\n".join([f'{head} font-family="sans-serif">', background, *body, "</svg>", ""])


def write_svg(path: Path, panels: list[Panel], columns: int = 3) -> None:
    path.write_text(draw(panels, columns), encoding="utf-8")
