"""Does `server quality analyse` say what R says, of data that it has never seen?

    simulate.py FOLDER FIRST LAST; Rscript survey.R FOLDER/survey-*[0-9].json; agree.py SERVER FOLDER
"""

import json
import subprocess
import sys
from pathlib import Path

WITHIN = 5e-5


def differences(expected, found, path=""):
    if isinstance(expected, dict):
        for key, value in expected.items():
            yield from differences(value, found.get(key) if isinstance(found, dict) else None, f"{path}.{key}")
    elif isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            yield path, expected, found
            return
        for place, value in enumerate(expected):
            yield from differences(value, found[place], f"{path}[{place}]")
    elif isinstance(expected, (int, float)) and isinstance(found, (int, float)):
        # Four decimals; of large figures, seven digits.
        if abs(expected - found) > max(WITHIN, 1e-7 * abs(expected)):
            yield path, expected, found
    elif expected is not None and expected != found:
        yield path, expected, found


def main():
    server, folder = sys.argv[1], Path(sys.argv[2])
    cases = wrong = 0
    for file in sorted(folder.glob("*.expected.json")):
        case = json.loads((folder / file.name.replace(".expected", "")).read_text())
        scales = ";".join(f"{name}={','.join(items)}" for name, items in case["scales"].items())
        command = [server, "quality", "analyse", file.with_name(file.name.replace(".expected.json", ".csv")), "--json"]
        command += ["--range", f"{case['low']}-{case['high']}", "--scales", scales]
        for option in ("outcome", "group"):
            command += [f"--{option}", case[option]] if option in case else []
        answer = subprocess.run(command, capture_output=True, text=True)
        found = json.loads(answer.stdout) if answer.returncode == 0 else {}
        cases += 1
        unlike = list(differences(json.loads(file.read_text()), found))
        wrong += bool(unlike)
        for path, expected, got in unlike[:8]:
            print(f"{file.name}{path}: R {expected}, here {got} {answer.stderr[:200]}")
    print(f"{cases} files, {wrong} with differences")
    sys.exit(wrong > 0 or cases == 0)


main()
