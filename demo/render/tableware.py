"""Bowls, plates, cups and mugs."""
import math

import glazes
import props
from registry import BUILDS, form, look_again, second
from shapes import lathe, tube, turned, width_at
from studio import stand
from warps import faceted, fluted, handmade, scalloped


def ear(outline, top, low, reach, coat, thick=0.05, strap=1.5, shoulder=0.12):
    """A handle on the right, from one height of a pot to another."""
    first, last = width_at(outline, top) - 0.03, width_at(outline, low) - 0.03
    middle, half = (top + low) / 2, (top - low) / 2
    points = []
    for k in range(11):
        bow = math.pi * (0.5 - k / 10)
        out = reach * max(math.cos(bow), 0) ** 0.8 * (1 + shoulder * math.sin(bow))
        points.append((first + (last - first) * k / 10 + out, 0, middle + half * math.sin(bow)))
    return tube("handle", points, [thick * 1.5, thick * 1.05, thick, thick * 0.95, thick, thick * 1.4], coat, strap=strap)


def many(name, coat, places, **more):
    for x, y, turn, size, lift in places:
        stand(BUILDS[name], coat, (x, y), turn, size, lift, **more)


BOWL = [(0.33, 0), (0.36, 0.0), (0.38, 0.03), (0.36, 0.08), (0.36, 0.08), (0.55, 0.16), (0.8, 0.36), (0.95, 0.58), (1.0, 0.7)]


@form("bowl", elevation=24)
def bowl(coat, seed=1):
    lathe("bowl", BOWL, coat, 0.05, 0.1, warps=[handmade(0.008, seed)])


look_again("bowl", elevation=62, fill=0.66)

NOODLE = [(0.4, 0), (0.42, 0.0), (0.43, 0.04), (0.4, 0.17), (0.4, 0.17), (0.62, 0.24), (0.9, 0.5), (1.0, 0.8), (1.02, 0.98)]


@form("noodle bowl", elevation=20)
def noodle_bowl(coat):
    lathe("bowl", NOODLE, coat, 0.055, 0.15, warps=[handmade(0.006, 3)])


@second("noodle bowl", elevation=30, fill=0.74)
def noodle_bowl_with_sticks(coat):
    noodle_bowl(coat)
    stick = glazes.wood("walnut", "#7a4d2e", "#4f2f1b")
    for y, lean in ((-0.12, 0.05), (0.06, 0.12)):
        tube("stick", [(-1.25, y - lean, 1.045), (0, y, 1.055), (1.35, y + lean, 1.07)], [0.022, 0.03, 0.04], stick, around=12)


@form("faceted bowl", elevation=20)
def faceted_bowl(coat):
    outline = [(0.4, 0), (0.42, 0.0), (0.45, 0.03), (0.62, 0.22), (0.8, 0.5), (0.88, 0.82), (0.9, 0.92)]
    lathe("bowl", outline, coat, 0.09, 0.06, 256, [faceted(8, 0.0, 0.86, fade=0.05)])


look_again("faceted bowl", elevation=26, close=(0.25, -0.7, 0.55, 1.25))


@form("fluted bowl", elevation=18)
def fluted_bowl(coat):
    outline = [(0.36, 0), (0.4, 0.0), (0.42, 0.03), (0.44, 0.06), (0.72, 0.22), (0.92, 0.52), (0.95, 0.8), (0.93, 0.98)]
    lathe("bowl", outline, coat, 0.075, 0.09, 288, [fluted(36, 0.045, 0.07, 0.9, sharp=0.7, fade=0.08)])


look_again("fluted bowl", elevation=48, fill=0.66)

SALAD = [(0.45, 0), (0.48, 0.0), (0.5, 0.04), (0.52, 0.08), (0.8, 0.36), (1.12, 0.72), (1.35, 1.02)]


@form("salad bowl", elevation=22)
def salad_bowl(coat):
    lathe("bowl", SALAD, coat, 0.07, 0.12, warps=[handmade(0.007, 5)])


@second("salad bowl", elevation=34)
def salad_bowl_with_lemons(coat):
    salad_bowl(coat)
    skin = props.lemon_skin()
    for x, y, turn, lift in ((-0.38, -0.3, 20, 0.36), (0.36, -0.32, 100, 0.36), (0.02, 0.38, -30, 0.36), (-0.6, 0.25, 75, 0.56), (0.62, 0.22, 140, 0.56),
                             (0.0, 0.0, 60, 0.78), (0.0, -0.68, 5, 0.58)):
        stand(props.lemon, skin, (x, y), turn, 0.98, lift)


def dish(coat, radius=0.5, height=0.32):
    outline = [(radius * 0.55, 0), (radius * 0.6, 0.0), (radius * 0.66, 0.03), (radius * 0.9, height * 0.45), (radius, height)]
    lathe("dish", outline, coat, 0.045, 0.05, warps=[handmade(0.012, radius * 9)])


@form("nesting dishes", elevation=30)
def nesting_dishes(coat):
    for x, y, radius, height in ((-0.66, 0.12, 0.56, 0.4), (0.5, 0.3, 0.46, 0.35), (0.28, -0.58, 0.36, 0.3)):
        stand(dish, coat, (x, y), radius=radius, height=height)


@second("nesting dishes", elevation=34, fill=0.6)
def nested_dishes(coat):
    for radius, height, lift in ((0.56, 0.4, 0), (0.46, 0.35, 0.085), (0.36, 0.3, 0.165)):
        stand(dish, coat, lift=lift, radius=radius, height=height)


COUPE = [(0.75, 0), (0.8, 0.0), (0.82, 0.03), (0.84, 0.05), (1.12, 0.1), (1.3, 0.2), (1.35, 0.27)]


