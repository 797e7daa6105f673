#!/usr/bin/env python3
"""Writes a catalogue of 100,000 products as SQL (copy) to the standard output: every product of a retail
catalogue forty times, with other collections in the title, two or three options, varied prices and stock.

    python3 bench/catalogue.py retail.csv 40 | psql -q "$DATABASE_URL"

The triggers are off while it loads; the documents are made in one go at the end, as after an import."""

import csv
import itertools
import json
import random
import re
import sys
import unicodedata
from datetime import UTC, datetime

COLLECTIONS = """Alba Brisa Cala Duna Estela Faro Garza Horizonte Islote Jara Kumo Luna Marea Niebla Oliva Pinar Quilla Ribera Salina
Tierra Umbra Vega Wabi Xana Yunque Zarza Alder Birch Cedar Dawn Ember Fjord Grove Harbor Iris Juniper Kelp Linden Maple Nordic""".split()
COLOURS = [("Black", "Negro"), ("White", "Blanco"), ("Red", "Rojo"), ("Blue", "Azul"), ("Green", "Verde"), ("Yellow", "Amarillo"),
           ("Grey", "Gris"), ("Beige", "Beis"), ("Brown", "Marrón"), ("Pink", "Rosa"), ("Orange", "Naranja"), ("Purple", "Morado")]
SIZES = [("Extra small", "Muy pequeño"), ("Small", "Pequeño"), ("Medium", "Mediano"), ("Large", "Grande"), ("Extra large", "Muy grande")]
MATERIALS = [(m, m) for m in "Cotton Linen Wool Leather Oak Steel Glass Ceramic".split()]
ROOTS = {"Home": ["furniture", "housewares", "homedecor", "floral"], "Wear": ["apparel", "accessories", "footwear", "jewelry", "beauty"],
         "Food": ["groceries", "food service", "salty snacks", "cold dispensed", "hot dispensed"]}
NOW = 1_790_000_000


def slug(text):
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


class Tables:
    """Rows of every table, written as copy blocks in the order that foreign keys ask for."""

    def __init__(self):
        self.rows, self.last = {}, 0

    def id(self):
        self.last += 1
        return f"01990000-0000-7000-8000-{self.last:012x}"

    def add(self, table, **columns):
        names, rows = self.rows.setdefault(table, (",".join(columns), []))
        rows.append("\t".join(encode(value) for value in columns.values()))

    def write(self, out):
        for table, (names, rows) in self.rows.items():
            out.write(f"copy {table} ({names}) from stdin;\n")
            out.writelines(row + "\n" for row in rows)
            out.write("\\.\n")


def encode(value):
    if value is None:
        return "\\N"
    if isinstance(value, dict):
        value = json.dumps(value)
    return str(value).replace("\\", "\\\\").replace("\t", " ").replace("\n", "\\n").replace("\r", "")


def both(pair):
    return {"en": pair[0], "es": pair[1]}


class Categories:
    """Three levels: root, the catalogue's category, its type. A root holds up to a third of all products."""

    def __init__(self, tables):
        self.tables, self.known = tables, {}

    def find(self, *path):
        if path not in self.known:
            parent = self.find(*path[:-1]) if len(path) > 1 else None
            own = self.known[path] = self.tables.id()
            self.tables.add("category", id=own, parent_id=parent, path=" > ".join(path), position=len(self.known))
            for language in ("es", "en"):
                self.tables.add("category_translation", category_id=own, language=language, name=path[-1].capitalize(), slug=slug("-".join(path)))
        return self.known[path]


def product(tables, categories, row, copy, chance):
    own, now = tables.id(), NOW - chance.randrange(20_000_000)
    group = row["Product Category"] or "other"
    root = next((name for name, groups in ROOTS.items() if group in groups), "More")
    title = f"{row['Title']} {COLLECTIONS[copy]}"
    stamp = datetime.fromtimestamp(now, UTC).isoformat()
    tables.add("product", id=own, handle=f"{row['Handle']}-{copy}", status="active", vendor=COLLECTIONS[copy], kind=row["Type"],
               tags="{" + ",".join(json.dumps(t.strip()) for t in row["Tags"].split(",") if t.strip()) + "}",
               category_id=categories.find(root, group, row["Type"] or "other"), created_at=stamp, updated_at=stamp)
    tables.add("product_translation", product_id=own, language="en", slug=f"{row['Handle']}-{copy}", title=title, body_html=row["Body (HTML)"])
    tables.add("product_translation", product_id=own, language="es", slug=f"{row['Handle']}-{copy}-es", title=title, body_html=row["Body (HTML)"])
    start = chance.randrange(3)
    options = [("colour", ("Colour", "Color"), sorted(chance.sample(range(len(COLOURS)), chance.choice([1, 2, 3]))), COLOURS),
               ("size", ("Size", "Tamaño"), list(range(start, start + chance.choice([1, 2, 3]))), SIZES)]
    if chance.random() < 0.3:
        options.append(("material", ("Material", "Material"), [chance.randrange(len(MATERIALS))], MATERIALS))
    axes = []
    for position, (code, name, chosen, names) in enumerate(options):
        option = tables.id()
        tables.add("product_option", id=option, product_id=own, position=position, code=code, name=both(name))
        axes.append([])
        for place, index in enumerate(chosen):
            value = tables.id()
            tables.add("product_option_value", id=value, option_id=option, position=place, code=slug(names[index][0]), name=both(names[index]))
            axes[-1].append(value)
    base = round(float(row["Variant Price"] or 20) * 100 * chance.uniform(0.6, 1.6))
    for position, values in enumerate(itertools.product(*axes)):
        variant(tables, own, position, values, base + 100 * position, chance)


def variant(tables, product_id, position, values, minor, chance):
    own = tables.id()
    tables.add("variant", id=own, product_id=product_id, position=position, sku=f"S{own[-10:]}", grams=500)
    for place, value in enumerate(values):
        tables.add("variant_option_value", variant_id=own, option_value_id=value, position=place)
    tables.add("price", variant_id=own, currency="EUR", minor=max(minor, 1), compare_at_minor=None if chance.random() < 0.8 else minor * 5 // 4)
    tables.add("stock_level", variant_id=own, on_hand=chance.choice([0, 0, 0, 3, 15]))


def main():
    rows, copies, chance = list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig"))), int(sys.argv[2]), random.Random(20)
    tables = Tables()
    categories = Categories(tables)
    for copy in range(copies):
        for row in rows:
            product(tables, categories, row, copy, chance)
    out = sys.stdout
    out.write("begin;\nset local session_replication_role = replica;\n")
    tables.write(out)
    out.write("commit;\nanalyze;\n")
    out.write("select refresh_search_documents(array_agg(id order by id)) from (select id, row_number() over (order by id) / 1000 as n from product) p group by n;\n")
    out.write("vacuum analyze;\n")


main()
