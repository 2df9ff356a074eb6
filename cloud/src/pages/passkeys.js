// Asks the browser for a passkey and sends what it answers. All that is not a passkey works without this.
"use strict";
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer;
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function read(options) {
  const key = options.publicKey;
  key.challenge = bytes(key.challenge);
  if (key.user) key.user.id = bytes(key.user.id);
  for (const list of [key.excludeCredentials, key.allowCredentials]) {
    for (const each of list || []) each.id = bytes(each.id);
  }
  return options;
}

function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    extensions: {},
  });
}

// Shows the one sentence of the form that is meant, or none.
function say(form, what) {
  for (const each of form.querySelectorAll("[data-said]")) each.hidden = each.dataset.said !== what;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  if (!window.PublicKeyCredential) {
    say(form, "none");
    continue;
  }
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    say(form, "");
    try {
      const credential = await navigator.credentials[form.dataset.passkey](read(JSON.parse(form.dataset.options)));
      form.elements.answer.value = written(credential);
      form.requestSubmit(button);
    } catch (error) {
      // So a device answers that has one of those that are not to be made again (WebAuthn, section 6.3.2).
      const isThere = form.dataset.passkey === "create" && error.name === "InvalidStateError";
      say(form, isThere ? "there" : "failed");
    }
  });
}
