"""Everything that is true without a web server: the model, the sources, the store, the build."""
