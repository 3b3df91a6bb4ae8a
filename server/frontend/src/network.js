// Pans and zooms a network that the server drew, and shows the neighbors of a node and the names that have room.
import {select} from "d3-selection";
import {zoom, zoomIdentity} from "d3-zoom";

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

for (const svg of document.querySelectorAll("svg.network")) {
  const inner = svg.querySelector("g.view"), nodes = [...svg.querySelectorAll("a.n")], edges = [...svg.querySelectorAll(".e")];
  const near = new Map(nodes.map(node => [node.dataset.i, new Set()]));
  for (const {dataset: {s, t}} of edges) { near.get(s).add(t); near.get(t).add(s); }
  const focus = i => {
    svg.classList.toggle("focus", i !== null);
    const around = i === null ? null : near.get(i);
    for (const node of nodes) node.classList.toggle("on", i !== null && (node.dataset.i === i || around.has(node.dataset.i)));
    for (const {classList, dataset} of edges) classList.toggle("on", i !== null && (dataset.s === i || dataset.t === i));
    for (const node of nodes) node.classList.remove("crowded");
    const taken = [];
    const shown = nodes.filter(node => node.classList.contains("on")).sort((a, b) => (b.dataset.i === i) - (a.dataset.i === i));
    for (const node of shown) {
      const box = node.querySelector("text").getBoundingClientRect();
      if (taken.some(other => overlap(box, other))) node.classList.add("crowded"); else taken.push(box);
    }
  };
  for (const node of nodes) {
    for (const begin of ["pointerenter", "focus"]) node.addEventListener(begin, () => focus(node.dataset.i));
    for (const end of ["pointerleave", "blur"]) node.addEventListener(end, () => focus(null));
  }
  // The wheel scrolls the page until the picture was clicked.
  const armed = event => event.type !== "wheel" || event.ctrlKey || svg.matches(".armed, :focus-within");
  const zoomed = zoom().scaleExtent([0.5, 12]).filter(armed).on("zoom", event => inner.setAttribute("transform", event.transform));
  const picture = select(svg).call(zoomed).on("dblclick.zoom", null);
  svg.addEventListener("pointerdown", () => svg.classList.add("armed"));
  const toolbar = svg.closest("figure").querySelector(".toolbar");
  toolbar.hidden = false;
  for (const button of toolbar.querySelectorAll("button[data-zoom]"))
    button.addEventListener("click", () => {
      if (button.dataset.zoom === "0") picture.call(zoomed.transform, zoomIdentity);
      else picture.call(zoomed.scaleBy, +button.dataset.zoom);
    });
}
