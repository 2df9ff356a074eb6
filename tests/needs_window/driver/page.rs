//! What a test asks of the page beyond looking and clicking: its address, keys, size, picture and names.

use data_encoding::BASE64;
use reqwest::Method;
use serde_json::{Value, json};

use super::{ELEMENT, LOOKS, PAUSE, Window, call};

impl Window {
    /// Goes to a page of the window, as a link of it would.
    pub(in super::super) async fn go(&self, address: &str) {
        self.ask("location.hash = arguments[0]", &[json!(address)])
            .await;
    }

    /// What a script with these arguments gives.
    pub(in super::super) async fn ask(&self, script: &str, arguments: &[Value]) -> Value {
        let asked = json!({"script": script, "args": arguments});
        let given = self.post("execute/sync", &asked).await;
        given.unwrap_or_else(|error| panic!("{error}, of the script:\n{script}"))
    }

    /// What a script calls its last argument with.
    pub(in super::super) async fn ask_later(&self, script: &str, arguments: &[Value]) -> Value {
        let asked = json!({"script": script, "args": arguments});
        let given = self.post("execute/async", &asked).await;
        given.unwrap_or_else(|error| panic!("{error}, of the script:\n{script}"))
    }

    /// Waits until a script gives `true`; whether it did.
    pub(in super::super) async fn comes_true(&self, script: &str, arguments: &[Value]) -> bool {
        for _ in 0..LOOKS {
            if self.ask(script, arguments).await == json!(true) {
                return true;
            }
            tokio::time::sleep(PAUSE).await;
        }
        false
    }

    /// Presses these keys together, as WebDriver writes them, and lets go of them.
    pub(in super::super) async fn press(&self, keys: &[&str]) {
        let down = keys
            .iter()
            .map(|key| json!({"type": "keyDown", "value": key}));
        let up = keys
            .iter()
            .rev()
            .map(|key| json!({"type": "keyUp", "value": key}));
        let keys: Vec<Value> = down.chain(up).collect();
        let asked = json!({"actions": [{"type": "key", "id": "keyboard", "actions": keys}]});
        self.post("actions", &asked)
            .await
            .unwrap_or_else(|error| panic!("the keys {asked} could not be pressed: {error}"));
    }

    /// Types this into whatever has the keyboard.
    pub(in super::super) async fn type_on(&self, text: &str) {
        let mut letter = [0; 4];
        for each in text.chars() {
            self.press(&[each.encode_utf8(&mut letter)]).await;
        }
    }

    /// Gives the window this size.
    pub(in super::super) async fn resize(&self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height});
        self.post("window/rect", &size)
            .await
            .unwrap_or_else(|error| panic!("the window does not take {size}: {error}"));
        let is_so = "return innerWidth === arguments[0] && innerHeight === arguments[1]";
        let came = self.comes_true(is_so, &[json!(width), json!(height)]).await;
        assert!(came, "the window does not become {width}x{height}");
    }

    /// A picture of the page, as PNG.
    pub(in super::super) async fn picture(&self) -> Vec<u8> {
        let text = self.get("screenshot").await;
        let text = text.unwrap_or_else(|error| panic!("no picture: {error}"));
        let text = text.as_str().expect("a picture");
        BASE64.decode(text.as_bytes()).expect("base64")
    }

    /// What the accessibility tree calls this element; nothing when it is no longer in the page.
    pub(in super::super) async fn name_of(&self, element: &Value) -> Option<String> {
        let id = element[ELEMENT].as_str().expect("an element's id");
        let name = match self.get(&format!("element/{id}/computedlabel")).await {
            Err(error) if error.contains("stale element") => return None,
            name => name.unwrap_or_else(|error| panic!("the name of {id}: {error}")),
        };
        Some(name.as_str().unwrap_or_default().trim().to_owned())
    }

    async fn get(&self, what: &str) -> Result<Value, String> {
        let url = format!("{}/{what}", self.session);
        call(&self.client, Method::GET, &url, &json!({})).await
    }
}
