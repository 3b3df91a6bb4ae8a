// Answers queries over a file of N-Quads: reads names of query files, writes each answer beside its query.
import {QueryEngine} from "@comunica/query-sparql-rdfjs";
import {Parser, Store, Writer} from "n3";
import {readFileSync, writeFileSync} from "node:fs";
import {createInterface} from "node:readline";

const data = new Store(new Parser({format: "N-Quads"}).parse(readFileSync(process.argv[2], "utf8")));
const engine = new QueryEngine();
const kinds = {NamedNode: "uri", BlankNode: "bnode", Literal: "literal"};

// Its own writer of JSON adds a member that SPARQL 1.1 does not have.
function term({termType, value, language, datatype}) {
  const more = language ? {"xml:lang": language} : datatype ? {datatype: datatype.value} : {};
  return {type: kinds[termType], value, ...more};
}

async function answered(text) {
  const result = await engine.query(text, {sources: [data]});
  if (result.resultType === "boolean") return {head: {}, boolean: await result.execute()};
  const vars = (await result.metadata()).variables?.map(each => (each.variable ?? each).value);
  const found = await (await result.execute()).toArray();
  if (result.resultType === "quads") return found;
  const bindings = found.map(row => Object.fromEntries([...row].map(([name, value]) => [name.value, term(value)])));
  return {head: {vars}, results: {bindings}};
}

async function answer(name) {
  const found = await answered(readFileSync(name, "utf8"));
  const triples = Array.isArray(found);
  const lines = () => new Writer({format: "N-Triples"}).quadsToString(found);
  writeFileSync(`${name}.answer`, triples ? lines() : JSON.stringify(found));
  return triples ? "triples" : "results";
}

// An error in the midst of an answer reaches no promise.
const say = error => console.log(`error ${String(error).replaceAll(/\s+/g, " ")}`);
process.on("uncaughtException", say);
createInterface({input: process.stdin}).on("line", name => answer(name).then(words => console.log(words), say));
