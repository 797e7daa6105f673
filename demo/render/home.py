"""Planters, lamps and candle holders."""
import math

import numpy as np

import bpy
import glazes
import props
from registry import BUILDS, form, look_again, second
from shapes import lathe, link, tube, turned
from studio import stand
from warps import fluted, handmade, oblong

POT = [(0.5, 0), (0.54, 0.0), (0.57, 0.03), (0.66, 0.4), (0.78, 1.0), (0.8, 1.1), (0.8, 1.1), (0.86, 1.12), (0.88, 1.16), (0.89, 1.32), (0.87, 1.36)]


def pot(coat):
    lathe("pot", POT, coat, 0.08, 0.1, warps=[handmade(0.005, 2)])


@form("planter", elevation=17, fill=0.68)
def planter(coat):
    lathe("saucer", [(0.62, 0), (0.68, 0.0), (0.72, 0.03), (0.8, 0.1), (0.83, 0.2)], coat, 0.06, 0.04)
    stand(pot, coat, lift=0.075)
    props.surface(0.76, 1.22, props.earth(), "earth", 0.015)


@second("planter", elevation=24, fill=0.72)
def planted_pot(coat):
    planter(coat)
    stand(props.succulent, coat, lift=1.2, size=1.3)


@form("hanging planter", elevation=12, fill=0.78)
def hanging_planter(coat):
    stand(planter_on_cords, coat, lift=0.3)


def planter_on_cords(coat):
    outline = [(0.14, 0), (0.2, 0.005), (0.45, 0.08), (0.75, 0.32), (0.88, 0.68), (0.86, 0.9), (0.85, 0.96)]
    cord = glazes.plain("cotton", "#cdbb9c", 0.9, "#b7a27f", 40)
    lathe("planter", outline, coat, 0.06, 0.12, warps=[handmade(0.006, 4)])
    props.surface(0.8, 0.84, props.earth(), "earth", 0.015)
    for k in range(3):
        turn = math.radians(90 + 120 * k)
        x, y = math.cos(turn), math.sin(turn)
        tube("cord", [(x * 0.8, y * 0.8, 0.82), (x * 0.85, y * 0.85, 1.0), (x * 0.85, y * 0.85, 1.0), (0, 0, 2.7)], 0.018, cord, around=10)
    tube("ring", [(0.09 * math.sin(t), 0, 2.77 - 0.09 * math.cos(t)) for t in np.linspace(0, 2 * math.pi, 13)], 0.022, glazes.wood(), closed=True, around=12, each=4)
    # What it hangs from is beyond the frame.
    tube("cord", [(0, 0, 2.84), (0, 0, 14)], 0.018, cord, around=10)["set"] = True


look_again("hanging planter", elevation=24, close=(0, -0.5, 0.95, 2.2))


@form("footed planter", elevation=15, fill=0.68)
def footed_planter(coat):
    outline = [(0.3, 0.4), (0.4, 0.4), (0.62, 0.46), (0.86, 0.68), (0.94, 1.0), (0.92, 1.26), (0.92, 1.32)]
    lathe("planter", outline, coat, 0.06, -1, warps=[handmade(0.005, 3)])
    for k in range(3):
        turn = math.radians(-90 + 120 * k)
        x, y = math.cos(turn), math.sin(turn)
        tube("leg", [(x * 0.5, y * 0.5, 0.6), (x * 0.62, y * 0.62, 0.25), (x * 0.66, y * 0.66, 0.0)], [0.17, 0.12, 0.085], coat)
    props.surface(0.87, 1.18, props.earth(), "earth", 0.015)


@second("footed planter", elevation=22, fill=0.72)
def footed_planter_planted(coat):
    footed_planter(coat)
    stand(props.succulent, coat, lift=1.16, size=1.4)


def trough_wall(coat):
    outline = [(0.84, 0), (0.88, 0.0), (0.9, 0.03), (0.95, 0.5), (1.0, 1.02), (1.0, 1.08)]
    lathe("trough", outline, coat, 0.06, 0.1, 320, [oblong(1.5, 0.56, 7)])


