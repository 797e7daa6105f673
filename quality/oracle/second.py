"""A second opinion on the surveys of `simulate.py`: pingouin (alpha, LMG, Welch, Holm, Games-Howell) and semopy (factor
models). PyPI: pingouin, semopy.

    second.py CASE.json...    for CASE.csv beside each writes CASE.second.json
"""

import json
import sys
import warnings
from itertools import combinations
from pathlib import Path

import pandas as pd
import pingouin
import semopy

warnings.simplefilter("ignore")


def read(file):
    case = json.loads(file.read_text())
    table = pd.read_csv(file.with_suffix(".csv"), na_values=["", "NA"], keep_default_na=False)
    for item in (item[:-1] for items in case["scales"].values() for item in items if item.endswith("-")):
        table[item] = case["low"] + case["high"] - table[item]
    return case, table, {name: [item.rstrip("-") for item in items] for name, items in case["scales"].items()}


def alphas(answers):
    said = {"n": len(answers.dropna())}
    for key, policy in (("alpha", "listwise"), ("alpha_pairwise", "pairwise")):
        said[key] = float(pingouin.cronbach_alpha(answers, nan_policy=policy)[0])
    return said


def factors(answers, scales):
    """Its RMSEA divides by n - 1 and its CFI may pass 1, unlike lavaan's: not asked."""
    complete = answers.dropna()
    if len(complete) <= len(answers.columns):
        return None
    model = semopy.Model("\n".join(f"{name} =~ {' + '.join(items)}" for name, items in scales.items()))
    model.fit(complete, obj="MLW", tol=1e-12)
    fit = semopy.calc_stats(model).iloc[0]
    estimates = model.inspect(std_est=True)
    loadings = {row["lval"]: float(row["Est. Std"]) for _, row in estimates[estimates["op"] == "~"].iterrows()}
    return {"n": len(complete), "chi2": float(fit["chi2"]), "df": int(fit["DoF"]), "tli": float(fit["TLI"]), "loadings": loadings}


def drivers(scores, outcome):
    rows = scores.assign(outcome=outcome).dropna()
    said = pingouin.linear_regression(rows[list(scores)], rows["outcome"], relimp=True).iloc[1:]
    return {"r2": float(said["r2"].iloc[0]), "lmg": {name: float(share) for name, share in zip(said["names"], said["relimp"])}}


def groups(scores, group):
    names = sorted(group.dropna().unique())
    split = {scale: [column[group == name].dropna() for name in names] for scale, column in scores.items()}
    if len(names) > 2:
        return {scale: {"pairs": pairs(scores[scale], group, names)} for scale in scores}
    tests = {scale: pingouin.ttest(*parts, correction=True).iloc[0] for scale, parts in split.items()}
    p = {scale: float(test["p_val"]) for scale, test in tests.items()}
    holm = dict(zip(p, pingouin.multicomp(list(p.values()), method="holm")[1]))
    return {scale: {"t": float(test["T"]), "df": float(test["dof"]), "p": p[scale], "p_holm": float(holm[scale])} for scale, test in tests.items()}


def pairs(scores, group, names):
    rows = pd.DataFrame({"score": scores, "group": group}).dropna()
    said = pingouin.pairwise_gameshowell(rows, dv="score", between="group").set_index(["A", "B"])
    columns = {"difference": "diff", "se": "se", "t": "T", "df": "df", "p": "pval"}
    return [
        {"groups": list(pair)} | {key: float(said.loc[pair][column]) for key, column in columns.items()}
        for pair in combinations(names, 2)
    ]


for name in sys.argv[1:]:
    file = Path(name)
    case, table, scales = read(file)
    scores = pd.DataFrame({scale: table[items].mean(axis=1) for scale, items in scales.items()})
    expected = {
        "scales": {scale: alphas(table[items]) for scale, items in scales.items()},
        "factor_model": factors(table[[item for items in scales.values() for item in items]], scales),
        "drivers": drivers(scores, table[case["outcome"]]),
        "groups": groups(scores, table[case["group"]]),
    }
    file.with_suffix(".second.json").write_text(json.dumps(expected, indent=1) + "\n")
