// Whether a draft answers: the box beside the form is read anew whenever the form has saved itself.
(function () {
  "use strict";
  var box = document.querySelector("[data-advise]"), form = document.querySelector("form[data-keep]");
  if (!box || !form || !window.DOMParser) return;

  form.addEventListener("kept", function () {
    var said = new FormData();
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && name !== "step") said.append(name, value);
    });
    said.append("step", "advise");
    fetch(location.href, { method: "POST", body: said, headers: { "X-Advise": "1" }, redirect: "manual" })
      .then(function (answer) {
        if (answer.status !== 200) throw new Error(answer.status);
        return answer.text();
      })
      .then(function (words) {
        if (box.contains(document.activeElement)) return; // nobody's place in it is taken away
        var made = new DOMParser().parseFromString(words, "text/html");
        box.replaceChildren.apply(box, Array.from(made.body.childNodes));
      })
      .catch(function () { /* the button is still there */ });
  });
})();
