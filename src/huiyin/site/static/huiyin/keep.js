// The form of a move saves itself on the server a moment after the last letter, for its officer alone.
(function () {
  "use strict";
  var form = document.querySelector("form[data-keep]");
  if (!form || !window.fetch || !window.FormData) return;
  var line = form.querySelector(".kept"), wait = 2000, timer = 0, dirty = false, sent = false;

  function tell(words) { if (line) line.textContent = words; }
  function said() {
    var all = new FormData(form), kept = new FormData();
    all.forEach(function (value, name) { if (typeof value === "string" && name !== "step") kept.append(name, value); });
    kept.append("step", "keep");
    return kept;
  }
  function save(leaving) {
    clearTimeout(timer);
    if (!dirty || sent) return;
    dirty = false;
    fetch(location.href, { method: "POST", body: said(), headers: { "X-Keep": "1" }, redirect: "manual", keepalive: leaving === true })
      .then(function (answer) {
        if (answer.status !== 204) throw new Error(answer.status);
        var now = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
        tell(line.dataset.kept.replace("{time}", now));
        form.dispatchEvent(new Event("kept"));
      })
      .catch(function () { dirty = true; tell(line.dataset.lost); });
  }
  form.addEventListener("input", function () {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  });
  form.addEventListener("submit", function () { sent = true; clearTimeout(timer); });
  window.addEventListener("pageshow", function () { sent = false; });
  document.addEventListener("visibilitychange", function () { if (document.hidden) save(true); });
  window.addEventListener("beforeunload", function (event) {
    if (!dirty || sent) return;
    save(true);
    event.preventDefault();
  });
})();
