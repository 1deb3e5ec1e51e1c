// Reads the page aloud with the browser's own voice.  Only voices that speak on this device are used: others would
// send the page, which may be a petition, to whoever runs them.  Keys and codes are never spoken.
(function () {
  "use strict";
  var speech = window.speechSynthesis, box = document.querySelector(".aloud"), main = document.getElementById("main");
  if (!speech || !box || !main) return;
  var button = box.querySelector("[data-aloud]"), start = button.textContent, going = 0, shown = null;
  var BLOCKS = "h1,h2,h3,h4,p,li,dt,dd,summary,label,legend,caption,th,td,figcaption,a.button,button";
  var SILENT = ".aloud,.hidden,.key-value,code,pre,svg,script,textarea,select,[data-silent]";

  function voiceFor(tag) {
    var wanted = tag.toLowerCase(), region = { "zh-hans": "zh-cn", "zh-hant": "zh-tw" }[wanted] || wanted;
    var own = speech.getVoices().filter(function (voice) {
      return voice.localService && voice.lang.toLowerCase().replace("_", "-").indexOf(wanted.slice(0, 2)) === 0;
    });
    return own.filter(function (voice) { return voice.lang.toLowerCase().replace("_", "-") === region; })[0] || own[0];
  }

  // What is folded has boxes of its own in newer browsers, and is not seen all the same.
  function unseen(here) { return here.checkVisibility ? !here.checkVisibility() : !here.getClientRects().length; }

  // A day in a narrow column is written for the eye: 2026-09-30.
  function spoken(text, here) {
    var day = here.closest("time"), language = here.closest("[lang]").lang;
    if (!day || !/^\d{4}-\d\d-\d\d$/.test(day.dateTime)) return text;
    var how = { weekday: "long", year: "numeric", month: "long", day: "numeric", timeZone: "UTC" };
    return new Date(day.dateTime).toLocaleDateString(language, how);
  }

  // Each piece of text once, with the block it stands in and the language it is written in.
  function pieces() {
    var found = [], walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      var text = walk.currentNode.data.trim(), inside = walk.currentNode.parentElement;
      if (!text || inside.closest(SILENT) || unseen(inside)) continue;
      var block = inside.closest(BLOCKS) || inside, tag = inside.closest("[lang]").lang, last = found[found.length - 1];
      text = spoken(text, inside);
      if (last && last.block === block && last.tag === tag) last.text += " " + text;
      else found.push({ block: block, tag: tag, text: text });
    }
    return found;
  }

  function show(block) {
    if (shown) shown.classList.remove("read-now");
    shown = block;
    if (!block) return;
    block.classList.add("read-now");
    block.scrollIntoView({ block: "nearest" });
  }

  function stop() {
    going += 1;
    speech.cancel();
    show(null);
    button.textContent = start;
  }

  function read() {
    var mine = going += 1, all = pieces();
    button.textContent = button.dataset.stop;
    (function next() {
      var piece = all.shift();
      if (mine !== going) return;
      if (!piece) { stop(); return; }
      var voice = voiceFor(piece.tag);
      if (!voice) { next(); return; }
      var saying = new SpeechSynthesisUtterance(piece.text);
      saying.voice = voice;
      saying.lang = voice.lang;
      saying.rate = 0.9;
      saying.onend = saying.onerror = next;
      show(piece.block);
      speech.speak(saying);
    })();
  }

  function offer() { box.hidden = !voiceFor(document.documentElement.lang); }

  button.addEventListener("click", function () { if (shown) stop(); else read(); });
  window.addEventListener("pagehide", stop);
  if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
  stop();
  offer();
})();
