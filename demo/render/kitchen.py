"""Jars and tools for the kitchen."""
import math

import numpy as np

import glazes
import props
from registry import form, look_again, second
from shapes import lathe, tube, turned
from studio import stand
from tableware import ear
from warps import bend_forward, fluted, handmade, lip, notch, oblong


def flat_lid(coat, radius, lift=0.0, knob=0.13):
    """A lid whose edge lies on the jar's rim."""
    outline = [(0, 0), (radius, 0), (radius + 0.03, 0.0), (radius + 0.045, 0.03), (radius + 0.03, 0.065), (radius * 0.6, 0.1), (knob, 0.13),
               (knob * 0.7, 0.17), (knob * 0.8, 0.22), (knob * 1.1, 0.28), (knob, 0.35), (knob * 0.5, 0.38), (0, 0.385)]
    turned("lid", [(r, z + lift) for r, z in outline], coat, 96)


def jar(coat, radius=0.5, height=1.2):
    outline = [(radius * 0.86, 0), (radius * 0.92, 0.0), (radius * 0.97, 0.03), (radius, 0.12), (radius, height * 0.5), (radius, height - 0.08), (radius * 0.97, height)]
    lathe("jar", outline, coat, 0.055, 0.16, warps=[handmade(0.004, radius * 7)])
    flat_lid(coat, radius * 0.97, height)


@form("lidded jar", elevation=14, fill=0.66)
def lidded_jar(coat):
    jar(coat)


@second("lidded jar", elevation=13, fill=0.78)
def three_jars(coat):
    stand(jar, coat, (-1.1, 0.1), radius=0.56, height=1.5)
    stand(jar, coat, (0.1, 0), radius=0.48, height=1.1)
    stand(jar, coat, (1.08, -0.1), radius=0.38, height=0.75)


def crock_body(coat):
    outline = [(0.62, 0), (0.68, 0.0), (0.71, 0.03), (0.84, 0.4), (0.9, 0.9), (0.86, 1.4), (0.76, 1.66), (0.76, 1.66), (0.82, 1.7), (0.82, 1.8)]
    lathe("crock", outline, coat, 0.08, 0.18, warps=[handmade(0.006, 3)])
    for side in (-1, 1):
        points = [(side * 0.84, -0.24, 1.28), (side * 1.02, -0.2, 1.32), (side * 1.1, 0, 1.33), (side * 1.02, 0.2, 1.32), (side * 0.84, 0.24, 1.28)]
        tube("ear", points, [0.1, 0.07, 0.065, 0.07, 0.1], coat, wide=(0, 0, 1))


@form("crock", elevation=13, turn=-16, fill=0.7)
def crock(coat):
    crock_body(coat)
    flat_lid(coat, 0.8, 1.8, 0.16)


@second("crock", elevation=20, fill=0.74)
def open_crock(coat):
    stand(crock_body, coat, (0, 0.2), -16)
    # The lid stands on its edge and leans on the belly.
    leaning = stand(lambda coat: flat_lid(coat, 0.8, 0, 0.16), coat, (0.55, -1.12), 0, lift=0.82)
    leaning.rotation_euler = (math.radians(78), 0, math.radians(20))


@form("salt pig", elevation=15, turn=24, fill=0.68)
def salt_pig(coat):
    outline = [(0.46, 0), (0.5, 0.0), (0.54, 0.03), (0.66, 0.25), (0.7, 0.55), (0.62, 0.95), (0.5, 1.3), (0.47, 1.55), (0.52, 1.72)]
    lathe("salt pig", outline, coat, 0.06, 0.1, warps=[handmade(0.005, 2)], bend=bend_forward(0.55, 78, 1.0))


@second("salt pig", elevation=22, turn=8, fill=0.7)
def salt_pig_with_salt(coat):
    salt_pig(coat)
    salt = glazes.plain("salt", "#f5f2ec", 0.8, "#e4dfd6", 40, bump=0.6)
    turned("salt", [(0, 0.08), (0.58, 0.1), (0.6, 0.6), (0.5, 0.8), (0.25, 0.95), (0, 1.0)], salt, 64, [handmade(0.03, 4)])


def butter_base(coat):
    outline = [(0.86, 0), (0.9, 0.0), (0.92, 0.03), (0.97, 0.08), (1.0, 0.15)]
    lathe("base", outline, coat, 0.05, 0.04, 256, [oblong(0.95, 0.6, 6)])


def butter_lid(coat):
    outline = [(0, 0.62), (0.8, 0.6), (0.9, 0.55), (0.95, 0.45), (0.98, 0.1), (0.98, 0.0), (0.98, 0.0), (0, 0.0)]
    turned("lid", outline[::-1], coat, 256, [oblong(0.82, 0.48, 6)])
    turned("knob", [(0, 0.58), (0.09, 0.6), (0.075, 0.65), (0.12, 0.72), (0.1, 0.79), (0, 0.81)], coat, 64)


