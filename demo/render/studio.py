"""The photographer: a sheet of warm paper, soft light from the left, and a camera that frames whatever stands there."""
import math
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Vector

from glazes import linear
from shapes import link

PAPER = "#d8cdbd"


@dataclass
class View:
    """How to photograph a form: what to build (nothing: the form itself) and where the camera stands."""

    elevation: float = 16.0
    turn: float = 0.0
    fill: float = 0.68
    close: tuple = ()  # (x, y, z, span): look at this place only
    back: float = 1.0  # the light from behind: flat glossy things mirror it
    build: object = None


def clear():
    bpy.ops.wm.read_factory_settings(use_empty=True)


def stand(build, coat, at=(0, 0), turn=0.0, size=1.0, lift=0.0, **more):
    """Builds a form and puts it somewhere."""
    before = set(bpy.data.objects)
    build(coat, **more) if more else build(coat)
    rack = link("rack", None)
    rack.location, rack.scale = (*at, lift), (size, size, size)
    rack.rotation_euler = (0, 0, math.radians(turn))
    for thing in set(bpy.data.objects) - before - {rack}:
        if thing.parent is None:
            thing.parent = rack
    return rack


def subject():
    """The corners of everything that stands before the camera."""
    bpy.context.view_layer.update()
    clouds = []
    for thing in bpy.data.objects:
        if thing.type == "MESH" and not thing.get("set"):
            points = np.empty(len(thing.data.vertices) * 3)
            thing.data.vertices.foreach_get("co", points)
            points = np.c_[points.reshape(-1, 3), np.ones(len(points) // 3)]
            clouds.append((points @ np.array(thing.matrix_world).T)[:, :3])
    return np.vstack(clouds)


def backdrop(reach):
    """A sheet of paper that lies, bends and stands, in proportion to the subject."""
    bend = [(4 + 3 * math.sin(t), 3 - 3 * math.cos(t)) for t in (i * math.pi / 48 for i in range(25))]
    # It reaches far behind the camera: glossy pots would mirror a near edge as a hard line.
    outline = [(-70, 0)] + bend + [(7, 16)]
    vertices = [(x * reach, y * reach, z * reach) for y, z in outline for x in (-60, 60)]
    faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(outline) - 1)]
    mesh = bpy.data.meshes.new("paper")
    mesh.from_pydata(vertices, [], faces)
    mesh.polygons.foreach_set("use_smooth", [True] * len(faces))
    paper = bpy.data.materials.new("paper")
    paper.use_nodes = True
    surface = paper.node_tree.nodes["Principled BSDF"]
    surface.inputs["Base Color"].default_value, surface.inputs["Roughness"].default_value = linear(PAPER), 0.95
    surface.inputs["Specular IOR Level"].default_value = 0.1
    sheet = link("paper", mesh)
    sheet["set"] = True
    mesh.materials.append(paper)


def soft_box(at, target, size, power, colour=(1, 1, 1), reach=1.0):
    lamp = bpy.data.lights.new("soft box", "AREA")
    lamp.size, lamp.energy, lamp.color = size * reach, power * reach * reach, colour
    stand_for_it = link("soft box", lamp)
    stand_for_it.location = Vector(at) * reach
    way = Vector(target) * reach - stand_for_it.location
    stand_for_it.rotation_euler = way.to_track_quat("-Z", "Y").to_euler()


def room(colour=(0.92, 0.94, 1), strength=0.4):
    world = bpy.data.worlds.new("room")
    world.use_nodes = True
    sky = world.node_tree.nodes["Background"]
    sky.inputs["Color"].default_value, sky.inputs["Strength"].default_value = (*colour, 1), strength
    bpy.context.scene.world = world


def product_light(reach, dim=1.0, back=1.0):
    soft_box((-4.6, -2.6, 5.2), (0, 0, 0.6), 4.0, 590 * dim, (1, 0.97, 0.93), reach)
    soft_box((5.0, -3.4, 2.6), (0, 0, 0.6), 3.5, 65 * dim, (1, 0.93, 0.86), reach)
    soft_box((0.8, 3.4, 5.6), (0, 0, 0.4), 2.6, 130 * dim * back, (1, 1, 1), reach)
    room(strength=0.33 * dim)


def look_from(cloud, elevation, fill, shape=1.0, lens=85.0):
    """Where a camera must stand so that the cloud of points fills its part of the frame, in the middle."""
    rise = math.radians(elevation)
    ahead = np.array([0, math.cos(rise), -math.sin(rise)])
    right, up = np.array([1.0, 0, 0]), np.array([0, math.sin(rise), math.cos(rise)])
    half = 18 / lens
    target, distance = cloud.mean(axis=0), 12 * np.ptp(cloud, axis=0).max()
    for _ in range(6):
        offset = cloud - (target - ahead * distance)
        depth = offset @ ahead
        x, y = (offset @ right) / depth / half, (offset @ up) / depth / half * shape
        middle = [(x.max() + x.min()) / 2, (y.max() + y.min()) / 2]
        target = target + (right * middle[0] + up * middle[1] / shape) * half * distance
        distance *= max(np.ptp(x), np.ptp(y)) / 2 / fill
    return target - ahead * distance, target, distance


def aim(position, target, lens=85.0, blur=0.0):
    camera = bpy.data.cameras.new("camera")
    camera.lens, camera.clip_end = lens, 1000
    tripod = link("camera", camera)
    tripod.location = Vector(position)
    tripod.rotation_euler = (Vector(target) - tripod.location).to_track_quat("-Z", "Y").to_euler()
    if blur:
        camera.dof.use_dof, camera.dof.aperture_fstop = True, blur
        camera.dof.focus_distance = (Vector(target) - tripod.location).length
    bpy.context.scene.camera = tripod


def photograph_product(view, dim=1.0):
    """Frames and lights what has been built."""
    cloud = subject()
    middle = (cloud.max(axis=0) + cloud.min(axis=0)) / 2
    for thing in bpy.data.objects:
        if thing.parent is None:
            thing.location.x -= middle[0]
            thing.location.y -= middle[1]
    cloud = cloud - [middle[0], middle[1], 0]
    reach = np.linalg.norm(np.ptp(cloud, axis=0)) / 2.6
    if view.close:
        x, y, z, span = view.close
        spot = np.array([x - middle[0], y - middle[1], z])
        cloud = spot + np.array([[i, 0, k] for i in (-span / 2, span / 2) for k in (-span / 2, span / 2)])
    position, target, distance = look_from(cloud, view.elevation, 1.0 if view.close else view.fill)
    backdrop(reach)
    product_light(reach, dim, view.back)
    aim(position, target, blur=0)


def expose(out, width, height, samples):
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.samples, cycles.use_denoising = samples, True
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.denoising_prefilter = "FAST"
    cycles.use_adaptive_sampling = False
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 4, 2, 2
    cycles.transparent_max_bounces = 4
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform, scene.view_settings.look = "AgX", "AgX - Medium High Contrast"
    scene.view_settings.exposure = 0.25
    scene.render.filepath = str(out)
    bpy.ops.render.render(write_still=True)
