"""The other SPARQL engines that tests start here: two servers on free ports, and two programs over a dump."""
