"""Turns outlines into meshes: pots on a lathe, handles and spouts swept along curves, slabs of clay, height fields.

Lengths are decimetres. Every mesh carries two numbers a vertex that the glazes read: `bare` (above zero where the clay
stays unglazed, in decimetres from the glaze line) and `rim` (distance from the lip).
"""
import math

import bpy
import numpy as np

FAR = 1.0


def link(name, data):
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    return thing


def mesh_thing(name, vertices, faces, coat, bare=None, rim=None, smooth=True):
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(np.asarray(vertices).tolist(), [], np.asarray(faces).tolist() if not isinstance(faces, list) else faces)
    mesh.polygons.foreach_set("use_smooth", [smooth] * len(mesh.polygons))
    for label, values in (("bare", -FAR if bare is None else bare), ("rim", FAR if rim is None else rim)):
        attribute = mesh.attributes.new(label, "FLOAT", "POINT")
        attribute.data.foreach_set("value", np.broadcast_to(np.asarray(values, dtype=np.float32), len(mesh.vertices)).copy())
    mesh.materials.append(coat)
    return link(name, mesh)


def smooth_run(points, each):
    """A centripetal Catmull-Rom curve through the points."""
    points = np.asarray(points, dtype=float)
    if len(points) < 3:
        steps = np.linspace(0, 1, each * 2)[:, None]
        return points[0] + (points[-1] - points[0]) * steps
    times = np.concatenate([[0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(points, axis=0), axis=1)))])
    slopes = np.gradient(points, times, axis=0)
    parts = []
    for k in range(len(points) - 1):
        width = times[k + 1] - times[k]
        s = np.linspace(0, 1, each, endpoint=False)[:, None]
        parts.append((2 * s**3 - 3 * s**2 + 1) * points[k] + (s**3 - 2 * s**2 + s) * width * slopes[k]
                     + (3 * s**2 - 2 * s**3) * points[k + 1] + (s**3 - s**2) * width * slopes[k + 1])
    return np.vstack(parts + [points[-1:]])


def curve_through(points, each=12):
    """A smooth curve through the points; a point given twice is a corner."""
    runs, run = [], [points[0]]
    for before, point in zip(points, points[1:]):
        if tuple(point) == tuple(before):
            runs.append(run)
            run = [point]
        else:
            run.append(point)
    curves = [smooth_run(run, each) for run in runs + [run] if len(run) > 1]
    return np.vstack([curves[0]] + [curve[1:] for curve in curves[1:]])


def width_at(outline, height):
    """The outer radius of a lathe outline at a height."""
    curve = curve_through(outline)
    return float(np.interp(height, curve[:, 1], curve[:, 0]))


