# ruff: noqa: INP001 - a script, not a package
"""Refresh the vendored front-end files: `make vendor` (the only thing that needs Node, for `npm pack`).

Each folder with a `VENDORED.toml` names one npm package, its version and licence, and the files taken from it:
copied (`source = "path/in/package"`), or made by a recipe below (`made_by = "sprite"` or `"font"`). The script
fetches the package, checks the archive against `integrity`, writes the files and notes their SHA-256. To move
to a newer version, change `version`, empty `integrity`, run it, and look at what changed.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FOLDERS = (ROOT / "src/tmam/web/static/vendor", ROOT / "tests/vendor")
Files = dict[str, bytes]
Entry = dict[str, Any]


def main(names: list[str]) -> None:
    """Refresh the named vendored packages, or all of them."""
    for manifest in sorted(path for folder in FOLDERS for path in folder.glob("*/VENDORED.toml")):
        if not names or manifest.parent.name in names:
            refresh(manifest)


def refresh(manifest: Path) -> None:
    """Fetch one manifest's package, write its files and the checksums into the manifest."""
    wanted = tomllib.loads(manifest.read_text(encoding="utf-8"))
    archive = fetch(wanted["package"], wanted["version"])
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if wanted.get("integrity") and wanted["integrity"] != integrity:
        raise SystemExit(f"{manifest}: the archive is not the one noted here ({integrity})")
    files = unpack(archive)
    sums = []
    for entry in wanted["file"]:
        content = RECIPES[entry["made_by"]](files, entry) if "made_by" in entry else files[entry["source"]]
        target = manifest.parent / entry["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        sums.append(hashlib.sha256(content).hexdigest())
    manifest.write_text(noted(manifest.read_text(encoding="utf-8"), integrity, sums), encoding="utf-8")
    print(f"{wanted['package']} {wanted['version']}: {len(sums)} files")  # noqa: T201 - a tool for people


def fetch(package: str, version: str) -> bytes:
    """The package's archive, by npm and whatever registry it is set up for."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", "--pack-destination", folder, f"{package}@{version}"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return next(Path(folder).glob("*.tgz")).read_bytes()


def unpack(archive: bytes) -> Files:
    """The archive's files by their path inside the package."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        members = [
            (member.name.partition("/")[2], tar.extractfile(member)) for member in tar if member.isfile()
        ]
        return {name: file.read() for name, file in members if file}


def noted(text: str, integrity: str, sums: list[str]) -> str:
    """The manifest's text with the archive's integrity and the files' checksums, in their order."""
    text = re.sub(r'^integrity = ".*"', f'integrity = "{integrity}"', text, count=1, flags=re.MULTILINE)
    remaining = iter(sums)
    return re.sub(r'^sha256 = ".*"', lambda _: f'sha256 = "{next(remaining)}"', text, flags=re.MULTILINE)


def sprite(files: Files, entry: Entry) -> bytes:
    """One SVG of `<symbol>`s from the icons that the entry lists."""
    symbols = []
    for name in sorted(entry["icons"]):
        drawing = files[f"icons/{name}.svg"].decode()
        inside = (
            drawing.partition(">\n")[2]
            if drawing.startswith("<svg")
            else drawing.split("-->", 1)[1].split(">", 1)[1]
        )
        shapes = " ".join(inside.replace("</svg>", "").split()).replace("> <", "><").replace(" />", "/>")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes.strip()}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n").encode()


def font(files: Files, entry: Entry) -> bytes:
    """A variable font cut down to the entry's `unicodes`, `weights` and `features`."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    options = subset.Options()
    options.layout_features = entry["features"]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 13, 14]  # copyright, family, style, licence and its address stay inside
    cut = TTFont(io.BytesIO(files[entry["source"]]), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(entry["unicodes"]))
    subsetter.subset(cut)
    cut = instancer.instantiateVariableFont(cut, {"wght": tuple(entry["weights"])})
    cut.flavor = "woff2"
    out = io.BytesIO()
    cut.save(out)
    return out.getvalue()


RECIPES: dict[str, Callable[[Files, Entry], bytes]] = {"sprite": sprite, "font": font}

if __name__ == "__main__":
    main(sys.argv[1:])
