"""Renders the pictures that plan.json names and that do not exist yet, most needed first.

    python render.py                     everything that is missing
    python render.py --only tide-bowl    one product (or one scene, by its file's stem)
    python render.py --small             quick tests, 300 pixels, kept out of the repository
    python render.py --again ...         also those that exist
"""
import argparse
import importlib
import json
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import glazes  # noqa: E402
import studio  # noqa: E402
from registry import BUILDS, MAIN, SECOND  # noqa: E402

PHOTOGRAPHS = HERE.parent / "photographs"
SCRATCH = Path(tempfile.gettempdir()) / "renders"
ORDER = {"main": 0, "scene": 1, "second": 2, "other": 3}
# view: pixels wide and high, samples
QUALITY = {"main": (1280, 1280, 6), "second": (720, 720, 5), "other": (720, 720, 5), "scene": (1600, 1000, 8)}
DIMMED = {"round lamp", "column lamp", "low lamp"}

for module in ("tableware", "serving", "tea", "vases", "home", "kitchen", "tiles"):
    importlib.import_module(module)


def jobs(plan):
    listed = [(picture["view"], picture["file"], product["handle"], product["form"], picture["glaze"])
              for product in plan["products"] for picture in product["pictures"]]
    listed += [("scene", scene["file"], Path(scene["file"]).stem, None, None) for scene in plan["scenes"]]
    return sorted(listed, key=lambda job: ORDER[job[0]])


def compose(view, handle, form, glaze):
    studio.clear()
    if view == "scene":
        importlib.import_module("scenes").SCENES[handle]()
        return
    framing = (SECOND if view == "second" else MAIN)[form]
    studio.stand(framing.build or BUILDS[form], glazes.glaze(glaze), turn=framing.turn)
    studio.photograph_product(framing, 0.55 if form in DIMMED else 1.0)


def develop(png, file):
    from PIL import Image
    PHOTOGRAPHS.mkdir(exist_ok=True)
    # Sharp chroma keeps the paper's soft gradients from breaking up into tinted patches.
    Image.open(png).convert("RGB").save(PHOTOGRAPHS / file, "WEBP", quality=95, method=5, use_sharp_yuv=True)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--only", action="append", default=[])
    ask.add_argument("--view", choices=list(ORDER))
    ask.add_argument("--small", action="store_true")
    ask.add_argument("--again", action="store_true")
    asked = ask.parse_args()
    SCRATCH.mkdir(exist_ok=True)
    for view, file, handle, form, glaze in jobs(json.loads((HERE / "plan.json").read_text())):
        wanted = (not asked.only or handle in asked.only) and asked.view in (None, view)
        if not wanted or ((PHOTOGRAPHS / file).exists() and not asked.again and not asked.small):
            continue
        began = time.time()
        wide, high, samples = QUALITY[view]
        if asked.small:
            wide, high, samples = (640, 400, 8) if view == "scene" else (300, 300, 6)
        png = SCRATCH / (("small-" if asked.small else "") + Path(file).stem + ".png")
        try:
            compose(view, handle, form, glaze)
        except Exception as problem:  # one broken form must not stop the night's work
            print("BROKEN", file, repr(problem), flush=True)
            continue
        studio.expose(png, wide, high, samples)
        if not asked.small:
            develop(png, file)
        print(f"{file} {time.time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
