/* Reports carried on the phone: written without a signal, kept, sent once when there is one. The form works without it. */
(() => {
  "use strict";
  const $ = (s, r = document) => r.querySelector(s);
  const box = $("#carried"), form = $("form[data-carried]");
  if (!box || !form || !window.indexedDB || !window.fetch) return;
  const base = form.dataset.carried, words = box.dataset;
  const fill = (text, gaps) => (text || "").replace(/\{(\w+)\}/g, (_, name) => gaps[name]);
  const spoken = $("#carried-said"), list = $("ul", box);
  /* How long one request may take: a large photo over a weak signal. How often what waits is tried again. */
  const ANSWER_MS = 90000, AGAIN_MS = 20000;

  /* --- what is kept: on the disk before anything is said to be kept --- */
  const opened = new Promise((resolve, reject) => {
    const asked = indexedDB.open("jingwei-carried", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("reports", { keyPath: "key" });
      asked.result.createObjectStore("small");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  opened.catch(() => {});
  async function keep(act, mode = "readwrite") {
    const base_ = await opened;
    return new Promise((resolve, reject) => {
      const turn = base_.transaction(["reports", "small"], mode, { durability: "strict" });
      const asked = act(turn.objectStore("reports"), turn.objectStore("small"));
      turn.oncomplete = () => resolve(asked && asked.result);
      turn.onabort = () => reject(turn.error || new Error("not kept"));
    });
  }
  const read = (act) => keep(act, "readonly");
  const put = (one) => keep((reports) => reports.put(one));
  /* what became of a report already kept; a full phone may forget it, then it is asked again under the same key */
  const note = (one) => put(one).catch(() => {});
  const small = (name) => read((_, kept) => kept.get(name)).catch(() => undefined);
  const setSmall = (name, value) => keep((_, kept) => (value === undefined ? kept.delete(name) : kept.put(value, name))).catch(() => {});
  const listKept = async () => (await read((reports) => reports.getAll())).filter((one) => one.base === base)
    .sort((a, b) => (a.written_at < b.written_at ? -1 : 1));
  const newKey = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64; bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  /* --- the form: what is typed is a draft until it is kept as a report --- */
  const field = (name) => form.elements.namedItem(name);
  /* `more`: further fields of this form; `stays`: those of them that the next one has too */
  const named = (text) => (text || "").split(" ").filter(Boolean);
  const MORE = named(form.dataset.more), STAYS = named(form.dataset.stays);
  const TEXTS = ["words", "where", "phone", ...MORE];
  const valueOf = (e) => (e.type === "checkbox" ? (e.checked ? e.value : "") : e.value);
  const setValue = (e, value) => { if (e.type === "checkbox") e.checked = Boolean(value); else e.value = value; };
  const typed = () => {
    const one = { key: field("key").value, rescue: Boolean(field("rescue")) && field("rescue").checked };
    TEXTS.forEach((name) => { one[name] = field(name) ? valueOf(field(name)) : ""; });
    return one;
  };
  async function pictures() {
    if (!field("photo")) return [];
    const files = [...field("photo").files].slice(0, Number(words.photos));
    return Promise.all(files.map(async (f) => ({ name: f.name, type: f.type, bytes: await f.arrayBuffer(), state: "waiting" })));
  }
  function show(one) {
    TEXTS.forEach((name) => { if (field(name) && (one[name] || !STAYS.includes(name))) setValue(field(name), one[name] || ""); });
    form.dispatchEvent(new Event("carried:shown"));
    if (field("rescue")) field("rescue").checked = Boolean(one.rescue);
    field("key").value = one.key || newKey();
    if (!field("photo")) return;
    const files = new DataTransfer();
    (one.photos || []).forEach((p) => { if (p.bytes) files.items.add(new File([p.bytes], p.name, { type: p.type })); });
    field("photo").files = files.files;
  }
  const draft = "draft:" + base;
  let drafting = 0;
  const keepDraft = async (withPhotos) => {
    const one = typed();
    const before = withPhotos ? {} : await small(draft) || {};
    one.photos = withPhotos ? await pictures() : before.photos || [];
    try { await keep((_, kept) => kept.put(one, draft)); say(words.draft); } catch { say(words.full, true); }
  };
  form.addEventListener("input", (event) => {
    clearTimeout(drafting);
    if (event.target.name === "photo") keepDraft(true); else drafting = setTimeout(() => keepDraft(false), 200);
  });
  function say(text, loud) {
    spoken.textContent = text;
    spoken.className = loud ? "error" : "t0 i3";
  }

  /* --- keep it, then send it --- */
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy || !field("words").value.trim()) return;
    busy = true;
    clearTimeout(drafting);
    try {
      const one = { ...typed(), base, photos: await pictures(), written_at: new Date().toISOString(), lang: document.documentElement.lang,
        who: await small("who:" + base) || "", state: "waiting", why: "", tries: 0, doubt: false, number: "" };
      try {
        await keep((reports, kept) => { reports.put(one); kept.delete(draft); });
        if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
      } catch {
        await sendUnkept(one);
        return;
      }
      show({});
      say(words.kept);
      await draw(one.key);
    } catch { say(words.full, true); } finally { busy = false; }
    await sendAll();  // however long this takes, the next one can be written and kept
  });
  /* the phone cannot keep it: straight to the node, and the form stays as it is until the node has it */
  const unkept = new Map();
  async function sendUnkept(one) {
    say(words.full, true);
    await send(one, async () => {});
    if (!one.number) { say(`${words.full} ${one.why}`, true); return; }
    unkept.set(one.key, one);
    show({});
    setSmall(draft, undefined);
    say(words.kept);
    await draw(one.key);
  }

  /* --- sending: one after the other, one page at a time --- */
  let sending = false, again = false;
  async function sendAll() {
    again = sending;  // asked for meanwhile, a signal that is back above all: once more when this turn ends
    let tried = new Set();
    const next = async () => (await listKept()).find((one) => one.state === "waiting" && !tried.has(one.key));
    const turn = async (lock) => {
      if (!lock || sending) return;
      sending = true;
      try {
        for (let one = await next(); one; one = await next()) {
          tried.add(one.key);
          if (await send(one, note)) continue;
          if (!again) break;
          again = false; tried = new Set();
        }
      } finally { sending = false; }
    };
    try {
      if (navigator.locks) await navigator.locks.request("jingwei-carried", { ifAvailable: true }, turn); else await turn(true);
    } catch { /* what waits, waits on */ }
    await draw();
  }
  async function ask(path, options = {}) {
    const end = new AbortController(), timer = setTimeout(() => end.abort(), ANSWER_MS);
    const bearer = base === "/informant" ? await small("token") : "";
    const headers = { "Accept-Language": document.documentElement.lang, ...(bearer ? { Authorization: "Bearer " + bearer } : {}), ...options.headers };
    try {
      const answer = await fetch(base + path, { credentials: "same-origin", cache: "no-store", redirect: "error", ...options, headers, signal: end.signal });
      const json = (answer.headers.get("content-type") || "").startsWith("application/json");
      return { status: answer.status, said: json ? await answer.json() : null };
    } finally { clearTimeout(timer); }
  }
  /* the page's own token is as old as the page: a fresh one for each report, whatever was open or signed in before */
  async function post(path, content) {
    for (let again = 0; ; again += 1) {
      const fresh = await ask("/token");
      if (fresh.status !== 200 || !fresh.said) return fresh.said ? fresh : { status: 0, said: null };
      if (content.who && fresh.said.who !== content.who) return { status: 401, said: { message: words.other } };
      const body = new FormData();
      Object.entries(content.fields()).forEach(([name, value]) => body.set(name, value));
      await content.before();
      const answer = await ask(path, { method: "POST", body, headers: { "X-CSRFToken": fresh.said.token } });
      if (answer.status !== 403 || answer.said || again) return answer;
    }
  }
  /* true: go on with the next one. What stays in doubt may have arrived: its content is never changed. */
  async function send(one, keepIt) {
    const doubted = one.doubt;
    const begin = async () => { one.doubt = true; one.tries += 1; await keepIt(one); };
    const fields = () => ({ key: one.key, ...Object.fromEntries(TEXTS.map((name) => [name, one[name] || ""])), ...(one.rescue ? { rescue: "1" } : {}),
      written_at: one.written_at, sent_at: new Date().toISOString() });
    const waits = async (why) => { one.why = why; await keepIt(one); return false; };
    try {
      if (!one.number) {
        const { status, said } = await post("/send", { fields, before: begin, who: one.who });
        if (status === 200 && said && said.number) Object.assign(one, { number: said.number, doubt: false, why: "", arrived_at: new Date().toISOString() }, form.dataset.forget ? { words: said.said || "", where: "", phone: "" } : {});
        else return await unsent(one, status, said, doubted, keepIt);
        await keepIt(one);
      }
      for (const photo of one.photos.filter((p) => p.state === "waiting")) {
        const picture = () => ({ key: one.key, photo: new File([photo.bytes], photo.name || "photo", { type: photo.type }) });
        const { status, said } = await post("/photo", { fields: picture, before: async () => {}, who: one.who });
        const done = said && said.photo ? said.photo : status === 413 ? "too_large" : "";
        if (!done) return await waits((said && said.message) || words.photoLater);
        photo.state = done; delete photo.bytes;
        await keepIt(one);
      }
      Object.assign(one, { state: "sent", why: "" });
      await keepIt(one);
      return true;
    } catch { return waits(one.number ? words.photoLater : words.silent); }
  }
  async function unsent(one, status, said, doubted, keepIt) {
    const refused = said && [400, 403, 404, 409, 413, 422].includes(status);
    if (said) one.doubt = doubted;  // the node itself says that it did not take it now
    Object.assign(one, { state: refused ? "refused" : "waiting", why: (said && said.message) || words.silent });
    await keepIt(one);
    return Boolean(refused);
  }

  /* --- the queue as one sees it --- */
  const make = (tag, text = "", name = "") => { const e = document.createElement(tag); e.textContent = text; if (name) e.className = name; return e; };
  const clock = (iso) => { const d = new Date(iso), p = (n) => String(n).padStart(2, "0"); return `${p(d.getMonth() + 1)}-${p(d.getDate())} ${p(d.getHours())}:${p(d.getMinutes())}`; };
  function button(text, act) {
    const e = make("button", text, "btn plain");
    e.type = "button"; e.addEventListener("click", () => act(e));
    return e;
  }
  function line(one) {
    const e = make("li", "", "carried"), state = one.number ? "sent" : one.state;
    e.dataset.key = one.key; e.dataset.state = one.state;
    if (one.rescue) { const first = make("p", "", "note"); first.append(make("b", words.call)); e.append(first); }
    const head = make("p");
    head.append(make("b", words[state], state === "sent" ? "tag strong" : "tag dash"), " ", make("span", fill(words.written, { time: clock(one.written_at) }), "t0 i3"));
    e.append(head);
    if (one.number) {
      const number = make("p", words.number + " "); number.append(make("b", one.number, "num")); e.append(number);
      e.append(make("p", fill(words.arrived, { time: clock(one.arrived_at) }), "t0 i3"));
    }
    e.append(make("p", one.words.length > 120 ? one.words.slice(0, 120) + "…" : one.words, "said"));
    if (one.where) e.append(make("p", one.where, "t0 i3"));
    if (one.photos.length) e.append(make("p", fill(words.photoline, { n: one.photos.length, kept: one.photos.filter((p) => p.state === "kept").length, bad: one.photos.filter((p) => !["kept", "waiting"].includes(p.state)).length }), "t0 i3"));
    if (one.why) e.append(make("p", one.why, "because"));
    if (one.doubt && one.state === "waiting") e.append(make("p", words.doubt, "t0 i3"));
    const acts = make("div", "", "buttons");
    if (!one.number && !one.doubt) acts.append(button(words.edit, () => edit(one.key)));
    if (!one.number && one.state === "refused") acts.append(button(words.again, () => retry(one.key)));
    acts.append(button(one.state === "sent" ? words.clear : words.discard, (b) => {
      if (one.state === "sent" || b.dataset.sure) drop(one.key); else { b.dataset.sure = "1"; b.textContent = words.sure; }
    }));
    e.append(acts);
    return e;
  }
  async function draw(lead) {
    let all = [...unkept.values()];
    try { all = [...await listKept(), ...all]; } catch { /* nothing is kept on this phone */ }
    const sure = list.querySelector("[data-sure]");
    if (sure && !lead) return;
    list.replaceChildren(...all.reverse().map(line));
    box.hidden = !all.length;
    const waiting = all.filter((one) => one.state === "waiting").length;
    $("#carried-count").textContent = waiting ? fill(words.count, { n: waiting }) : "";
    if (lead) box.scrollIntoView({ block: "nearest" });
  }
  async function held(key) { return (await read((reports) => reports.get(key))) || unkept.get(key); }
  async function edit(key) {
    const typing = () => Boolean(field("words").value.trim()) && !say(words.busy, true);
    if (typing()) { field("words").focus(); return; }
    await alone(async () => {
      const one = await held(key);
      if (!one || one.number || one.doubt || typing()) return;
      await keep((reports, kept) => { reports.delete(key); kept.put(one, draft); });
      show(one);
    });
    await draw(true);
    field("words").focus();
  }
  async function retry(key) {
    await alone(async () => { const one = await held(key); if (one) await put({ ...one, state: "waiting", why: "" }); });
    await sendAll();
  }
  async function drop(key) {
    await alone(async () => { unkept.delete(key); await keep((reports) => reports.delete(key)); }).catch(() => {});
    await draw(true);
  }
  /* not while a page is sending: it would write down again what was just taken away */
  const alone = (act) => (navigator.locks ? navigator.locks.request("jingwei-carried", act) : act());

  /* --- who sends, for an informant's page --- */
  async function greet() {
    const who = $("#carried-who");
    const fresh = await ask("/token").catch(() => null);
    if (fresh && fresh.said && fresh.said.who) await setSmall("who:" + base, fresh.said.who);
    if (!who || !fresh || !fresh.said) return;
    who.textContent = fresh.status === 200 ? fill(words.as, { name: fresh.said.name }) : fresh.said.message;
  }
  const key = $("#carried-token");
  if (key) key.addEventListener("change", async () => { await setSmall("token", key.value.trim() || undefined); key.value = ""; await greet(); await sendAll(); });

  /* --- without a signal the page itself comes from the phone --- */
  async function install() {
    const shown = document.documentElement;
    if (!shown.dataset.shell) { setSmall("lang", shown.lang); setSmall("theme", shown.dataset.theme || "auto"); }
    else { const theme = await small("theme"); if (theme && theme !== "auto") shown.dataset.theme = theme; }
    document.querySelectorAll("[data-shell-lang]").forEach((b) => b.addEventListener("click", async () => { await setSmall("lang", b.value); location.reload(); }));
    if (!navigator.serviceWorker) return;
    try {
      const door = await navigator.serviceWorker.register(base + "/worker.js", { scope: base });
      await new Promise((done) => { const w = door.active ? null : door.installing || door.waiting; if (!w) done(); else w.addEventListener("statechange", () => { if (w.state === "activated") done(); }); });
      $("#carried-ready").hidden = false;
    } catch { /* the form still works while there is a signal */ }
  }
  async function begin() {
    if (field("photo")) field("photo").multiple = true;
    for (const name of STAYS) {  // without a signal the form comes from the phone, and knows what was chosen last
      if (field(name).value) await setSmall(name + ":" + base, field(name).value);
      else field(name).value = await small(name + ":" + base) || "";
    }
    form.dispatchEvent(new Event("carried:shown"));
    const kept = await small(draft);
    if (kept && !form.hasAttribute("data-filled")) { show(kept); say(words.draft); } else if (!field("key").value) field("key").value = newKey();
    await draw();
    install();
    await greet();
    await sendAll();
  }
  window.addEventListener("online", () => { greet(); sendAll(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sendAll(); });
  setInterval(() => { if (navigator.onLine) sendAll(); }, AGAIN_MS);
  begin();
})();
