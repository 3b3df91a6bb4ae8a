// The SPARQL editor: the text area of the form becomes CodeMirror, in a shadow tree so that its styles need no nonce.
import {EditorState} from "@codemirror/state";
import {EditorView, drawSelection, highlightActiveLine, highlightSpecialChars, keymap, lineNumbers} from "@codemirror/view";
import {defaultKeymap, history, historyKeymap} from "@codemirror/commands";
import {bracketMatching} from "@codemirror/language";
import {autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap} from "@codemirror/autocomplete";
import {highlightSelectionMatches, searchKeymap} from "@codemirror/search";
import {forceLinting, lintGutter, lintKeymap, linter} from "@codemirror/lint";
import {sparql} from "codemirror-lang-sparql";
import {completing} from "./parts/completion.js";
import {ask, chartOf} from "./parts/results.js";
import {theme} from "./parts/theme.js";

const form = document.querySelector("form.ask"), area = form.querySelector("textarea");
const status = document.querySelector("#status");
const empty = {prefixes: {}, classes: [], properties: [], theme: null};
const vocabulary = fetch(form.dataset.vocabulary).then(answer => answer.ok ? answer.json() : empty).catch(() => empty);

// The engine is the authority on mistakes: it parses, and evaluates nothing.
const check = linter(async view => {
  const text = view.state.doc.toString();
  if (!text.trim()) return [];
  const answer = await fetch(form.dataset.check, {method: "POST", headers: {"content-type": "application/sparql-query"}, body: text}).catch(() => null);
  const found = answer?.ok ? await answer.json() : {ok: true};
  return found.ok ? [] : [mark(view, found)];
}, {delay: 500});

const mark = (view, {line: number, column, detail}) => {
  const line = view.state.doc.line(Math.min(Math.max(number ?? 1, 1), view.state.doc.lines));
  const at = Math.min(line.from + Math.max((column ?? 1) - 1, 0), line.to);
  const prefix = detail.match(/write (PREFIX [^>]*>)/)?.[1];  // of a prefix that everybody knows
  const actions = prefix ? [{name: "Write it", apply: editor => editor.dispatch({changes: {from: 0, insert: `${prefix}\n`}})}] : [];
  return {from: Math.min(at, Math.max(line.from, line.to - 1)), to: Math.min(at + 1, view.state.doc.length), severity: "error", message: detail, actions};
};

// Text over a selection is written by the editor: the browser would keep the look of what it replaces in a style, which
// the policy of the page forbids.
const replacing = EditorView.domEventHandlers({beforeinput: (event, view) => {
  const {from, to, empty: nothing} = view.state.selection.main;
  if (event.inputType !== "insertText" || !event.data || nothing || view.composing) return false;
  const written = view.state.update({...view.state.replaceSelection(event.data), userEvent: "input.type", scrollIntoView: true});
  if (!view.state.facet(EditorView.inputHandler).some(handle => handle(view, from, to, event.data, () => written))) view.dispatch(written);
  event.preventDefault();
  return true;
}});

const holder = document.createElement("div");
holder.className = "editor";
const root = holder.attachShadow({mode: "open"});
const run = () => (form.requestSubmit(), true);
const editor = new EditorView({
  root, parent: root,
  state: EditorState.create({doc: area.value.trimEnd(), extensions: [
    EditorView.contentAttributes.of({"aria-label": "SPARQL query", spellcheck: "false", autocapitalize: "off"}),
    EditorView.lineWrapping, lineNumbers(), drawSelection(), highlightActiveLine(), highlightSpecialChars(), history(),
    bracketMatching(), closeBrackets(), sparql(), theme, highlightSelectionMatches(), check, lintGutter(), replacing,
    autocompletion({override: [completing(vocabulary)], activateOnTypingDelay: 60, maxRenderedOptions: 80}),
    EditorView.updateListener.of(update => { if (update.docChanged) area.value = update.state.doc.toString(); }),
    // Tab leaves the editor (WCAG 2.1.2); Ctrl-Enter runs the query.
    keymap.of([{key: "Mod-Enter", run}, ...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap]),
  ]}),
});
editor.dom.style.minHeight = `${area.offsetHeight}px`;  // so that nothing below moves
area.hidden = true;
area.before(holder);
form.querySelector("label[for=query]").addEventListener("click", () => editor.focus());
form.querySelector("#editor-help").hidden = false;

let running = null;
const stop = form.querySelector("#stop");
stop.addEventListener("click", () => running?.abort());
form.addEventListener("submit", async event => {
  if (!["", "html"].includes(form.elements.format.value)) return;
  event.preventDefault();
  running?.abort();
  running = new AbortController();
  const begun = performance.now(), query = editor.state.doc.toString();
  status.textContent = "Running …";
  stop.hidden = false;
  try {
    const results = await ask(form, query, running.signal);
    document.querySelector("#results").replaceWith(results);
    remember(query);
    status.textContent = `${results.dataset.count} in ${Math.round(performance.now() - begun)} ms`;
    status.classList.remove("refused");
    share();
    await drawn(results);
  } catch (error) {
    if (error.name === "AbortError") status.textContent = "Stopped.";
    else refused(error);
  } finally {
    stop.hidden = true;
  }
});

const remember = query => window.history.replaceState(null, "", `?${new URLSearchParams({query})}`);

const refused = ({problem}) => {
  const found = problem ?? {detail: "The server does not answer; is it still running?"};
  status.textContent = found.detail;
  status.classList.add("refused");
  forceLinting(editor);
  if (found.line) {
    editor.dispatch({selection: {anchor: mark(editor, found).from}, scrollIntoView: true});
    editor.focus();
  }
};

async function drawn(results) {
  const spec = chartOf(results), {theme: look} = await vocabulary;
  if (!spec || !look) return;
  const {live} = await import("./parts/draw.js");
  const figure = document.createElement("figure"), chart = document.createElement("div");
  figure.append(chart);
  results.querySelector(".scroll").after(figure);
  await live(chart, {spec: {...spec, config: look.config}, dark: look.dark});
}

const share = () => {
  for (const link of document.querySelectorAll("a[data-share]"))
    link.addEventListener("click", async event => {
      event.preventDefault();
      window.history.replaceState(null, "", link.href);
      try { await navigator.clipboard.writeText(link.href); status.textContent = "The link is on the clipboard."; }
      catch { status.textContent = "The address of this page is the link."; }
    });
};
share();
if (document.querySelector("#results table.answer")) drawn(document.querySelector("#results"));
window.convocationEditor = editor;
