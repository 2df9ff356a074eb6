//! What keeps passkeys, as a device would: Chromium's own stand-in for one (WebAuthn level 3, section 11).

use serde_json::{Value, json};

use super::chromium::Chromium;

/// Makes a key pair in the page, and gives the private key as a passkey is given to an authenticator.
const PAIR: &str = "crypto.subtle.generateKey({name: 'ECDSA', namedCurve: 'P-256'}, true, ['sign'])
    .then(pair => crypto.subtle.exportKey('pkcs8', pair.privateKey))
    .then(key => btoa(String.fromCharCode(...new Uint8Array(key))))";

/// One that is plugged in.
pub(super) struct Authenticator(Value);

impl Authenticator {
    /// A new one without any passkey. It confirms by itself that its person is there and is who they are.
    pub(super) fn plug_in(browser: &mut Chromium) -> Self {
        browser.ask("WebAuthn.enable", &json!({}));
        let options = json!({"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true,
        }});
        let added = browser.ask("WebAuthn.addVirtualAuthenticator", &options);
        Self(added["authenticatorId"].clone())
    }

    /// Takes it away.
    pub(super) fn unplug(self, browser: &mut Chromium) {
        let which = json!({"authenticatorId": self.0});
        browser.ask("WebAuthn.removeVirtualAuthenticator", &which);
    }

    /// Puts a passkey into it that the server never saw, though it is for that server.
    pub(super) fn forge(&self, browser: &mut Chromium, host: &str) {
        let key = browser.evaluate(PAIR);
        let passkey = json!({"authenticatorId": self.0, "credential": {
            "credentialId": "c2xpcHdheQ==", "isResidentCredential": true, "rpId": host,
            "privateKey": key, "userHandle": "YW5uYQ==", "signCount": 1,
        }});
        browser.ask("WebAuthn.addCredential", &passkey);
    }

    /// How many passkeys are in it.
    pub(super) fn passkeys(&self, browser: &mut Chromium) -> usize {
        let which = json!({"authenticatorId": self.0});
        let found = browser.ask("WebAuthn.getCredentials", &which);
        found["credentials"].as_array().map_or(0, Vec::len)
    }
}