@form("butter dish", elevation=20, turn=-22, fill=0.72)
def butter_dish(coat):
    butter_base(coat)
    stand(butter_lid, coat, lift=0.065)


@second("butter dish", elevation=30, fill=0.78)
def butter_dish_open(coat):
    stand(butter_base, coat, (0.25, -0.45), -16)
    butter = glazes.plain("butter", "#edd589", 0.4, "#e8cc78", 3, through=0.2)
    stand(lambda coat: turned("butter", [(0, 0.06), (0.98, 0.06), (1, 0.08), (1, 0.36), (0.96, 0.4), (0, 0.4)], coat, 200, [oblong(0.55, 0.28, 12)]), butter, (0.25, -0.45), -16)
    stand(butter_lid, coat, (-0.4, 0.75), -22)


HIVE = [(0.3, 0), (0.34, 0.0), (0.37, 0.03), (0.5, 0.2), (0.54, 0.42), (0.48, 0.64), (0.38, 0.76)]


def honey_pot_body(coat):
    coils = lambda angle, radius, height, outside: (radius * (1 + 0.025 * outside * np.abs(np.sin(height * 24))), height)
    lathe("pot", HIVE, coat, 0.05, 0.06, warps=[coils])


def dipper(coat):
    outline = [(0, 0), (0.06, 0.01)] + [(0.1 if k % 2 else 0.065, 0.03 + 0.035 * k) for k in range(1, 9)] + [(0.05, 0.36), (0.028, 0.42), (0.028, 1.2), (0.035, 1.3), (0, 1.33)]
    turned("dipper", outline, glazes.wood(), 40)


@form("honey pot", elevation=17, fill=0.66)
def honey_pot(coat):
    honey_pot_body(coat)
    flat_lid(coat, 0.36, 0.765, 0.09)


@second("honey pot", elevation=26, fill=0.76)
def honey_pot_open(coat):
    stand(honey_pot_body, coat, (-0.25, 0.2))
    stand(lambda coat: props.surface(0.4, 0.6, glazes.plain("liquid honey", "#b8700f", 0.06, coat=1.0)), coat, (-0.25, 0.2))
    leaning = stand(dipper, coat, (-0.33, 0.2), lift=0.3)
    leaning.rotation_euler = (0, math.radians(24), math.radians(-10))
    stand(lambda coat: flat_lid(coat, 0.36, 0, 0.09), coat, (0.5, -0.45))


def stove_crock(coat):
    bands = lambda angle, radius, height, outside: (radius * (1 - 0.02 * outside * sum(np.abs(height - ring) < 0.022 for ring in (1.05, 1.13, 0.42, 0.5))), height)
    outline = [(0.5, 0), (0.54, 0.0), (0.57, 0.03), (0.6, 0.2), (0.6, 0.42), (0.6, 0.5), (0.6, 0.75), (0.6, 1.05), (0.6, 1.13), (0.6, 1.3), (0.62, 1.46)]
    lathe("crock", outline, coat, 0.06, 0.16, warps=[handmade(0.004, 6), bands])


def upright_spoon(coat, lean, turn, length=2.5):
    stick = stand(props.spoon, coat)
    stick.rotation_euler = (0, math.radians(90), 0)
    stick.location = (0, 0, length)
    tilt = stand(lambda coat: None, coat)
    stick.parent = tilt
    tilt.rotation_euler = (0, math.radians(lean), math.radians(turn))


@form("utensil holder", elevation=12, fill=0.78)
def utensil_holder(coat):
    stove_crock(coat)
    pale, brown = glazes.wood("beech", "#c9a273", "#ad8353"), glazes.wood("walnut", "#7a4d2e", "#4f2f1b")
    for timber, lean, turn, length, at in ((pale, 9, 20, 2.6, (0.12, 0.05)), (brown, 10, 160, 2.75, (-0.1, 0.08)), (pale, 8, 260, 2.5, (0.0, -0.1))):
        tilt = stand(lambda coat: upright_spoon(coat, lean, turn, length), timber, at, lift=0.09)


@second("utensil holder", elevation=24, fill=0.66)
def empty_holder(coat):
    stove_crock(coat)


@form("spoon rest", elevation=34, turn=-20, fill=0.7)
def spoon_rest(coat):
    outline = [(0.42, 0), (0.46, 0.0), (0.49, 0.03), (0.56, 0.08), (0.6, 0.16), (0.61, 0.22)]
    lathe("rest", outline, coat, 0.05, 0.05, 200, [notch(0.0, 0.3, 0.11, 0.05), handmade(0.012, 3)])


@second("spoon rest", elevation=48, turn=-20, fill=0.8)
def spoon_rest_with_spoon(coat):
    spoon_rest(coat)
    laid = stand(props.spoon, glazes.wood("walnut", "#7a4d2e", "#4f2f1b"), (-0.2, 0), lift=0.06, size=0.8)
    laid.rotation_euler = (0, math.radians(-1.5), 0)


