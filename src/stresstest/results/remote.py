"""A finished run in object or shared storage: put there, and fetched from there, with every byte checked on the way.

    URL/.publishing.json     whose files these are, while they are being put there; goes when the run is whole
    URL/tables/… summary/… config.effective.toml checks.json … assurance.toml
    URL/manifest.json        last: a place without it holds no run

Any storage that fsspec reaches will do: s3://bucket/runs/RUN, gs://, abfs://, sftp://, file:///mnt/shared/RUN, memory://. Both
ways go on where they stopped, as a file that is there and has its checksum is left alone. What travels is the run as `verify`
holds it, with the record of who signed it; a report is made again from that.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ..errors import BackendError, ConfigError, DataError, StressTestError
from . import manifest as papers
from .store import draft_of
from .volume import require_free

CLAIM, ASSURANCE = ".publishing.json", "assurance.toml"
FETCHING = ".fetch-"
PIECE = 4_194_304
#: Storage that has no folders, and the package that reaches each kind.
OBJECT_STORES = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az"}
PACKAGES = {
    "s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs", "abfss": "adlfs", "az": "adlfs",
    "sftp": "paramiko", "ssh": "paramiko", "http": "aiohttp", "https": "aiohttp",
}  # fmt: skip
INSTALL = "pip install 'stresstest[remote]'"
_RUN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
Say = Callable[[str], None]


# ── a place ────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Place:
    """A folder in some storage: the file system that reaches it, its root there, and its name without any password."""

    system: Any
    root: str
    shown: str

    def path(self, name: str) -> str:
        """Where a file of the run is."""
        return f"{self.root}/{name}"

    def make_folder(self, name: str) -> None:
        """The folder that a file lies in, where the storage has folders: asked for one, an object store may make a bucket."""
        kinds = self.system.protocol if isinstance(self.system.protocol, tuple | list) else (self.system.protocol,)
        if not OBJECT_STORES & set(kinds):
            self.system.makedirs(self.path(name).rsplit("/", 1)[0], exist_ok=True)

    def size(self, name: str) -> int | None:
        """Bytes of a file there; None where there is none."""
        try:
            facts = self.system.info(self.path(name))
        except FileNotFoundError:
            return None
        return int(facts["size"]) if facts.get("type") == "file" else None

    def read(self, name: str) -> bytes | None:
        """A small file there, whole; None where there is none."""
        return None if self.size(name) is None else bytes(self.system.cat_file(self.path(name)))

    def names(self) -> list[str]:
        """Up to three names of what is there, for a message."""
        try:
            found = self.system.ls(self.root, detail=False)
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(str(one).rstrip("/").rsplit("/", 1)[-1] for one in found if str(one).strip("/") != self.root.strip("/"))[:3]


def shown(url: str) -> str:
    """A URL without the user and password that it may carry."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rsplit("@", 1)[-1], query="", fragment=""))


def place_of(url: str) -> Place:
    """The place that a URL names. Errors: ConfigError where it is none, or a package that reaches it is missing."""
    try:
        import fsspec
    except ImportError as error:
        raise ConfigError("Storage elsewhere is reached through fsspec, which is not installed.", key="URL", value=shown(url),
                          expected=INSTALL) from error  # fmt: skip
    if "://" not in url:
        raise ConfigError("This is no URL.", key="URL", value=url, expected="s3://bucket/runs/RUN, or file:///folder/RUN")
    scheme = url.split("://", 1)[0]
    try:
        system, root = fsspec.url_to_fs(url)
    except ImportError as error:
        raise ConfigError(f"A package that reaches {scheme}:// is not installed.", key="URL", value=shown(url),
                          expected=f"{_package(scheme, str(error))}; {error}") from error  # fmt: skip
    except ValueError as error:
        raise ConfigError(f"No storage is known by {scheme}://.", key="URL", value=shown(url),
                          expected="s3://, gs://, abfs://, sftp://, file:// …") from error  # fmt: skip
    root = str(root).rstrip("/")
    if not root:
        raise ConfigError("The URL names the whole of the storage, not a folder in it.", key="URL", value=shown(url),
                          expected=f"{shown(url).rstrip('/')}/RUN")  # fmt: skip
    return Place(system, root, shown(url).rstrip("/"))


