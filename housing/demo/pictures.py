"""Drawn stand-ins for photographs of the demonstration: a place before and after, marked as what they are."""

import io
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from engine import attachments
from engine.actor import Actor

if TYPE_CHECKING:
    from engine.engine import Engine

SIZE, FINE, SMALL = (960, 720), 2, (480, 360)
PAPER = frozenset({"contract", "price", "real_name", "other"})
Draw = ImageDraw.ImageDraw
WALL, LIGHT, SHADE, FLOOR, DARK = "#c6cfca", "#e4eae7", "#b3bdb8", "#98a39e", "#6f7c76"
BROWN, RUST, GREEN, RED, STEEL = "#5b2d1c", "#a8593a", "#2e7d5b", "#9b2f22", "#86928d"


def brought(engine: "Engine", by: Actor, category: str, *, after: bool) -> list[str]:
    """The photograph that somebody brings of a hazard of this category; papers have none."""
    if category in PAPER:
        return []
    whole, small = _encoded(category, after)
    name = "after.jpg" if after else "before.jpg"
    kept = attachments.add(engine, by, name, "image/jpeg", whole, width=SIZE[0], height=SIZE[1], thumbnail=small)
    return [kept.id]


@cache
def _encoded(category: str, after: bool) -> tuple[bytes, bytes]:
    big = Image.new("RGB", (SIZE[0] * FINE, SIZE[1] * FINE), WALL)
    SCENES.get(category, corridor)(ImageDraw.Draw(big), after)
    soft = big.filter(ImageFilter.GaussianBlur(FINE * 0.8)).resize(SIZE, Image.Resampling.LANCZOS)
    ImageDraw.Draw(soft).text((SIZE[0] - 96, SIZE[1] - 30), "DEMO", fill="#f4f7f5", font=ImageFont.load_default(24))
    return _jpeg(soft), _jpeg(soft.resize(SMALL, Image.Resampling.LANCZOS))


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _at(*points: tuple[float, float]) -> list[tuple[float, float]]:
    """Points on a sheet of 320 by 240 as they lie on the fine one."""
    k = SIZE[0] * FINE / 320
    return [(x * k, y * k) for x, y in points]


def _area(draw: Draw, colour: str, *points: tuple[float, float]) -> None:
    draw.polygon(_at(*points), fill=colour)


def _box(draw: Draw, colour: str, x: float, y: float, w: float, h: float, edge: str = DARK) -> None:
    (left, top), (right, bottom) = _at((x, y), (x + w, y + h))
    draw.rectangle((left, top, right, bottom), fill=colour, outline=edge, width=3 * FINE)


def _line(draw: Draw, colour: str, width: float, *points: tuple[float, float]) -> None:
    draw.line(_at(*points), fill=colour, width=int(width * 3 * FINE), joint="curve")


def corridor(draw: Draw, after: bool) -> None:
    """A corridor, with what blocks it or clear."""
    _area(draw, LIGHT, (0, 0), (320, 0), (216, 72), (104, 72))
    _area(draw, FLOOR, (0, 240), (320, 240), (216, 168), (104, 168))
    _area(draw, SHADE, (0, 0), (104, 72), (104, 168), (0, 240))
    _area(draw, "#bcc6c1", (320, 0), (216, 72), (216, 168), (320, 240))
    _box(draw, "#d6dcd9", 104, 72, 112, 96, "#c0c9c5")
    _box(draw, DARK, 146, 96, 28, 72)
    _area(draw, "#fff", (150, 20), (186, 20), (180, 34), (156, 34))
    if after:
        _box(draw, GREEN, 150, 80, 20, 9, GREEN)
        return
    for x, y, w, h, colour in ((52, 150, 56, 54, "#b98c57"), (70, 122, 40, 32, "#c89a63"), (206, 156, 58, 46, "#7b6a58"), (196, 132, 34, 28, "#b98c57")):
        _box(draw, colour, x, y, w, h, "#6b5133")
        _line(draw, "#8a6a41", 1, (x + w / 2, y), (x + w / 2, y + h))


def distribution_box(draw: Draw, after: bool) -> None:
    """A distribution box, its wires hanging out or led in pipes."""
    _area(draw, FLOOR, (0, 196), (320, 196), (320, 240), (0, 240))
    _box(draw, "#eef1ef", 96, 40, 128, 132, STEEL)
    _box(draw, "#c9d2cd", 108, 54, 104, 44, STEEL)
    for n in range(6):
        _box(draw, "#f8faf9", 114 + n * 16, 60, 11, 32, STEEL)
        _box(draw, "#33453e", 117 + n * 16, 72 if n % 2 else 66, 5, 9, "#33453e")
    if after:
        _box(draw, "#f6f8f7", 112, 108, 96, 56, STEEL)
        for x in (132, 152, 172, 192):
            _line(draw, "#eef1ef", 4, (x, 172), (x, 240))
        _line(draw, GREEN, 3, (180, 144), (188, 152), (202, 134))
        return
    _box(draw, "#39423e", 112, 108, 96, 56, "#39423e")
    for x, bend in ((122, 40), (146, 78), (168, 110), (190, 150)):
        _line(draw, BROWN, 2, (x, 160), (x - 14, 186), (x + bend / 4, 206), (x + bend / 6 - 20, 238))
    _line(draw, RUST, 2, (116, 118), (140, 138), (160, 120), (204, 150))


