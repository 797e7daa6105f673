"""The list of everything the demonstration shop photographs: products, their glazes and sizes, and six wide scenes.

`python plan.py` writes plan.json beside this file; the shop's demo data and the render command both read that JSON.
`python plan.py --taken` leaves out the pictures that have not been rendered.
"""
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
PHOTOGRAPHS = HERE.parent / "photographs"

# handle, form, what, sizes, glazes (the first one is in the main picture), what the second picture shows
SHELVES = {
    "Tableware > Bowls": [
        ("tide-bowl", "bowl", "Wide, open bowl on a small raw foot. S 13 × 6 cm, M 17 × 7 cm, L 23 × 9 cm.",
         "SML", "sand sea moss", "seen from above"),
        ("noodle-bowl", "noodle bowl", "Deep ramen bowl on a tall foot ring. M 18 × 9 cm, L 21 × 10 cm.",
         "ML", "graphite chalk", "with chopsticks resting on the rim"),
        ("facet-bowl", "faceted bowl", "Bowl cut into eight flat sides. S 12 × 7 cm, L 18 × 9 cm.",
         "SL", "honey", "the cut sides from close by"),
        ("furrow-bowl", "fluted bowl", "Round bowl, its outside carved in upright furrows. S 14 × 8 cm, L 20 × 11 cm.",
         "SL", "moss sky", "seen from above"),
        ("harvest-bowl", "salad bowl", "Large conical salad bowl. M 26 × 10 cm, L 32 × 12 cm.",
         "ML", "clay chalk", "filled with lemons"),
        ("nesting-dishes", "nesting dishes", "Set of three dipping dishes that nest: 7, 9 and 11 cm across, 3 to 4 cm high.",
         "", "sky honey", "nested in one another"),
    ],
    "Tableware > Plates": [
        ("dune-plate", "coupe plate", "Flat plate with a softly rising edge. S 17 cm, M 22 cm, L 27 cm across.",
         "SML", "sand sea", "a stack of five"),
        ("shore-plate", "rimmed plate", "Plate with a wide flat rim. S 21 cm, L 28 cm across.",
         "SL", "chalk sky", "seen from above"),
        ("hollow-plate", "pasta plate", "Deep plate for pasta and stews. M 22 × 5 cm, L 26 × 6 cm.",
         "ML", "graphite", "a stack of four"),
        ("petal-plate", "scalloped plate", "Plate with a scalloped edge of sixteen petals. S 16 cm, L 24 cm across.",
         "SL", "honey moss", "seen from above"),
    ],
    "Tableware > Cups & Mugs": [
        ("morning-mug", "mug", "Straight mug with a round handle. S 250 ml, 8 × 8.5 cm; L 350 ml, 9 × 10 cm.",
         "SL", "sea sand clay", "filled with coffee, from above"),
        ("harbour-mug", "barrel mug", "Barrel-shaped mug with a full handle. S 280 ml, 8.5 × 9 cm; L 400 ml, 10 × 10 cm.",
         "SL", "moss graphite", "the handle from close by"),
        ("hearth-mug", "wide mug", "Low, wide mug for soup or cocoa. 450 ml, 11.5 × 7.5 cm.",
         "", "clay sky", "filled with cocoa, from above"),
        ("terrace-tumbler", "tumbler", "Tumbler without a handle, the lower half left raw. S 180 ml, 7 × 8 cm; L 280 ml, 8 × 10 cm.",
         "SL", "sky chalk", "a group of three"),
        ("ridge-cup", "ribbed cup", "Tapered cup with upright ribs. S 160 ml, 7 × 7 cm; M 220 ml, 8 × 8 cm.",
         "SM", "chalk", "two stacked and one beside them"),
    ],
    "Tableware > Serving": [
        ("long-table-platter", "oval platter", "Oval platter with a low wall. M 32 × 20 cm, L 42 × 26 cm.",
         "ML", "sand", "with figs, from above"),
        ("olive-boat", "boat dish", "Narrow dish pointed at both ends. S 18 × 8 cm, M 26 × 11 cm.",
         "SM", "moss honey", "filled with olives"),
        ("orchard-cake-stand", "cake stand", "Cake plate on a turned foot. M 24 × 11 cm, L 29 × 13 cm.",
         "ML", "chalk", "with a cake"),
        ("well-jug", "jug", "Round-bellied water jug with a pulled lip and a handle. M 1 l, 18 cm high; L 1.6 l, 22 cm high.",
         "ML", "sea sand", "the lip from close by"),
        ("spring-carafe", "carafe", "Slender carafe with a cup that sits over its neck. 900 ml, 25 cm high.",
         "", "sky", "with the cup beside it"),
        ("tapas-dish", "eared dish", "Low oven dish with two ears. S 13 × 4 cm, M 17 × 4.5 cm, L 22 × 5.5 cm.",
         "SML", "clay graphite", "a stack of three"),
    ],
    "Tea & Coffee > Teapots": [
        ("valley-teapot", "round teapot", "Round teapot with a side handle. M 700 ml, 13 cm high; L 1.1 l, 16 cm high.",
         "ML", "moss chalk", "with two small cups"),
        ("bridge-teapot", "bow teapot", "Low teapot with a handle that spans the lid. 850 ml, 19 cm high with the handle.",
         "", "graphite sea", "seen from above"),
        ("lantern-teapot", "ribbed teapot", "Ribbed teapot, tall and narrow. 800 ml, 18 cm high.",
         "", "honey", "with the lid set beside it"),
        ("river-teapot", "side-handled teapot", "Small teapot with a straight handle at a right angle to the spout. 350 ml, 9 cm high.",
         "", "clay sand", "with a small cup"),
    ],
    "Tea & Coffee > Coffee": [
        ("dawn-dripper", "dripper", "Pour-over dripper with a saucer base and a handle. S for 1-2 cups, 10 cm; L for 3-4 cups, 12 cm high.",
         "SL", "chalk graphite", "on a mug"),
        ("plaza-espresso-cup", "espresso cup", "Espresso cup, 90 ml, 6 × 6 cm, with a 12 cm saucer.",
         "", "sand sea", "filled with coffee, from above"),
        ("corner-cappuccino-cup", "cappuccino cup", "Round cappuccino cup, 200 ml, 9.5 × 6.5 cm, with a 16 cm saucer.",
         "", "honey clay", "filled with cappuccino, from above"),
        ("dew-milk-jug", "milk jug", "Small jug for milk or cream. S 150 ml, 8 cm high; M 300 ml, 10 cm high.",
         "SM", "chalk sky", "a pair, one filled with milk"),
    ],
    "Home > Vases": [
        ("still-bottle-vase", "bottle vase", "Bottle vase with a long neck. S 20 cm, L 30 cm high.",
         "SL", "sea sand", "with a bare branch"),
        ("reed-bud-vase", "bud vase", "Bud vase for a single stem. S 12 cm, M 16 cm high.",
         "SM", "honey sky", "a group of three"),
        ("moon-jar", "moon jar", "Full, round moon jar with a short neck. S 18 cm, M 26 cm, L 34 cm high.",
         "SML", "chalk graphite", "with blossoming branches"),
        ("tower-vase", "tall vase", "Tall, narrow vase that opens at the top. M 32 cm, L 42 cm high.",
         "ML", "graphite", "with dry grass"),
        ("quarry-vase", "faceted vase", "Vase cut into eight sides that twist. S 16 cm, L 26 cm high.",
         "SL", "clay moss", "seen from higher up"),
        ("column-vase", "fluted vase", "Straight vase, fluted like a column. S 18 cm, M 24 cm, L 30 cm high.",
         "SML", "chalk sky", "the fluting from close by"),
        ("granary-amphora", "amphora", "Amphora with two handles. M 28 cm, L 38 cm high.",
         "ML", "clay sand", "with an olive branch"),
        ("halo-vase", "ring vase", "Ring-shaped vase with an open centre. M 20 cm, L 27 cm high.",
         "ML", "sand", "with dry grass"),
        ("gourd-vase", "gourd vase", "Double-gourd vase. S 17 cm, L 27 cm high.",
         "SL", "moss honey", "seen from higher up"),
    ],
    "Home > Planters": [
        ("courtyard-planter", "planter", "Tapered plant pot with a thick rim, on its saucer. S 12 cm, M 17 cm, L 23 cm across.",
         "SML", "clay chalk", "planted with a succulent"),
        ("swing-planter", "hanging planter", "Half-round hanging planter on three cotton cords. S 14 cm, L 20 cm across.",
         "SL", "sand", "the planter from close by"),
        ("stilt-planter", "footed planter", "Bowl planter on three short legs. S 15 cm, L 21 cm across.",
         "SL", "sky moss", "planted with a succulent"),
        ("sill-trough", "trough", "Long planter with rounded corners for a window sill. M 30 × 11 cm, L 42 × 14 cm.",
         "ML", "graphite", "planted with three succulents"),
    ],
    "Home > Lamps": [
        ("dusk-lamp", "round lamp", "Table lamp with a round base and a linen shade. S 32 cm, L 46 cm high.",
         "SL", "sand sea", "the base from close by"),
        ("pillar-lamp", "column lamp", "Table lamp with a fluted column and a linen shade. 50 cm high.",
         "", "chalk", "the base from close by"),
        ("pebble-lamp", "low lamp", "Low bedside lamp with a pebble-shaped base and a linen shade. 28 cm high.",
         "", "honey graphite", "seen from higher up"),
    ],
    "Home > Candle Holders": [
        ("vigil-candlestick", "candlestick", "Turned candlestick. S 12 cm, M 18 cm, L 24 cm high, without the candle.",
         "SML", "chalk graphite", "a group of three heights"),
        ("evening-chamberstick", "chamberstick", "Candle holder with a saucer and a finger ring. 13 × 6 cm.",
         "", "clay", "seen from above"),
        ("glow-tealight", "tealight holder", "Cup for a tealight with a fluted wall. S 7 × 6 cm, L 9 × 8 cm.",
         "SL", "honey sky", "a group of three"),
        ("procession-holder", "row of candles", "Long holder for three candles. 30 × 7 × 5 cm.",
         "", "sand", "seen from higher up"),
    ],
    "Kitchen > Storage": [
        ("pantry-jar", "lidded jar", "Straight jar with a lid and a knob. S 0.4 l, 10 cm; M 0.9 l, 14 cm; L 1.6 l, 18 cm high.",
         "SML", "sand sea", "the three sizes in a row"),
        ("cellar-crock", "crock", "Lidded crock with two ears. M 2.5 l, 20 cm; L 5 l, 27 cm high.",
         "ML", "clay", "with the lid leaning on it"),
        ("salina-salt-pig", "salt pig", "Hooded salt pig with a wide mouth. 14 cm high.",
         "", "chalk sky", "filled with salt"),
        ("dairy-butter-dish", "butter dish", "Butter dish with a domed, oblong lid. 18 × 11 × 8 cm.",
         "", "honey chalk", "open, with butter"),
        ("beekeeper-pot", "honey pot", "Round honey pot with a lid and a wooden dipper. 300 ml, 10 cm high.",
         "", "honey moss", "open, with the lid beside it"),
    ],
    "Kitchen > Utensils": [
        ("stove-crock", "utensil holder", "Holder for spoons and whisks. M 12 × 15 cm, L 14 × 18 cm.",
         "ML", "graphite sand", "empty, with two bands of throwing rings"),
        ("ladle-rest", "spoon rest", "Spoon rest with a notch for the handle. 13 × 11 cm.",
         "", "sea", "with a wooden spoon, from above"),
        ("mill-mortar", "mortar and pestle", "Heavy mortar, raw inside, with its pestle. S 11 cm, L 15 cm across.",
         "SL", "chalk graphite", "seen from above"),
        ("nest-egg-cup", "egg cup", "Egg cup on a short foot. 5 × 6 cm.",
         "", "sky clay", "four in a row, three with eggs"),
        ("citrus-press", "juicer", "Citrus press with a ribbed cone and a pouring lip. 14 × 8 cm.",
         "", "honey", "with half a lemon"),
        ("grove-oil-bottle", "oil bottle", "Oil bottle with a handle and a cork. S 300 ml, 16 cm; L 600 ml, 21 cm high.",
         "SL", "moss sand", "with a dish of oil"),
    ],
    "Walls & Floors > Tiles": [
        ("plaza-tile", "square tile", "Square wall tile with a pillowed edge. S 10 × 10 cm, L 15 × 15 cm, 1 cm thick. Box of 20.",
         "SL", "sea sand chalk", "the edge from close by"),
        ("comb-tile", "hexagonal tile", "Hexagonal floor tile. S 10 cm, L 15 cm across, 1.2 cm thick. Box of 20.",
         "SL", "honey clay", "seen from above, one tile lifted"),
        ("wave-tile", "relief tile", "Square tile with a relief of waves. 15 × 15 cm, 1.5 cm thick. Box of 12.",
         "", "sky chalk", "the relief from close by"),
        ("scale-tile", "scale tile", "Fish-scale tile with a round end. 12 × 12 cm, 1 cm thick. Box of 24.",
         "", "moss sea", "seen from above"),
        ("lane-tile", "brick tile", "Narrow brick tile with a bevelled face. S 5 × 15 cm, L 7 × 22 cm. Box of 30.",
         "SL", "graphite chalk", "the bevel from close by"),
        ("patio-tile", "star and cross tile", "Eight-pointed star with its cross. 15 cm across, 1.2 cm thick. Box of 12 pairs.",
         "", "clay sky", "seen from above"),
    ],
}

