// How the editor looks: the colors and letters of site.css, which reach into its shadow tree as custom properties.
import {EditorView} from "@codemirror/view";
import {HighlightStyle, syntaxHighlighting} from "@codemirror/language";
import {tags as t} from "@lezer/highlight";

const mono = "var(--mono)", sans = "var(--sans)", line = "1px solid var(--line)";
const look = EditorView.theme({
  "&": {border: "1px solid var(--edge)", borderRadius: "4px", background: "var(--tint)", color: "var(--ink)", fontSize: ".88rem"},
  "&.cm-focused": {outline: "3px solid var(--focus)", outlineOffset: "1px"},
  ".cm-scroller": {fontFamily: mono, lineHeight: "1.6", minHeight: "15rem", maxHeight: "36rem"},
  ".cm-content": {caretColor: "var(--ink)", paddingBlock: ".5rem"},
  ".cm-gutters": {background: "transparent", border: "0", color: "var(--soft)"},
  ".cm-activeLine, .cm-activeLineGutter": {background: "color-mix(in srgb, var(--ink) 5%, transparent)"},
  ".cm-cursor": {borderLeftColor: "var(--ink)"},
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {background: "color-mix(in srgb, var(--link) 25%, transparent)"},
  ".cm-selectionMatch": {background: "color-mix(in srgb, var(--c5) 25%, transparent)"},
  "&.cm-focused .cm-matchingBracket": {background: "color-mix(in srgb, var(--c3) 25%, transparent)"},
  ".cm-tooltip": {background: "var(--paper)", border: line, color: "var(--ink)", borderRadius: "4px", boxShadow: "0 6px 24px #0003"},
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {fontFamily: mono, fontSize: ".82rem", maxHeight: "17rem", minWidth: "22rem", maxWidth: "min(95vw, 44rem)"},
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {padding: ".22rem .5rem", lineHeight: "1.35"},
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {background: "var(--link)", color: "var(--paper)"},
  ".cm-completionDetail": {fontFamily: sans, fontStyle: "normal", fontSize: ".78rem", marginLeft: ".7rem"},
  ".cm-completionMatchedText": {textDecoration: "none", fontWeight: "700"},
  ".cm-completionIcon": {color: "inherit", opacity: "1", width: "1.1em"},
  ".cm-completionInfo": {font: `400 .82rem/1.45 ${sans}`, padding: ".5rem .7rem", maxWidth: "19rem"},
  ".cm-tooltip-lint, .cm-diagnostic": {font: `400 .82rem/1.45 ${sans}`},
  ".cm-diagnostic-error": {borderLeft: "4px solid var(--accent)"},
  ".cm-panels": {background: "var(--tint)", color: "var(--ink)"},
});
const colors = HighlightStyle.define([
  {tag: t.keyword, color: "var(--c4)", fontWeight: "600"},
  {tag: [t.variableName, t.definition(t.variableName)], color: "var(--c2)"},
  {tag: [t.string, t.special(t.string)], color: "var(--c3)"},
  {tag: [t.number, t.bool], color: "var(--c6)"},
  {tag: t.comment, color: "var(--soft)", fontStyle: "italic"},
  {tag: [t.url, t.link], color: "var(--c7)"},
  {tag: [t.namespace, t.propertyName, t.typeName, t.className, t.atom], color: "var(--c1)"},
]);
export const theme = [look, syntaxHighlighting(colors)];
