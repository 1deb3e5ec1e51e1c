// Passkeys (WebAuthn): asks the browser, puts its answer into the form, and sends the form. Nothing else.
(function () {
  "use strict";
  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }
  function text(buffer) {
    var plain = "";
    new Uint8Array(buffer).forEach(function (byte) { plain += String.fromCharCode(byte); });
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function known(list) {
    return (list || []).map(function (each) { return { type: each.type, id: bytes(each.id), transports: each.transports }; });
  }
  function asked(options) {
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    if (options.excludeCredentials) options.excludeCredentials = known(options.excludeCredentials);
    if (options.allowCredentials) options.allowCredentials = known(options.allowCredentials);
    return { publicKey: options };
  }
  function answer(credential) {
    var given = credential.response, said = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (given[name]) said[name] = text(given[name]);
    });
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said, clientExtensionResults: {} });
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-passkey]"), function (form) {
    var told = form.querySelector("[data-passkey-told]");
    form.addEventListener("submit", function (event) {
      if (form.elements.passkey.value) return;
      event.preventDefault();
      event.stopPropagation();
      told.textContent = "";
      var options = asked(JSON.parse(form.dataset.options));
      Promise.resolve()
        .then(function () { return navigator.credentials[form.dataset.passkey](options); })
        .then(function (credential) {
          form.elements.passkey.value = answer(credential);
          form.submit();
        })
        .catch(function () { told.textContent = form.dataset.failed; });
    });
  });
})();
