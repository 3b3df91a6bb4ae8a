// Makes the charts of a page live: the picture that the server drew gives way, and comes back on paper.
import {live} from "./parts/draw.js";

for (const figure of document.querySelectorAll("figure[data-chart]"))
  live(figure.querySelector(".chart"), JSON.parse(figure.querySelector("script[type='application/json']").textContent));