def _package(scheme: str, message: str) -> str:
    return f"pip install {PACKAGES[scheme]}" if scheme in PACKAGES else f"the package that this names: {message}"


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Say in one sentence what a storage refuses; each has errors of its own kind, many of them no OSError.

    Errors: ConfigError for access that is refused or a place that cannot be there, BackendError for anything else.
    """
    try:
        yield
    except StressTestError:
        raise
    except PermissionError as error:
        raise ConfigError("Access to the storage is refused.", key="URL", value=shown(url),
                          expected=f"credentials that may read and write there ({_words(error)})") from error  # fmt: skip
    except FileNotFoundError as error:
        raise ConfigError("There is no such storage.", key="URL", value=shown(url),
                          expected=f"a bucket or folder that is there ({_words(error)})") from error  # fmt: skip
    except Exception as error:
        words = _words(error)
        if "credential" in words.lower():
            raise ConfigError("The storage asks for credentials, and there are none.", key="URL", value=shown(url),
                              expected=f"those of its own client's environment or files ({words})") from error  # fmt: skip
        raise BackendError("The files could not be copied. What is there already is kept: the same command goes on.",
                           key="URL", value=shown(url), expected=words) from error  # fmt: skip


def _words(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


# ── putting it there ───────────────────────────────────────────────────────────────────────────────────────────────
def publish(folder: Path, url: str, say: Say = lambda text: None) -> dict[str, Any]:
    """Put a finished run into a place of its own: its files first, the manifest last; return the manifest.

    A file that is there with its checksum is left alone, so that the same call goes on where an earlier one stopped.
    Errors: DataError for a run that is not complete or not as it was written, ConfigError for a place that holds something
    else or may not be written to, BackendError for a storage that fails or does not keep what it is given.
    """
    folder = Path(folder)
    manifest, files = _own(folder)
    place = place_of(url)
    claim = {key: manifest.get(key) for key in ("run_id", "results_hash")}
    with reaching(url):
        _require_place(place, folder, claim)
        place.make_folder(CLAIM)
        place.system.pipe_file(place.path(CLAIM), json.dumps(claim).encode())
        sent = sum(_put(place, folder, name, facts) for name, facts in files.items())
        _put(place, folder, papers.MANIFEST, papers.facts_of(folder / papers.MANIFEST))
        place.system.rm_file(place.path(CLAIM))
    say(f"{len(files) + 1} files are at {place.shown}, {sent} of them put there now")
    return manifest


def _own(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Manifest of a whole run, and the facts of each file that travels. Errors: DataError where something is not as written."""
    manifest = papers.load_manifest(folder)
    if manifest["status"] != "complete":
        raise DataError("The run is not complete, so there is nothing to publish.", file=folder / papers.MANIFEST, key="status",
                        value=manifest["status"], expected="complete: run the study again with --resume")  # fmt: skip
    wrong = papers.check_manifest(folder, papers.read_manifest(folder))
    if not wrong.ok:
        raise DataError("The manifest is not as it was written.", file=folder / papers.MANIFEST, value=wrong.detail,
                        expected="stresstest verify names what was changed")  # fmt: skip
    files = dict(listed(manifest))
    for name in (papers.CHECKS, papers.PACKAGE, papers.LOG, ASSURANCE):
        if name not in files and (folder / name).is_file():
            files[name] = papers.facts_of(folder / name)
    for name, facts in files.items():
        if fault := papers.fault_of(folder, name, facts):
            raise DataError("The run is not as it was written.", file=folder, value=fault,
                            expected="stresstest verify names what was changed")  # fmt: skip
    return manifest, files


def listed(manifest: dict[str, Any]) -> dict[str, Any]:
    """Facts of every file that a manifest lists. Errors: DataError for a name that leads out of the folder."""
    found = {**(manifest.get("files") or {}), **(manifest.get(papers.PAPERS) or {})}
    for name, facts in found.items():
        if not papers.is_inside(name) or not isinstance(facts, dict) or not {"sha256", "bytes"} <= set(facts):
            raise DataError("The manifest lists a file in a way that cannot be used.", file=papers.MANIFEST, key="files",
                            value=name, expected="a path below the run, its bytes and its sha256")  # fmt: skip
    return found


