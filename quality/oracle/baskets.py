"""Baskets that never were, and what `mlxtend` says of them (PyPI: mlxtend).

    baskets.py FOLDER    writes baskets.csv and baskets.expected.json
"""

import csv
import json
import random
import sys
from pathlib import Path

import pandas as pd
from mlxtend.frequent_patterns import apriori, association_rules
from mlxtend.preprocessing import TransactionEncoder

SUPPORT, CONFIDENCE = 0.05, 0.4
ITEMS = "cup saucer teapot bowl plate jug tray candle vase spoon".split()


def baskets(seed, count):
    draw = random.Random(seed)
    for _ in range(count):
        basket = {item for place, item in enumerate(ITEMS) if draw.random() < 0.35 / (1 + place / 3)}
        if "cup" in basket and draw.random() < 0.6:
            basket.add("saucer")
        if {"cup", "saucer"} <= basket and draw.random() < 0.4:
            basket.add("teapot")
        yield sorted(basket or {draw.choice(ITEMS)})


def main():
    folder = Path(sys.argv[1])
    table = list(baskets(11, 500))
    with open(folder / "baskets.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["basket", "item"])
        writer.writerows((number, item) for number, basket in enumerate(table) for item in basket)
    encoder = TransactionEncoder()
    wide = pd.DataFrame(encoder.fit(table).transform(table), columns=encoder.columns_)
    sets = apriori(wide, min_support=SUPPORT, use_colnames=True)
    rules = association_rules(sets, metric="confidence", min_threshold=CONFIDENCE)
    expected = {
        "itemsets": {" ".join(sorted(row.itemsets)): row.support for row in sets.itertuples()},
        "rules": {
            f"{' '.join(sorted(row.antecedents))} -> {' '.join(sorted(row.consequents))}": [row.support, row.confidence, row.lift]
            for row in rules.itertuples()
        },
    }
    (folder / "baskets.expected.json").write_text(json.dumps(expected, indent=1) + "\n")


main()