@form("trough", elevation=20, turn=-18, fill=0.78)
def trough(coat):
    trough_wall(coat)
    bed = props.surface(0.95, 0.92, props.earth(), "earth")
    bed.scale = (1.42, 0.49, 1)


@second("trough", elevation=24, turn=-18, fill=0.78)
def trough_planted(coat):
    trough(coat)
    for x, size, turn in ((-0.9, 0.85, 0), (0, 0.98, 50), (0.9, 0.82, 110)):
        stand(props.succulent, coat, (x, 0), turn, lift=0.9, size=size)


def shade(low, high, bottom, top):
    linen = glazes.lit_linen(low, high, 0.62)
    lathe("shade", [(bottom, low), ((bottom + top) / 2, (low + high) / 2), (top, high)], linen, 0.012, -1).data.materials[0] = linen
    open_ends("shade")
    bulb = bpy.data.lights.new("bulb", "POINT")
    bulb.energy, bulb.color, bulb.shadow_soft_size = 26 * bottom**2, (1, 0.72, 0.42), 0.25
    link("bulb", bulb).location = (0, 0, low + (high - low) * 0.4)


def open_ends(name):
    """A shade has no floor: the faces nearest the axis go."""
    import bmesh
    mesh = bpy.data.objects[name].data
    work = bmesh.new()
    work.from_mesh(mesh)
    widest = max(v.co.xy.length for v in work.verts)
    low = min(v.co.z for v in work.verts)
    height = max(v.co.z for v in work.verts) - low
    gone = [f for f in work.faces if f.calc_center_median().z < low + height * 0.06 and f.calc_center_median().xy.length < widest * 0.955]
    bmesh.ops.delete(work, geom=gone, context="FACES")
    work.to_mesh(mesh)
    work.free()


def fitting(low, high):
    brass = glazes.plain("brass", "#8c6d3a", 0.35)
    turned("fitting", [(0, low), (0.09, low), (0.09, low), (0.09, low + 0.08), (0.035, low + 0.1), (0.035, high), (0, high)], brass, 48)


@form("round lamp", elevation=6, fill=0.8)
def round_lamp(coat):
    outline = [(0.48, 0), (0.54, 0.0), (0.58, 0.04), (0.86, 0.34), (1.02, 0.9), (0.86, 1.44), (0.42, 1.82), (0.2, 1.98), (0.19, 2.08)]
    lathe("base", outline, coat, 0.05, 0.16, warps=[handmade(0.007, 2)])
    fitting(2.05, 2.6)
    shade(2.3, 3.9, 1.3, 0.88)


look_again("round lamp", elevation=9, close=(0, -0.6, 1.35, 3.0))


@form("column lamp", elevation=6, fill=0.82)
def column_lamp(coat):
    outline = [(0.56, 0), (0.62, 0.0), (0.64, 0.04), (0.62, 0.16), (0.46, 0.24), (0.42, 0.32), (0.41, 1.4), (0.4, 2.3), (0.44, 2.42), (0.42, 2.52), (0.2, 2.6)]
    lathe("base", outline, coat, 0.08, 0.08, 320, [fluted(18, 0.08, 0.32, 2.36, sharp=0.6, fade=0.1)])
    fitting(2.56, 3.0)
    shade(2.8, 4.3, 1.15, 0.92)


look_again("column lamp", elevation=9, close=(0, -0.4, 1.5, 3.2))


@form("low lamp", elevation=7, fill=0.76)
def low_lamp(coat):
    outline = [(0.6, 0), (0.68, 0.0), (0.72, 0.03), (0.98, 0.2), (1.04, 0.46), (0.86, 0.74), (0.44, 0.94), (0.2, 1.02), (0.19, 1.1)]
    lathe("base", outline, coat, 0.05, 0.1, warps=[handmade(0.009, 5)])
    fitting(1.06, 1.6)
    shade(1.32, 2.4, 1.12, 0.82)


