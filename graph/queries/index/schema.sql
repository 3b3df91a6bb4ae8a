-- The tables of a search index; what is left of a broken one is never read, so nothing is kept to undo it.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE kinds (id INTEGER PRIMARY KEY, iri TEXT, label TEXT);
CREATE TABLE things (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, label TEXT, kind INTEGER, weight INTEGER DEFAULT 1, year INTEGER);
CREATE TABLE printed (thing INTEGER, name TEXT, UNIQUE (thing, name));
CREATE TABLE names (id INTEGER PRIMARY KEY, thing INTEGER, name TEXT, plain TEXT);
CREATE TABLE identifiers (scheme TEXT, identifier TEXT, thing INTEGER);
CREATE VIRTUAL TABLE words USING
  fts5(plain, content='names', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE terms USING fts5vocab(words, row);
CREATE TABLE beginnings (beginning TEXT, whole INTEGER, name INTEGER, weight INTEGER);
CREATE TABLE short (beginning TEXT, rank INTEGER, name INTEGER);
CREATE TABLE facets (id INTEGER PRIMARY KEY, facet TEXT, place INTEGER, value TEXT, label TEXT, UNIQUE (facet, value));
CREATE TABLE marks (value INTEGER, thing INTEGER, PRIMARY KEY (value, thing)) WITHOUT ROWID;
