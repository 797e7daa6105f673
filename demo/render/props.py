"""What stands in and around the pots: coffee, fruit, branches, succulents, candles, wooden spoons."""
import math
import random

import numpy as np

import glazes
from shapes import mesh_thing, turned, tube
from studio import stand
from warps import handmade


def surface(radius, height, material, name="liquid", wavy=0.0):
    """The flat top of something poured into a pot."""
    rings, around = 14, 64
    angle = np.arange(around) * 2 * math.pi / around
    points = [(radius * k / rings * math.cos(a), radius * k / rings * math.sin(a),
               height + wavy * math.sin(a * 3 + k) * math.sin(k * 0.9)) for k in range(rings + 1) for a in angle]
    from shapes import grid_faces
    return mesh_thing(name, points, grid_faces(rings + 1, around, True), material)


def coffee():
    return glazes.plain("coffee", "#2a1408", 0.08, "#4a2a12", 2.5)


def crema():
    return glazes.plain("crema", "#b57a3c", 0.3, "#8a5424", 5)


def foam():
    return glazes.plain("foam", "#f1e2c8", 0.45, "#e0c49b", 3)


def ellipsoid(coat, size=(0.1, 0.1, 0.1), seed=0):
    outline = [(math.sin(t), -math.cos(t)) for t in np.linspace(0, math.pi, 15)]
    outline = [(max(r, 0.0), z + 1) for r, z in outline]
    return turned("ball", outline, coat, 40, bend=lambda p: (p - [0, 0, 1]) * size + [0, 0, size[2]])


def lemon(coat):
    """A lemon that lies on its side."""
    outline = [(0, -0.43), (0.05, -0.41), (0.08, -0.37), (0.2, -0.28), (0.28, -0.1), (0.29, 0.05), (0.22, 0.25), (0.1, 0.35), (0.06, 0.4), (0, 0.43)]
    turned("lemon", outline, coat, 48, [handmade(0.02, 1)], bend=lambda p: p[:, [2, 1, 0]] * [1, 1, -1] + [0, 0, 0.28])


def lemon_skin():
    return glazes.plain("lemon", "#e8bd2b", 0.38, "#d9a91f", 30, 0.2, 0.1)


def fig(coat):
    turned("fig", [(0, 0), (0.13, 0.02), (0.23, 0.16), (0.22, 0.28), (0.12, 0.42), (0.05, 0.5), (0.04, 0.56), (0, 0.57)], coat, 48, [handmade(0.025, 2)])


def fig_skin():
    return glazes.plain("fig", "#3f2740", 0.45, "#5b4a52", 5)


def olive_skin():
    return glazes.plain("olive", "#7d8238", 0.25, "#666b2a", 4, 0.4)


def egg(coat):
    turned("egg", [(0, 0), (0.12, 0.03), (0.21, 0.16), (0.22, 0.26), (0.16, 0.45), (0.08, 0.54), (0, 0.57)], coat, 48)


def shell():
    return glazes.plain("shell", "#d9ab82", 0.45, "#cf9d72", 14)


def leaf(material, length=0.5, width=0.14, at=(0, 0, 0), along=(1, 0, 0), up=(0, 0, 1), curl=0.25, thick=0.0):
    """A pointed leaf that bends down towards its tip."""
    along, up = np.array(along, float), np.array(up, float)
    along /= np.linalg.norm(along)
    side = np.cross(up, along)
    side /= np.linalg.norm(side) + 1e-9
    up = np.cross(along, side)
    points = []
    for s in np.linspace(0, 1, 13):
        half = width / 2 * math.sin(math.pi * min(1, s * 0.96 + 0.03)) ** 0.8
        spine = np.array(at) + along * length * s - up * curl * length * s * s
        for t in np.linspace(-1, 1, 5):
            points.append(spine + side * half * t + up * (abs(t) * half * 0.35))
    from shapes import grid_faces
    return mesh_thing("leaf", points, grid_faces(13, 5), material)


