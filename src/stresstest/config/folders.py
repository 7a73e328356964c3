"""Where configs/ and data/ are: beside the user, beside the checkout, or shipped inside the installed package."""

from __future__ import annotations

from pathlib import Path

from ..errors import ConfigError, DataError, nearest

_PACKAGE = Path(__file__).resolve().parents[1]
SINGULAR = {"studies": "study", "contracts": "contract", "places": "place", "providers": "provider"}


def _roots(start: Path) -> list[Path]:
    """Folders that may hold configs/ and data/, nearest first."""
    return [start, *start.parents, *_PACKAGE.parents, _PACKAGE / "_shipped"]


def config_folder(start: Path | None = None) -> Path:
    """The configs folder: of the nearest parent folder that has one with studies in it."""
    for root in _roots((start or Path.cwd()).resolve()):
        if (root / "configs" / "studies").is_dir():
            return root / "configs"
    raise ConfigError("no configs folder found", expected="a folder configs/ with studies/, here or above")


def data_folder(configs: Path) -> Path:
    """The data folder that goes with a configs folder. Raises DataError where there is none with a register."""
    folder = configs.parent / "data"
    if not (folder / "register.csv").is_file():
        raise DataError("no data folder beside the configuration", file=folder, expected="data/register.csv")
    return folder


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that the system refuses, such as one that is too long, names none."""
    try:
        return path.is_file()
    except OSError:
        return False


def beside(name: str, named_in: Path) -> Path | None:
    """The file of this name (NAME, or a path ending in .toml) in the folder of the file that names it, or None."""
    path = named_in.parent / (name if name.endswith(".toml") else f"{name}.toml")
    return path if is_file(path) else None


def find(kind: str, name: str, base: Path, named_in: Path | None = None) -> Path:
    """The file of a named place, contract, … : a path ending in .toml, or NAME in configs/<kind>/.

    The folder of the file `named_in`, where one is given, goes first; a file that gives its own name means the one in
    configs/. Raises ConfigError with the nearest name where there is none.
    """
    near = beside(name, named_in) if named_in else None
    if near and named_in and not (near.resolve() == named_in.resolve() and is_file(base / kind / f"{name}.toml")):
        return near
    direct = Path(name)
    if direct.suffix == ".toml":
        for candidate in (direct, base / direct):
            if is_file(candidate):
                return candidate
    folder = base / kind
    path = folder / f"{name}.toml"
    if is_file(path):
        return path
    known = sorted(p.stem for p in folder.glob("*.toml"))
    around = sorted(p.stem for p in named_in.parent.glob("*.toml") if p != named_in) if named_in else []
    one = SINGULAR.get(kind, kind)
    raise ConfigError(
        f"there is no {one} file of this name", file=folder, key=one, value=name,
        expected="one of " + ", ".join(known) if known else "a .toml file",
        nearest=nearest(name.removesuffix(".toml"), [*known, *around]),
    )  # fmt: skip
