"""Six wide still lifes for the home and category pages, composed from the shop's own forms."""
import math

import bpy
import numpy as np

import glazes
import props
from home import candlestick, round_lamp
from kitchen import jar, upright_spoon
from registry import BUILDS
from shapes import link, mesh_thing, relief, grid_faces, slab
from studio import aim, room, soft_box, stand
from tea import small_cup, tea

SCENES = {}


def scene(name):
    def keep(build):
        SCENES[name] = build
        return build
    return keep


def put(form, glaze, at=(0, 0), turn=0.0, size=1.0, lift=0.0):
    return stand(BUILDS[form], glazes.glaze(glaze), at, turn, size, lift)


def block(low, high, material, soft=0.04):
    """A board, shelf or table top between two corners."""
    low, high = np.array(low, float), np.array(high, float)
    size = high - low
    corners = [(-size[0] / 2, -size[1] / 2), (size[0] / 2, -size[1] / 2), (size[0] / 2, size[1] / 2), (-size[0] / 2, size[1] / 2)]
    made = slab("block", corners, size[2], material, soft)
    made.location = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2])
    return made


def plaster(name="plaster", code="#d9cbb6", other="#cfc0a9"):
    return glazes.plain(name, code, 0.95, other, 1.2, bump=0.25)


def back_wall(y, material):
    points = [(-40, y, -10), (40, y, -10), (-40, y, 40), (40, y, 40)]
    mesh_thing("wall", points, [[0, 1, 3, 2]], material, smooth=False)


def table_top(material, front=-9.0, back=9.0):
    block((-22, front, -0.6), (22, back, 0.0), material, 0.08)


def cloth(at, wide, deep, turn, code="#d8c9ae"):
    """A linen cloth that lies in soft folds."""
    linen = glazes.plain("linen " + code, code, 0.95, "#c9b898", 60, bump=0.25)
    x, y = np.meshgrid(np.linspace(-wide / 2, wide / 2, 120), np.linspace(-deep / 2, deep / 2, 90))
    folds = 0.035 * np.sin(3.1 * x + 1.2 * np.sin(1.4 * y)) + 0.03 * np.sin(2.3 * y + 1.7 * x) + 0.02 * np.sin(7 * x - 3 * y)
    points = np.stack([x + 0.03 * np.sin(4 * y), y + 0.03 * np.sin(5 * x), 0.012 + np.clip(folds + 0.012, 0, 1)], axis=2).reshape(-1, 3)
    sheet = mesh_thing("cloth", points, grid_faces(90, 120), linen)
    sheet.location, sheet.rotation_euler = (*at, 0), (0, 0, math.radians(turn))


def sun_through_window(strength=3.2, at=(-9, -3.5, 7), target=(0.5, 0.6, 0), warm=(1, 0.86, 0.68)):
    """A low sun; the glazing bars of a window, out of the picture, break it up."""
    from mathutils import Vector
    sun = bpy.data.lights.new("sun", "SUN")
    sun.energy, sun.angle, sun.color = strength, math.radians(2.2), warm
    stand_for_it = link("sun", sun)
    way = Vector(target) - Vector(at)
    stand_for_it.rotation_euler = way.to_track_quat("-Z", "Y").to_euler()
    frame = glazes.plain("frame", "#8a7a66")
    across = way.normalized()
    side = across.cross(Vector((0, 0, 1))).normalized()
    up = side.cross(across)
    middle = Vector(target) - across * 16
    for shift in (-4.6, -1.5, 1.6, 4.7):
        bar(middle + side * shift, up * 9, side * 0.22, frame)
    for shift in (-3.2, 0.2, 3.6):
        bar(middle + up * shift, side * 9, up * 0.2, frame)
    for shift in (-12.5, 12.5):
        bar(middle + side * shift, up * 14, side * 7.5, frame)


def bar(middle, long, wide, material):
    corners = [middle + a * long + b * wide for a in (-1, 1) for b in (-1, 1)]
    mesh_thing("bar", [tuple(corner) for corner in corners], [[0, 1, 3, 2]], material, smooth=False)


