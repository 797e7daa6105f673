"""Ways to push a turned pot out of round: flutes, facets, scallops, ovals, boats, pouring lips, and bends.

Each returns a function of (angle, radius, height, outside) for `shapes.lathe`.
"""
import math

import numpy as np


def ease(low, high, value):
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def fluted(count, depth, low, high, inside=0.0, sharp=1.0, fade=0.12):
    """Upright grooves between two heights; `sharp` above 1 makes wide grooves with narrow ridges."""
    def warp(angle, radius, height, outside):
        wave = np.abs(np.sin(angle * count / 2)) ** sharp - 0.6
        where = ease(low, low + fade, height) * (1 - ease(high - fade, high, height))
        return radius * (1 + depth * wave * where * np.where(outside, 1, inside)), height
    return warp


def faceted(count, low, high, twist=0.0, fade=0.1, inside=0.0):
    """Flat sides, as if cut with a wire; `twist` turns them over the height."""
    def warp(angle, radius, height, outside):
        sector = 2 * math.pi / count
        turned = np.mod(angle + twist * height, sector) - sector / 2
        cut = math.cos(sector / 2) / np.cos(turned) * (1 + (1 - math.cos(sector / 2)) * 0.45)
        where = ease(low, low + fade, height) * (1 - ease(high - fade, high, height)) * np.where(outside, 1, inside)
        return radius * (1 + (cut - 1) * where), height
    return warp


def scalloped(count, depth, start):
    """A wavy edge that grows from a radius outwards, on both faces."""
    def warp(angle, radius, height, outside):
        wave = np.abs(np.sin(angle * count / 2)) - 0.5
        where = ease(start, start * 1.5, radius)
        return radius * (1 + depth * wave * where), height + 0.35 * depth * wave * where
    return warp


def oval(wide, deep):
    def warp(angle, radius, height, outside):
        return radius / np.sqrt((np.cos(angle) / wide) ** 2 + (np.sin(angle) / deep) ** 2), height
    return warp


def oblong(wide, deep, power=5.0):
    """A rectangle with round corners."""
    def warp(angle, radius, height, outside):
        reach = (np.abs(np.cos(angle) / wide) ** power + np.abs(np.sin(angle) / deep) ** power) ** (-1 / power)
        return radius * reach, height
    return warp


def boat(long, narrow, rise=0.1):
    """Pointed at both ends, the ends raised."""
    def warp(angle, radius, height, outside):
        # The two sides are arcs of a parabola that meet at the ends.
        side, curve = np.abs(np.sin(angle)), narrow * np.cos(angle) ** 2 / long**2 + 1e-5
        reach = (np.sqrt(side**2 + 4 * curve * narrow) - side) / (2 * curve)
        return radius * reach, height + rise * np.abs(np.cos(angle)) ** 6 * ease(0.05, 0.6, height)
    return warp


def lip(top, reach=0.12, spread=0.32, start=0.3, rise=0.03, angle_at=math.pi):
    """A pouring lip pulled out of the rim, at the left."""
    def warp(angle, radius, height, outside):
        away = np.abs(np.mod(angle - angle_at + math.pi, 2 * math.pi) - math.pi)
        pull = np.exp(-((away / spread) ** 2)) * ease(top - start, top, height) ** 1.5
        pinch = np.exp(-(((away - spread * 2.1) / (spread * 0.8)) ** 2)) * ease(top - start, top, height)
        return radius + reach * pull - reach * 0.22 * pinch, height + rise * pull
    return warp


def notch(angle_at, spread, depth, low):
    """A dip in the rim, to lay something in."""
    def warp(angle, radius, height, outside):
        away = np.abs(np.mod(angle - angle_at + math.pi, 2 * math.pi) - math.pi)
        dip = np.exp(-((away / spread) ** 2)) * ease(low, low + 0.15, height)
        return radius + 0.5 * depth * dip, height - depth * dip
    return warp


def handmade(amount=0.006, seed=0):
    """The slight unevenness of a pot that a hand has made."""
    def warp(angle, radius, height, outside):
        drift = np.sin(angle * 2 + seed + height * 1.3) + 0.6 * np.sin(angle * 3 + seed * 2.1 - height * 2)
        return radius * (1 + amount * drift), height
    return warp


def bend_forward(start, degrees, length):
    """Leans the upper part towards the viewer: the hood of a salt pig."""
    def bend(points):
        t = np.clip((points[:, 2] - start) / length, 0, 1)
        turn = np.radians(degrees) * t
        radius = length / np.radians(degrees)
        above = np.clip(points[:, 2] - start - length, 0, None)
        low = np.minimum(points[:, 2], start)
        y = points[:, 1]
        moved = points.copy()
        moved[:, 1] = -(radius - (radius + y) * np.cos(turn)) - above * np.sin(turn)
        moved[:, 2] = low + (radius + y) * np.sin(turn) + above * np.cos(turn)
        return moved
    return bend
