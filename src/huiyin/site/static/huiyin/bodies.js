// A list of bodies grows shorter while a word of the name is typed.  Without this file a button does the same.
(function () {
  "use strict";

  function follow(box) {
    // A box in a folded part narrows the lists of that part alone.
    var lists = (box.closest("details") || document).querySelectorAll("select[data-bodies]");
    var told = document.getElementById(box.dataset.findBody);
    var kept = Array.prototype.map.call(lists, function (list) { return list.innerHTML; });

    function narrow() {
      var word = box.value.trim().toLowerCase(), left = 0;
      Array.prototype.forEach.call(lists, function (list, number) {
        var chosen = Array.prototype.map.call(list.selectedOptions, function (option) { return option.value; });
        list.innerHTML = kept[number];
        Array.prototype.forEach.call(list.querySelectorAll("option"), function (option) {
          option.selected = chosen.indexOf(option.value) >= 0;
          var fits = !option.value || option.textContent.toLowerCase().indexOf(word) >= 0;
          if (option.value && fits) left += 1;
          if (!fits && !option.selected) option.remove();
        });
        Array.prototype.forEach.call(list.querySelectorAll("optgroup"), function (group) { if (!group.children.length) group.remove(); });
        // One is left: it is what was looked for, and is chosen. Of a list that takes several, nobody is named by typing.
        var values = Array.prototype.filter.call(list.options, function (option) { return option.value; });
        if (word && values.length === 1 && !list.multiple) values[0].selected = true;
      });
      if (told) told.textContent = told.dataset.found.replace("{n}", left);
    }
    if (!lists.length) return;
    box.addEventListener("input", narrow);
    box.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) { event.preventDefault(); lists[0].focus(); }
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll("[data-find-body]"), follow);
})();
