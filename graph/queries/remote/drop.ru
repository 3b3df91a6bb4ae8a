#+ title: Remove a graph
#+ summary: Removes a graph, if it is there.
DROP SILENT GRAPH ?_graph
