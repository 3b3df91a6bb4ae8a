// Completes classes, properties, prefixes and variables from the vocabulary of this graph; nothing leaves the server.
const KEYWORDS = ("SELECT DISTINCT WHERE OPTIONAL FILTER UNION MINUS BIND VALUES SERVICE GRAPH CONSTRUCT ASK DESCRIBE LIMIT OFFSET " +
  "ORDER BY GROUP BY HAVING AS PREFIX COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT STR LANG REGEX CONTAINS STRSTARTS YEAR NOW IF " +
  "COALESCE EXISTS NOT EXISTS ASC DESC").split(" ").filter((word, at, all) => all.indexOf(word) === at);

const prefixesIn = text => Object.fromEntries([...text.matchAll(/PREFIX\s+([\w-]*):\s*<([^>]*)>/gi)].map(found => [found[1], found[2]]));

export const short = (iri, prefixes) => {
  let best = null;
  for (const [prefix, start] of Object.entries(prefixes))
    if (iri.startsWith(start) && /^[\w-]+$/.test(iri.slice(start.length)) && (!best || start.length > prefixes[best].length)) best = prefix;
  return best === null ? null : `${best}:${iri.slice(prefixes[best].length)}`;
};

// Writes a term by its prefix, and the line of the prefix where it is missing.
const writeTerm = (iri, known) => (view, _, from, to) => {
  const own = short(iri, prefixesIn(view.state.doc.toString())), any = own ?? short(iri, known), insert = any ?? `<${iri}>`;
  const prefix = any?.split(":")[0], line = own || !any ? "" : `PREFIX ${prefix}: <${known[prefix]}>\n`;
  const changes = [...(line ? [{from: 0, insert: line}] : []), {from, to, insert}];
  view.dispatch({changes, selection: {anchor: from + line.length + insert.length}, userEvent: "input.complete"});
};

const option = (term, vocabulary, boost) => ({
  label: short(term.iri, vocabulary.prefixes) ?? term.iri, type: term.kind, boost, apply: writeTerm(term.iri, vocabulary.prefixes),
  detail: term.label + (term.count ? ` · ${term.count.toLocaleString("en")}` : ""), info: term.comment || undefined,
});

const typesOf = (text, name, known) => {
  const all = {...known, ...prefixesIn(text)}, subject = name.replace(/[?$]/, "[?$]");
  const found = text.matchAll(new RegExp(`${subject}\\s+(?:a|rdf:type)\\s+(<[^>]+>|[\\w-]*:[\\w-]+)`, "g"));
  return new Set([...found].map(([, term]) => term[0] === "<" ? term.slice(1, -1) : (all[term.split(":")[0]] ?? "") + term.split(":")[1]));
};

export const completing = ready => async context => {
  const vocabulary = await ready;
  const word = context.matchBefore(/[?$]?[\w:-]*/), text = context.state.doc.toString();
  const before = context.state.sliceDoc(Math.max(0, word.from - 600), word.from), from = word.from;
  if (!context.explicit && word.from === word.to && !/(?:\ba|;|[?$]\w+)\s+$/.test(before)) return null;
  if (/#[^\n<>]*$/.test(before) || /"[^"\n]*$/.test(before) || /<[^>\s]*$/.test(before)) return null;
  if (/^[?$]/.test(word.text)) {
    const names = new Set([...text.matchAll(/[?$]\w+/g)].map(found => found[0]));
    names.delete(word.text);
    return {from, options: [...names].map(label => ({label, type: "variable"})), validFor: /^[?$]\w*$/};
  }
  const validFor = /^[\w:-]*$/;
  if (/(?:^|[\s;{.])(?:a|rdf:type)\s+$/.test(before))
    return {from, options: vocabulary.classes.map(term => option(term, vocabulary, term.count ? 1 : 0)), validFor};
  const statement = before.split(/[.{}]\s/).pop(), next = /;\s*$/.test(before);
  const subject = next ? statement.match(/[?$]\w+/)?.[0] : before.match(/([?$]\w+|<[^>]+>|[\w-]+:[\w-]+)\s+$/)?.[1];
  if (next || (subject && /^\s*([?$]\w+|<[^>]+>|[\w-]+:[\w-]+)\s+$/.test(statement) && /\{/.test(text.slice(0, word.from)))) {
    const types = subject ? typesOf(text, subject, vocabulary.prefixes) : new Set();
    const fits = term => !types.size || term.of.some(each => types.has(each));
    // Of those that fit the ones that are used most come first.
    const boost = term => fits(term) ? Math.min(99, 30 * Math.log10(term.count + 1)) : -99;
    return {from, options: vocabulary.properties.map(term => option(term, vocabulary, boost(term))), validFor};
  }
  if (!context.explicit && word.from === word.to) return null;
  const prefixes = Object.entries(vocabulary.prefixes).map(([prefix, detail]) => ({label: `${prefix}:`, type: "namespace", detail}));
  return {from, options: [...KEYWORDS.map(label => ({label, type: "keyword", apply: `${label} `})), ...prefixes], validFor};
};
