"""What SPARQL cannot decide: `<rule>.py` has the function `judge` of the rule of that name."""
