#+ title: Take out what is old
#+ summary: Removes the triples of a graph that the loaded one does not have.
#+ note: What both have stays untouched: a reader never finds the graph empty, and the request may come twice. Virtuoso
#+ note: 7.2 forgets at its next start what one request has removed and added again, as COPY and MOVE do.
DELETE { GRAPH ?_graph { ?subject ?property ?value } }
WHERE {
  GRAPH ?_graph { ?subject ?property ?value }
  FILTER NOT EXISTS { GRAPH ?_staged { ?subject ?property ?value } }
}
