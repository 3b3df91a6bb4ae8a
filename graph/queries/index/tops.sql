-- Lists the weightiest names by their first letters, so that a short beginning finds them at once.
INSERT INTO short SELECT * FROM (
  SELECT substr(beginning, 1, :letters) AS letters, row_number() OVER (
    PARTITION BY substr(beginning, 1, :letters) ORDER BY weight DESC, name) AS rank, name
  FROM (SELECT beginning, max(weight) AS weight, name FROM beginnings WHERE length(beginning) >= :letters GROUP BY substr(beginning, 1, :letters), name))
WHERE rank <= :top;
