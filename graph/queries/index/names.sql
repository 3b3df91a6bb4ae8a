-- Numbers the names by kind and rank: kind * span + rank.
INSERT INTO names SELECT kind * :span + row_number() OVER (
  PARTITION BY kind ORDER BY weight DESC, length(name), name, iri), things.id, name, plain(name)
  FROM printed JOIN things ON things.id = thing;