@form("coupe plate", elevation=36, fill=0.74)
def coupe_plate(coat, seed=1):
    lathe("plate", COUPE, coat, 0.05, 0.06, warps=[handmade(0.005, seed)])


@second("coupe plate", elevation=20, fill=0.7)
def coupe_stack(coat):
    for k in range(5):
        stand(coupe_plate, coat, ((-1) ** k * 0.012, 0.01 * k), 40 * k, 1, 0.105 * k, seed=k)


@form("rimmed plate", elevation=36, fill=0.74)
def rimmed_plate(coat):
    outline = [(0.72, 0), (0.76, 0.0), (0.78, 0.03), (0.82, 0.06), (0.9, 0.11), (0.94, 0.15), (0.94, 0.15), (1.15, 0.19), (1.4, 0.25)]
    lathe("plate", outline, coat, 0.05, 0.05, warps=[handmade(0.004, 2)])


look_again("rimmed plate", elevation=68, fill=0.7, back=0.3)


@form("pasta plate", elevation=32, fill=0.74)
def pasta_plate(coat):
    outline = [(0.5, 0), (0.54, 0.0), (0.56, 0.03), (0.62, 0.07), (0.8, 0.2), (0.86, 0.36), (0.88, 0.39), (0.88, 0.39), (1.05, 0.42), (1.24, 0.48)]
    lathe("plate", outline, coat, 0.05, 0.06, warps=[handmade(0.005, 4)])


@second("pasta plate", elevation=20, fill=0.7)
def pasta_stack(coat):
    for k in range(4):
        stand(pasta_plate, coat, (0.01 * (-1) ** k, 0), 50 * k, 1, 0.12 * k)


@form("scalloped plate", elevation=38, fill=0.74)
def scalloped_plate(coat):
    outline = [(0.6, 0), (0.64, 0.0), (0.66, 0.03), (0.7, 0.05), (0.95, 0.1), (1.15, 0.24), (1.22, 0.32)]
    lathe("plate", outline, coat, 0.05, 0.05, 256, [scalloped(16, 0.09, 0.72)])


look_again("scalloped plate", elevation=70, fill=0.7, back=0.3)

MUG = [(0.4, 0), (0.42, 0.0), (0.45, 0.03), (0.46, 0.1), (0.465, 0.45), (0.46, 0.85), (0.455, 0.98)]


@form("mug", elevation=17, turn=-24, fill=0.64)
def mug(coat):
    lathe("mug", MUG, coat, 0.045, 0.13, warps=[handmade(0.005, 1)])
    ear(MUG, 0.78, 0.26, 0.3, coat, 0.048, 1.6)


@second("mug", elevation=46, turn=-30, fill=0.66)
def mug_of_coffee(coat):
    mug(coat)
    props.surface(0.425, 0.84, props.coffee())


BARREL = [(0.34, 0), (0.37, 0.0), (0.4, 0.03), (0.47, 0.16), (0.53, 0.42), (0.51, 0.68), (0.44, 0.88), (0.435, 0.94)]


@form("barrel mug", elevation=16, turn=-24, fill=0.64)
def barrel_mug(coat):
    lathe("mug", BARREL, coat, 0.045, 0.1, warps=[handmade(0.007, 6)])
    ear(BARREL, 0.76, 0.24, 0.3, coat, 0.055, 1.45)


look_again("barrel mug", elevation=24, turn=-38, close=(0.4, -0.3, 0.52, 0.95))

WIDE = [(0.36, 0), (0.4, 0.0), (0.43, 0.03), (0.53, 0.14), (0.61, 0.38), (0.62, 0.62), (0.6, 0.76)]


@form("wide mug", elevation=20, turn=-24, fill=0.66)
def wide_mug(coat):
    lathe("mug", WIDE, coat, 0.05, 0.11, warps=[handmade(0.006, 8)])
    ear(WIDE, 0.62, 0.22, 0.27, coat, 0.052, 1.5)


@second("wide mug", elevation=48, turn=-36, fill=0.66)
def wide_mug_of_cocoa(coat):
    wide_mug(coat)
    props.surface(0.57, 0.6, glazes.plain("cocoa", "#6b4028", 0.3, "#84563a", 4))


@form("tumbler", elevation=15, fill=0.6)
def tumbler(coat, seed=2):
    outline = [(0.3, 0), (0.33, 0.0), (0.35, 0.03), (0.37, 0.2), (0.4, 0.55), (0.42, 0.9), (0.425, 0.98)]
    lathe("tumbler", outline, coat, 0.04, 0.42, warps=[handmade(0.007, seed)])


@second("tumbler", elevation=18, fill=0.7)
def tumblers(coat):
    for x, y, size, seed in ((-0.5, 0.1, 1.0, 1), (0.5, 0.2, 1.0, 5), (0.05, -0.55, 0.78, 9)):
        stand(tumbler, coat, (x, y), 0, size, seed=seed)


@form("ribbed cup", elevation=17, fill=0.6)
def ribbed_cup(coat):
    outline = [(0.27, 0), (0.29, 0.0), (0.31, 0.03), (0.36, 0.25), (0.41, 0.55), (0.45, 0.82)]
    lathe("cup", outline, coat, 0.05, 0.08, 240, [fluted(24, 0.04, 0.07, 0.76, sharp=0.6, fade=0.06)])


@second("ribbed cup", elevation=18, fill=0.7)
def ribbed_cups(coat):
    many("ribbed cup", coat, [(-0.42, 0.1, 0, 1, 0), (-0.42, 0.1, 7, 1, 0.3), (0.52, -0.15, 3, 1, 0)])
