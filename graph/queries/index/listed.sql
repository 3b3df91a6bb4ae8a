-- Finds the weights of the names that are listed by some first letters; one that is gone has none.
SELECT weight FROM short LEFT JOIN names ON names.id = short.name LEFT JOIN things ON things.id = names.thing
WHERE beginning = :letters;
