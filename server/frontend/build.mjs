// Bundles src/*.js and the fonts into a folder with hashed names, a manifest, and .br and .gz beside each file.
import {build} from "esbuild";
import {geoArea, geoCentroid} from "d3-geo";
import {createHash} from "node:crypto";
import {mkdirSync, readFileSync, readdirSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {basename, dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {brotliCompressSync, constants, gzipSync} from "node:zlib";
import {feature} from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
const need = createRequire(import.meta.url);
mkdirSync(out, {recursive: true});
const PRELOADED = {"serif.woff2": "source-serif-4-latin-wght-normal.woff2", "sans.woff2": "source-sans-3-latin-wght-normal.woff2"};

// A font that comes late would move the page: a page that does not have it yet keeps the letters it began with.
const steady = {name: "steady", setup: ({onLoad}) => onLoad({filter: /@fontsource.*\.css$/}, ({path}) =>
  ({contents: readFileSync(path, "utf8").replaceAll("font-display: swap", "font-display: optional"), loader: "css"}))};

const made = await build({
  absWorkingDir: here,
  entryPoints: readdirSync(join(here, "src")).filter(name => name.includes(".")).map(name => `src/${name}`),
  bundle: true, minify: true, format: "esm", splitting: true, target: ["es2022", "safari17"], outdir: out,
  entryNames: "[name]-[hash]", chunkNames: "chunk-[hash]", assetNames: "[name]-[hash]", loader: {".woff2": "file", ".woff": "empty"},
  metafile: true, plugins: [steady], legalComments: "none", logLevel: "warning",
});
const manifest = {};
for (const [file, each] of Object.entries(made.metafile.outputs))
  if (each.entryPoint) manifest[basename(each.entryPoint)] = basename(file);
  else for (const [name, font] of Object.entries(PRELOADED))
    if (Object.keys(each.inputs).some(input => input.endsWith(font))) manifest[name] = basename(file);

// The countries of Natural Earth by ISO 3166-1 alpha-2; those too small for this scale get a point.
const iso = need("i18n-iso-countries");
const code = each => iso.numericToAlpha2(each.id) ?? {Kosovo: "XK"}[each.properties.name] ?? null;
const world = JSON.parse(readFileSync(need.resolve("world-atlas/countries-110m.json")));
const fine = JSON.parse(readFileSync(need.resolve("world-atlas/countries-50m.json")));
const countries = world.objects.countries.geometries.filter(each => each.properties.name !== "Antarctica");
for (const each of countries) { each.id = code(each) ?? "none"; each.properties = {}; }
const drawn = new Set(countries.map(each => each.id));
const points = feature(fine, fine.objects.countries).features
  .map(each => ({id: code(each), area: geoArea(each), at: geoCentroid(each).map(x => Math.round(x * 100) / 100)}))
  .filter(each => each.id && !drawn.has(each.id)).map(each => ({id: each.id, lon: each.at[0], lat: each.at[1]}));
world.objects = {countries: {type: "GeometryCollection", geometries: countries}};
const hashed = (name, text) => {
  const [stem, suffix] = name.split("."), hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  manifest[name] = `${stem}-${hash}.${suffix}`;
  writeFileSync(join(out, manifest[name]), text);
};
hashed("world.json", JSON.stringify(world));
hashed("points.json", JSON.stringify(points));
// For pictures of pixels, which the server draws.
for (const [name, file] of [["sans-400.ttf", "400Regular/SourceSans3_400Regular.ttf"], ["sans-600.ttf", "600SemiBold/SourceSans3_600SemiBold.ttf"]])
  hashed(name, readFileSync(join(here, "node_modules/@expo-google-fonts/source-sans-3", file)));

// What others wrote, with their licenses.
const parts = new Set(Object.keys(made.metafile.inputs).map(path => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean));
const notices = [...parts, "world-atlas", "i18n-iso-countries", "@expo-google-fonts/source-sans-3"].sort().map(name => {
  const folder = join(here, "node_modules", name), about = JSON.parse(readFileSync(join(folder, "package.json")));
  const file = readdirSync(folder).find(each => /^(licen[cs]e|copying)/i.test(each));
  return `${name} ${about.version} (${about.license})\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : ""}\n`;
});
writeFileSync(join(out, "LICENSES.txt"), notices.join(`\n${"-".repeat(80)}\n\n`));

for (const name of readdirSync(out).filter(name => /\.(js|css|json|txt)$/.test(name))) {
  const data = readFileSync(join(out, name));
  writeFileSync(join(out, `${name}.gz`), gzipSync(data, {level: 9}));
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(data, {params: {[constants.BROTLI_PARAM_QUALITY]: 11}}));
}
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
