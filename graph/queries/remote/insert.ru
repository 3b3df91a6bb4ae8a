#+ title: Add triples to a graph
#+ summary: Adds the triples that stand in the place of the last comment.
INSERT DATA { GRAPH ?_graph {
# triples
} }
