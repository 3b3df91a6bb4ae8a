"""The terms of the ontology, the code lists, and the forms of identifiers and of names of venues."""