SCENES = [
    ("scene-table.webp", "A laid wooden table by a window: plates, bowls, mugs, a water jug and a vase with an olive branch."),
    ("scene-tea-and-coffee.webp", "A breakfast tray of tea and coffee: teapot, dripper on a mug, espresso cups and a milk jug."),
    ("scene-vases.webp", "A row of vases on a plaster shelf, two of them with branches."),
    ("scene-evening.webp", "An evening sideboard: a lit lamp, candlesticks with burning candles and a moon jar."),
    ("scene-kitchen.webp", "A kitchen counter before a tiled wall: jars, mortar, oil bottle, utensil holder and salt pig."),
    ("scene-workshop.webp", "Workshop shelves full of pots in every glaze."),
]


def product(category, handle, form, what, sizes, glazes, shows):
    glazes = glazes.split()
    pictures = [
        {"file": f"{handle}-{glaze}.webp", "glaze": glaze, "view": "other" if place else "main"}
        for place, glaze in enumerate(glazes)
    ]
    pictures.append({"file": f"{handle}-detail.webp", "glaze": glazes[0], "view": "second", "shows": shows})
    return {"handle": handle, "category": category, "form": form, "what": what, "sizes": list(sizes),
            "glazes": glazes, "pictures": pictures}


def plan():
    products = [product(category, *row) for category, rows in SHELVES.items() for row in rows]
    return {"products": products, "scenes": [{"file": file, "what": what} for file, what in SCENES]}


def taken(made):
    for product in made["products"]:
        product["pictures"] = [picture for picture in product["pictures"] if (PHOTOGRAPHS / picture["file"]).exists()]
    made["scenes"] = [scene for scene in made["scenes"] if (PHOTOGRAPHS / scene["file"]).exists()]
    return made


if __name__ == "__main__":
    made = taken(plan()) if "--taken" in sys.argv else plan()
    (HERE / "plan.json").write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    pictures = [picture for product in made["products"] for picture in product["pictures"]]
    variants = sum(len(product["glazes"]) * max(1, len(product["sizes"])) for product in made["products"])
    print(len(made["products"]), "products,", variants, "variants,", len(pictures), "pictures and", len(made["scenes"]), "scenes")
