// Answers queries over a file of N-Quads: reads names of query files, writes each answer beside its query.
import {QueryEngine} from "@comunica/query-sparql-rdfjs";
import {Parser, Store} from "n3";
import {createWriteStream, readFileSync} from "node:fs";
import {createInterface} from "node:readline";
import {pipeline} from "node:stream/promises";

const data = new Store(new Parser({format: "N-Quads"}).parse(readFileSync(process.argv[2], "utf8")));
const engine = new QueryEngine();

async function answer(name) {
  const result = await engine.query(readFileSync(name, "utf8"), {sources: [data]});
  const triples = result.resultType === "quads";
  const media = triples ? "application/n-triples" : "application/sparql-results+json";
  await pipeline((await engine.resultToString(result, media)).data, createWriteStream(`${name}.answer`));
  return triples ? "triples" : "results";
}

for await (const name of createInterface({input: process.stdin})) {
  const words = await answer(name).catch(error => `error ${String(error).replaceAll(/\s+/g, " ")}`);
  console.log(words);
}
