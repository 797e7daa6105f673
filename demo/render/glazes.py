"""The shop's eight glazes, and the plain materials around them: raw clay, wood, linen, wax, leaves, coffee.

A glaze thins to another tone at rims and ridges, varies slightly where it was dipped, carries specks of iron, and ends
above a raw foot. The numbers `bare` and `rim` come from `shapes`.
"""
from dataclasses import dataclass

import bpy


@dataclass
class Glaze:
    colour: str
    cloud: str
    thin: str
    speck: str
    specks: float = 0.5
    rough: float = 0.3
    coat: float = 0.5
    clay: str = "#b08a68"


GLAZES = {
    "sand": Glaze("#d9c7a6", "#cbb48d", "#a97e52", "#6d4a30", 0.85, 0.42, 0.25),
    "sea": Glaze("#1f5f6b", "#154854", "#7d9b8c", "#0d2a33", 0.35, 0.16, 0.9),
    "moss": Glaze("#72744e", "#5c5f3c", "#a58d4f", "#33371c", 0.5, 0.34, 0.5, "#a37f5e"),
    "chalk": Glaze("#efe7d8", "#e5dac6", "#d3bf9f", "#9a8468", 0.3, 0.55, 0.12, "#c9ab87"),
    "graphite": Glaze("#3c3a38", "#2e2d2c", "#7b5f49", "#1a1a1b", 0.3, 0.5, 0.15, "#8d6f56"),
    "clay": Glaze("#99593d", "#894c32", "#b98462", "#6e341e", 0.4, 0.6, 0.05, "#b4714d"),
    "honey": Glaze("#bd7a1f", "#9c5a14", "#6f3d12", "#5a300f", 0.3, 0.14, 1.0, "#b98d63"),
    "sky": Glaze("#8fb2c4", "#7a9fb6", "#c9c5b1", "#4d6470", 0.45, 0.28, 0.6, "#bf9b78"),
}


def linear(code):
    parts = [int(code[k:k + 2], 16) / 255 for k in (1, 3, 5)]
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts) + (1.0,)


class Desk:
    """A short hand for building a material's node tree."""

    def __init__(self, name):
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.surface = self.tree.nodes["Principled BSDF"]
        where = self.tree.nodes.new("ShaderNodeTexCoord")
        each = self.tree.nodes.new("ShaderNodeObjectInfo")
        self.place = self.node("ShaderNodeVectorMath", {0: where.outputs["Object"], 1: self.times(each.outputs["Random"], 40)}).outputs[0]

    def node(self, kind, inputs=None, **settings):
        made = self.tree.nodes.new(kind)
        for key, value in settings.items():
            setattr(made, key, value)
        for key, value in (inputs or {}).items():
            self.put(value, made.inputs[key])
        return made

    def put(self, value, socket):
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = value

    def times(self, value, factor):
        return self.maths("MULTIPLY", value, factor)

    def maths(self, operation, first, second=0.0):
        return self.node("ShaderNodeMath", {0: first, 1: second}, operation=operation).outputs[0]

    def noise(self, scale, detail=2.0, stretch=None):
        place = self.place
        if stretch:
            place = self.node("ShaderNodeVectorMath", {0: place, 1: stretch}, operation="MULTIPLY").outputs[0]
        return self.node("ShaderNodeTexNoise", {"Vector": place, "Scale": scale, "Detail": detail}).outputs["Fac"]

    def between(self, value, low, high):
        """0 below `low`, 1 above `high` (or the other way about), smooth between."""
        inputs = {"Value": value, "From Min": low, "From Max": high}
        return self.node("ShaderNodeMapRange", inputs, interpolation_type="SMOOTHSTEP").outputs["Result"]

    def mix(self, factor, first, second):
        made = self.node("ShaderNodeMix", data_type="RGBA")
        for socket, value in ((made.inputs[0], factor), (made.inputs[6], first), (made.inputs[7], second)):
            self.put(value, socket)
        return made.outputs[2]

    def number(self, name):
        return self.node("ShaderNodeAttribute", attribute_name=name).outputs["Fac"]

    def finish(self, **inputs):
        for key, value in inputs.items():
            self.put(value, self.surface.inputs[key.replace("_", " ").title().replace("Ior", "IOR")])
        return self.material

    def bump(self, height, strength, distance=0.02):
        return self.node("ShaderNodeBump", {"Height": height, "Strength": strength, "Distance": distance}).outputs[0]


def specks(desk, amount):
    """Iron spots: some of the cells of a scatter, of differing size."""
    cells = desk.node("ShaderNodeTexVoronoi", {"Vector": desk.place, "Scale": 19.0, "Randomness": 1.0})
    chance = desk.node("ShaderNodeSeparateColor", {0: cells.outputs["Color"]})
    size = desk.times(desk.between(chance.outputs[0], 1 - amount, 1.15), 0.34)
    ragged = desk.maths("ADD", cells.outputs["Distance"], desk.times(desk.maths("SUBTRACT", desk.noise(70, 1), 0.5), 0.12))
    return desk.between(desk.maths("SUBTRACT", size, ragged), -0.03, 0.05)


