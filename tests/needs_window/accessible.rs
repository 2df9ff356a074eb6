//! Every page of the window, with what opens on it, as people meet it who do not see it, or not well.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::driver::Window;
use super::scene::{IS_THERE, SHOWS, Scene};

/// Gives what is wrong with the page, and the elements that need a name.
const SURVEY: &str = include_str!("accessible.js");
/// What can be opened on the page: of menus that are in every row, one is enough.
const OPENERS: &str = "
    const kinds = new Set();
    const all = document.querySelectorAll(
        'main [aria-haspopup], main [aria-expanded=false], main summary, main [role=tab][aria-selected=false]');
    window.__openers = [...all].filter(one => {
        if (!one.checkVisibility() || one.disabled || one.closest('[aria-disabled=true]')) return false;
        const popup = one.getAttribute('aria-haspopup');
        const kind = popup === 'listbox' || one.role === 'tab'
            ? one.getAttribute('aria-label') + one.innerText : one.tagName + one.className + popup;
        return !kinds.has(kind) && kinds.add(kind);
    });
    return window.__openers.map(one => one.getAttribute('aria-label') ?? one.innerText)";
/// Opens one of them; whether it can be opened still.
const OPEN: &str = "
    const one = window.__openers[arguments[0]];
    if (!one.isConnected) return false;
    one.focus(); one.click(); return true";
const IS_OPEN: &str = "
    const one = window.__openers[arguments[0]];
    return !one.isConnected || one.ariaExpanded === 'true' || one.ariaSelected === 'true'
        || one.closest('details')?.open === true || document.querySelector('dialog[open]') !== null";
/// Whether it lies over the page, so that Escape has to close it.
const IS_OVER: &str = "
    const one = window.__openers[arguments[0]];
    return one.isConnected && one.hasAttribute('aria-haspopup')";
const IS_CLOSED_AND_FOCUSED: &str = "
    const one = window.__openers[arguments[0]];
    return one.ariaExpanded !== 'true' && document.querySelector('dialog[open]') === null
        && document.activeElement === one";
/// No dialog is open, and something has the keyboard.
const IS_BACK: &str = "return document.querySelector('dialog[open]') === null
    && document.activeElement !== document.body";
/// What is open, and what has the keyboard.
const WHERE: &str = "
    const one = window.__openers[arguments[0]];
    return [one.isConnected, one.ariaExpanded, document.querySelector('dialog[open]')?.ariaLabel,
        document.activeElement.outerHTML.slice(0, 200)]";
/// How often a page may be drawn anew while it is looked at.
const TRIES: usize = 20;
const ESCAPE: &str = "\u{e00c}";
const CONTROL: &str = "\u{e009}";

/// What opens by a press that does not say so beforehand: a page, where to press, and words that it shows then. The two
/// in heads of pages are apart: what comes to where a press just was is not pressed within a second.
const DIALOGS: [(&str, &[&str], &str); 5] = [
    (
        "#/agents/clerk",
        &["//header//button[normalize-space()='Make version'][not(@aria-disabled='true')]"],
        "Make version",
    ),
    (
        "#/agents",
        &[
            "(//main//*[@aria-haspopup='menu'])[1]",
            "//*[@role='menuitem'][starts-with(normalize-space(), 'Delete')]",
        ],
        "You can undo this",
    ),
    (
        "#/agents",
        &[
            "(//main//*[@aria-haspopup='menu'])[1]",
            "//*[@role='menuitem'][starts-with(normalize-space(), 'Duplicate')]",
        ],
        "Nothing that you granted",
    ),
    (
        "#/agents",
        &[
            "(//main//*[@aria-haspopup='menu'])[1]",
            "//*[@role='menuitem'][starts-with(normalize-space(), 'Rename')]",
        ],
        "Shown in lists",
    ),
    (
        "#/runs",
        &["//header//button[normalize-space()='Export']"],
        "Nothing is written over",
    ),
];