def daylight(soft=700, fill=90, sky=0.32):
    soft_box((-8, -4, 8), (0, 0, 0.6), 6, soft, (1, 0.97, 0.93))
    soft_box((8, -6, 4), (0, 0, 0.6), 5, fill, (1, 0.93, 0.86))
    room(strength=sky)


@scene("scene-table")
def laid_table():
    table_top(glazes.wood("oak", "#b48a5e", "#8d653f", (0.35, 3.5, 3.5)))
    back_wall(11, plaster())
    cloth((-0.3, -1.0), 4.4, 3.0, 12)
    put("coupe plate", "sand", (-0.2, -0.7), size=1.05, lift=0.05)
    put("rimmed plate", "chalk", (-0.2, -0.7), size=0.74, lift=0.17)
    put("bowl", "sea", (-0.2, -0.7), size=0.78, lift=0.26)
    put("jug", "sea", (-2.9, 1.7), -18, 1.12)
    put("mug", "sand", (2.15, -0.85), -30, 1.0)
    put("tumbler", "sky", (1.75, 0.95), 0, 1.0)
    put("tumbler", "sky", (2.55, 0.65), 40, 1.0)
    put("eared dish", "clay", (-2.7, -0.75), -20, 0.95)
    for x, y, turn in ((-2.95, -0.6, 20), (-2.5, -0.65, 100), (-2.7, -1.05, -30)):
        stand(props.fig, props.fig_skin(), (x, y), turn, 0.9, 0.06)
    put("bottle vase", "chalk", (3.7, 2.1), 0, 0.95)
    stand(lambda coat: props.olive_branch((0, 0, 1.5), (-0.5, -0.1, 0.8), 2.2, 3), None, (3.7, 2.1))
    stand(props.spoon, glazes.wood("walnut", "#7a4d2e", "#4f2f1b"), (1.45, -1.9), 168, 0.8)
    daylight(720, 80, 0.32)
    sun_through_window(3.4)
    aim((0.3, -13.5, 6.2), (0.35, 0.4, 1.0), 52, 5.0)


@scene("scene-tea-and-coffee")
def breakfast_tray():
    table_top(plaster("stone", "#cdbfa9", "#c2b39c"))
    back_wall(9, plaster("limewash", "#c9b79d", "#bfac91"))
    block((-3.9, -1.7, 0.0), (1.2, 1.9, 0.16), glazes.wood("walnut", "#8a5c38", "#5d3a22", (0.5, 5, 5)), 0.05)
    put("round teapot", "moss", (-1.9, 0.6), -14, 1.15, 0.16)
    for x, y in ((-2.95, -0.85), (-1.6, -1.0)):
        stand(small_cup, glazes.glaze("chalk"), (x, y), lift=0.16)
        stand(lambda coat: props.surface(0.31, 0.34, coat), tea(), (x, y), lift=0.16)
    put("honey pot", "honey", (0.15, 0.7), 0, 0.95, 0.16)
    put("milk jug", "chalk", (-0.1, -0.85), -30, 0.95, 0.16)
    put("mug", "graphite", (2.5, 0.5), -25, 1.0)
    put("dripper", "graphite", (2.5, 0.5), -25, 1.0, 0.93)
    put("espresso cup", "sand", (2.0, -1.6), -30, 1.0)
    stand(lambda coat: props.surface(0.27, 0.44, coat), props.crema(), (2.0, -1.6))
    put("cappuccino cup", "sky", (4.0, -0.7), -20, 1.0)
    stand(lambda coat: props.surface(0.445, 0.53, coat), props.foam(), (4.0, -0.7))
    put("bud vase", "clay", (4.1, 1.7), 0, 1.2)
    stand(lambda coat: props.blossom_branch((0, 0, 1.2), (-0.15, 0, 1), 1.9, 4), None, (4.1, 1.7))
    daylight(760, 90, 0.36)
    sun_through_window(3.2, (-9, -3.5, 6), (1, 0.6, 0.5))
    aim((0.45, -13.5, 5.0), (0.5, 0, 1.1), 50, 5.0)