def wall(outer, thickness):
    """The inside of a wall: the outer curve moved inwards, from the lip down to a softly rounded floor."""
    tangent = np.gradient(outer, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-9
    inner = (outer - np.stack([tangent[:, 1], -tangent[:, 0]], axis=1) * thickness)[::-1]
    lip_centre, along = (outer[-1] + inner[0]) / 2, tangent[-1]
    across = (outer[-1] - inner[0]) / 2
    bow = np.linspace(0, math.pi, 9)[1:-1, None]
    lip = lip_centre + across * np.cos(bow) + along * np.sin(bow) * thickness / 2
    # Where the outside turns a sharp corner the moved curve folds; whatever came too near is left out.
    near = np.linalg.norm(inner[:, None] - outer[None], axis=2).min(axis=1)
    inner = inner[(near > thickness * 0.985) & (inner[:, 0] > 0.004)]
    floor = outer[0, 1] + thickness * 1.1
    soft = min(0.12, (inner[0, 1] - floor) * 0.4)
    below = np.nonzero(inner[:, 1] <= floor + soft)[0]
    inner = inner[: below[0]] if len(below) else inner
    last, slope = inner[-1], inner[-1] - inner[-2]
    s = np.linspace(0, 1, 12)[1:, None]
    # The wall runs on in its own direction until it meets the floor, and is rounded off there.
    reach = (last[1] - floor) / max(-slope[1], 1e-6)
    corner = np.array([max(last[0] + slope[0] * reach, last[0] * 0.45), floor])
    end = np.array([max(corner[0] - max(soft * 1.5, corner[0] * 0.25), 0.0), floor])
    bend = (1 - s) ** 2 * last + 2 * s * (1 - s) * corner + s**2 * end
    flat = np.stack([np.linspace(end[0], 0, 8)[1:], np.full(7, floor)], axis=1)
    return lip, np.vstack([inner, bend, flat])


def lathe(name, outline, coat, thickness=0.05, foot=0.1, steps=160, warps=(), bend=None, raw_inside=False, floor_ring=True):
    """A vessel turned from an outline of (radius, height), foot to lip.

    `foot` is the height of the glaze line. Each warp takes (angle, radius, height, outside) arrays and returns a new
    (radius, height); `bend` moves the finished points.
    """
    outer = curve_through(outline)
    lip, inner = wall(outer, thickness)
    base = np.stack([np.linspace(0, outer[0, 0], 5)[:-1], np.full(4, outer[0, 1])], axis=1)
    profile = np.vstack([base, outer, lip, inner])
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(profile, axis=0), axis=1))])
    middle = len(base) + len(outer) + len(lip) // 2
    rim = np.abs(lengths - lengths[middle])
    outside = np.arange(len(profile)) < middle
    bare = np.where(outside, outer[0, 1] + foot - profile[:, 1], FAR if raw_inside else -FAR)
    if raw_inside:
        bare = np.where(~outside, rim - 0.06, bare)
    return spin(name, profile, coat, steps, warps, bend, outside, bare, rim)


def turned(name, outline, coat, steps=96, warps=(), foot=-FAR, bend=None):
    """A solid of revolution: lids, knobs, stems, fruit."""
    profile = curve_through(outline)
    bare = profile[:, 1].min() + foot - profile[:, 1]
    return spin(name, profile, coat, steps, warps, bend, np.ones(len(profile), bool), bare, np.full(len(profile), FAR))


def spin(name, profile, coat, steps, warps, bend, outside, bare, rim):
    # A point on the axis would be a crack in the glaze's shading: the ends become small discs instead.
    ends = [k for k, beside in ((0, 1), (-1, -2)) if profile[k, 0] < 1e-3 < profile[beside, 0]]
    profile = profile.copy()
    for k in ends:
        profile[k, 0] = profile[1 if k == 0 else -2, 0] * 0.3
    rows = len(profile)
    angle = np.broadcast_to(np.arange(steps) * 2 * math.pi / steps, (rows, steps))
    radius = np.repeat(np.maximum(profile[:, :1], 1e-4), steps, axis=1)
    height = np.repeat(profile[:, 1:], steps, axis=1)
    for warp in warps:
        radius, height = warp(angle, radius, height, outside[:, None])
    points = np.stack([radius * np.cos(angle), radius * np.sin(angle), height], axis=2).reshape(-1, 3)
    if bend:
        points = bend(points)
    faces = grid_faces(rows, steps, True).tolist()
    faces += [list(range(steps))[::-1] if k == 0 else list(range((rows - 1) * steps, rows * steps)) for k in ends]
    return mesh_thing(name, points, faces, coat, np.repeat(bare, steps), np.repeat(rim, steps))


def grid_faces(rows, columns, round_columns=False):
    row, column = np.meshgrid(np.arange(rows - 1), np.arange(columns if round_columns else columns - 1), indexing="ij")
    after = (column + 1) % columns
    quads = [row * columns + column, row * columns + after, (row + 1) * columns + after, (row + 1) * columns + column]
    return np.stack(quads, axis=2).reshape(-1, 4)


