"""Teapots and what coffee needs."""
import numpy as np

import glazes
import props
from registry import form, look_again, second
from shapes import lathe, tube, turned, width_at
from studio import stand
from tableware import BUILDS, ear
from warps import fluted, handmade


def spout(coat, points, radii, hollow=0.03):
    return tube("spout", points, radii, coat, hollow=hollow, each=14)


def lid(coat, radius, height, rise, knob=0.11):
    """A domed lid with a round knob, that sits on an opening at a height."""
    top = height + rise
    outline = [(0, height - 0.03), (radius, height - 0.03), (radius + 0.015, height), (radius, height + 0.035), (radius * 0.7, height + rise * 0.65),
               (radius * 0.3, top - 0.01), (knob * 0.55, top), (knob * 0.5, top + 0.04), (knob, top + 0.1), (knob * 0.9, top + 0.17), (knob * 0.4, top + 0.2), (0, top + 0.205)]
    turned("lid", outline, coat, 96)


def small_cup(coat):
    lathe("cup", [(0.2, 0), (0.22, 0.0), (0.24, 0.03), (0.31, 0.14), (0.36, 0.32), (0.375, 0.44)], coat, 0.035, 0.07, warps=[handmade(0.01, 4)])


def tea():
    return glazes.plain("tea", "#8f4f16", 0.06)


ROUND = [(0.42, 0), (0.45, 0.0), (0.47, 0.03), (0.49, 0.06), (0.7, 0.24), (0.8, 0.55), (0.72, 0.86), (0.5, 1.06), (0.33, 1.12)]


@form("round teapot", elevation=15, turn=-14, fill=0.76)
def round_teapot(coat):
    lathe("teapot", ROUND, coat, 0.05, 0.09, warps=[handmade(0.005, 2)])
    lid(coat, 0.36, 1.12, 0.12)
    ear(ROUND, 0.92, 0.34, 0.44, coat, 0.06, 1.4)
    spout(coat, [(-0.6, 0, 0.42), (-0.86, 0, 0.52), (-1.06, 0, 0.8), (-1.22, 0, 1.06)], [0.24, 0.17, 0.115, 0.1])


@second("round teapot", elevation=20, fill=0.8)
def round_teapot_with_cups(coat):
    stand(round_teapot, coat, (0, 0.25), -10)
    for x, y in ((-0.95, -0.75), (-0.1, -1.0)):
        stand(small_cup, coat, (x, y))
        stand(lambda coat: props.surface(0.31, 0.34, coat), tea(), (x, y))


LOW = [(0.5, 0), (0.54, 0.0), (0.56, 0.03), (0.58, 0.06), (0.84, 0.22), (0.92, 0.46), (0.8, 0.7), (0.52, 0.84), (0.36, 0.88)]


@form("bow teapot", elevation=16, turn=-14, fill=0.74)
def bow_teapot(coat):
    lathe("teapot", LOW, coat, 0.05, 0.09, warps=[handmade(0.005, 4)])
    lid(coat, 0.39, 0.88, 0.1)
    spout(coat, [(-0.7, 0, 0.38), (-0.96, 0, 0.48), (-1.14, 0, 0.7), (-1.28, 0, 0.9)], [0.21, 0.15, 0.105, 0.09])
    bow = [(-0.66, 0, 0.73), (-0.72, 0, 1.1), (-0.5, 0, 1.55), (0, 0, 1.74), (0.5, 0, 1.55), (0.72, 0, 1.1), (0.66, 0, 0.73)]
    tube("bow", bow, [0.1, 0.062, 0.055, 0.06, 0.055, 0.062, 0.1], coat, strap=1.35)


look_again("bow teapot", elevation=44, turn=-38, fill=0.74)

TALL = [(0.42, 0), (0.46, 0.0), (0.49, 0.03), (0.52, 0.08), (0.6, 0.3), (0.62, 0.7), (0.55, 1.1), (0.42, 1.36), (0.32, 1.42)]


def ribbed_body(coat):
    lathe("teapot", TALL, coat, 0.06, 0.08, 260, [fluted(26, 0.045, 0.1, 1.28, sharp=0.7)])
    ear(TALL, 1.16, 0.46, 0.42, coat, 0.058, 1.4)
    spout(coat, [(-0.5, 0, 0.55), (-0.72, 0, 0.66), (-0.86, 0, 0.98), (-1.02, 0, 1.3)], [0.2, 0.14, 0.1, 0.085])


@form("ribbed teapot", elevation=13, turn=-14, fill=0.74)
def ribbed_teapot(coat):
    ribbed_body(coat)
    lid(coat, 0.35, 1.42, 0.11)


@second("ribbed teapot", elevation=28, fill=0.76)
def ribbed_teapot_open(coat):
    stand(ribbed_body, coat, (0, 0.2), -16)
    stand(lambda coat: lid(coat, 0.35, 0.03, 0.11), coat, (0.75, -0.65))


