"""What one source says of one thing, as typed records.

A record is partial: it holds what one entry of a source says. The shapes say what the graph as a whole must hold.
To add a kind: write `graph/model/<kind>.py` beside `ontology/<kind>.ttl` and `shapes/<kind>.ttl`.
"""

from graph.model.record import Evidence, Fact, Record, Said, Says

__all__ = ["Evidence", "Fact", "Record", "Said", "Says"]
