// Asks the endpoint for the page of an answer, takes its results, and draws what can be drawn of them.
const ACCEPT = "application/problem+json, text/html;q=0.9";

export async function ask(form, query, signal) {
  const body = new URLSearchParams(new FormData(form));
  body.set("query", query);
  body.set("format", "html");
  const answer = await fetch(form.action, {method: "POST", body, headers: {accept: ACCEPT}, signal});
  if (!answer.ok) throw Object.assign(new Error("refused"), {problem: await problem(answer)});
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return document.importNode(page.querySelector("#results"), true);
}

async function problem(answer) {
  try { return await answer.json(); } catch { return {title: answer.statusText, detail: `The server answered ${answer.status}.`}; }
}

const number = cell => cell?.classList.contains("num") ? Number(cell.querySelector(".value")?.textContent ?? cell.textContent) : null;
const words = cell => (cell?.querySelector(".value") ?? cell)?.textContent.trim() ?? "";

// A chart of a table: its first column of words or years across, its first column of numbers up; up to 200 rows.
export function chartOf(results) {
  const table = results.querySelector("table.answer");
  if (!table) return null;
  const rows = [...table.tBodies[0].rows].slice(0, 200).map(row => [...row.cells]);
  const names = [...table.tHead.rows[0].cells].map(cell => cell.textContent);
  const numeric = names.map((_, at) => rows.some(row => number(row[at]) !== null) && rows.every(row => !words(row[at]) || number(row[at]) !== null));
  const yearly = at => /year/i.test(names[at]) || rows.every(row => /^(1[89]|20)\d\d$/.test(words(row[at])));
  const y = names.findIndex((_, at) => numeric[at] && !yearly(at));
  if (y < 0 || rows.length < 2) return null;
  const others = names.map((_, at) => at).filter(at => at !== y && (yearly(at) || !numeric[at]));
  const linked = at => rows.some(row => row[at].querySelector("a"));
  const distinct = at => new Set(rows.map(row => words(row[at]))).size === rows.length;
  // Years are best on the horizontal axis, then words that differ in each row, then any words, then names of things.
  const x = others.find(yearly) ?? others.find(at => !linked(at) && distinct(at)) ?? others.find(distinct) ?? others[0];
  if (x === undefined) return null;
  const years = yearly(x);
  const values = rows.map(row => ({x: words(row[x]), y: number(row[y])}));
  const across = {field: "x", title: names[x], type: years ? "ordinal" : "nominal", sort: years ? "ascending" : null};
  const up = {field: "y", title: names[y], type: "quantitative"};
  const tooltip = [{field: "x", title: names[x]}, {field: "y", title: names[y], format: ",~f"}];
  const lying = !years && values.length <= 40;
  return {
    description: `${names[y]} by ${names[x]}`, data: {values}, height: lying ? 20 * values.length + 30 : 260,
    mark: {type: "bar", cornerRadiusEnd: 2},
    encoding: lying ? {y: {...across, axis: {labelLimit: 240, title: null}}, x: up, tooltip} : {x: {...across, axis: {labelOverlap: "greedy"}}, y: up, tooltip},
  };
}
