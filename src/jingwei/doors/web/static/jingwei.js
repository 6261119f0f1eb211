/* The pages' one script: clock and ages, live regions, dialogs, keys, drafts. Pages work without it. */
(() => {
  "use strict";
  const $ = (s, r = document) => r.querySelector(s);
  const $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const words = $("#words") ? $("#words").dataset : {};
  const fill = (text, n) => (text || "").replace("{n}", n);
  const wide = () => window.matchMedia("(min-width: 768px)").matches;

  /* --- node clock: runs from the state the server gave, at the node's own speed --- */
  let base = 0, started = 0, speed = 1, zone = 0;
  function setClock() {
    const box = $("#clock");
    if (!box) return;
    base = Date.parse(box.dataset.now); started = performance.now();
    speed = Number(box.dataset.speed); zone = Number(box.dataset.zone);
  }
  const nodeNow = () => base + (performance.now() - started) * speed;
  const two = (n) => String(n).padStart(2, "0");
  function clockText(ms) {
    const d = new Date(ms + zone * 60000);
    return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
  }
  function ageText(ms) {
    if (ms < -60000) { const m = Math.floor(-ms / 60000); return m < 60 ? fill(words.ahead, m) : fill(words.aheadHour, Math.floor(m / 60)); }
    const m = Math.floor(Math.max(0, ms) / 60000);
    if (m < 1) return words.now;
    if (m < 60) return fill(words.min, m);
    return m < 2880 ? fill(words.hour, Math.floor(m / 60)) : fill(words.day, Math.floor(m / 1440));
  }
  function put(node, text) { if (node.textContent !== text) node.textContent = text; }
  function tick() {
    const now = nodeNow(), face = $("#clock .now");
    if (!face) return;
    put(face, clockText(now));
    const long = $("[data-clock]");
    if (long) put(long, `${new Date(now + zone * 60000).toISOString().slice(0, 10)} ${clockText(now)}`);
    $$("[data-at]").forEach((e) => put(e, ageText(now - Date.parse(e.dataset.at))));
    $$("[data-run]").forEach((e) => {
      const m = Math.max(0, Math.floor((now - Date.parse(e.dataset.run)) / 60000));
      put(e, `${Math.floor(m / 60)}:${two(m % 60)}`);
    });
    clocks(now);
  }
  /* time left or passed: minutes and seconds under an hour; said aloud at 5 min, 1 min and when it passes */
  const heard = new Map();
  function clocks(now) {
    $$("[data-left]").forEach((e) => {
      const left = Math.floor((Date.parse(e.dataset.left) - now) / 1000), s = Math.abs(left), short = s < 3600;
      put(e, (left < 0 ? "+" : e.dataset.sign || "") + (short ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s % 3600 / 60))}`));
      const unit = e.nextElementSibling;
      if (unit && unit.matches("small")) put(unit, short ? words.minsec : words.hourmin);
      if (!e.dataset.name || e.dataset.sign) return;
      const band = left < 0 ? 0 : left <= 60 ? 1 : left <= 300 ? 5 : 9, was = heard.get(e.dataset.left + e.dataset.name);
      heard.set(e.dataset.left + e.dataset.name, band);
      if (was !== undefined && band < was) { const box = $("#spoken"); if (box) put(box, `${e.dataset.name}: ${e.textContent}`); }
    });
    $$("progress[data-until]").forEach((e) => { e.value = Math.max(0, (Date.parse(e.dataset.until) - now) / 1000); });
  }

  /* --- live: one stream; a change fetches the page's regions; a region in use waits --- */
  let pending = 0, lastFetch = 0;
  const saying = (state) => { const e = $("#live-state"); if (e) put(e, state); };
  function changed() {
    if (pending) return;
    const wait = Math.max(150, 1000 - (performance.now() - lastFetch));
    pending = setTimeout(() => { pending = 0; lastFetch = performance.now(); htmx.trigger(document.body, "jw:changed"); }, wait);
  }
  function listen() {
    const topics = document.body.dataset.topic;
    if (!topics || !window.EventSource) return;
    const stream = new EventSource("/live?" + topics.split(",").map((t) => "topic=" + encodeURIComponent(t)).join("&"));
    let was = false;
    stream.onopen = () => { saying(words.on); if (was) changed(); was = true; };
    stream.onerror = () => saying(words.off);
    stream.onmessage = changed;
    ["changed", "clock"].forEach((name) => stream.addEventListener(name, changed));
  }
  /* held: a row is open in it, something in it has the focus, or the pointer is over it */
  function held(region) {
    if (region.dataset.live === "free") return false;
    if ($(".is-on, details[open][data-opened]", region)) return true;
    const active = document.activeElement;
    if (active && active !== document.body && region.contains(active)) return true;
    return window.matchMedia("(hover: hover)").matches && region.matches(":hover");
  }
  function keepWaiting(region, fresh) {
    const known = new Set($$("[data-id]", region).map((e) => e.dataset.id));
    const n = fresh ? $$("[data-id]", fresh).filter((e) => !known.has(e.dataset.id)).length : 0;
    if (fresh && fresh.dataset.mark === region.dataset.mark) return;
    let button = $(".wait", region);
    if (!button) {
      button = document.createElement("button");
      button.type = "button"; button.className = "wait";
      ($(".ptitle", region) || region).insertAdjacentElement("afterend", button);
    }
    button.textContent = n ? fill(words.waiting, n) : words.changed;
    region.waiting = fresh;
  }
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const region = event.detail.target, fresh = event.detail.fragment && event.detail.fragment.firstElementChild;
    if (!region || !region.dataset || !region.dataset.live) return;
    if (fresh && fresh.dataset.mark && fresh.dataset.mark === region.dataset.mark) { event.detail.shouldSwap = false; return; }
    if (held(region)) {
      event.detail.shouldSwap = false;
      keepWaiting(region, fresh ? fresh.cloneNode(true) : null);
    } else if (fresh) {
      const known = new Set($$("[data-id]", region).map((e) => e.dataset.id));
      $$("[data-id]", fresh).forEach((e) => { if (!known.has(e.dataset.id)) e.classList.add("fresh"); });
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.elt.matches || !event.detail.elt.matches("[data-live-source]") || !event.detail.successful) return;
    if (!wide()) $$("[data-fold]").forEach((e) => { e.open = false; });
  setClock(); tick();
    const at = $("#live-at"); if (at) put(at, clockText(nodeNow()));
  });
  /* the node cannot give the page: say on this one what its answer says */
  document.addEventListener("htmx:responseError", (event) => {
    const box = $("#trouble"), xhr = event.detail.xhr;
    if (!box || xhr.status !== 503) return;
    const said = $("#trouble", new DOMParser().parseFromString(xhr.responseText, "text/html"));
    if (said) box.replaceChildren(...said.childNodes);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".wait");
    if (!button) return;
    const region = button.closest("[data-live]"), top = region.scrollTop;
    if (region.waiting) { region.replaceWith(region.waiting); htmx.process(region.waiting); region.waiting.scrollTop = top; tick(); }
  });

  /* --- dialogs: a page shown over the page; without script the same link opens the page --- */
  const sheet = $("#sheet");
  let opener = null;
  async function load(url, options) {
    const answer = await fetch(url, { credentials: "same-origin", headers: { "X-Jingwei-Dialog": "1" }, ...options });
    const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { answer, doc, part: $("main .sheet", doc) };
  }
  function show(part, url) {
    sheet.replaceChildren(document.importNode(part, true));
    /* a form that names no address sends to its own page, which is not the one it is shown over */
    $$("form:not([action])", sheet).forEach((e) => e.setAttribute("action", url));
    const title = $("h1, h2", sheet);
    if (title) { title.id = "sheet-title"; sheet.setAttribute("aria-labelledby", "sheet-title"); sheet.removeAttribute("aria-label"); }
    if (!sheet.open) sheet.showModal();
    htmx.process(sheet); prepare(sheet);
    const first = ["[aria-invalid=true]", "[autofocus]", ".error", "textarea, input:not([type=hidden]), select, a, button"]
      .map((s) => $(s, sheet)).find(Boolean);
    if (first) { if (first.matches(".error")) first.tabIndex = -1; first.focus(); }
  }
  async function openSheet(url, from) {
    opener = from || document.activeElement;
    try {
      const { answer, part } = await load(url);
      if (!answer.ok || !part) { location.assign(url); return; }
      show(part, url);
    } catch { location.assign(url); }
  }
  async function sendSheet(form, button) {
    const data = new FormData(form, button && button.name ? button : undefined);
    if (form.method === "get") {
      try { const asked = `${form.action}?${new URLSearchParams(data)}`; show((await load(asked)).part, asked); } catch { failed(form); }
      return;
    }
    try {
      const { answer, doc, part } = await load(form.action, { method: "POST", body: new URLSearchParams(data) });
      if (answer.redirected && answer.ok) { form.dispatchEvent(new CustomEvent("jw:sent", { bubbles: true })); sheet.close(); location.assign(answer.url); return; }
      if ($("[data-switched]", doc)) { switched(doc); return; }
      if (part) show(part, form.action); else if (answer.ok) { sheet.close(); location.reload(); } else throw new Error(String(answer.status));
    } catch { failed(form); }
  }
  function failed(form) {
    let box = $(".error", form);
    if (!box) { box = document.createElement("div"); box.className = "error"; box.setAttribute("role", "alert"); form.prepend(box); }
    box.textContent = words.failed;
  }
  /* another person took the seat: the page and everything typed stay, tokens and names are renewed */
  function switched(doc) {
    const token = $("input[name=csrfmiddlewaretoken]", doc).value;
    $$("input[name=csrfmiddlewaretoken]").forEach((e) => { e.value = token; });
    ["#seat", "#who", ".menu", ".barnav"].forEach((s) => {
      const old = $(s), fresh = $(s, doc);
      if (old && fresh) { old.replaceWith(document.importNode(fresh, true)); htmx.process($(s)); }
    });
    sheet.close();
    const said = $("[data-switched]", doc);
    $("#spoken").textContent = said.textContent;
    const who = $("#who");
    if (who) { const note = document.createElement("dd"); note.className = "tag strong"; note.textContent = said.textContent; who.append(note); }
    changed();
  }
  document.addEventListener("click", (event) => {
    const summary = event.target.closest("summary");
    if (summary) summary.parentElement.dataset.opened = "";
    const link = event.target.closest("a[data-dialog]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); openSheet(link.href, link); return; }
    $$("details.more[open]").forEach((e) => { if (!e.contains(event.target)) e.open = false; });
    if (event.target.closest("[data-close]") && sheet.open) { event.preventDefault(); sheet.close(); return; }
    const row = event.target.closest(".row[data-id]");
    if (row && !event.target.closest("a, button, summary, input, label")) select(row, true);
  });
  if (sheet) {
    sheet.addEventListener("submit", (event) => { event.preventDefault(); sendSheet(event.target, event.submitter); });
    sheet.addEventListener("close", () => { if (opener && opener.isConnected) opener.focus(); sheet.replaceChildren(); });
  }

  /* --- theme at once, without losing the page --- */
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-theme-form]");
    if (!form) return;
    event.preventDefault();
    const root = document.documentElement, wanted = event.submitter.value;
    const theme = root.dataset.theme === wanted ? "auto" : wanted;
    if (theme === "auto") delete root.dataset.theme; else root.dataset.theme = theme;
    $$("button", form).forEach((b) => b.setAttribute("aria-pressed", String(b.value === theme)));
    const data = new FormData(form); data.set("theme", theme);
    fetch(form.action, { method: "POST", body: new URLSearchParams(data), credentials: "same-origin" });
  });

  /* --- rows by keyboard --- */
  function select(row, toggle) {
    const on = row.classList.contains("is-on");
    $$(".row.is-on").forEach((r) => r.classList.remove("is-on"));
    if (toggle && on) return;
    row.classList.add("is-on");
    row.scrollIntoView({ block: "nearest" });
    const link = $("a.title", row); if (link) link.focus({ preventScroll: true });
  }
  function move(step) {
    const rows = $$(".row[data-id]").filter((r) => r.offsetParent);
    if (!rows.length) return;
    const at = rows.findIndex((r) => r.classList.contains("is-on"));
    select(rows[Math.min(rows.length - 1, Math.max(0, at + step))]);
  }
  const typing = (e) => e.target.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "F2" && $("[data-key=F2]")) {
      event.preventDefault();
      if (!(sheet && sheet.open)) { const link = $("[data-key=F2]"); if (wide()) openSheet(link.href, document.activeElement); else location.assign(link.href); }
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event) || (sheet && sheet.open)) return;
    if (event.key === "j" || event.key === "J") move(1);
    else if (event.key === "k" || event.key === "K") move(-1);
    else if (event.key === "/") { const q = $(".find input"); if (q) { event.preventDefault(); q.focus(); q.select(); } }
    else if (event.key === "?") { const link = $("[data-key='?']"); if (link) openSheet(link.href, document.activeElement); }
    else if (event.key === "Escape") {
      const row = $(".row.is-on"), folded = $("details.more[open]");
      if (folded) { folded.open = false; $("summary", folded).focus(); } else if (row) { row.classList.remove("is-on"); document.activeElement.blur(); } else if ($("[data-back]")) location.assign($("[data-back]").href);
    } else {
      const key = CSS.escape(event.key.toLowerCase());
      const hot = $(`.row.is-on [data-hot="${key}"]`) || $(`[data-page-hot="${key}"]`);
      if (hot) { event.preventDefault(); hot.click(); }
    }
  });

  /* --- drafts survive a reload; gone once the node has taken the form --- */
  const store = { get: (k) => { try { return JSON.parse(localStorage.getItem(k)); } catch { return null; } },
    set: (k, v) => { try { localStorage.setItem(k, JSON.stringify(v)); } catch { /* full or forbidden: the draft is a comfort only */ } },
    drop: (k) => { try { localStorage.removeItem(k); } catch { /* likewise */ } } };
  function draft(form) {
    const key = "jw:" + form.dataset.draft;
    const fields = () => $$("input:not([type=hidden]):not([type=password]), textarea, select", form).filter((e) => e.name);
    const saved = store.get(key);
    if (saved && !form.dataset.filled) fields().forEach((e) => {
      if (!(e.name in saved) || e.dataset.fresh !== undefined) return;
      if (e.type === "checkbox") e.checked = saved[e.name]; else e.value = saved[e.name];
    });
    form.addEventListener("input", () => {
      const now = {};
      fields().forEach((e) => { now[e.name] = e.type === "checkbox" ? e.checked : e.value; });
      store.set(key, now);
      const note = $("[data-draft-note]", form); if (note) note.textContent = words.draft;
    });
    form.addEventListener("jw:sent", () => store.drop(key));
  }

  /* --- suggestions under a field: arrows choose, Enter or a click takes; plain text works too --- */
  function suggest(box) {
    const input = $("input", box), list = $("ul", box);
    const items = () => $$("li", list), at = () => items().findIndex((i) => i.getAttribute("aria-selected") === "true");
    const clear = () => { list.replaceChildren(); input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const mark = (n) => items().forEach((item, i) => {
      item.setAttribute("aria-selected", String(i === n));
      if (i === n) { input.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
    });
    const take = (item) => { input.value = item.dataset.value; clear(); input.dispatchEvent(new Event("change", { bubbles: true })); input.dispatchEvent(new InputEvent("input", { bubbles: true, data: "jw" })); };
    let asked = 0, timer = 0, took = "";
    input.addEventListener("input", () => {
      clearTimeout(timer);
      if (input.value === took) return;
      if (!input.value.trim()) { clear(); return; }
      timer = setTimeout(async () => {
        const mine = ++asked;
        try {
          const answer = await fetch(box.dataset.suggest + "?q=" + encodeURIComponent(input.value), { credentials: "same-origin" });
          if (mine !== asked || !answer.ok || document.activeElement !== input) return;
          list.innerHTML = await answer.text();
          input.setAttribute("aria-expanded", String(items().length > 0));
          if (items().length) mark(0);
        } catch { clear(); }
      }, 120);
    });
    input.addEventListener("keydown", (event) => {
      const n = items().length;
      if (!n) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); mark((at() + (event.key === "ArrowDown" ? 1 : n - 1)) % n); }
      else if ((event.key === "Enter" && !event.ctrlKey) || event.key === "Tab") { const item = items()[at()]; if (item) { if (event.key === "Enter") event.preventDefault(); took = item.dataset.value; asked++; take(item); } }
      else if (event.key === "Escape") { event.stopPropagation(); event.preventDefault(); clear(); }
    });
    list.addEventListener("mousedown", (event) => { const item = event.target.closest("li"); if (item) { event.preventDefault(); took = item.dataset.value; asked++; take(item); } });
    input.addEventListener("blur", () => { asked++; clearTimeout(timer); clear(); });
  }
  function prepare(root) {
    $$("form[data-draft]", root).forEach(draft);
    $$("[data-suggest]", root).forEach(suggest);
    $$("form[data-auto] select", root).forEach((e) => e.addEventListener("change", () => e.form.requestSubmit()));
  }
  /* a form page that the node answers with a redirect has been taken: its draft goes */
  const done = new URLSearchParams(location.search).get("kept");
  if (done) store.drop("jw:" + done);

  if (!wide()) $$("[data-fold]").forEach((e) => { e.open = false; });
  setClock(); tick(); setInterval(tick, 1000); prepare(document); listen();
})();