SMALL = [(0.34, 0), (0.37, 0.0), (0.4, 0.03), (0.53, 0.18), (0.58, 0.38), (0.5, 0.58), (0.34, 0.66), (0.28, 0.68)]


@form("side-handled teapot", elevation=20, turn=-30, fill=0.76)
def side_teapot(coat):
    lathe("teapot", SMALL, coat, 0.04, 0.08, warps=[handmade(0.006, 3)])
    lid(coat, 0.31, 0.68, 0.08, 0.08)
    spout(coat, [(-0.44, 0, 0.32), (-0.62, 0, 0.4), (-0.73, 0, 0.54), (-0.83, 0, 0.68)], [0.15, 0.1, 0.07, 0.062], 0.02)
    # The handle is a hollow cone that stands off the body, towards the viewer's right.
    way = (0.94, -0.34)
    points = [(way[0] * r, way[1] * r, z) for r, z in ((0.46, 0.4), (0.66, 0.45), (0.95, 0.55), (1.2, 0.63))]
    tube("handle", points, [0.12, 0.085, 0.095, 0.125], coat, hollow=0.025)


@second("side-handled teapot", elevation=26, fill=0.78)
def side_teapot_with_cup(coat):
    stand(side_teapot, coat, (0, 0.2), -24)
    stand(small_cup, coat, (-0.65, -0.65), 0, 0.85)
    stand(lambda coat: props.surface(0.31, 0.34, coat), tea(), (-0.65, -0.65), 0, 0.85)


CONE = [(0.2, 0.0), (0.22, 0.0), (0.22, 0.06), (0.22, 0.06), (0.3, 0.2), (0.48, 0.55), (0.6, 0.86), (0.62, 0.92)]
SAUCER = [(0.3, -0.02), (0.46, -0.02), (0.62, 0.0), (0.66, 0.04)]


@form("dripper", elevation=18, turn=-24, fill=0.66)
def dripper(coat):
    lathe("cone", CONE, coat, 0.045, -1, 200, [handmade(0.005, 2), fluted(24, 0.03, 0.2, 0.8, inside=1.0)])
    plate = [(0.3, 0.045), (0.52, 0.045), (0.6, 0.065), (0.62, 0.1)]
    lathe("plate", plate, coat, 0.05, 0.015)
    turned("ring", [(0, 0), (0.39, 0), (0.4, 0.02), (0.4, 0.06), (0.3, 0.07)], coat, 96, foot=0.02)
    ear(CONE, 0.78, 0.34, 0.24, coat, 0.042, 1.5)


@second("dripper", elevation=14, turn=-24, fill=0.72)
def dripper_on_mug(coat):
    stand(BUILDS["mug"], coat)
    stand(dripper, coat, lift=0.93)


def saucer(coat, radius):
    outline = [(radius * 0.5, 0), (radius * 0.54, 0.0), (radius * 0.58, 0.03), (radius * 0.62, 0.04), (radius * 0.85, 0.08), (radius * 0.97, 0.14), (radius, 0.18)]
    lathe("saucer", outline, coat, 0.035, 0.03, warps=[handmade(0.005, 2)])


ESPRESSO = [(0.17, 0), (0.2, 0.0), (0.22, 0.03), (0.27, 0.14), (0.3, 0.36), (0.3, 0.52)]


@form("espresso cup", elevation=24, turn=-24, fill=0.7)
def espresso_cup(coat):
    saucer(coat, 0.6)
    stand(espresso, coat, lift=0.042)


def espresso(coat):
    lathe("cup", ESPRESSO, coat, 0.038, 0.05, warps=[handmade(0.006, 2)])
    ear(ESPRESSO, 0.42, 0.18, 0.16, coat, 0.03, 1.5)


@second("espresso cup", elevation=52, turn=-34, fill=0.72)
def espresso_cup_of_coffee(coat):
    espresso_cup(coat)
    props.surface(0.27, 0.44, props.crema())


CAPPUCCINO = [(0.24, 0), (0.27, 0.0), (0.29, 0.03), (0.41, 0.16), (0.475, 0.36), (0.48, 0.6)]


@form("cappuccino cup", elevation=24, turn=-24, fill=0.72)
def cappuccino_cup(coat):
    saucer(coat, 0.8)
    stand(cappuccino, coat, lift=0.042)


def cappuccino(coat):
    lathe("cup", CAPPUCCINO, coat, 0.042, 0.05, warps=[handmade(0.005, 3)])
    ear(CAPPUCCINO, 0.5, 0.2, 0.2, coat, 0.036, 1.5)


@second("cappuccino cup", elevation=54, turn=-34, fill=0.72)
def cappuccino_cup_full(coat):
    cappuccino_cup(coat)
    props.surface(0.445, 0.53, props.crema())
    turned("foam", [(0, 0.525), (0.34, 0.528), (0.36, 0.532), (0.33, 0.545), (0, 0.56)], props.foam(), 96,
           [lambda angle, radius, height, outside: (radius * (0.9 + 0.1 * np.abs(np.cos(angle / 2 + 0.6))), height)])
