"""The pages of the ontology and the shapes."""
