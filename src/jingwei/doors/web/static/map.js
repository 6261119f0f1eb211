/* The map's script. The page is whole without it: the server draws, counts and measures. Where there is
   WebGL this puts MapLibre in the drawing's place, and asks the server again each time the map has moved. */
(() => {
  "use strict";
  const $ = (s, r = document) => r.querySelector(s);
  const $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const main = $("#map-main");
  if (!main) return;

  /* forms answer at once; the slider says its hours while it moves */
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submits]");
    if (form) form.requestSubmit();
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "map-back") $("#map-back-says").textContent = event.target.value;
  });

  const hasWebGL = () => {
    try { return Boolean(window.WebGL2RenderingContext && document.createElement("canvas").getContext("webgl2")); } catch { return false; }
  };
  if (!hasWebGL()) { main.dataset.drawn = "server"; return; }

  const add = (tag, set) => new Promise((done, failed) => {
    const one = Object.assign(document.createElement(tag), set);
    one.onload = done; one.onerror = failed;
    document.head.append(one);
  });
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const collection = (features) => ({ type: "FeatureCollection", features });
  const feature = (type, coordinates, properties = {}) => ({ type: "Feature", geometry: { type, coordinates }, properties });
  let map, marks = [], popup, picking = false, asked = 0;

  /* --- what the server drew becomes what MapLibre shows --- */
  function markOf(drawn) {
    const size = Number(drawn.dataset.size) + 4, half = size / 2;
    const link = document.createElement("a");
    link.className = "mk"; link.href = drawn.getAttribute("href");
    for (const name of ["aria-label", "lang"]) if (drawn.hasAttribute(name)) link.setAttribute(name, drawn.getAttribute(name));
    Object.assign(link.dataset, drawn.dataset);
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "map"); svg.setAttribute("viewBox", `${-half} ${-half} ${size} ${size}`);
    svg.setAttribute("width", size); svg.setAttribute("height", size); svg.setAttribute("aria-hidden", "true");
    for (const part of drawn.childNodes) svg.append(part.cloneNode(true));
    link.append(svg);
    link.addEventListener("click", (event) => { event.preventDefault(); event.stopPropagation(); opened(link); });
    return new maplibregl.Marker({ element: link, offset: [Number(drawn.dataset.dx), Number(drawn.dataset.dy)] })
      .setLngLat([Number(drawn.dataset.lon), Number(drawn.dataset.lat)]);
  }
  function opened(link) {
    const { lon, lat, zooms, name, kind, count } = link.dataset;
    if (zooms !== undefined && !link.hash) {
      const there = new URL(link.href), [x, y] = there.searchParams.get("at").split(",").map(Number);
      map.jumpTo({ center: [x, y], zoom: Number(there.searchParams.get("z")) });
      return;
    }
    const box = document.createElement("div"), title = document.createElement("b"), more = document.createElement("div"), go = document.createElement("a");
    if (link.lang) title.lang = link.lang;
    title.textContent = zooms === undefined ? name : `${count}: ${name}`;
    more.textContent = kind || ""; more.className = "i2";
    go.href = link.href; go.textContent = main.dataset.wordOpen;
    box.append(title, more, go);
    if (popup) popup.remove();
    popup = new maplibregl.Popup({ offset: 14 }).setLngLat([Number(lon), Number(lat)]).setDOMContent(box).addTo(map);
  }
  function show() {
    const focused = document.activeElement && document.activeElement.closest("#map-gl .mk");
    const again = focused ? focused.getAttribute("href") : "";
    marks.forEach((one) => one.remove());
    marks = $$("#map-figure .mk").map(markOf);
    marks.forEach((one) => { one.addTo(map); one.getElement().removeAttribute("role"); });
    if (again) { const same = marks.find((one) => one.getElement().getAttribute("href") === again); if (same) same.getElement().focus(); }
    const names = $$("#map-figure .pt").map((p) => feature("Point", [Number(p.dataset.lon), Number(p.dataset.lat)],
      { name: p.nextElementSibling ? p.nextElementSibling.textContent : "", level: Number(p.dataset.level), anchor: p.dataset.anchor }));
    map.getSource("names").setData(collection(names));
    const points = ($("#map-measure").dataset.points || "").split(";").filter(Boolean).map((p) => p.split(",").map(Number));
    const line = points.length > 1 ? [feature("LineString", points)] : [];
    map.getSource("measured").setData(collection([...line, ...points.map((p) => feature("Point", p))]));
    const lines = $$("#map-figure .grid").map((l) => feature("LineString", l.dataset.lon !== undefined
      ? [[Number(l.dataset.lon), -85], [Number(l.dataset.lon), 85]] : [[-180, Number(l.dataset.lat)], [180, Number(l.dataset.lat)]]));
    map.getSource("lines").setData(collection(lines));
    const pin = $("#map-figure .pin");
    map.getSource("pin").setData(collection(pin ? [feature("Point", [Number(pin.dataset.lon), Number(pin.dataset.lat)])] : []));
    shapes("outlines"); shapes("areas");
    main.dataset.drawn = "gl";
  }

  /* --- borders: what the page names, asked once for each address and kept by the browser --- */
  const shown = {};
  async function shapes(name) {
    const from = $("#map-figure").dataset[name] || "";
    if (shown[name] === from) return;
    shown[name] = from;
    let found = collection([]);
    try {
      const answer = from ? await fetch(from, { credentials: "same-origin" }) : null;
      if (answer && answer.ok && !answer.redirected) found = await answer.json();
    } catch { shown[name] = ""; return; }
    if (shown[name] === from) map.getSource(name).setData(found);
  }

  /* --- ask the server for the map as it lies now, and take its parts over --- */
  function here(changes = {}) {
    const url = new URL(main.dataset.here, location), at = map.getCenter().wrap();
    url.searchParams.set("at", `${at.lng.toFixed(5)},${at.lat.toFixed(5)}`);
    url.searchParams.set("z", String(Math.round(map.getZoom() * 100) / 100));
    for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value);
    return url;
  }
  async function ask(url) {
    const mine = ++asked, size = new URL(url);
    size.searchParams.set("s", `${Math.round($("#map-gl").clientWidth)}x${Math.round($("#map-gl").clientHeight)}`);
    let doc;
    try {
      const answer = await fetch(size, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      doc = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch { return; }
    if (mine !== asked || !$("#map-figure", doc)) return;
    for (const id of ["map-figure", "map-nav", "map-list", "map-measure", "map-forms"]) {
      const old = document.getElementById(id), fresh = doc.getElementById(id);
      if (!old || !fresh) continue;
      const inside = old.contains(document.activeElement) ? document.activeElement.id : "";
      old.replaceWith(document.importNode(fresh, true));
      if (inside && document.getElementById(inside)) document.getElementById(inside).focus();
    }
    $$("[data-count-of]").forEach((e) => { e.textContent = $(`[data-count-of="${e.dataset.countOf}"]`, doc).textContent; });
    $$("form [name=at]").forEach((e) => { e.value = new URL(url).searchParams.get("at"); });
    $$("form [name=z]").forEach((e) => { e.value = new URL(url).searchParams.get("z"); });
    main.dataset.here = new URL(url).pathname + new URL(url).search;
    history.replaceState(null, "", main.dataset.here);
    ready();
    show();
  }
  function ready() {
    const pick = $("#map-pick");
    pick.hidden = false;
    pick.setAttribute("aria-pressed", String(picking));
    pick.addEventListener("click", () => { picking = !picking; pick.setAttribute("aria-pressed", String(picking)); map.getCanvas().style.cursor = picking ? "crosshair" : ""; });
  }

  /* --- MapLibre itself --- */
  function style() {
    const paint = { text: { "text-color": color("--label"), "text-halo-color": color("--land"), "text-halo-width": 2 } };
    const sources = {}, layers = [{ id: "land", type: "background", paint: { "background-color": color("--land") } }];
    if (main.dataset.tiles) {
      sources.tiles = { type: "raster", tiles: [main.dataset.tiles], tileSize: 256, attribution: main.dataset.tilesBy.replace(/[<>&]/g, "") };
      layers.push({ id: "tiles", type: "raster", source: "tiles" });
    }
    for (const name of ["outlines", "areas", "lines", "names", "measured", "pin"]) sources[name] = { type: "geojson", data: collection([]) };
    layers.push({ id: "outlines", type: "line", source: "outlines", paint: { "line-color": color("--ink3"), "line-width": 1 } });
    layers.push({ id: "areas-in", type: "fill", source: "areas", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": color("--accent"), "fill-opacity": 0.12 } });
    layers.push({ id: "areas", type: "line", source: "areas", paint: { "line-color": color("--accent"), "line-width": 2 } });
    layers.push({ id: "lines", type: "line", source: "lines", paint: { "line-color": color("--road"), "line-width": 1 } });
    layers.push({ id: "measured", type: "line", source: "measured", paint: { "line-color": color("--accent"), "line-width": 3 } });
    layers.push({ id: "knots", type: "circle", source: "measured", filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 5, "circle-color": color("--surface"), "circle-stroke-color": color("--accent"), "circle-stroke-width": 2 } });
    layers.push({ id: "dots", type: "circle", source: "names", paint: { "circle-radius": 2, "circle-color": color("--label") } });
    layers.push({ id: "names", type: "symbol", source: "names", paint: paint.text,
      layout: { "text-field": ["get", "name"], "text-size": 13, "text-anchor": ["get", "anchor"], "text-radial-offset": 0.5, "text-max-width": 24, "symbol-sort-key": ["get", "level"] } });
    layers.push({ id: "pin", type: "circle", source: "pin", paint: { "circle-radius": 11, "circle-color": "transparent", "circle-stroke-color": color("--accent"), "circle-stroke-width": 3 } });
    return { version: 8, sources, layers };
  }
  const degrees = (value, letters) => {
    const tenths = Math.round(Math.abs(value) * 36000), d = Math.floor(tenths / 36000), m = Math.floor(tenths % 36000 / 600), s = (tenths % 600 / 10).toFixed(1);
    return `${d}°${String(m).padStart(2, "0")}′${s.padStart(4, "0")}″${letters[value < 0 ? 1 : 0]}`;
  };
  function start() {
    const words = main.dataset, drawnWide = Number($("#map-figure svg").getAttribute("viewBox").split(" ")[2]);
    maplibregl.setWorkerUrl(words.worker);
    $("#map-gl").hidden = false;
    main.classList.add("has-gl");
    const back = words.unasked === undefined ? 0 : Math.min(0, Math.log2($("#map-gl").clientWidth / drawnWide));
    map = new maplibregl.Map({
      container: "map-gl", style: style(), center: [Number(words.lon), Number(words.lat)], zoom: Number(words.zoom) + back,
      minZoom: 1, maxZoom: 19, attributionControl: words.tiles ? { compact: false } : false, dragRotate: false, pitchWithRotate: false, touchPitch: false,
      fadeDuration: 0, localIdeographFontFamily: getComputedStyle(document.body).fontFamily,
      locale: { "Map.Title": words.wordMap, "Popup.Close": words.wordClose, "Marker.Title": words.wordMap, "NavigationControl.ZoomIn": words.wordCloser, "NavigationControl.ZoomOut": words.wordFarther },
    });
    map.touchZoomRotate.disableRotation();
    map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new maplibregl.ScaleControl({ maxWidth: 140 }), "bottom-right");
    map.on("load", () => {
      show(); ready(); ask(here());
      map.on("moveend", () => ask(here()));
      map.on("click", (event) => {
        if (!picking) return;
        const point = event.lngLat.wrap(), before = $("#map-measure").dataset.points;
        ask(here({ m: `${before ? before + ";" : ""}${point.lng.toFixed(5)},${point.lat.toFixed(5)}` }));
      });
      map.on("mousemove", (event) => {
        const at = event.lngLat.wrap(), says = $("#map-cursor");
        if (says) says.textContent = `${at.lng.toFixed(5)}, ${at.lat.toFixed(5)}  ${degrees(at.lat, "NS")} ${degrees(at.lng, "EW")}`;
      });
    });
    const relight = () => { const now = style(); now.layers.forEach((layer) => Object.entries(layer.paint || {}).forEach(([name, value]) => map.getLayer(layer.id) && map.setPaintProperty(layer.id, name, value))); };
    new MutationObserver(relight).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", relight);
  }
  Promise.all([add("link", { rel: "stylesheet", href: main.dataset.style }), add("script", { src: main.dataset.script })])
    .then(start)
    .catch(() => { main.classList.remove("has-gl"); $("#map-gl").hidden = true; main.dataset.drawn = "server"; });
})();