def foliage():
    return glazes.plain("foliage", "#71804f", 0.5, "#5c6b40", 3)


def bark():
    return glazes.plain("bark", "#6a4d38", 0.8, "#4b3526", 20)


def stem_points(rng, start, way, length, droop=0.0, jitter=0.12, count=6):
    points, place, way = [], np.array(start, float), np.array(way, float) / np.linalg.norm(way)
    for k in range(count):
        points.append(tuple(place))
        way = way + np.array([rng.uniform(-jitter, jitter), rng.uniform(-jitter, jitter), rng.uniform(-jitter, jitter) - droop * k / count])
        way /= np.linalg.norm(way)
        place = place + way * length / (count - 1)
    return points


def along(points, share):
    points = np.array(points)
    at = share * (len(points) - 1)
    k = min(int(at), len(points) - 2)
    return points[k] + (points[k + 1] - points[k]) * (at - k), points[k + 1] - points[k]


def olive_branch(start, lean, length, seed=1, fruit=True):
    """A branch with pairs of narrow leaves."""
    rng = random.Random(seed)
    points = stem_points(rng, start, lean, length, 0.12)
    tube("branch", points, [0.035, 0.026, 0.012], bark(), around=10, each=6)
    for k in range(int(length * 7)):
        place, way = along(points, 0.3 + 0.7 * k / (length * 7))
        out = way / np.linalg.norm(way) * 0.8 + np.array([rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(-0.3, 0.7)])
        leaf(foliage(), rng.uniform(0.35, 0.55), 0.11, place, out, curl=rng.uniform(0, 0.35))
        if fruit and k % 5 == 2:
            stand(lambda coat: ellipsoid(coat, (0.06, 0.06, 0.085)), olive_skin(), tuple((place + [0.04, -0.05, 0])[:2]), lift=place[2] - 0.17)


def blossom_branch(start, lean, length, seed=1):
    """A bare spring branch with small pale flowers."""
    rng = random.Random(seed)
    points = stem_points(rng, start, lean, length, 0.0, 0.2)
    tube("branch", points, [0.045, 0.032, 0.015], bark(), around=10, each=6)
    twigs = [points]
    for k in range(5):
        place, way = along(points, 0.4 + 0.12 * k)
        twig = stem_points(rng, place, way + np.array([rng.choice((-1, 1)) * 0.35, rng.uniform(-0.3, 0.3), 0.1]), length * 0.3, 0, 0.2, 4)
        tube("twig", twig, [0.02, 0.008], bark(), around=8, each=5)
        twigs.append(twig)
    petals = glazes.plain("petal", "#f3e4de", 0.6, "#ecd0c8", 4)
    for twig in twigs:
        for k in range(6):
            place, way = along(twig, rng.uniform(0.45, 1))
            face = np.array([rng.uniform(-1, 1), -rng.uniform(0.2, 1), rng.uniform(-0.2, 1)])
            flower(petals, place, face, rng.uniform(0.09, 0.14))


def flower(petals, place, face, size):
    face = face / np.linalg.norm(face)
    first = np.cross(face, [0, 0, 1.0])
    first /= np.linalg.norm(first) + 1e-9
    other = np.cross(face, first)
    for k in range(5):
        turn = 2 * math.pi * k / 5
        leaf(petals, size, size * 0.9, place, first * math.cos(turn) + other * math.sin(turn) + face * 0.35, face, 0.15)


def bare_branch(start, lean, length, seed=1):
    rng = random.Random(seed)
    points = stem_points(rng, start, lean, length, 0, 0.22, 7)
    tube("branch", points, [0.04, 0.03, 0.012], bark(), around=10, each=6)
    for k in range(4):
        place, way = along(points, 0.4 + 0.14 * k)
        sideways = np.array([(-1) ** k * 0.6, rng.uniform(-0.3, 0.3), 0.2])
        tube("twig", stem_points(rng, place, way + sideways * 0.4, length * 0.35, 0, 0.25, 5), [0.018, 0.006], bark(), around=8, each=5)


