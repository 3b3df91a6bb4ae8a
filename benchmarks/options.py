"""The options of a run of the benchmarks."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import Place


@dataclass(frozen=True)
class Options:
    """The paper lists, how many papers (0: all), the scratch folder, the first port, and how often all is repeated."""

    lists: Path
    papers: int
    scratch: Path
    port: int
    rounds: int

    @property
    def place(self) -> Place:
        """Where servers run."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        return Place(self.scratch, self.port)

    @property
    def base(self) -> str:
        """Where the IRIs of the graph begin."""
        return f"http://127.0.0.1:{self.port}/"
