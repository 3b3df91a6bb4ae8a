// Draws Vega-Lite in a page. `ast` lets Vega interpret its expressions, so that no policy needs 'unsafe-eval'.
import embed from "vega-embed";

const darkness = matchMedia("(prefers-color-scheme: dark)");
const OPTIONS = {
  mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false,
  tooltip: {disableDefaultStyle: true, theme: "custom"},
};

// The colors of a chart are those of the light theme; `dark` maps each to that of the dark theme.
const colored = (spec, dark) => {
  const text = JSON.stringify(spec);
  return JSON.parse(darkness.matches ? text.replace(/"(#[0-9a-f]{6})"/g, (all, color) => `"${dark[color] ?? color}"`) : text);
};

export function live(holder, {spec, dark}) {
  const place = document.createElement("div");
  place.className = "live";
  holder.append(place);
  let view = null;
  const redraw = async () => {
    const made = {...colored(spec, dark), width: "container", autosize: {type: "fit-x", contains: "padding"}};
    const legend = made.encoding?.color?.legend, left = made.encoding?.y?.type === "nominal" ? 230 : 0;  // fits 760 pixels
    if (legend?.columns) legend.columns = Math.max(1, Math.floor(legend.columns * Math.min(1, (place.clientWidth - left) / (760 - left))));
    view?.finalize();
    view = (await embed(place, made, OPTIONS)).view;
    holder.classList.add("is-live");
  };
  darkness.addEventListener("change", redraw);
  return redraw();
}
