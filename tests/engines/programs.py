"""Engines that are libraries, Apache Jena and Comunica: a program of each answers queries over a dump, one by one."""

import selectors
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results

HERE = Path(__file__).parent
PATIENCE = 120
JARS = Path("/usr/share/java")  # where Debian's libapache-jena-java and what it needs are
JENA = (
    *(
        "jena-arq",
        "jena-base",
        "jena-core",
        "jena-iri",
        "slf4j-api",
        "slf4j-nop",
        "guava",
        "gson",
        "protobuf",
        "thrift",
    ),
    *("commons-cli", "commons-codec", "commons-compress", "commons-csv", "commons-io", "commons-lang3", "jsonld-java"),
    *("jackson-core", "jackson-databind", "jackson-annotations", "httpclient", "httpcore", "dexx.collection"),
)
XERCES = "org/apache/jena/ext/"  # Debian's jar has the messages of xerces here, and the classes at the top


@dataclass
class Program:
    """A process that holds a dump and answers queries: it reads names of files, and says in a line how each went."""

    folder: Path
    command: list[str]
    numbers: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(self.command, stdin=pipe, stdout=pipe, cwd=self.folder, text=True)

    def query(self, text: str) -> QueryBoolean | QuerySolutions | Iterator[Triple]:
        """Return the answer to a query as a store does."""
        path = self.folder / f"{next(self.numbers)}.rq"
        path.write_text(text, encoding="utf-8")
        assert self.process.stdin
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        said, answer = self._line(), Path(f"{path}.answer")
        if said == "triples":
            return iter({each.triple for each in parse(answer.read_bytes(), format=RdfFormat.N_TRIPLES)})
        assert said == "results", said
        return parse_query_results(answer.read_bytes(), format=QueryResultsFormat.JSON)

    def _line(self) -> str:
        assert self.process.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            in_time = selector.select(PATIENCE)
        line = self.process.stdout.readline().strip() if in_time else f"no answer within {PATIENCE} s"
        if not in_time or not line:  # it is still at this query, or has ended: the next query needs another
            self.stop()
            self.__post_init__()
        return line

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


def jena(dump: Path, folder: Path) -> Program:
    """Start Apache Jena on a file of N-Quads."""
    jars = [JARS / f"{name}.jar" for name in JENA]
    if not shutil.which("javac") or not all(jar.exists() for jar in jars):
        pytest.skip("Apache Jena is not installed: apt-get install libapache-jena-java default-jdk-headless")
    with zipfile.ZipFile(JARS / "jena-core.jar") as jar:
        jar.extractall(folder, [name for name in jar.namelist() if name.startswith(f"{XERCES}xerces/")])
    classes = ":".join(map(str, (folder / XERCES, *jars)))
    return Program(folder, ["java", "-cp", classes, str(HERE / "jena" / "Answers.java"), str(dump)])


def comunica(dump: Path, folder: Path) -> Program:
    """Start Comunica on a file of N-Quads."""
    if not shutil.which("node") or not (HERE / "comunica" / "node_modules").exists():
        pytest.skip("Comunica is not installed: npm ci --prefix tests/engines/comunica")
    return Program(folder, ["node", str(HERE / "comunica" / "answers.mjs"), str(dump)])
