#+ title: Bring a loaded graph into place
#+ summary: Adds its triples to those that are there.
ADD ?_staged TO ?_graph
