# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0
"""Resolves NAME.in, and all that it needs, into NAME.txt: wheels only, each with its SHA-256.

    python3.11 tools/lab/pin.py lab|book

Run it with Python 3.11, which needs the most packages (later ones have parts of them in the standard
library). It then asks for the same versions on every platform below, so a version that has no wheel
for one of them fails here, and not on a student's laptop.
"""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PYTHONS = ["3.11.2", "3.12", "3.13"]  # 3.11.2 is Debian 12's
PLATFORMS = {
    "Linux x86-64": [f"manylinux_2_{n}_x86_64" for n in (28, 27, 26, 17, 12, 5)]
    + [f"manylinux{n}_x86_64" for n in ("2014", "2010", "1")],
    "Linux arm64": [f"manylinux_2_{n}_aarch64" for n in (28, 27, 26, 17)] + ["manylinux2014_aarch64"],
    "macOS arm64": [f"macosx_{n}_0_{a}" for n in (14, 13, 12, 11) for a in ("arm64", "universal2")]
    + ["macosx_10_9_universal2"],
}
HEADER = """\
# Copyright 2026 The PINN Repro Authors. SPDX-License-Identifier: Apache-2.0

# Written by tools/lab/pin.py from {name}.in, never by hand.
# Wheels for Python {pythons} on {platforms}.
"""


def pip(*args):
    """What pip would install: a list of (name, version, SHA-256)."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
    command += ["--only-binary=:all:", "--report", "-", *args]
    report = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return [
        (item["metadata"]["name"], item["metadata"]["version"], item["download_info"]["archive_info"]["hashes"]["sha256"])
        for item in report["install"]
    ]


def main():
    if len(sys.argv) != 2 or sys.version_info[:2] != (3, 11):
        sys.exit(__doc__)
    name = sys.argv[1]
    pins = sorted({f"{p}=={v}" for p, v, _ in pip("-r", str(HERE / f"{name}.in"))}, key=str.lower)
    hashes = {pin: set() for pin in pins}
    for platform, tags in PLATFORMS.items():
        for python in PYTHONS:
            print(f"pin: {name}: Python {python} on {platform}", file=sys.stderr)
            flags = [flag for tag in tags for flag in ("--platform", tag)]
            for p, v, sha in pip("--no-deps", "--target", "unused", "--python-version", python, *flags, *pins):
                hashes[f"{p}=={v}"].add(sha)
    text = HEADER.format(name=name, pythons="3.11 to 3.13", platforms=", ".join(PLATFORMS))
    for pin in pins:
        text += " \\\n    ".join([pin, *(f"--hash=sha256:{sha}" for sha in sorted(hashes[pin]))]) + "\n"
    (HERE / f"{name}.txt").write_text(text)


main()