@scene("scene-vases")
def row_of_vases():
    back_wall(1.75, plaster("limewash", "#d7c7ae", "#cbb99e"))
    block((-22, -1.5, -0.7), (22, 1.7, 0.0), plaster("shelf", "#e0d4c1", "#d8cab4"), 0.1)
    put("fluted vase", "chalk", (-4.7, 0.3), 10, 0.95)
    put("moon jar", "sand", (-2.7, 0.2), 0, 0.92)
    stand(lambda coat: props.blossom_branch((0.1, 0, 1.9), (0.45, -0.15, 1), 2.6, 11), None, (-2.7, 0.2), 0, 0.92)
    put("bud vase", "honey", (-1.15, -0.55), 0, 1.05)
    put("bottle vase", "sea", (0.05, 0.35), 0, 1.12)
    put("faceted vase", "clay", (1.7, 0.1), 10, 0.95)
    put("ring vase", "chalk", (3.35, 0.0), -14, 0.95)
    put("gourd vase", "moss", (4.75, 0.3), 0, 0.9)
    put("tall vase", "graphite", (6.1, 0.35), 0, 0.85)
    put("bud vase", "sky", (-5.95, -0.2), 0, 1.25)
    stand(lambda coat: props.dry_grass((0, 0, 2.3), 2.4, 11, 0.28), None, (6.1, 0.35), 0, 0.85)
    daylight(620, 60, 0.28)
    sun_through_window(2.6, (-9, -7, 7.5), (0, 1.5, 1.4))
    aim((0.1, -15.5, 2.8), (0.1, 0, 1.85), 40, 0)


@scene("scene-evening")
def evening():
    table_top(glazes.wood("walnut", "#7d5333", "#54341f", (0.35, 3.5, 3.5)))
    back_wall(3.2, plaster("evening wall", "#b9a68c", "#ad997e"))
    stand(round_lamp, glazes.glaze("sand"), (-3.1, 0.9), 0, 1.1)
    put("moon jar", "chalk", (4.0, 1.0), 0, 0.9)
    stand(lambda coat: props.bare_branch((0.1, 0, 1.9), (-0.25, 0, 1), 2.6, 9), None, (4.0, 1.0), 0, 0.9)
    for x, y, height, length in ((0.2, 0.5, 2.3, 1.4), (0.95, 0.0, 1.6, 1.2), (1.75, 0.45, 1.2, 1.4)):
        stand(candlestick, glazes.glaze("chalk"), (x, y), height=height, candle=length)
        candle_light((x, y, height + length + 0.1))
    put("chamberstick", "clay", (-1.0, -0.9), -30, 0.95)
    candle_light((-1.0, -0.9, 1.3))
    put("tealight holder", "honey", (2.35, -1.0), 0, 0.95)
    candle_light((2.35, -1.0, 0.75), 1.2)
    put("bowl", "sea", (-3.7, -1.35), 0, 0.8)
    soft_box((-7, -6, 7), (0, 0, 1), 6, 260, (0.78, 0.86, 1))
    soft_box((-3.1, -1.0, 6.2), (-1.5, 0.6, 0), 2.2, 140, (1, 0.74, 0.46))
    room((0.66, 0.74, 1), 0.2)
    aim((0.1, -13.2, 3.9), (0.1, 0, 1.95), 44, 5.0)


def candle_light(at, power=7.0):
    lamp = bpy.data.lights.new("candle light", "POINT")
    lamp.energy, lamp.color, lamp.shadow_soft_size = power, (1, 0.66, 0.32), 0.06
    link("candle light", lamp).location = (at[0], at[1], at[2] + 0.1)


