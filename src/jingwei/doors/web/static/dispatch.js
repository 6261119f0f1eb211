/* A click on the sketch is a point of the closure: it stands in the form, and a dot on the sketch. */
(() => {
  "use strict";
  const map = document.getElementById("pick"), field = document.getElementById("c-p");
  if (!map || !field) return;
  const at = (name) => Number(map.dataset[name]);
  map.addEventListener("click", (event) => {
    const box = map.getBoundingClientRect(), view = map.viewBox.baseVal;
    const x = (event.clientX - box.left) * view.width / box.width, y = (event.clientY - box.top) * view.height / box.height;
    const lon = at("lon") + (x - view.width / 2) / at("east"), lat = at("lat") - (y - view.height / 2) / at("north");
    field.value = `${field.value.trim()}${field.value.trim() ? "\n" : ""}${lon.toFixed(5)}, ${lat.toFixed(5)}`;
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    dot.setAttribute("class", "so"); dot.setAttribute("cx", x); dot.setAttribute("cy", y); dot.setAttribute("r", 5);
    map.append(dot);
  });
})();