def stairwell(draw: Draw, after: bool) -> None:
    """A stairwell, with a bicycle charging in it or empty."""
    _area(draw, LIGHT, (0, 0), (320, 0), (320, 70), (0, 70))
    _area(draw, FLOOR, (0, 190), (320, 190), (320, 240), (0, 240))
    for n in range(7):
        _box(draw, SHADE, 190 + n * 18, 174 - n * 18, 130, 18, "#93a099")
    _line(draw, DARK, 2, (190, 130), (316, 8))
    if after:
        _box(draw, "#fff", 60, 70, 54, 40, GREEN)
        _line(draw, RED, 2, (70, 80), (104, 100))
        return
    for x in (56, 142):
        (left, top), (right, bottom) = _at((x - 26, 166), (x + 26, 218))
        draw.ellipse((left, top, right, bottom), outline="#26312c", width=10 * FINE)
    _line(draw, "#27584f", 5, (56, 192), (84, 146), (124, 146), (142, 192))
    _line(draw, "#26312c", 3, (84, 146), (78, 128), (98, 128))
    _line(draw, "#26312c", 3, (124, 146), (128, 120), (112, 118))
    _line(draw, BROWN, 2, (98, 168), (40, 150), (20, 90), (28, 40))


def cabinet(draw: Draw, after: bool) -> None:
    """A hydrant's cabinet, empty or complete."""
    _area(draw, FLOOR, (0, 206), (320, 206), (320, 240), (0, 240))
    _box(draw, RED, 92, 32, 136, 168, "#6d1f17")
    _box(draw, "#2d3431" if not after else "#eef1ef", 104, 46, 112, 140, "#6d1f17")
    if after:
        (left, top), (right, bottom) = _at((116, 60), (180, 124))
        for inset in range(0, 110, 22):
            draw.ellipse((left + inset, top + inset, right - inset, bottom - inset), outline="#d9d2c0", width=10 * FINE)
    for x in (122, 152, 182)[: 3 if after else 1]:
        _box(draw, "#b3392b" if after else "#7b4a41", x, 136, 20, 46, "#5e1b14")


def wall(draw: Draw, after: bool) -> None:
    """Concrete that comes off, or made good."""
    _area(draw, LIGHT, (0, 0), (320, 0), (320, 110), (0, 96))
    _area(draw, "#cfd6d2", (0, 96), (320, 110), (320, 150), (0, 140))
    _area(draw, SHADE, (0, 140), (320, 150), (320, 240), (0, 240))
    if after:
        _area(draw, "#dde3e0", (96, 104), (214, 108), (220, 146), (90, 142))
        return
    _area(draw, "#8f8a80", (90, 103), (140, 100), (176, 108), (224, 110), (214, 142), (160, 134), (120, 144), (86, 136))
    for x in (104, 132, 160, 188):
        _line(draw, RUST, 2, (x, 106), (x + 6, 140))
    _line(draw, "#4b4a45", 1.5, (224, 110), (252, 86), (246, 60), (272, 20))


def pipe(draw: Draw, after: bool) -> None:
    """A kitchen's gas pipe, worn or renewed with an alarm."""
    _area(draw, FLOOR, (0, 150), (320, 150), (320, 240), (0, 240))
    for n in range(5):
        _line(draw, "#d9dfdc", 0.8, (0, 30 * n + 10), (320, 30 * n + 10))
    _box(draw, "#e9edeb", 150, 112, 150, 40, STEEL)
    _line(draw, "#d8b23a" if after else "#8c6a3c", 5, (40, 0), (40, 90), (60, 120), (110, 124), (150, 130))
    if after:
        _box(draw, "#fff", 196, 30, 46, 28, GREEN)
        _box(draw, GREEN, 204, 40, 8, 8, GREEN)
        return
    for x in (62, 78, 94):
        _line(draw, "#3b2a17", 1.5, (x, 112), (x + 8, 132))


SCENES: dict[str, Callable[[Draw, bool], None]] = {
    "electrical": distribution_box, "e_bike": stairwell, "fire_equipment": cabinet, "structure": wall, "falling_object": wall,
    "illegal_conversion": wall, "gas": pipe,
}
