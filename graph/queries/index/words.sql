-- Makes what finds a name by a word, a thing by its identifier.
DROP TABLE printed;
INSERT INTO words (words) VALUES ('rebuild');
INSERT INTO words (words) VALUES ('optimize');
CREATE INDEX exact ON names (plain);
CREATE INDEX of_thing ON names (thing);
CREATE INDEX by_identifier ON identifiers (identifier, scheme);
