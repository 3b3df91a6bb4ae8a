-- Puts a thing in, or says anew what it is.
INSERT INTO things (iri, label, kind, weight) VALUES (:iri, :label, :kind, :weight)
ON CONFLICT (iri) DO UPDATE SET label = :label, kind = :kind, weight = :weight
RETURNING id;
