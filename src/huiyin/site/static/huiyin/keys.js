// The desk by keyboard.  What a key does stands in the page: it presses the link or button that carries it
// as data-key.  Letters act only while nothing is being written, and only for whoever left them on (WCAG 2.1.4).
(function () {
  "use strict";
  var sheet = document.getElementById("key-sheet");
  var on = Boolean(sheet && sheet.hasAttribute("data-on"));
  var WRITING = "input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable], dialog[open]";
  var ROWS = "table[data-rows] tbody tr";
  var BY_KEY = "huiyin:by-key";

  function each(selector, act) { Array.prototype.forEach.call(document.querySelectorAll(selector), act); }

  if (on) {
    each("[data-key]", function (target) {
      target.setAttribute("aria-keyshortcuts", target.dataset.key);
      if (!target.matches(".button")) return;
      var key = document.createElement("kbd");
      key.textContent = target.dataset.key;
      key.setAttribute("aria-hidden", "true");
      target.insertBefore(key, target.querySelector("small"));
    });
  }

  // Whoever came by a letter goes on by keyboard: the first thing to fill in has the focus.
  var came = null;
  try { came = sessionStorage.getItem(BY_KEY); sessionStorage.removeItem(BY_KEY); } catch (refused) { came = null; }
  if (came && !document.querySelector("[data-focus], [autofocus]")) {
    var first = document.querySelector("#move input:not([type=hidden]), #move select, #move textarea, #move button");
    if (first) first.focus();
  }

  function links() {
    return Array.prototype.map.call(document.querySelectorAll(ROWS), function (row) { return row.querySelector("a"); }).filter(Boolean);
  }
  function rowOf(element) { return element && element.closest ? element.closest(ROWS) : null; }
  function walk(step) {
    var all = links(), row = rowOf(document.activeElement), here = row ? all.indexOf(row.querySelector("a")) : -1;
    var next = row ? all[here + step] : all[step > 0 ? 0 : all.length - 1];
    if (!next) return false;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return all.length > 0;
  }
  function open(target) {
    if (target.matches("input")) { target.focus(); target.select(); return true; }
    try { sessionStorage.setItem(BY_KEY, "1"); } catch (refused) { /* then nothing is focused beforehand */ }
    target.click();
    return true;
  }
  function tick() {
    var row = rowOf(document.activeElement), box = row && row.querySelector("input[type=checkbox]");
    if (box) box.checked = !box.checked;
    return Boolean(box);
  }
  function act(key) {
    var row = rowOf(document.activeElement);
    if (key === "j") return walk(1);
    if (key === "k") return walk(-1);
    if (key === "o" && row) return open(row.querySelector("a"));
    if (key === "x") return tick();
    if (key === "?" && sheet.showModal) { sheet.showModal(); return true; }
    // A field to write in comes before a link that leads to one.
    var its = '[data-key="' + key + '"]';
    var target = /^[a-z/]$/.test(key) ? document.querySelector("main " + its) || document.querySelector(its) : null;
    return Boolean(target) && open(target);
  }

  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      var form = event.target.closest("form[method=post]");
      var send = form ? form.querySelector("button.button:not(.button-secondary):not(.button-quiet)") : null;
      if (send) { event.preventDefault(); send.click(); }
      return;
    }
    // A browser closes a dialog some time after Escape, and its button has the focus until the next frame: a
    // letter typed in between is for the page (dialog[open] above), and not lost on the sheet.
    if (event.key === "Escape" && sheet && sheet.open) { sheet.close(); event.preventDefault(); return; }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!on || event.target.closest(WRITING)) return;
    if (act(event.key)) event.preventDefault();
  });
})();
