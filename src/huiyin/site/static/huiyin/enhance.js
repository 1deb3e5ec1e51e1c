// Small comforts.  Every page works without this file; nothing here leaves the browser.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  // Drafts live in sessionStorage, which dies with the tab: phones are shared, and a petition is private.
  var PREFIX = "huiyin:draft:";
  function store(act, key, value) {
    try { return sessionStorage[act](key, value); } catch (refused) { return null; }
  }
  function keyOf(area) {
    return PREFIX + location.pathname + ":" + (area.form ? area.form.id || area.form.getAttribute("action") || "" : "") + ":" + area.name;
  }
  function forget(prefix) {
    var keys = [];
    try { keys = Object.keys(sessionStorage); } catch (refused) { return; }
    keys.forEach(function (key) { if (key.indexOf(prefix) === 0) sessionStorage.removeItem(key); });
  }

  // A page that reports success means that what was typed has arrived.
  if (document.querySelector("[data-done]")) forget(PREFIX);

  var unsaved = false;
  var areas = document.querySelectorAll("form[method=post]:not([data-keep]) textarea:not([data-no-draft]), form[method=post] input[data-draft]");
  Array.prototype.forEach.call(areas, function (area) {
    var key = keyOf(area), kept = store("getItem", key);
    if (kept && !area.value.trim()) {
      area.value = kept;
      unsaved = true;
      offerToDiscard(area, key);
    }
    area.addEventListener("input", function () {
      unsaved = true;
      if (area.value) store("setItem", key, area.value); else store("removeItem", key);
    });
  });

  function offerToDiscard(area, key) {
    var words = document.getElementById("words-for-script");
    if (!words) return;
    var line = document.createElement("p"), button = document.createElement("button");
    line.className = "draft-line";
    line.setAttribute("role", "status");
    line.textContent = words.dataset.restored + " ";
    button.type = "button";
    button.className = "button button-quiet";
    button.textContent = words.dataset.discard;
    button.addEventListener("click", function () {
      area.value = "";
      unsaved = false;
      store("removeItem", key);
      line.remove();
      area.focus();
    });
    line.appendChild(button);
    area.parentNode.insertAdjacentElement("afterend", line);
  }

  window.addEventListener("beforeunload", function (event) {
    if (unsaved) event.preventDefault();
  });

  // One press, one sending: a slow line invites a second press.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    unsaved = false;
    setTimeout(function () { delete form.dataset.sent; }, 5000);
  });
  window.addEventListener("pageshow", function () {
    Array.prototype.forEach.call(document.forms, function (form) { delete form.dataset.sent; });
  });

  document.addEventListener("click", function (event) {
    var print = event.target.closest("[data-print]"), copy = event.target.closest("[data-copy]");
    if (print) window.print();
    if (copy) copyFrom(copy);
  });

  function copyFrom(button) {
    var source = document.getElementById(button.dataset.copy);
    function told() {
      if (button.textContent === button.dataset.copied) return;
      var before = button.innerHTML;
      button.textContent = button.dataset.copied;
      button.setAttribute("aria-live", "polite");
      setTimeout(function () { button.innerHTML = before; }, 2500);
    }
    if (navigator.clipboard) { navigator.clipboard.writeText(source.textContent.trim()).then(told, mark); } else mark();
    // Without a clipboard (plain http), the text is marked, so that the person can copy it by hand.
    function mark() { getSelection().selectAllChildren(source); }
  }

  // Paper has no disclosure triangle: what explains a date is printed with it.
  window.addEventListener("beforeprint", function () {
    Array.prototype.forEach.call(document.querySelectorAll("details:not([open])"), function (box) {
      box.open = true;
      box.dataset.closed = "yes";
    });
  });
  window.addEventListener("afterprint", function () {
    Array.prototype.forEach.call(document.querySelectorAll("details[data-closed]"), function (box) {
      box.open = false;
      delete box.dataset.closed;
    });
  });

  // In a list of the desk the arrow keys walk from row to row; Enter opens as on any link.
  document.addEventListener("keydown", function (event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key], table = event.target.closest("table[data-rows]");
    if (!step || !table || event.target.closest("input, select, textarea")) return;
    var links = Array.prototype.map.call(table.tBodies[0].rows, function (row) { return row.querySelector("a"); }).filter(Boolean);
    var here = links.indexOf(event.target.closest("tr").querySelector("a")), next = links[here + step];
    if (next) { event.preventDefault(); next.focus(); }
  });

  var wrong = document.querySelector("[data-focus]");
  if (wrong) wrong.focus();
})();
