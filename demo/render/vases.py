"""Vases, and what stands in them."""
import math

import props
from registry import form, look_again, second
from shapes import lathe, tube, turned, width_at
from studio import stand
from warps import faceted, fluted, handmade

BOTTLE = [(0.4, 0), (0.44, 0.0), (0.48, 0.03), (0.66, 0.25), (0.76, 0.65), (0.68, 1.05), (0.42, 1.38), (0.22, 1.65), (0.17, 2.05), (0.18, 2.5), (0.25, 2.68)]


@form("bottle vase", elevation=10, fill=0.7)
def bottle_vase(coat):
    lathe("vase", BOTTLE, coat, 0.045, 0.16, warps=[handmade(0.007, 3)])


@second("bottle vase", elevation=9, fill=0.82)
def bottle_vase_with_branch(coat):
    bottle_vase(coat)
    props.bare_branch((0.02, 0, 1.4), (0.12, 0, 1), 2.9, 7)


BUD = [(0.28, 0), (0.31, 0.0), (0.34, 0.03), (0.44, 0.16), (0.48, 0.38), (0.38, 0.62), (0.2, 0.82), (0.13, 1.02), (0.13, 1.22), (0.19, 1.36)]


@form("bud vase", elevation=12, fill=0.62)
def bud_vase(coat, seed=1):
    lathe("vase", BUD, coat, 0.035, 0.09, warps=[handmade(0.008, seed)])


@second("bud vase", elevation=14, fill=0.72)
def bud_vases(coat):
    stand(bud_vase, coat, (-0.6, 0.15), 0, 1.15, seed=2)
    stand(bud_vase, coat, (0.55, 0.3), 60, 0.95, seed=5)
    stand(bud_vase, coat, (0.1, -0.6), 30, 0.75, seed=8)


MOON = [(0.5, 0), (0.54, 0.0), (0.57, 0.03), (0.62, 0.08), (1.0, 0.38), (1.26, 0.98), (1.2, 1.55), (0.86, 2.06), (0.55, 2.26), (0.5, 2.34), (0.5, 2.34), (0.53, 2.44)]


@form("moon jar", elevation=11, fill=0.66)
def moon_jar(coat):
    lathe("moon jar", MOON, coat, 0.06, 0.12, warps=[handmade(0.011, 2)])


@second("moon jar", elevation=10, fill=0.84)
def moon_jar_with_blossom(coat):
    moon_jar(coat)
    props.blossom_branch((0.1, 0, 1.9), (0.42, -0.1, 1), 2.9, 11)
    props.blossom_branch((-0.1, 0, 1.9), (-0.3, 0.1, 1), 2.5, 5)


TOWER = [(0.4, 0), (0.43, 0.0), (0.46, 0.03), (0.5, 0.4), (0.5, 1.2), (0.4, 2.2), (0.33, 2.9), (0.38, 3.4), (0.5, 3.68)]


@form("tall vase", elevation=8, fill=0.76)
def tall_vase(coat):
    lathe("vase", TOWER, coat, 0.05, 0.18, warps=[handmade(0.008, 6)])


@second("tall vase", elevation=8, fill=0.84)
def tall_vase_with_grass(coat):
    tall_vase(coat)
    props.dry_grass((0, 0, 2.6), 3.2, 15, 0.3)


@form("faceted vase", elevation=12, fill=0.68)
def faceted_vase(coat):
    outline = [(0.42, 0), (0.46, 0.0), (0.5, 0.03), (0.7, 0.5), (0.8, 1.0), (0.7, 1.55), (0.46, 2.0), (0.4, 2.2), (0.46, 2.4)]
    lathe("vase", outline, coat, 0.075, 0.1, 256, [faceted(8, 0.0, 2.25, twist=0.55)])


look_again("faceted vase", elevation=36, turn=22, fill=0.68)


@form("fluted vase", elevation=11, fill=0.7)
def fluted_vase(coat):
    outline = [(0.5, 0), (0.54, 0.0), (0.57, 0.03), (0.58, 0.15), (0.56, 1.2), (0.56, 2.0), (0.58, 2.14), (0.58, 2.26)]
    lathe("vase", outline, coat, 0.08, 0.1, 320, [fluted(22, 0.075, 0.14, 2.14, sharp=0.6, fade=0.08)])


look_again("fluted vase", elevation=20, close=(0.2, -0.55, 1.8, 1.3))

AMPHORA = [(0.34, 0), (0.38, 0.0), (0.4, 0.03), (0.42, 0.12), (0.66, 0.6), (0.88, 1.2), (0.84, 1.72), (0.52, 2.12), (0.32, 2.36), (0.31, 2.62), (0.42, 2.82)]


@form("amphora", elevation=10, fill=0.72)
def amphora(coat):
    lathe("amphora", AMPHORA, coat, 0.055, 0.16, warps=[handmade(0.008, 4)])
    for side in (-1, 1):
        points = [(side * 0.3, 0, 2.52), (side * 0.52, 0, 2.62), (side * 0.8, 0, 2.44), (side * 0.86, 0, 2.08), (side * 0.72, 0, 1.84)]
        tube("handle", points, [0.1, 0.066, 0.06, 0.062, 0.11], coat, strap=1.45)


@second("amphora", elevation=9, fill=0.84)
def amphora_with_olive(coat):
    amphora(coat)
    props.olive_branch((0.05, 0, 2.1), (0.5, -0.15, 1), 2.7, 3)
    props.olive_branch((-0.05, 0, 2.1), (-0.4, 0.1, 1), 2.2, 8)


@form("ring vase", elevation=9, turn=-16, fill=0.72)
def ring_vase(coat):
    ring = [(0.78 * math.sin(t), 0, 1.02 - 0.78 * math.cos(t)) for t in (k * math.pi / 12 for k in range(24))]
    tube("ring", ring + ring[:1], 0.22, coat, strap=1.15, closed=True, around=48, each=5)
    lathe("neck", [(0.1, 1.88), (0.2, 1.88), (0.175, 1.98), (0.155, 2.12), (0.165, 2.26), (0.215, 2.36)], coat, 0.04, -1)
    turned("foot", [(0, 0), (0.34, 0), (0.36, 0.03), (0.34, 0.07), (0.26, 0.16), (0, 0.2)], coat, 96, foot=0.06)


@second("ring vase", elevation=9, turn=12, fill=0.84)
def ring_vase_with_grass(coat):
    ring_vase(coat)
    props.dry_grass((0, 0, 1.95), 1.9, 8, 0.22)


@form("gourd vase", elevation=11, fill=0.68)
def gourd_vase(coat):
    outline = [(0.38, 0), (0.42, 0.0), (0.45, 0.03), (0.66, 0.22), (0.78, 0.62), (0.68, 1.02), (0.42, 1.3), (0.4, 1.42), (0.52, 1.66), (0.54, 1.9), (0.4, 2.2), (0.22, 2.36), (0.19, 2.5), (0.24, 2.6)]
    lathe("vase", outline, coat, 0.045, 0.14, warps=[handmade(0.008, 5)])


look_again("gourd vase", elevation=34, fill=0.68)