def dry_grass(start, height, count=13, spread=0.35, seed=4):
    """A loose bunch of grasses with feathery ends."""
    rng = random.Random(seed)
    straw = glazes.plain("straw", "#c4a56f", 0.8, "#a98a57", 6)
    for k in range(count):
        lean = (rng.uniform(-spread, spread), rng.uniform(-spread, spread) * 0.6, 1)
        points = stem_points(rng, start, lean, height * rng.uniform(0.75, 1), 0.08, 0.06)
        tube("stalk", points, [0.012, 0.008], straw, around=6, each=5)
        tip, way = along(points, 0.99)
        for j in range(9):
            place, way = along(points, 0.72 + 0.03 * j)
            out = way / np.linalg.norm(way) + np.array([rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5), 0])
            leaf(straw, 0.17, 0.035, place, out, (0.1, -1, 0.2), 0.2)


def succulent(coat=None, size=1.0, seed=0):
    """A rosette of fleshy leaves."""
    rng = random.Random(seed)
    green = glazes.plain("succulent", "#8fa584", 0.45, "#71896c", 2.5)
    for k in range(46):
        turn, ring = k * 2.39996, k / 46
        rise = math.radians(18 + 62 * (1 - ring))
        length = (0.16 + 0.5 * ring) * size
        out = (math.cos(turn) * math.cos(rise), math.sin(turn) * math.cos(rise), math.sin(rise))
        blade = [tuple(np.array(out) * length * s + [0, 0, 0.1 * size * s * s]) for s in (0, 0.35, 0.7, 0.92, 1)]
        wide = (-math.sin(turn), math.cos(turn), 0)
        swell = np.array([0.025, 0.06, 0.088, 0.06, 0.006]) * (0.6 + 0.7 * ring) * size * 0.62
        tube("blade", blade, swell, green, strap=1.9, around=14, each=5, wide=wide)


def earth():
    return glazes.plain("earth", "#3a2b20", 0.95, "#5a4636", 22, bump=0.9)


def candle(radius=0.11, height=1.6, lift=0.0, lit=True):
    wax = glazes.plain("wax", "#efe4cc", 0.45, "#eadcc0", 3, through=0.3)
    top = lift + height
    turned("candle", [(0, lift), (radius, lift), (radius, lift), (radius * 0.97, top - 0.02), (radius * 0.85, top), (radius * 0.4, top - 0.015), (0, top - 0.02)], wax, 48)
    tube("wick", [(0, 0, top - 0.03), (0.01, 0, top + 0.07)], [0.012, 0.01], glazes.plain("wick", "#2a2420", 0.9), around=8)
    if lit:
        flame = glazes.glowing("flame", "#ffbf5a", 9.0)
        turned("flame", [(0, top + 0.03), (0.035, top + 0.07), (0.045, top + 0.12), (0.025, top + 0.22), (0, top + 0.31)], flame, 24)


def spoon(coat, length=2.6, bowl=0.3):
    """A wooden spoon that lies along x, its bowl at the left."""
    outline = [(math.sin(t) * 0.5, -math.cos(t) * 0.5 + 0.5) for t in np.linspace(0, math.pi, 13)]
    squeeze = lambda p: (p - [0, 0, 0.5]) * [bowl * 2.6, bowl * 1.8, 0.14] + [0, 0, 0.09]
    hollow = lambda p: squeeze(p) - np.outer(np.clip(p[:, 2] - 0.5, 0, 1) * 0.16, [0, 0, 1])
    turned("spoon", outline, coat, 48, bend=hollow)
    tube("stick", [(bowl * 1.1, 0, 0.09), (length * 0.5, 0, 0.1), (length, 0, 0.1)], [0.045, 0.05, 0.06], coat, strap=1.2)