def _require_place(place: Place, folder: Path, claim: dict[str, Any]) -> None:
    """Errors: ConfigError where another run, or anything else, is there."""
    there = place.read(papers.MANIFEST)
    if there is not None:
        if there != (folder / papers.MANIFEST).read_bytes():
            raise ConfigError("There is another run in that place, which is left as it is.", key="URL", value=place.shown,
                              expected=f"a place of its own, such as {place.shown}/{claim['run_id']}")  # fmt: skip
        return
    begun = place.read(CLAIM)
    if begun is None and (names := place.names()):
        raise ConfigError("There is something else in that place, which is left as it is.", key="URL", value=place.shown,
                          expected=f"an empty place; there are {', '.join(names)} …")  # fmt: skip
    if begun is not None and begun != json.dumps(claim).encode():
        raise ConfigError("Another run is half published in that place.", key="URL", value=place.shown,
                          expected="a place of its own, or that run published to its end first")  # fmt: skip


def _put(place: Place, folder: Path, name: str, facts: dict[str, Any]) -> bool:
    """Put one file there unless it is; whether it was put. Errors: BackendError where the storage does not keep it."""
    if _holds(place, folder, name, facts):
        return False
    path = place.path(name)
    place.make_folder(name)
    place.system.put_file(str(folder / name), path)
    place.system.invalidate_cache()
    if not _holds(place, folder, name, facts):
        raise BackendError("The storage does not hold what it was given.", key="URL", value=f"{place.shown}/{name}",
                           expected=f"{facts['bytes']} bytes with sha256 {facts['sha256'][:12]}…")  # fmt: skip
    return True


def _holds(place: Place, folder: Path, name: str, facts: dict[str, Any]) -> bool:
    """Whether the file is there with its bytes: by the storage's own MD5 where it gives one, otherwise read back."""
    try:
        info = place.system.info(place.path(name))
    except FileNotFoundError:
        return False
    if int(info.get("size") or 0) != facts["bytes"]:
        return False
    tag = str(info.get("ETag", "")).strip('"').lower()
    if re.fullmatch(r"[0-9a-f]{32}", tag) and tag == _md5(folder / name):
        return True
    return _remote_sha256(place, name) == facts["sha256"]