look_again("low lamp", elevation=24, fill=0.74)


def stick_outline(height):
    """A turned candlestick whose stem grows with its height."""
    stem = height - 0.62
    return [(0, 0), (0.44, 0), (0.47, 0.0), (0.49, 0.04), (0.42, 0.1), (0.2, 0.18), (0.13, 0.28), (0.19, 0.36), (0.12, 0.46), (0.095, 0.46 + stem * 0.5),
            (0.12, 0.42 + stem), (0.2, height - 0.16), (0.21, height - 0.03), (0.19, height), (0.115, height), (0.115, height), (0.1, height - 0.08), (0, height - 0.1)]


def candlestick(coat, height=1.8, candle=1.5):
    turned("candlestick", stick_outline(height), coat, 96, foot=0.05)
    props.candle(0.105, candle, height - 0.09)


@form("candlestick", elevation=9, fill=0.78)
def one_candlestick(coat):
    candlestick(coat)


@second("candlestick", elevation=10, fill=0.8)
def candlesticks(coat):
    stand(candlestick, coat, (-0.75, 0.1), height=1.8, candle=1.5)
    stand(candlestick, coat, (0.1, 0.35), height=2.4, candle=1.6)
    stand(candlestick, coat, (0.65, -0.4), height=1.2, candle=1.3)


@form("chamberstick", elevation=20, turn=-26, fill=0.74)
def chamberstick(coat):
    lathe("saucer", [(0.4, 0), (0.44, 0.0), (0.48, 0.03), (0.58, 0.07), (0.64, 0.17), (0.65, 0.22)], coat, 0.045, 0.05, warps=[handmade(0.008, 1)])
    lathe("socket", [(0.15, 0.03), (0.19, 0.06), (0.17, 0.14), (0.155, 0.3), (0.175, 0.46), (0.2, 0.52)], coat, 0.05, -1)
    ring = [(0.78 + 0.17 * math.cos(t), 0, 0.21 + 0.15 * math.sin(t)) for t in np.linspace(math.pi, 3 * math.pi, 13)]
    tube("ring", ring, 0.04, coat, strap=1.4, closed=True, each=5)
    props.candle(0.105, 1.0, 0.2)


look_again("chamberstick", elevation=42, turn=-40, fill=0.72)


def tealight_holder(coat):
    outline = [(0.3, 0), (0.34, 0.0), (0.36, 0.03), (0.44, 0.2), (0.47, 0.45), (0.44, 0.66), (0.44, 0.74)]
    lathe("holder", outline, coat, 0.06, 0.08, 256, [fluted(20, 0.06, 0.08, 0.68, sharp=0.6, fade=0.06)])
    props.candle(0.2, 0.36, 0.06)


@form("tealight holder", elevation=27, fill=0.62)
def tealight(coat):
    tealight_holder(coat)


@second("tealight holder", elevation=26, fill=0.74)
def tealights(coat):
    stand(tealight_holder, coat, (-0.6, 0.1), 10, 1.2)
    stand(tealight_holder, coat, (0.6, 0.2), 40, 0.95)
    stand(tealight_holder, coat, (0.05, -0.6), 70, 0.95)


@form("row of candles", elevation=14, turn=-14, fill=0.76)
def row_of_candles(coat):
    outline = [(0, 0), (0.92, 0), (0.96, 0.0), (1.0, 0.04), (1.0, 0.2), (0.96, 0.25), (0, 0.27)]
    turned("base", outline, coat, 256, [oblong(1.5, 0.34, 6)], 0.07)
    for x in (-1.0, 0, 1.0):
        stand(socket, coat, (x, 0), lift=0.22)
        stand(lambda coat: props.candle(0.105, 1.5, 0.3), coat, (x, 0))


def socket(coat):
    lathe("socket", [(0.16, 0.0), (0.2, 0.03), (0.165, 0.12), (0.165, 0.22), (0.185, 0.28)], coat, 0.05, -1)


look_again("row of candles", elevation=36, turn=-24, fill=0.76)
