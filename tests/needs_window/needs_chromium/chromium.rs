//! Chromium without a window, driven as a person would: by what it shows and where one clicks. Its pages run no
//! script unless that is allowed: all that is asked of it comes over its own pipe (Chrome DevTools Protocol).

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::{Value, json};

const PAUSE: Duration = Duration::from_millis(100);
/// How often something is looked for with a pause between, before it counts as missing.
const LOOKS: usize = 300;

/// A browser with one page.
pub(super) struct Chromium {
    browser: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    session: String,
    asked: u64,
    _profile: tempfile::TempDir,
}

impl Chromium {
    pub(super) fn start() -> Self {
        let profile = tempfile::tempdir().expect("a profile");
        // It reads from its third pipe and writes into its fourth: the shell makes them of the usual two.
        let line = "exec chromium --headless=new --remote-debugging-pipe --no-sandbox --disable-gpu \
            --no-first-run --no-proxy-server --disable-background-networking --disable-component-update \
            --disable-sync --user-data-dir=\"$0\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null";
        let mut browser = Command::new("sh")
            .args(["-c", line])
            .arg(profile.path())
            .env("HOME", profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Chromium starts");
        let to = browser.stdin.take().expect("a pipe");
        let from = BufReader::new(browser.stdout.take().expect("a pipe"));
        let mut this = Self {
            browser,
            to,
            from,
            session: String::new(),
            asked: 0,
            _profile: profile,
        };
        let page = this.ask("Target.createTarget", &json!({"url": "about:blank"}));
        let target = json!({"targetId": page["targetId"], "flatten": true});
        let attached = this.ask("Target.attachToTarget", &target);
        this.session = attached["sessionId"]
            .as_str()
            .expect("a session")
            .to_owned();
        // The server's pages work without a script.
        this.let_scripts_run(false);
        this
    }

    /// Whether its pages may run scripts, from the next page on.
    pub(super) fn let_scripts_run(&mut self, may: bool) {
        let order = json!({"value": !may});
        self.ask("Emulation.setScriptExecutionDisabled", &order);
    }

    /// Orders something of the browser, or of its page; what it gives.
    pub(super) fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let mut order = json!({"id": self.asked, "method": method, "params": params});
        if !self.session.is_empty() {
            order["sessionId"] = json!(self.session);
        }
        let mut bytes = order.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("Chromium listens");
        loop {
            let mut told = Vec::new();
            self.from
                .read_until(0, &mut told)
                .expect("Chromium answers");
            assert_eq!(
                told.pop(),
                Some(0),
                "Chromium ended while it was asked for {method}"
            );
            let told: Value = serde_json::from_slice(&told).expect("JSON");
            if told["id"] == self.asked {
                assert!(told.get("error").is_none(), "{method}: {told}");
                return told["result"].clone();
            }
        }
    }

    /// What this expression gives in the page, once that is known.
    pub(super) fn evaluate(&mut self, expression: &str) -> Value {
        let asked = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        self.ask("Runtime.evaluate", &asked)["result"]["value"].clone()
    }

    /// Opens an address, as the address bar would.
    pub(super) fn open(&mut self, url: &str) {
        self.ask("Page.navigate", &json!({ "url": url }));
    }

    /// What the page shows as text.
    pub(super) fn text(&mut self) -> String {
        let text = self.evaluate("document.body?.innerText ?? ''");
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows this, and gives all that it shows.
    pub(super) fn until(&mut self, words: &str) -> String {
        let mut looks = 0..LOOKS;
        loop {
            let text = self.text();
            if text.contains(words) {
                return text;
            }
            assert!(looks.next().is_some(), "no {words:?} in:\n{text}");
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits until this expression is true in the page.
    pub(super) fn until_true(&mut self, expression: &str) {
        let mut looks = 0..LOOKS;
        while self.evaluate(expression) != json!(true) {
            if looks.next().is_none() {
                panic!("it is not so that {expression}, in:\n{}", self.text());
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Clicks in the middle of what this expression finds, once the page is whole: until its styles are there, things
    /// move.
    fn click_at(&mut self, what: &str) {
        self.until_true("document.readyState === 'complete'");
        let find = format!(
            "(() => {{ const one = {what}; one.scrollIntoView({{block: 'center'}}); \
             const box = one.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        );
        let place = self.evaluate(&find);
        let text = self.text();
        assert!(place.is_array(), "no {what} in:\n{text}");
        for kind in ["mousePressed", "mouseReleased"] {
            let click = json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1});
            self.ask("Input.dispatchMouseEvent", &click);
        }
    }

    /// Types into the field of this name.
    pub(super) fn fill_in(&mut self, name: &str, text: &str) {
        let field = format!("document.querySelector(`input[name='{name}']`)");
        self.click_at(&field);
        self.ask("Input.insertText", &json!({ "text": text }));
        self.until_true(&format!("{field}.value.endsWith({})", json!(text)));
    }

    /// Presses the page's main button.
    pub(super) fn press(&mut self) {
        self.click_at("document.querySelector('main button.primary')");
    }

    /// Presses the first button or link with these words.
    pub(super) fn press_on(&mut self, words: &str) {
        self.click_at(&format!(
            "[...document.querySelectorAll('main button, main a')].find(one => one.innerText.trim() === {})",
            json!(words)
        ));
    }

    /// A picture of the whole page, as PNG, for somebody who wants it in light or in dark.
    pub(super) fn picture(&mut self, theme: &str) -> Vec<u8> {
        let wants = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
        self.ask("Emulation.setEmulatedMedia", &wants);
        let size = self.ask("Page.getLayoutMetrics", &json!({}))["cssContentSize"].clone();
        let clip =
            json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
        let wanted = json!({"clip": clip, "captureBeyondViewport": true});
        let shot = self.ask("Page.captureScreenshot", &wanted);
        let picture = shot["data"].as_str().expect("a picture");
        BASE64.decode(picture.as_bytes()).expect("base64")
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}
