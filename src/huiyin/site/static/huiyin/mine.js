// A list of one's own petitions: opened, changed and locked here, and sent to nobody. It lies in a file that its
// owner saves, and in the memory of this page until that is closed; nowhere else.
//
// The file is JSON: {huiyin: "my-petitions", version: 1, rounds, salt, iv, sealed}, the last three in base64.
// Key: PBKDF2-SHA-256 of the passphrase (UTF-8, NFC). sealed: AES-256-GCM of [{label, ref, key}, ...] as JSON,
// filled up with spaces to a multiple of 2048 bytes, so that its length does not tell how many there are.
(function () {
  "use strict";
  var box = document.getElementById("mine");
  if (!box) return;
  var ROUNDS = Number(box.dataset.rounds), SHORTEST = Number(box.dataset.shortest), BLOCK = 2048, MOST = 1024 * 1024;
  var list = [], word = "", unsaved = false;
  function at(id) { return document.getElementById(id); }
  function say(name) {
    Array.prototype.forEach.call(box.querySelectorAll("[data-say]"), function (line) {
      line.hidden = line.dataset.say !== name;
    });
  }
  if (!window.crypto || !crypto.subtle) {
    say("no-crypto");
    at("closed").hidden = true;
    return;
  }

  // ---- locking

  function toText(bytes) {
    var text = "";
    new Uint8Array(bytes).forEach(function (byte) { text += String.fromCharCode(byte); });
    return btoa(text);
  }
  function toBytes(text) {
    return Uint8Array.from(atob(text), function (letter) { return letter.charCodeAt(0); });
  }
  function keyOf(passphrase, salt, rounds) {
    var raw = new TextEncoder().encode(passphrase.normalize("NFC"));
    return crypto.subtle.importKey("raw", raw, "PBKDF2", false, ["deriveKey"]).then(function (base) {
      var way = { name: "PBKDF2", hash: "SHA-256", salt: salt, iterations: rounds };
      return crypto.subtle.deriveKey(way, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    });
  }
  function lock() {
    var salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(12));
    var plain = new TextEncoder().encode(JSON.stringify(list));
    var padded = new Uint8Array(Math.ceil((plain.length + 1) / BLOCK) * BLOCK).fill(32);
    padded.set(plain);
    return keyOf(word, salt, ROUNDS).then(function (key) {
      return crypto.subtle.encrypt({ name: "AES-GCM", iv: iv }, key, padded);
    }).then(function (sealed) {
      var file = { huiyin: "my-petitions", version: 1, rounds: ROUNDS, salt: toText(salt), iv: toText(iv), sealed: toText(sealed) };
      return JSON.stringify(file);
    });
  }
  function unlock(text, passphrase) {
    return Promise.resolve().then(function () {
      var file = JSON.parse(text), rounds = Number(file.rounds);
      // A file that asks for endless work would only freeze the page.
      if (file.huiyin !== "my-petitions" || file.version !== 1 || !(rounds > 0 && rounds <= 10 * ROUNDS)) throw new Error("no list");
      return keyOf(passphrase, toBytes(file.salt), rounds).then(function (key) {
        return crypto.subtle.decrypt({ name: "AES-GCM", iv: toBytes(file.iv) }, key, toBytes(file.sealed));
      });
    }).then(function (plain) {
      return JSON.parse(new TextDecoder().decode(plain)).map(function (each) {
        return { label: String(each.label), ref: String(each.ref), key: String(each.key) };
      });
    });
  }

  // ---- the page

  function open(made, passphrase) {
    list = made;
    word = passphrase;
    unsaved = false;
    at("closed").hidden = true;
    at("opened").hidden = false;
    say("");
    draw();
    at("list-heading").focus();
  }
  function close() {
    list = [];
    word = "";
    unsaved = false;
    at("list").replaceChildren();
    Array.prototype.forEach.call(box.querySelectorAll("form"), function (form) { form.reset(); });
    at("opened").hidden = true;
    at("closed").hidden = false;
    say("");
  }
  function draw() {
    at("list-empty").hidden = list.length > 0;
    at("list").replaceChildren.apply(at("list"), list.map(function (each) {
      var line = at("list-line").content.cloneNode(true), name = each.label || each.ref;
      line.querySelector("[data-part=label]").textContent = name;
      line.querySelector("[data-part=ref]").textContent = each.ref;
      Array.prototype.forEach.call(line.querySelectorAll("[data-part=name]"), function (part) { part.textContent = " " + name; });
      line.querySelector("[data-act=follow]").addEventListener("click", function () { follow(each); });
      line.querySelector("[data-act=drop]").addEventListener("click", function () {
        list.splice(list.indexOf(each), 1);
        changed();
      });
      return line;
    }));
  }
  function changed() {
    unsaved = true;
    draw();
    say("unsaved");
  }
  // The same request as when reference and key are typed.
  function follow(each) {
    var form = at("one");
    form.elements.follow_ref.value = each.ref;
    form.elements.follow_key.value = each.key;
    form.submit();
  }
  function onSubmit(id, act) {
    at(id).addEventListener("submit", function (event) {
      event.preventDefault();
      // Nothing is sent: the press that guards against sending twice is not meant here.
      delete event.target.dataset.sent;
      act();
    });
  }

  onSubmit("unlock", function () {
    var file = at("list-file").files[0], passphrase = at("list-word").value;
    if (!file || file.size > MOST) { say("wrong"); return; }
    file.text().then(function (text) { return unlock(text, passphrase); })
      .then(function (made) { open(made, passphrase); }, function () { say("wrong"); });
  });
  onSubmit("begin", function () {
    var passphrase = at("new-word").value;
    if (passphrase.length < SHORTEST) say("short");
    else if (passphrase !== at("new-again").value) say("differs");
    else open([], passphrase);
  });
  onSubmit("add", function () {
    var ref = at("add-ref").value.trim(), key = at("add-key").value.trim();
    if (!ref || !key) { say("empty"); return; }
    list.push({ label: at("add-label").value.trim(), ref: ref, key: key });
    at("add").reset();
    changed();
  });
  at("save").addEventListener("click", function () {
    lock().then(function (text) {
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      link.download = "huiyin-list.json";
      link.click();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
      unsaved = false;
      say("saved");
    });
  });
  at("close").addEventListener("click", close);
  window.addEventListener("beforeunload", function (event) { if (unsaved) event.preventDefault(); });
  // A page that the Back key brings again must not show the list to whoever sits there then.
  window.addEventListener("pagehide", close);
})();
