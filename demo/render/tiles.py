"""Tiles, photographed as a small laid-out group."""
import math

import numpy as np

from registry import form, look_again, second
from shapes import relief, slab
from studio import stand


def lay(build, coat, places):
    for k, (x, y, turn) in enumerate(places):
        # A hand-laid group is never quite regular.
        stand(build, coat, (x + 0.006 * math.sin(k * 5), y + 0.006 * math.cos(k * 7)), turn + 0.5 * math.sin(k * 3))


def square_tile(coat):
    relief("tile", 1.0, 1.0, 0.1, coat, soft=0.09)


@form("square tile", elevation=48, turn=28, fill=0.8, back=0.12)
def square_tiles(coat):
    lay(square_tile, coat, [(1.04 * x, 1.04 * y, 0) for x in (-1, 0, 1) for y in (-1, 0, 1)])


look_again("square tile", elevation=24, turn=32, close=(0, -1.1, 0.1, 1.5), back=0.5)


def six_sided(coat):
    corners = [(0.6 * math.cos(k * math.pi / 3), 0.6 * math.sin(k * math.pi / 3)) for k in range(6)]
    slab("tile", corners, 0.12, coat, 0.035)


COMB = [(0.0, 0.0, 0)] + [(1.08 * math.cos(math.pi / 6 + k * math.pi / 3), 1.08 * math.sin(math.pi / 6 + k * math.pi / 3), 0) for k in range(6)]


@form("hexagonal tile", elevation=50, turn=12, fill=0.8, back=0.12)
def hexagonal_tiles(coat):
    lay(six_sided, coat, COMB)


@second("hexagonal tile", elevation=60, turn=-8, fill=0.8, back=0.12)
def hexagonal_tiles_lifted(coat):
    lay(six_sided, coat, COMB[:5] + COMB[6:])
    stand(six_sided, coat, (0.62, -1.0), 14, 1, 0.123)


def wave_tile(coat):
    relief("tile", 1.5, 1.5, 0.15, coat, lambda x, y: 0.12 * np.abs(np.sin(4.19 * (y + 0.16 * np.sin(4.19 * x)))) ** 0.8, soft=0.05, cells=160)


@form("relief tile", elevation=48, turn=24, fill=0.8, back=0.6)
def relief_tiles(coat):
    lay(wave_tile, coat, [(1.53 * x, 1.53 * y, 0) for x in (-0.5, 0.5) for y in (-0.5, 0.5)])


look_again("relief tile", elevation=26, turn=30, close=(0.1, -0.9, 0.15, 1.9), back=0.6)


def scale(coat):
    """A fish scale: round below, and above hollowed so that the scales of the next rows fit in."""
    r = 0.6
    corners = [(r * math.sin(t), -r * math.cos(t)) for t in np.linspace(-math.pi / 2, math.pi / 2, 37)]
    corners += [(r - r * math.sin(t), r - r * math.cos(t)) for t in np.linspace(0, 1.0, 13)[1:]]
    corners += [(-x, y) for x, y in corners[:36:-1]]
    slab("tile", corners, 0.1, coat, 0.03)


@form("scale tile", elevation=54, turn=6, fill=0.8, back=0.12)
def scale_tiles(coat):
    rows = ((0, (-1, 0, 1)), (-1, (-0.5, 0.5)), (1, (-0.5, 0.5)), (-2, (0,)))
    lay(scale, coat, [(1.24 * x, 0.62 * y, 0) for y, across in rows for x in across])


look_again("scale tile", elevation=72, turn=-20, fill=0.8, back=0.12)


def brick(coat):
    relief("tile", 1.5, 0.5, 0.12, coat, soft=0.13)


@form("brick tile", elevation=46, turn=24, fill=0.8, back=0.12)
def brick_tiles(coat):
    lay(brick, coat, [(1.54 * (k - 0.5) + (0.385 if row % 2 else -0.385), 0.54 * row - 0.81, 0) for row in range(4) for k in range(2)])


look_again("brick tile", elevation=22, turn=26, close=(-0.1, -0.9, 0.1, 1.5), back=0.12)

TIP, DENT = 0.75, 0.75 * 0.7654


def star(coat):
    """Two squares, one turned by half a right angle."""
    corners = [((TIP if k % 2 == 0 else DENT) * math.cos(k * math.pi / 8), (TIP if k % 2 == 0 else DENT) * math.sin(k * math.pi / 8)) for k in range(16)]
    slab("tile", corners, 0.12, coat, 0.03)


def cross(coat):
    """What four stars leave between them."""
    corners = []
    for k in range(4):
        turn = k * math.pi / 2
        for x, y in CORNER:
            corners.append((x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)))
    # A little smaller than the gap, for the joint.
    corners = [(0.965 * x, 0.965 * y) for x, y in corners]
    slab("tile", corners, 0.12, coat, 0.03)


# A quarter of the cross: the tip of its right arm, and the three corners after it.
CORNER = [(TIP, 0.0), (TIP * 0.7071, TIP * 0.2929), (TIP * 0.2929, TIP * 0.2929), (TIP * 0.2929, TIP * 0.7071)]


@form("star and cross tile", elevation=52, turn=10, fill=0.8, back=0.12)
def star_tiles(coat):
    lay(star, coat, [(1.54 * x, 1.54 * y, 0) for x in (-0.5, 0.5) for y in (-0.5, 0.5)])
    lay(cross, coat, [(0, 0, 0)])


look_again("star and cross tile", elevation=74, turn=-14, fill=0.8, back=0.12)