@scene("scene-kitchen")
def counter():
    table_top(glazes.wood("beech", "#c39c6c", "#a57c4e", (0.35, 3.5, 3.5)))
    back_wall(2.6, glazes.plain("grout", "#c8bda9", 0.95))
    for row in range(8):
        for column in range(-9, 10):
            place = (1.54 * column + (0.77 if row % 2 else 0), 2.58, 0.32 + 0.54 * row)
            tile = relief("tile", 1.5, 0.5, 0.06, glazes.glaze("sky" if (row * 7 + column * 5) % 9 else "chalk"), soft=0.05, cells=48)
            tile.location, tile.rotation_euler = place, (math.pi / 2, 0, 0)
    put("utensil holder", "graphite", (-4.2, 1.1), 0, 1.05)
    stand(jar, glazes.glaze("sand"), (-2.55, 1.2), radius=0.62, height=1.7)
    stand(jar, glazes.glaze("sand"), (-1.15, 1.1), radius=0.52, height=1.2)
    put("salt pig", "chalk", (0.45, 0.9), 22, 0.95)
    put("oil bottle", "moss", (1.85, 1.1), -24, 1.15)
    put("crock", "clay", (4.1, 1.0), -14, 1.0)
    put("mortar and pestle", "graphite", (-2.7, -0.7), 0, 1.0)
    block((-0.9, -1.7, 0.0), (2.2, -0.1, 0.12), glazes.wood("walnut", "#8a5c38", "#5d3a22", (0.5, 5, 5)), 0.04)
    for x, y, turn in ((-0.2, -0.75, 20), (0.35, -1.15, 110), (0.4, -0.5, 65)):
        stand(props.lemon, props.lemon_skin(), (x, y), turn, 0.95, 0.12)
    put("juicer", "honey", (1.5, -0.85), -24, 0.82, 0.12)
    put("butter dish", "chalk", (3.4, -0.95), -18, 0.9)
    daylight(620, 70, 0.28)
    sun_through_window(2.2, (-9, -5, 7), (0, 1, 0.6))
    aim((0.0, -13.2, 4.3), (0.0, 0, 1.3), 46, 0)


SHELF_ROWS = [
    (0.0, [("bowl", "sand", 0.75), ("barrel mug", "moss", 1.0), ("bottle vase", "sea", 0.62), ("ribbed cup", "chalk", 1.05), ("faceted vase", "clay", 0.7),
           ("mug", "graphite", 1.0), ("fluted bowl", "sky", 0.75), ("bud vase", "honey", 1.1), ("milk jug", "chalk", 1.1)]),
    (2.35, [("moon jar", "chalk", 0.68), ("mug", "sea", 1.0), ("gourd vase", "honey", 0.65), ("round teapot", "moss", 0.8), ("tumbler", "sky", 1.0),
            ("amphora", "clay", 0.6), ("lidded jar", "sand", 0.95), ("faceted bowl", "graphite", 0.75), ("jug", "sea", 0.85)]),
    (4.7, [("lidded jar", "sky", 0.95), ("bottle vase", "graphite", 0.62), ("bowl", "moss", 0.75), ("jug", "sand", 0.85), ("ring vase", "chalk", 0.7),
           ("barrel mug", "honey", 1.0), ("fluted vase", "clay", 0.72), ("ribbed teapot", "sea", 0.85), ("salt pig", "sand", 0.9)]),
]


@scene("scene-workshop")
def workshop_shelves():
    back_wall(1.3, plaster("limewash", "#d9cbb5", "#cfbfa6"))
    timber = glazes.wood("pine", "#c7a275", "#a88152", (0.3, 4, 4))
    for height, row in SHELF_ROWS:
        block((-20, -1.0, height - 0.18), (20, 1.25, height), timber, 0.03)
        for k, (form, glaze, size) in enumerate(row):
            put(form, glaze, (-6.4 + 1.6 * k, 0.1 * math.sin(k * 2.3)), -20 + 7 * math.sin(k), size, height)
    block((-20, -1.0, 6.9), (20, 1.25, 7.08), timber, 0.03)
    for x in (-8.2, 8.2):
        block((x - 0.1, -1.0, -3), (x + 0.1, 1.25, 12), timber, 0.03)
    soft_box((-7, -9, 9), (0, 0, 3), 7, 1100, (1, 0.97, 0.93))
    soft_box((8, -9, 3), (0, 0, 3), 6, 260, (1, 0.93, 0.86))
    room(strength=0.36)
    aim((0.0, -21.0, 3.9), (0.0, 0, 3.3), 47, 0)
