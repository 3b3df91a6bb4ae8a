"""Findings and validation results, as pages show them."""
