// What is still being done says how far it is, without a press: the part of the page that carries data-going is
// fetched anew until it no longer does.  Without this file the page has a link that does the same.
(function () {
  "use strict";
  var EVERY = 2000;  // milliseconds
  function look() {
    var going = document.querySelector("[data-going]");
    if (!going || !window.fetch) return;
    fetch(location.href, { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : Promise.reject(answer.status);
    }).then(function (text) {
      var come = new DOMParser().parseFromString(text, "text/html").getElementById(going.id);
      if (!come) { location.reload(); return; }
      // Whoever stands on a button in it is not thrown out: only the line that tells changes until it is done.
      var told = going.querySelector("[role=status]"), tells = come.querySelector("[role=status]");
      if (come.hasAttribute("data-going")) {
        if (told && tells && told.textContent !== tells.textContent) told.textContent = tells.textContent;
      } else {
        var held = going.contains(document.activeElement);
        going.replaceWith(come);
        if (held) { come.tabIndex = -1; come.focus(); }
      }
      setTimeout(look, EVERY);
    }, function () { setTimeout(look, EVERY * 5); });
  }
  setTimeout(look, EVERY);
})();
