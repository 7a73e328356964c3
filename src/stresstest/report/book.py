"""All that a report is made from: the run, its analyses, who signed what, and the checkpoint that it is for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..config.assurance import Assurance, read_assurance
from ..errors import ConfigError, DataError, nearest
from .advice_index import ADVICE
from .advice_source import FACTS, AdviceSource
from .chart import Chart
from .document import CHECKPOINTS
from .papers import Paper
from .source import Source
from .tracing import Trace, unmarked


@dataclass
class Book:
    """A report in the making. `source` the run; `say` prints numbers and notes where they stand.

    Sections add what they need: `chart(one)` and `add(paper)` return what they are given, so that each is made once and
    written beside the report.
    """

    source: Source
    checkpoint: str = "CP2"
    assurance: Assurance = field(default_factory=Assurance)
    say: Trace = field(default_factory=Trace)
    charts: dict[str, Chart] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path, checkpoint: str = "", assurance: Path | None = None) -> Book:
        """The book of a finished run. Errors: DataError for a run that cannot be read, ConfigError for an unknown checkpoint."""
        source = Source(Path(folder))
        signed = unmarked(read_assurance(source.folder, source.manifest, assurance))
        chosen = (checkpoint or signed.checkpoint or "CP2").upper()
        if chosen not in CHECKPOINTS:
            raise ConfigError("there is no such checkpoint", key="--checkpoint", value=checkpoint or signed.checkpoint,
                              expected=", ".join(CHECKPOINTS), nearest=nearest(chosen, CHECKPOINTS))  # fmt: skip
        return cls(source, chosen, signed)

    @cached_property
    def _advice(self) -> dict[str, AdviceSource]:
        return {}

    def advice(self, verb: str) -> AdviceSource | None:
        """An analysis of this run, where it has been made."""
        folder = self.source.folder / ADVICE / verb
        if verb not in self._advice:
            if not (folder / FACTS).is_file():
                return None
            found = AdviceSource(folder, f"{ADVICE}/{verb}")
            self._require_own(found)
            self._advice[verb] = found
        return self._advice[verb]

    def _require_own(self, found: AdviceSource) -> None:
        """Refuse an analysis of another run. One that is older than the record of its run's results must name the run.

        Errors: DataError with what to do.
        """
        manifest, record = self.source.manifest, found.record
        own, named = manifest.get("results_hash"), record.get("results_hash")
        if (named and named != own) or (not named and str(manifest["run_id"]) not in str(record.get("basis", ""))):
            raise DataError("This analysis is of another run.", file=found.folder, key="results_hash", value=named or
                            record.get("basis"), expected=f"an analysis of {manifest['run_id']}: remove the folder, or make it "
                            "again with stresstest advise RUN")  # fmt: skip

    def chart(self, one: Chart) -> Chart:
        """Keep a chart, to be written into figures/."""
        self.charts[one.name] = one
        return one

    def add(self, one: Paper) -> Paper:
        """Keep a paper, to be written into tables/ and the workbook."""
        self.papers[one.name] = one
        return one
