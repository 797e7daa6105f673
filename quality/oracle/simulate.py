"""Surveys that never were: answers of a factor model with a known seed, cut to points and given gaps.

    simulate.py FOLDER FIRST LAST    writes FOLDER/survey-SEED.csv and .json for every seed
"""

import csv
import json
import math
import random
import sys
from pathlib import Path


def survey(seed):
    draw = random.Random(seed)
    sizes = [draw.randint(3, 6) for _ in range(draw.randint(1, 4))]
    people = draw.choice([60, 150, 400, 1200])
    points = draw.choice([5, 5, 7])
    gaps = draw.choice([0, 0, 0.04, 0.15])
    common = draw.uniform(0.2, 0.8)
    groups = draw.choice([["a", "b"], ["north", "south", "west"], ["es", "en", "fr", "de"]])
    scales, turned = {}, set()
    for number, size in enumerate(sizes):
        name = "EFF SYS FUL PRI".split()[number]
        items = [f"{name}{item + 1}" for item in range(size)]
        turned |= {item for item in items if draw.random() < 0.15}
        scales[name] = [item + "-" if item in turned else item for item in items]
    strength = {item.rstrip("-"): draw.uniform(0.4, 0.9) for items in scales.values() for item in items}
    effects = [draw.uniform(0, 0.8) for _ in sizes]
    rows = []
    for _ in range(people):
        group = draw.choice(groups)
        together = draw.gauss(0, 1) + 0.3 * groups.index(group)
        outcome, row = draw.gauss(0, 1), {"group": group}
        for (name, items), effect in zip(scales.items(), effects):
            factor = math.sqrt(common) * together + math.sqrt(1 - common) * draw.gauss(0, 1)
            outcome += effect * factor
            for item in (item.rstrip("-") for item in items):
                loading = strength[item]
                value = loading * factor + math.sqrt(1 - loading**2) * draw.gauss(0, 1)
                answer = min(points, max(1, round((points + 1) / 2 + value * points / 5)))
                answer = points + 1 - answer if item in turned else answer
                row[item] = draw.choice(["", "NA"]) if draw.random() < gaps else answer
        row["outcome"] = "" if draw.random() < gaps / 2 else round(outcome, 3)
        row["group"] = "" if draw.random() < gaps / 2 else group
        rows.append(row)
    return {"low": 1, "high": points, "scales": scales, "outcome": "outcome", "group": "group"}, rows


def short_form(seed):
    """Eight items, of which each person is asked two: gaps by design."""
    draw = random.Random(seed)
    items = [f"EFF{item + 1}" for item in range(8)]
    rows = []
    for _ in range(840):
        factor = draw.gauss(0, 1)
        asked = draw.sample(items, 2)
        rows.append({item: min(5, max(1, round(3.4 + 0.8 * factor + draw.gauss(0, 0.8)))) if item in asked else "" for item in items})
    return {"low": 1, "high": 5, "scales": {"EFF": items}}, rows


def write(folder, name, case, rows):
    with open(folder / f"{name}.csv", "w", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    (folder / f"{name}.json").write_text(json.dumps(case) + "\n")


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(int(sys.argv[2]), int(sys.argv[3]) + 1):
        write(folder, f"survey-{seed}", *(short_form(seed) if seed % 50 == 49 else survey(seed)))
