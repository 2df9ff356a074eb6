//! What comes to the window from outside: links, packages that are dropped, a second start, and the death of its web
//! process.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use super::driver::{PAUSE, Window, binary};
use crate::kit::{Agent, Answer, Desk, model};

const FIELD: &str = "return document.querySelector('.composer textarea').value";
const ADDRESS: &str = "return location.hash";
const DO_NOTHING: &str = "//dialog//button[normalize-space()='Do nothing']";
const WRITE_IT_DOWN: &str = "//dialog//button[normalize-space()='Write it down']";
const CLOSE: &str = "//dialog//button[normalize-space()='Close']";
const DIALOGS: &str = "//dialog";

/// A desk with an agent that ran once, so that it is listed.
fn desk() -> Desk {
    let server = model([Answer::text("Begun.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--input", "Begin."]).exits(0);
    desk
}

/// A process of this desk.
struct Process {
    pid: Pid,
    environment: BTreeMap<String, String>,
}

/// The processes of a program that belong to this desk, as their environment says.
fn processes(desk: &Desk, program: &str) -> Vec<Process> {
    let own = desk.home().display().to_string();
    let found = std::fs::read_dir("/proc").expect("processes").flatten();
    let read = |folder: &Path| {
        let line = std::fs::read_to_string(folder.join("cmdline")).ok()?;
        let started = line.split('\0').next()?;
        Path::new(started)
            .file_name()
            .filter(|name| *name == program)?;
        let environment = std::fs::read_to_string(folder.join("environ")).ok()?;
        let environment: BTreeMap<String, String> = environment
            .split('\0')
            .filter_map(|entry| entry.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let pid = folder.file_name()?.to_str()?.parse().ok()?;
        (environment.get("SLIPWAY_HOME") == Some(&own)).then_some(())?;
        let pid = Pid::from_raw(pid)?;
        Some(Process { pid, environment })
    };
    found.filter_map(|entry| read(&entry.path())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_does_nothing_before_a_person_agreed() {
    let desk = desk();
    let link = "slipway://agent/clerk/run?input=Pay%20%E2%80%AE%3Cb%3Eall%3C%2Fb%3E";
    let window = Window::open_with(&desk, &["slipway://format-disk", link]).await;

    let garbage = window.until("That was not opened").await;
    assert!(
        garbage.contains("it leads to nothing that there is"),
        "{garbage}"
    );
    window.click(CLOSE).await;

    let asked = window.until("A link wants to write this to an agent").await;
    // What turns other characters around is shown as what it is, and markup as text.
    assert!(
        asked.contains("U+202E") && asked.contains("<b>all</b>"),
        "{asked}"
    );
    let before = window.evaluate(ADDRESS).await;
    assert!(!before.to_string().contains("clerk"), "{before}");
    window.click(WRITE_IT_DOWN).await;
    window.until_gone(DIALOGS).await;
    window
        .until_there("//div[contains(@class, 'composer')]//textarea")
        .await;
    assert_eq!(window.evaluate(ADDRESS).await, json!("#/agents/clerk/run"));
    assert_eq!(
        window.evaluate(FIELD).await,
        json!("Pay \u{202e}<b>all</b>")
    );
    let runs = desk.slipway(["runs", "list", "--json"]).exits(0).objects();
    assert_eq!(runs.len(), 1, "nothing was begun: {runs:?}");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_hands_its_link_to_the_first_and_ends() {
    let desk = desk();
    let window = Window::open(&desk).await;
    window.until("The clerk").await;
    let first = processes(&desk, "slipway-desktop");
    let [first] = &*first else {
        panic!("one window");
    };
    let ended = Command::new(binary())
        .arg("slipway://agent/clerk")
        .env_clear()
        .envs(&first.environment)
        .stdin(Stdio::null())
        .status()
        .expect("a second start");
    assert!(ended.success(), "{ended}");
    let asked = window.until("A link wants to show this agent").await;
    assert!(asked.contains("clerk"), "{asked}");
    window.click(DO_NOTHING).await;
    window.until_gone(DIALOGS).await;
    let address = window.evaluate(ADDRESS).await;
    assert!(!address.to_string().contains("clerk"), "{address}");
    assert_eq!(processes(&desk, "slipway-desktop").len(), 1);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_that_is_dropped_is_shown_before_it_is_imported() {
    let desk = desk();
    desk.slipway(["export", "clerk", "--output", "other.slipway"])
        .exits(0);
    let package = std::fs::read(desk.path("other.slipway")).expect("a package");
    let other = Desk::new();
    let window = Window::open(&other).await;
    // Home is there before it, unseen.
    window.until("What should answer your agents?").await;
    let drop = |name: &str, data: &str| {
        format!(
            "const bytes = Uint8Array.from(atob('{data}'), letter => letter.charCodeAt(0)); \
             const data = new DataTransfer(); data.items.add(new File([bytes], '{name}')); \
             for (const kind of ['dragover', 'drop']) document.body.dispatchEvent(\
                 new DragEvent(kind, {{ dataTransfer: data, bubbles: true, cancelable: true }})); \
             return data.types.length"
        )
    };
    let wrong = drop("photo.png", "AAAA");
    assert_eq!(window.evaluate(&wrong).await, json!(1));
    window.until("photo.png is no package").await;
    window
        .evaluate(&drop("clerk.slipway", &BASE64_STANDARD.encode(package)))
        .await;
    let shown = window.until("The clerk").await;
    assert!(
        shown.contains("Importing grants nothing") || shown.contains("Import"),
        "{shown}"
    );
    other.slipway(["agents", "show", "clerk"]).exits(2);
    window
        .click("//div[contains(@class, 'package__foot')]//button[contains(@class, 'btn--primary')]")
        .await;
    window
        .until_gone("//div[contains(@class, 'package__foot')]")
        .await;
    other.slipway(["agents", "show", "clerk"]).exits(0);
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_process_that_dies_is_started_again() {
    let desk = desk();
    let window = Window::open(&desk).await;
    window.until("The clerk").await;
    let host = processes(&desk, "slipway-desktop")[0].pid;
    let first = processes(&desk, "WebKitWebProcess");
    assert!(!first.is_empty(), "a web process");
    for process in &first {
        kill_process(process.pid, Signal::KILL).expect("it can be killed");
    }
    let mut looks = 0..600;
    loop {
        let now = processes(&desk, "WebKitWebProcess");
        if now
            .iter()
            .any(|new| first.iter().all(|old| old.pid != new.pid))
        {
            break;
        }
        assert!(looks.next().is_some(), "the page is not loaded again");
        tokio::time::sleep(PAUSE).await;
    }
    let hosts = processes(&desk, "slipway-desktop");
    assert!(
        hosts.iter().any(|process| process.pid == host),
        "the host went on"
    );
    drop(window);
}
