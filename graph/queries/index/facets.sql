-- Numbers the facets of things, so that lists of a kind are filtered and counted at once.
CREATE INDEX by_thing ON marks (thing, value);
UPDATE things SET year = (
  SELECT max(CAST(facets.value AS INTEGER)) FROM marks JOIN facets ON facets.id = marks.value
  WHERE marks.thing = things.id AND facet = 'year');
CREATE TABLE counts AS SELECT kind, value, count(*) AS count FROM marks JOIN things ON things.id = thing GROUP BY 1, 2;
CREATE INDEX counts_of ON counts (kind, value);
CREATE INDEX by_label ON things (kind, label COLLATE NOCASE, iri);
CREATE INDEX by_weight ON things (kind, weight DESC, label COLLATE NOCASE, iri);
CREATE INDEX by_year ON things (kind, year DESC, label COLLATE NOCASE, iri);
