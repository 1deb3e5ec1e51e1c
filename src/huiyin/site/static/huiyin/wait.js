// Too many at once: this device does a small sum, or waits its turn, and sends the form again by itself.
// Without this file one presses the button again; nothing here leaves the browser but the form.
(function () {
  "use strict";
  var box = document.querySelector("[data-wait]");
  var form = box && document.getElementById(box.dataset.form);
  if (!form) return;
  var token = box.dataset.token, bits = Number(box.dataset.bits), seconds = Number(box.dataset.seconds);
  var stopped = false;
  // Whoever goes on typing or presses by hand is not overtaken.
  form.addEventListener("input", function () { stopped = true; });
  form.addEventListener("submit", function () { stopped = true; });

  function show(name) {
    box.querySelector("[data-by-hand]").hidden = true;
    var line = box.querySelector(name);
    line.hidden = false;
    return line.querySelector("progress");
  }
  function send() {
    if (stopped) return;
    var button = form.querySelector("[name=go][value=send]") || form.querySelector("button:not([tabindex])");
    if (button) button.click(); else form.submit();
  }

  function inTurn() {
    var bar = show("[data-in-turn]"), begun = Date.now();
    var ticking = setInterval(function () {
      var gone = (Date.now() - begun) / 1000;
      bar.value = Math.min(100, 100 * gone / seconds);
      if (gone >= seconds || stopped) { clearInterval(ticking); send(); }
    }, 500);
  }

  // Zeros that the hash begins with.
  function isEnough(hash) {
    return new DataView(hash).getUint32(0) >>> (32 - bits) === 0;
  }
  function work() {
    var bar = show("[data-by-itself]"), expected = Math.pow(2, bits), written = new TextEncoder(), next = 0, BATCH = 128;
    function hashOf(number) {
      return crypto.subtle.digest("SHA-256", written.encode(token + ":" + number));
    }
    function round() {
      if (stopped) return;
      var first = next, batch = [];
      for (; next < first + BATCH; next += 1) batch.push(hashOf(next));
      Promise.all(batch).then(function (hashes) {
        var found = hashes.findIndex(isEnough);
        if (found >= 0) {
          box.querySelector("[name=proof]").value = String(first + found);
          bar.value = 100;
          send();
          return;
        }
        bar.value = 100 * (1 - Math.exp(-next / expected));
        // Between two rounds the page stays alive.
        setTimeout(round, 0);
      }).catch(inTurn);
    }
    round();
  }

  if (window.crypto && crypto.subtle && token) work(); else inTurn();
})();