def glaze(name):
    made = bpy.data.materials.get(name)
    if made:
        return made
    look, desk = GLAZES[name], Desk(name)
    wide, fine = desk.noise(3.2, 3), desk.noise(22, 2)
    colour = desk.mix(desk.between(wide, 0.35, 0.68), linear(look.colour), linear(look.cloud))
    edge = desk.maths("ADD", desk.number("rim"), desk.times(desk.maths("SUBTRACT", fine, 0.5), 0.07))
    lip = desk.between(edge, 0.085, 0.02)
    ridge = desk.between(desk.node("ShaderNodeNewGeometry").outputs["Pointiness"], 0.515, 0.56)
    thin = desk.times(desk.maths("MAXIMUM", lip, desk.times(ridge, 0.75)), 0.85)
    colour = desk.mix(thin, colour, linear(look.thin))
    colour = desk.mix(desk.times(specks(desk, look.specks), 0.85), colour, linear(look.speck))
    line = desk.maths("ADD", desk.number("bare"), desk.times(desk.maths("SUBTRACT", desk.noise(7, 2), 0.5), 0.05))
    bare = desk.between(line, -0.004, 0.004)
    # The glaze gathers in a slightly darker line just above the bare clay.
    gather = desk.times(desk.between(line, -0.07, -0.01), 0.35)
    colour = desk.mix(gather, colour, linear(look.cloud))
    colour = desk.mix(bare, colour, desk.mix(desk.noise(45, 3), linear(look.clay), linear("#8f6c50")))
    rough = desk.maths("ADD", desk.times(fine, 0.12), look.rough - 0.06)
    rough = desk.maths("ADD", rough, desk.times(bare, 0.8 - look.rough))
    rings = desk.noise(5.0, 1, (0.25, 0.25, 4.0))
    height = desk.maths("ADD", desk.times(rings, 0.6), desk.times(desk.maths("SUBTRACT", 0.0, bare), 0.25))
    glossy = desk.times(desk.maths("SUBTRACT", 1.0, bare), look.coat)
    return desk.finish(base_color=colour, roughness=rough, coat_weight=glossy, coat_roughness=0.06,
                       normal=desk.bump(height, 0.22))


def raw_clay():
    desk = Desk("raw clay")
    colour = desk.mix(desk.noise(40, 3), linear("#b58f6c"), linear("#9a7656"))
    return desk.finish(base_color=colour, roughness=0.85, normal=desk.bump(desk.noise(60, 3), 0.15))


def plain(name, code, rough=0.5, other=None, scale=8.0, coat=0.0, bump=0.0, through=0.0):
    """A plain material of one colour, or clouded between two."""
    made = bpy.data.materials.get(name)
    if made:
        return made
    desk = Desk(name)
    cloud = desk.noise(scale, 4)
    colour = desk.mix(desk.between(cloud, 0.35, 0.65), linear(code), linear(other or code))
    inputs = {"base_color": colour, "roughness": rough, "coat_weight": coat}
    if bump:
        inputs["normal"] = desk.bump(cloud, bump)
    if through:
        inputs["subsurface_weight"] = through
    return desk.finish(**inputs)


def wood(name="oak", light="#b98d5f", dark="#8a6038", along=(0.5, 7.0, 7.0), rough=0.5):
    made = bpy.data.materials.get(name)
    if made:
        return made
    desk = Desk(name)
    grain = desk.noise(2.2, 6, along)
    lines = desk.noise(9, 3, along)
    colour = desk.mix(desk.between(grain, 0.35, 0.7), linear(light), linear(dark))
    colour = desk.mix(desk.times(desk.between(lines, 0.55, 0.7), 0.4), colour, linear(dark))
    return desk.finish(base_color=colour, roughness=rough, normal=desk.bump(lines, 0.1))


def glowing(name, code, power):
    desk = Desk(name)
    return desk.finish(base_color=linear(code), emission_color=linear(code), emission_strength=power)


def lit_linen(low, high, power=1.0):
    """A lamp shade's linen: woven, and brightest near the bulb in the middle of its height."""
    desk = Desk("lit linen")
    weave = desk.maths("MULTIPLY", desk.noise(60, 2, (1, 1, 0.06)), desk.noise(60, 2, (0.2, 0.2, 1.5)))
    height = desk.node("ShaderNodeSeparateXYZ", {0: desk.node("ShaderNodeTexCoord").outputs["Object"]}).outputs[2]
    middle = (low + high) / 2
    away = desk.maths("ABSOLUTE", desk.maths("SUBTRACT", height, middle - (high - low) * 0.12))
    glow = desk.between(away, (high - low) * 0.75, 0.0)
    shine = desk.times(desk.maths("ADD", desk.times(glow, 0.8), 0.28), power)
    shine = desk.maths("MULTIPLY", shine, desk.maths("ADD", desk.times(weave, 1.1), 0.72))
    return desk.finish(base_color=linear("#e6d8bd"), roughness=0.95, emission_color=linear("#ffc98a"), emission_strength=shine)
