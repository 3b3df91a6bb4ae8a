"""Who is who: the authorships of all papers as persons, with the reason of each step."""
