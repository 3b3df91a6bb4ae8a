-- Lists the weightiest names by some first letters anew.
INSERT INTO short SELECT :letters, row_number() OVER (ORDER BY weight DESC, name), name
FROM (SELECT max(weight) AS weight, name FROM beginnings WHERE beginning >= :letters AND beginning < :last GROUP BY name)
ORDER BY weight DESC, name LIMIT :top;
