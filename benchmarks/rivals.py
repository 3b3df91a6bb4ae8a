"""The servers of one comparison: ours in memory and from disk, the native one in memory and from disk, on one graph."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property

from benchmarks.data import Data, made
from benchmarks.options import Options
from benchmarks.servers import Server, load, native, ours

NATIVE_DISK, NATIVE_MEMORY, OURS_MEMORY, OURS_DISK = "native, disk", "native, memory", "ours, memory", "ours, disk"
NAMES = (NATIVE_DISK, NATIVE_MEMORY, OURS_MEMORY, OURS_DISK)
PATIENT = {"CONVOCATION_QUERY_SECONDS": "300"}  # the native server has no limit; all others are as they come


@dataclass
class Run:
    """One run of some benchmarks; the graph is made and the servers are started when they are first needed."""

    options: Options
    stack: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def graph(self) -> Data:
        """The graph that all servers serve."""
        return made(self.options.scratch, self.options.lists, self.options.base, self.options.papers)

    @cached_property
    def servers(self) -> dict[str, Server]:
        """The four servers by name, side by side and at rest, until the stack is closed."""
        place, graph, home = self.options.place, self.graph, self.graph.home.folder
        memory, disk = ({"CONVOCATION_MEMORY": mode, **PATIENT} for mode in ("yes", "no"))
        started = [
            native(place, 1, graph.copy),
            native(place, 2, None),
            ours(place, 3, home, graph.base, memory),
            ours(place, 4, home, graph.base, disk),
        ]
        servers = {server.name: server for server in map(self.stack.enter_context, started)}
        load(servers[NATIVE_MEMORY], graph.quads)
        for server in servers.values():
            server.settle()
        return servers