def tube(name, points, radii, coat, strap=1.0, hollow=0.0, around=28, each=12, closed=False, wide=(0, 1, 0)):
    """A tube along a smooth 3D curve; radii are spread along it, `strap` widens it sideways (towards `wide`), `hollow`
    is the wall of a tube that is open at its end (a spout)."""
    path = curve_through(points, each)
    if closed:
        path = path[:-1]
    tangent = np.gradient(path, axis=0)
    if closed:
        tangent = np.roll(path, -1, axis=0) - np.roll(path, 1, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    radius = np.interp(np.linspace(0, 1, len(path)), np.linspace(0, 1, len(radii)), radii) if not np.isscalar(radii) else np.full(len(path), radii)
    if hollow:
        deep = len(path) * 3 // 5
        path, tangent = np.vstack([path, path[:deep:-1]]), np.vstack([tangent, tangent[:deep:-1]])
        radius = np.concatenate([radius, radius[:deep:-1] - hollow])
    side = np.array(wide, dtype=float)
    rings, turn = [], np.arange(around) * 2 * math.pi / around
    for place, way, size in zip(path, tangent, radius):
        side = side - way * side.dot(way)
        side /= np.linalg.norm(side)
        up = np.cross(way, side)
        rings.append(place + size * (strap * np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * up))
    if closed:
        rings.append(rings[0])
    elif not hollow:
        rings = [np.repeat(path[:1], around, axis=0)] + rings + [np.repeat(path[-1:], around, axis=0)]
    return mesh_thing(name, np.vstack(rings), grid_faces(len(rings), around, True), coat)


def slab(name, corners, thick, coat, soft=0.03, foot=0.03):
    """A flat tile with a softened upper edge, cut along a polygon."""
    corners = np.asarray(corners, dtype=float)
    ahead, back = np.roll(corners, -1, axis=0) - corners, corners - np.roll(corners, 1, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    back /= np.linalg.norm(back, axis=1, keepdims=True)
    inward = np.stack([-(ahead + back)[:, 1], (ahead + back)[:, 0]], axis=1)
    inward /= (1 + (ahead * back).sum(axis=1))[:, None]
    bends = np.linspace(0, math.pi / 2, 7)
    rings = [(0, 0), (0, thick * 0.5)] + [(soft * (1 - math.cos(b)), thick - soft + soft * math.sin(b)) for b in bends]
    rings += [(soft + 0.02, thick + 0.002)]
    count = len(corners)
    points = np.vstack([np.column_stack([corners + inward * inset, np.full(count, z)]) for inset, z in rings])
    faces = grid_faces(len(rings), count, True).tolist()
    faces.append(list(range((len(rings) - 1) * count, len(rings) * count)))
    return mesh_thing(name, points, faces, coat, foot - points[:, 2])


def relief(name, wide, deep, thick, coat, height=None, soft=0.05, cells=120, foot=0.03):
    """A square or oblong tile whose face follows a height function of (x, y)."""
    columns, rows = cells, max(int(cells * deep / wide), 24)
    x, y = np.meshgrid(spread(wide, columns), spread(deep, rows))
    edge = np.minimum(wide / 2 - np.abs(x), deep / 2 - np.abs(y))
    fall = np.sqrt(np.clip(1 - (1 - np.clip(edge / soft, 0, 1)) ** 2, 0, 1))
    face = thick - soft + soft * fall + (height(x, y) * np.clip(edge / (soft * 1.6), 0, 1) if height else 0)
    face = np.where(edge <= 1e-6, 0, face)
    points = np.stack([x, y, face], axis=2).reshape(-1, 3)
    return mesh_thing(name, points, grid_faces(rows, columns), coat, foot - points[:, 2])


def spread(length, count):
    """Places along an edge, with a doubled first and last so that the tile gets an upright side."""
    inner = np.linspace(-length / 2 + 1e-4, length / 2 - 1e-4, count - 2)
    return np.concatenate([[-length / 2], inner, [length / 2]])
