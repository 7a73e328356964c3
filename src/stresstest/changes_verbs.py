"""The verb over two runs: changes. From options to an exit code."""

from __future__ import annotations

from pathlib import Path

from .advice_verbs import default_place, tell
from .errors import ConfigError

PLACE = "changes"


def changes(earlier: Path, folder: Path, out: Path | None, as_json: bool) -> int:
    """Say what changed between two finished runs of any version; write the page and tables; exit code 0."""
    from .config.folders import config_folder
    from .measures.changes import changes as compared
    from .report.changes import changes_leaflet
    from .report.leaflet import require_place
    from .results.difference import read_record

    place = out or default_place(Path(folder), PLACE)
    before, after = read_record(Path(earlier)), read_record(Path(folder))
    require_place(place, PLACE)
    try:
        start = config_folder().parent
    except ConfigError:
        start = Path.cwd()
    return tell(changes_leaflet(compared(before, after, start)), place, as_json)