struct Walk {
    window: Window,
    /// What is wrong, and where.
    findings: BTreeMap<String, Vec<String>>,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_can_be_used_by_those_who_do_not_see_it_well() {
    walk(1280, 800).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_can_be_used_in_a_narrow_window() {
    walk(800, 600).await;
}

async fn walk(width: u32, height: u32) {
    let scene = Scene::new();
    let window = Window::open(&scene.desk).await;
    window.resize(width, height).await;
    let mut walk = Walk {
        window,
        findings: BTreeMap::new(),
    };
    for (name, address, words) in scene.pages() {
        walk.page(name, &address, words).await;
    }
    for (address, presses, words) in DIALOGS {
        let place = format!("the dialog {words:?} of {address}");
        walk.window.go(address).await;
        for press in presses {
            walk.window.click(press).await;
        }
        let open = "return document.querySelector('dialog[open]')?.innerText.includes(arguments[0]) ?? false";
        if walk.window.comes_true(open, &[json!(words)]).await {
            walk.survey(&place).await;
        } else {
            walk.found(&place, "it does not open".to_owned());
        }
        walk.window.press(&[ESCAPE]).await;
        if !walk.window.comes_true(IS_BACK, &[]).await {
            walk.found(&place, "the keyboard is lost when it closes".to_owned());
        }
    }
    walk.window.go("#/").await;
    walk.window.press(&[CONTROL, "k"]).await;
    walk.window
        .until_there("//dialog[contains(@class, 'palette')]")
        .await;
    walk.survey("the palette").await;

    let said =
        |(what, places): (String, Vec<String>)| format!("{what}\n    at: {}", places.join("; "));
    let findings: Vec<String> = walk.findings.into_iter().map(said).collect();
    walk.window.close().await;
    assert!(
        findings.is_empty(),
        "{} findings:\n{}",
        findings.len(),
        findings.join("\n")
    );
}

impl Walk {
    /// A page, and what opens on it.
    async fn page(&mut self, name: &str, address: &str, words: &str) {
        self.window.go(address).await;
        let there = if name == "developer" { SHOWS } else { IS_THERE };
        if !self.window.comes_true(there, &[json!(words)]).await {
            let text = self.window.text().await;
            self.found(name, format!("no {words:?} in {text:?}"));
            return;
        }
        self.survey(name).await;
        let openers = self.window.evaluate(OPENERS).await;
        let openers: Vec<String> = serde_json::from_value(openers).expect("a list of names");
        for (at, opener) in openers.iter().enumerate() {
            let at = [json!(at)];
            if self.window.ask(OPEN, &at).await != json!(true) {
                continue;
            }
            let place = format!("{name}, {opener:?} open");
            if !self.window.comes_true(IS_OPEN, &at).await {
                self.found(&place, "it does not open".to_owned());
                continue;
            }
            self.survey(&place).await;
            if self.window.ask(IS_OVER, &at).await == json!(true) {
                self.window.press(&[ESCAPE]).await;
                if !self.window.comes_true(IS_CLOSED_AND_FOCUSED, &at).await {
                    let now = self.window.ask(WHERE, &at).await;
                    let what = "Escape does not close it and give the keyboard back";
                    self.found(&place, format!("{what}: {now}"));
                    self.window.go("#/nowhere").await;
                    self.window.until("There is no such page").await;
                    return;
                }
            }
        }
    }

    fn found(&mut self, place: &str, what: String) {
        self.findings
            .entry(what)
            .or_default()
            .push(place.to_owned());
    }

    /// What shows now.
    async fn survey(&mut self, place: &str) {
        for finding in findings(&self.window, place).await {
            self.found(place, finding);
        }
    }
}

/// What is wrong with what the window shows now.
pub(super) async fn findings(window: &Window, place: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut tries = 0..TRIES;
    // What was drawn anew meanwhile is gone; when that is most of it, this was not the page yet.
    while !look(window, place, &mut found).await {
        assert!(tries.next().is_some(), "{place} does not come to rest");
    }
    found
}

/// Looks at it once; whether most of it was there to the end.
async fn look(window: &Window, place: &str, found: &mut Vec<String>) -> bool {
    let Some(given) = window.try_evaluate(SURVEY).await else {
        return false;
    };
    let (findings, controls): (Vec<String>, Vec<(Value, String)>) =
        serde_json::from_value(given).expect("findings and controls");
    assert!(!controls.is_empty(), "{place} has no control at all");
    found.extend(findings);
    let mut gone = 0;
    for (element, what) in &controls {
        match window.name_of(element).await {
            Some(name) if name.is_empty() => found.push(format!("no name: {what}")),
            Some(_) => {}
            None => gone += 1,
        }
    }
    gone * 2 < controls.len()
}