def _md5(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _remote_sha256(place: Place, name: str) -> str:
    digest = hashlib.sha256()
    with place.system.open(place.path(name), "rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


# ── fetching it ────────────────────────────────────────────────────────────────────────────────────────────────────
def fetch(url: str, out: Path, say: Say = lambda text: None) -> Path:
    """Fetch a run into a folder of its own below `out` and return it; it gets its name when every file has its checksum.

    The same call goes on where an earlier one stopped, and mends a copy of which a file was changed or lost. Errors: DataError
    where there is no whole run, or a file is not as the manifest has it; ConfigError for a folder of that name with another
    run or more files in it, or no room; BackendError.
    """
    place = place_of(url)
    with reaching(url):
        content = _manifest_there(place)
        partial, final = _begin(content, Path(out), place)
        if final.exists():
            _require_same(final, content, place)
            files, missing = _fill(place, final)
            _require_no_more(final)
        else:
            files, missing = _fill(place, partial)
            for name in (papers.CHECKS, papers.PACKAGE, papers.LOG, ASSURANCE):
                if name not in files and place.size(name) is not None:
                    _get(place, partial, name, "")
            _give_name(partial, final)
    say(f"{len(files) + 1} files are in {final}, {len(missing)} of them fetched now")
    return final


def _fill(place: Place, folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Fetch each listed file that is not there with its checksum: (facts of all listed files, names of those fetched).

    Errors: ConfigError where a folder on the way is a link, or there is no room; DataError for a file that is not as listed.
    """
    files = listed(papers.load_manifest(folder))
    missing = {name: facts for name, facts in files.items() if papers.fault_of(folder, name, facts)}
    for name in missing:
        if any(one.is_relative_to(folder) and one.is_symlink() for one in (folder / name).parents):
            raise ConfigError("A folder of the run here is a link to another place, so nothing is written.", file=folder / name,
                              key="--out", expected="another folder")  # fmt: skip
    require_free(folder, sum(int(facts["bytes"]) for facts in missing.values()), "The run")
    for name, facts in missing.items():
        _get(place, folder, name, str(facts["sha256"]))
    return files, list(missing)


def _give_name(partial: Path, final: Path) -> None:
    try:
        os.rename(partial, final)
    except OSError as error:
        raise ConfigError("The fetched run could not be given its name.", file=final, key="--out", value=error.strerror,
                          expected="no other process that fetches the same run") from error  # fmt: skip


def _manifest_there(place: Place) -> bytes:
    """The manifest as it lies there. Errors: DataError where there is none, naming what is there instead."""
    content = place.read(papers.MANIFEST)
    if content is not None:
        return content
    if place.read(CLAIM) is not None:
        raise DataError("The run there is not whole yet: it is still being published, or that was stopped.", file=place.shown,
                        expected="wait, or publish it again from where it was made: that goes on where it stopped")  # fmt: skip
    names = place.names()
    raise DataError("There is no run in that place.", file=place.shown, key=papers.MANIFEST,
                    expected=f"the URL of a run; there are {', '.join(names)} …" if names else "the URL of a run")  # fmt: skip


def _begin(content: bytes, out: Path, place: Place) -> tuple[Path, Path]:
    """(hidden folder with the manifest in it, the folder's name when it is whole). Errors: DataError for a bad manifest."""
    try:
        run_id = json.loads(content)["run_id"]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError("The manifest there cannot be read.", file=f"{place.shown}/{papers.MANIFEST}") from error
    if not isinstance(run_id, str) or not _RUN_NAME.fullmatch(run_id):
        raise DataError("The run there has a name that no folder can have.", file=f"{place.shown}/{papers.MANIFEST}",
                        key="run_id", value=run_id, expected="letters, digits, hyphens")  # fmt: skip
    final, partial = out / run_id, out / f"{FETCHING}{run_id}"
    if not final.exists():
        try:
            partial.mkdir(parents=True, exist_ok=True)
            (partial / papers.MANIFEST).write_bytes(content)
        except OSError as error:
            raise ConfigError("The run cannot be written there.", file=out, key="--out", value=error.strerror,
                              expected="a folder that can be written to") from error  # fmt: skip
        _require_whole(partial, place)
    return partial, final


def _require_whole(partial: Path, place: Place) -> None:
    """Errors: DataError where the fetched manifest is not one that was written, or is that of an unfinished run."""
    check = papers.check_manifest(partial, papers.read_manifest(partial))
    if not check.ok:
        raise DataError("The manifest there is not as it was written.", file=f"{place.shown}/{papers.MANIFEST}",
                        value=check.detail)  # fmt: skip
    status = papers.load_manifest(partial)["status"]
    if status != "complete":
        raise DataError("The run there is not a finished one.", file=f"{place.shown}/{papers.MANIFEST}", key="status",
                        value=status, expected="complete")  # fmt: skip


def _require_same(final: Path, content: bytes, place: Place) -> None:
    """Errors: ConfigError where the folder that is there is not the same run, DataError where that is no finished one."""
    manifest = final / papers.MANIFEST
    if not manifest.is_file() or manifest.read_bytes() != content:
        raise ConfigError("There is something else of that name, which is left as it is.", file=final, key="--out",
                          expected="another folder")  # fmt: skip
    _require_whole(final, place)


def _require_no_more(final: Path) -> None:
    """Errors: ConfigError where a copy of the run has files that some reader would take for the run's own."""
    if not (check := papers.check_files(final, papers.load_manifest(final))).ok:
        raise ConfigError("The copy that is here is not the run as it was written.", file=final, key="--out", value=check.detail,
                          expected="that file taken away, or another folder")  # fmt: skip


def _get(place: Place, folder: Path, name: str, wanted: str) -> None:
    """Fetch one file beside its name, and give it the name when its sha256 is as wanted ("": any).

    Errors: DataError where it is missing there, or is not what the manifest says.
    """
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    draft, digest = draft_of(path), hashlib.sha256()
    try:
        with place.system.open(place.path(name), "rb") as stream, draft.open("wb") as target:
            while piece := stream.read(PIECE):
                digest.update(piece)
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        if wanted and digest.hexdigest() != wanted:
            raise DataError("A file there is not as the manifest has it.", file=f"{place.shown}/{name}", key="sha256",
                            value=digest.hexdigest(), expected=f"{wanted}: publish the run again")  # fmt: skip
        os.replace(draft, path)
    except FileNotFoundError as error:
        raise DataError("A file of the run is not there.", file=f"{place.shown}/{name}",
                        expected="publish the run again") from error  # fmt: skip
    finally:
        draft.unlink(missing_ok=True)
