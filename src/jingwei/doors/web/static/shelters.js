/* Reads the code on a card with the camera where the browser can; where it cannot, the number is typed. */
(() => {
  "use strict";
  /* words that are written often: a tap puts them where one writes */
  document.querySelectorAll("[data-append]").forEach((one) => {
    const into = document.getElementById(one.dataset.into);
    one.closest("[hidden]")?.removeAttribute("hidden");
    one.addEventListener("click", () => {
      const word = one.dataset.append === "line" ? "\n" : ` ${one.dataset.append} `;
      into.setRangeText(word, into.selectionEnd, into.selectionEnd, "end");
      into.focus();
      into.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const NUMBER = /([0-9A-F]{4})-?([0-9A-F]{4})(?![0-9A-F])/i, LOOK_MS = 250;
  document.querySelectorAll("[data-scan]").forEach((start) => {
    const box = document.getElementById(start.dataset.scan), into = document.getElementById(start.dataset.scanInto);
    const video = box.querySelector("video"), said = box.querySelector("[role=status]");
    let stream = null, timer = 0;
    start.hidden = false;
    function end() {
      clearInterval(timer);
      if (stream) stream.getTracks().forEach((one) => one.stop());
      stream = null; box.hidden = true; start.focus();
    }
    start.addEventListener("click", async () => {
      if (stream) { end(); return; }
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      } catch { said.textContent = box.dataset.closed; box.hidden = false; return; }
      box.hidden = false; said.textContent = "";
      video.srcObject = stream;
      await video.play();
      const reader = new window.BarcodeDetector({ formats: ["qr_code"] });
      timer = setInterval(async () => {
        let codes = [];
        try { codes = await reader.detect(video); } catch { /* no picture yet */ }
        for (const code of codes) {
          const found = NUMBER.exec((code.rawValue || "").split("/").pop());
          if (!found) { said.textContent = box.dataset.other; continue; }
          into.value = `${found[1]}-${found[2]}`.toUpperCase();
          end();
          if (start.dataset.scanSend) into.form.requestSubmit();
          return;
        }
      }, LOOK_MS);
    });
    const stop = box.querySelector("button");
    if (stop) stop.addEventListener("click", end);
  });
})();
