-- Makes what finds a name by its beginning.
CREATE INDEX by_beginning ON beginnings (beginning, whole, weight, name);
CREATE INDEX by_short ON short (beginning, rank, name);
ANALYZE;