@form("mortar and pestle", elevation=20, turn=0, fill=0.7)
def mortar(coat):
    outline = [(0.42, 0), (0.48, 0.0), (0.51, 0.04), (0.5, 0.1), (0.62, 0.3), (0.72, 0.62), (0.74, 0.86)]
    lathe("mortar", outline, coat, 0.11, 0.11, 200, [lip(0.86, 0.1, 0.28, 0.25, 0.02, math.radians(215))], raw_inside=True)
    pestle = stand(lambda coat: turned("pestle", [(0, 0), (0.14, 0.02), (0.2, 0.14), (0.17, 0.28), (0.1, 0.42), (0.085, 0.9), (0.105, 1.12), (0.07, 1.22), (0, 1.24)], coat, 64, foot=0.3),
                   coat, (-0.12, -0.05), lift=0.16)
    pestle.rotation_euler = (math.radians(-6), math.radians(40), 0)


look_again("mortar and pestle", elevation=52, turn=30, fill=0.7)


def egg_cup(coat):
    outline = [(0.2, 0), (0.24, 0.0), (0.25, 0.03), (0.2, 0.08), (0.13, 0.16), (0.13, 0.22), (0.22, 0.32), (0.26, 0.46), (0.255, 0.56)]
    lathe("egg cup", outline, coat, 0.035, 0.05, warps=[handmade(0.006, 2)])


@form("egg cup", elevation=16, fill=0.62)
def one_egg_cup(coat):
    turned("stem", [(0, 0.02), (0.12, 0.02), (0.12, 0.27), (0, 0.27)], coat, 48)
    egg_cup(coat)
    stand(props.egg, props.shell(), lift=0.31)


@second("egg cup", elevation=22, fill=0.8)
def four_egg_cups(coat):
    for k in range(4):
        stand(egg_cup, coat, (-1.05 + 0.7 * k, 0.12 - 0.1 * k))
        if k != 2:
            stand(props.egg, props.shell(), (-1.05 + 0.7 * k, 0.12 - 0.1 * k), lift=0.31)


@form("juicer", elevation=26, turn=-20, fill=0.74)
def juicer(coat):
    outline = [(0.48, 0), (0.52, 0.0), (0.55, 0.03), (0.64, 0.1), (0.7, 0.24), (0.71, 0.36)]
    lathe("dish", outline, coat, 0.05, 0.06, 200, [lip(0.36, 0.17, 0.24, 0.2, 0.02)])
    cone = [(0, 0.05), (0.4, 0.06), (0.36, 0.16), (0.29, 0.38), (0.17, 0.62), (0.06, 0.75), (0, 0.77)]
    turned("cone", cone, coat, 240, [fluted(12, 0.2, 0.06, 0.76, sharp=0.8, fade=0.14)])
    ear([(0.6, 0.0), (0.66, 0.14), (0.7, 0.3), (0.71, 0.36)], 0.3, 0.13, 0.22, coat, 0.045, 1.5)


@second("juicer", elevation=34, fill=0.78)
def juicer_with_lemon(coat):
    stand(juicer, coat, (0, 0.2), -20)
    flesh = glazes.plain("flesh", "#efd26a", 0.25, "#f3e2a0", 14, 0.4)
    half = stand(half_lemon, props.lemon_skin(), (-0.75, -0.55), 20, lift=0.3)
    half.rotation_euler = (math.radians(62), 0, math.radians(-25))
    stand(lambda coat: turned("flesh", [(0, 0), (0.25, 0), (0.25, 0.004), (0, 0.006)], coat, 48), flesh, lift=0.004).parent = half


def half_lemon(coat):
    turned("half lemon", [(0, -0.42), (0.06, -0.38), (0.2, -0.28), (0.28, -0.1), (0.29, 0), (0.29, 0), (0, 0)], coat, 48)


FLASK = [(0.38, 0), (0.42, 0.0), (0.45, 0.03), (0.5, 0.3), (0.48, 0.75), (0.36, 1.1), (0.2, 1.3), (0.13, 1.46), (0.12, 1.66), (0.17, 1.76)]


@form("oil bottle", elevation=12, turn=-24, fill=0.7)
def oil_bottle(coat):
    lathe("bottle", FLASK, coat, 0.04, 0.14, warps=[handmade(0.006, 4)])
    ear(FLASK, 1.5, 0.94, 0.26, coat, 0.042, 1.45)
    cork = glazes.plain("cork", "#c19a6b", 0.9, "#9c7448", 26)
    turned("cork", [(0, 1.6), (0.1, 1.6), (0.115, 1.76), (0.125, 1.88), (0.115, 1.9), (0, 1.905)], cork, 48)


@second("oil bottle", elevation=22, fill=0.78)
def oil_bottle_with_dish(coat):
    from tableware import dish
    stand(oil_bottle, coat, (0.15, 0.25), -30)
    stand(dish, coat, (-0.7, -0.45), radius=0.46, height=0.28)
    stand(lambda coat: props.surface(0.37, 0.15, glazes.plain("oil", "#a38a1f", 0.04, coat=1.0)), coat, (-0.7, -0.45))
