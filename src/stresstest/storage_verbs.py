"""The verbs publish and fetch: a finished run into object or shared storage, and back, with every byte checked."""

from __future__ import annotations

from pathlib import Path

from .verbs import RUNS, note


def publish(folder: Path, url: str, *, quiet: bool = False) -> int:
    """Put a finished run at a URL (s3://bucket/runs/RUN); print where it is and how to have it back. Returns exit code 0.

    Errors: DataError for a run that is not whole, ConfigError for a place that is taken or refused or a package that is missing,
    BackendError for a storage that fails: the same command then goes on where it stopped.
    """
    from .results.remote import publish as put
    from .results.remote import shown

    manifest = put(Path(folder), url, note(quiet))
    print(shown(url).rstrip("/"))
    print(f"results hash {manifest['results_hash']}")
    note(quiet)(f"to have it back: stresstest fetch {shown(url).rstrip('/')}")
    return 0


def fetch(url: str, out: Path | None = None, *, quiet: bool = False) -> int:
    """Fetch a run from a URL into a folder below `out`, the folder for runs where none is given; print the folder.

    Returns exit code 0. Errors: as `publish`, and ConfigError where there is no room or another run of that name.
    """
    from .results.remote import fetch as get

    folder = get(url, Path(out) if out else RUNS, note(quiet))
    print(folder)
    note(quiet)(f"to check it: stresstest verify {folder}")
    return 0
