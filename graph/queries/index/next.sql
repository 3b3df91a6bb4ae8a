-- Finds the first name of those with numbers between two.
SELECT names.id, -weight, length(name), name, iri FROM names JOIN things ON things.id = thing
WHERE names.id >= :first AND names.id < :last ORDER BY names.id LIMIT 1;
