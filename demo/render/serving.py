"""Platters, dishes, jugs, a carafe and a cake stand."""
import math
import random

import numpy as np

import glazes
import props
from registry import form, look_again, second
from shapes import lathe, tube, turned
from studio import stand
from tableware import ear
from warps import boat, handmade, lip, oval


@form("oval platter", elevation=36, turn=-12, fill=0.8)
def oval_platter(coat):
    outline = [(0.72, 0), (0.76, 0.0), (0.79, 0.03), (0.83, 0.07), (0.93, 0.16), (0.98, 0.27), (1.0, 0.33)]
    lathe("platter", outline, coat, 0.055, 0.07, 200, [oval(1.9, 1.15)])


@second("oval platter", elevation=52, turn=-12, fill=0.8)
def oval_platter_with_figs(coat):
    oval_platter(coat)
    rng = random.Random(3)
    for x, y in ((-1.0, 0.1), (-0.55, 0.45), (-0.5, -0.35), (-0.05, 0.05), (0.45, 0.4), (0.4, -0.4), (0.95, 0.05), (1.2, 0.3)):
        stand(props.fig, props.fig_skin(), (x, y), rng.uniform(0, 360), rng.uniform(0.9, 1.05), 0.06)


@form("boat dish", elevation=30, turn=-14, fill=0.76)
def boat_dish(coat):
    outline = [(0.5, 0), (0.56, 0.0), (0.6, 0.03), (0.78, 0.12), (0.92, 0.28), (1.0, 0.42)]
    lathe("boat", outline, coat, 0.05, 0.08, 260, [boat(1.5, 0.68, 0.16)])


@second("boat dish", elevation=40, turn=-14, fill=0.76)
def boat_of_olives(coat):
    boat_dish(coat)
    rng = random.Random(5)
    spots = [(x, y, 0.09) for x in np.linspace(-0.72, 0.72, 9) for y in np.linspace(-0.24, 0.24, 4) if abs(x) / 1.05 + abs(y) / 0.46 < 0.95]
    spots += [(x, y, 0.2) for x in np.linspace(-0.45, 0.45, 5) for y in (-0.09, 0.1)]
    for x, y, lift in spots:
        seed = rng.uniform(0.85, 1.1)
        stand(lambda coat: props.ellipsoid(coat, (0.115 * seed, 0.085 * seed, 0.085 * seed)), props.olive_skin(),
              (x + rng.uniform(-0.03, 0.03), y + rng.uniform(-0.03, 0.03)), rng.uniform(0, 180), 1, lift - 0.03)


@form("cake stand", elevation=20, fill=0.76)
def cake_stand(coat):
    foot = [(0.55, 0), (0.6, 0), (0.62, 0.03), (0.62, 0.03), (0.5, 0.12), (0.26, 0.3), (0.17, 0.55), (0.2, 0.78), (0.36, 0.93), (0.4, 0.98), (0, 0.98)]
    turned("foot", foot, coat, 128, foot=0.05)
    plate = [(0.3, 0.93), (0.7, 0.94), (1.12, 0.955), (1.2, 0.99), (1.22, 1.07)]
    lathe("plate", plate, coat, 0.055, -1)


@second("cake stand", elevation=22, fill=0.76)
def cake_stand_with_cake(coat):
    cake_stand(coat)
    crust = glazes.plain("sponge", "#a8652c", 0.85, "#c48a45", 26, bump=0.4)
    sugar = glazes.plain("sugar", "#f7f1e6", 0.9, "#efe4cf", 30, bump=0.3)
    turned("cake", [(0, 0.96), (0.8, 0.97), (0.84, 1.0), (0.86, 1.2), (0.85, 1.42), (0.8, 1.5), (0.8, 1.5), (0, 1.56)], crust, 128, [handmade(0.012, 2)])
    turned("sugar", [(0.0, 1.50), (0.72, 1.485), (0.775, 1.505), (0.7, 1.55), (0, 1.585)], sugar, 128, [handmade(0.02, 7)])
    for k in range(7):
        berry = glazes.plain("berry", "#7c1f2b", 0.3, "#5b1420", 8, 0.3)
        turn = k * 2 * math.pi / 7
        stand(lambda coat: props.ellipsoid(coat, (0.085, 0.085, 0.08)), berry, (0.42 * math.cos(turn), 0.42 * math.sin(turn)), 0, 1, 1.54)


