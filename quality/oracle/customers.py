"""Orders of customers that never were, and what `lifetimes` says of them (PyPI: lifetimes).

    customers.py FOLDER    writes orders.csv, orders.expected.json, and cdnow.csv: the 2,357 customers of CDNOW on whom the
                           model was published (Fader, Hardie & Lee 2005), as `lifetimes` carries them, alike ones counted
"""

import csv
import datetime
import json
import random
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter
from lifetimes.datasets import load_cdnow_summary
from lifetimes.utils import summary_data_from_transaction_data

UNTIL = datetime.date(2026, 9, 27)
AHEAD = 12


def orders(seed, people):
    draw = random.Random(seed)
    for number in range(people):
        first = datetime.date(2026, 1, 5) + datetime.timedelta(days=draw.randrange(0, 84))
        rate, leaving = draw.gammavariate(0.6, 1 / 40), draw.betavariate(0.8, 2.4)
        day = float(first.toordinal())
        while True:
            date = datetime.date.fromordinal(int(day))
            if date > UNTIL + datetime.timedelta(days=20):
                break
            yield f"C{number:03}", date, round(draw.lognormvariate(3.4, 0.6), 2)
            if date > first and draw.random() < leaving:
                break
            day += max(draw.expovariate(rate), 0.2) if rate > 1e-6 else 1e6


def main():
    folder = Path(sys.argv[1])
    table = list(orders(7, 400))
    with open(folder / "orders.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["customer", "date", "amount"])
        writer.writerows(table)
    data = pd.DataFrame(table, columns=["customer", "date", "amount"])
    data["date"] = pd.to_datetime(data["date"])
    summary = summary_data_from_transaction_data(data, "customer", "date", observation_period_end=pd.Timestamp(UNTIL), freq="D", freq_multiplier=7)
    model = BetaGeoFitter()
    model.fit(summary["frequency"], summary["recency"], summary["T"], tol=1e-7)
    history = (summary["frequency"], summary["recency"], summary["T"])
    alive = np.asarray(model.conditional_probability_alive(*history))
    ahead = np.asarray(model.conditional_expected_number_of_purchases_up_to_time(AHEAD, *history))
    people = {
        name: {"frequency": int(row["frequency"]), "recency": row["recency"], "age": row["T"], "p_alive": float(p), "expected_orders": float(e)}
        for (name, row), p, e in zip(summary.iterrows(), alive, ahead)
    }
    parameters = {name: float(value) for name, value in model.params_.items()}
    # Of the whole, in weeks; the fitter's own figure is a mean in units that it chose.
    logs = np.log([parameters[name] for name in ("r", "alpha", "a", "b")])
    loss = model._negative_log_likelihood(logs, *history, np.ones(len(summary)), 0.0)
    parameters["log_likelihood"] = float(-loss * len(summary))
    (folder / "orders.expected.json").write_text(json.dumps({"bg_nbd": parameters, "customers": people}, indent=1) + "\n")
    cdnow(folder)


def cdnow(folder):
    rows = load_cdnow_summary(index_col=[0]).itertuples(index=False)
    alike = Counter((int(row.frequency), round(7 * row.recency), round(7 * row.T)) for row in rows)
    with open(folder / "cdnow.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["repeats", "recency_days", "age_days", "customers"])
        writer.writerows((*history, count) for history, count in sorted(alike.items()))


main()