JUG = [(0.42, 0), (0.46, 0.0), (0.49, 0.03), (0.64, 0.25), (0.74, 0.6), (0.68, 0.98), (0.48, 1.32), (0.41, 1.55), (0.46, 1.82), (0.5, 1.92)]


@form("jug", elevation=14, turn=-22, fill=0.68)
def jug(coat):
    lathe("jug", JUG, coat, 0.055, 0.12, 200, [handmade(0.006, 2), lip(1.92, 0.17, 0.34, 0.4, 0.05)])
    ear(JUG, 1.68, 0.72, 0.42, coat, 0.062, 1.5)


look_again("jug", elevation=26, turn=28, close=(-0.25, 0, 1.55, 1.35))


def carafe_body(coat):
    outline = [(0.4, 0), (0.44, 0.0), (0.47, 0.03), (0.54, 0.25), (0.56, 0.6), (0.48, 1.05), (0.3, 1.5), (0.235, 1.85), (0.24, 2.2), (0.27, 2.4)]
    lathe("carafe", outline, coat, 0.045, 0.14, warps=[handmade(0.005, 4)])


def carafe_cup(coat):
    lathe("cup", [(0.24, 0), (0.27, 0.0), (0.3, 0.03), (0.335, 0.2), (0.35, 0.48), (0.355, 0.6)], coat, 0.04, 0.06, warps=[handmade(0.006, 3)])


def cup_upside_down(coat):
    cup = stand(carafe_cup, coat, lift=2.53)
    cup.rotation_euler = (math.pi, 0, 0)


@form("carafe", elevation=11, fill=0.72)
def carafe(coat):
    carafe_body(coat)
    cup_upside_down(coat)


@second("carafe", elevation=14, fill=0.72)
def carafe_and_cup(coat):
    stand(carafe_body, coat, (-0.3, 0.1))
    stand(carafe_cup, coat, (0.55, -0.25))


@form("eared dish", elevation=26, turn=-18, fill=0.76)
def eared_dish(coat):
    outline = [(0.56, 0), (0.6, 0.0), (0.63, 0.03), (0.74, 0.12), (0.82, 0.28), (0.85, 0.42)]
    lathe("dish", outline, coat, 0.055, 0.08, warps=[handmade(0.006, 2)])
    for side in (-1, 1):
        points = [(side * 0.79, -0.27, 0.31), (side * 0.98, -0.21, 0.36), (side * 1.06, 0, 0.375), (side * 0.98, 0.21, 0.36), (side * 0.79, 0.27, 0.31)]
        tube("ear", points, [0.07, 0.05, 0.048, 0.05, 0.07], coat, wide=(0, 0, 1))


@second("eared dish", elevation=18, fill=0.74)
def eared_dishes(coat):
    for k, (turn, lift) in enumerate(((-18, 0), (12, 0.2), (-32, 0.4))):
        stand(eared_dish, coat, (0.01 * k, 0), turn, 1, lift)


def small_jug(coat, milk=False):
    outline = [(0.3, 0), (0.33, 0.0), (0.36, 0.03), (0.42, 0.18), (0.43, 0.4), (0.36, 0.65), (0.34, 0.8), (0.37, 0.92)]
    lathe("milk jug", outline, coat, 0.04, 0.09, 180, [handmade(0.006, 5), lip(0.92, 0.13, 0.36, 0.28, 0.04)])
    ear(outline, 0.78, 0.26, 0.23, coat, 0.042, 1.5)
    if milk:
        props.surface(0.345, 0.66, glazes.plain("milk", "#f6f0e4", 0.2))


@form("milk jug", elevation=17, turn=-24, fill=0.64)
def milk_jug(coat):
    small_jug(coat)


@second("milk jug", elevation=30, fill=0.72)
def milk_jugs(coat):
    stand(small_jug, coat, (-0.5, 0.15), -30, 1, milk=True)
    stand(small_jug, coat, (0.55, -0.2), -50, 0.8)
