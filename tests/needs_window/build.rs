//! An agent is written in the real window, broken, mended, made a version, compared and gone back from.

use serde_json::json;

use super::driver::Window;
use crate::kit::{Agent, Answer, Desk, model};

const CLERK: &str = "//nav[@aria-label='Main']//a[normalize-space()='The clerk']";
const INSTRUCTIONS: &str = "//textarea[@id='editor-instructions']";
const MANIFEST_TAB: &str = "//*[@role='tab'][starts-with(normalize-space(), 'agent.toml')]";
const MANIFEST: &str = "//textarea[@id='editor-manifest']";
const PROBLEMS: &str = "//section[@aria-label='Problems']//button";
const MEND: &str = "//button[normalize-space()='Change to approval']";
const BLOCKED: &str = "//button[@aria-disabled='true'][normalize-space()='Make version']";
const MAKE: &str = "//header//button[normalize-space()='Make version']";
const NOTE: &str = "//input[@id='version-note']";
const REALLY_MAKE: &str = "//dialog//button[normalize-space()='Make version']";
const VERSIONS: &str = "//nav[@aria-label='Pages of the agent']//a[normalize-space()='Versions']";
const NEWER: &str = "(//table//button[@role='checkbox'])[1]";
const OLDER: &str = "(//table//button[@role='checkbox'])[2]";
const COMPARE: &str = "//header//button[normalize-space()='Compare']";
const RESTORE: &str = "//button[starts-with(@aria-label, 'Restore version')]";
const UNDO: &str = "//button[normalize-space()='Undo']";
/// The keys, as WebDriver writes them.
const ENTER: &str = "\u{e007}";
const CONTROL: &str = "\u{e009}";
const SHIFT: &str = "\u{e008}";
/// Whether a text is where one writes.
const HAS: &str = "return document.activeElement.value.includes(arguments[0]) === arguments[1]";
const ADDED: &str = "Never write over a file.";

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_written_broken_mended_versioned_compared_and_restored() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::new().variable("OPENAI_BASE_URL", server.base_url().to_string());
    // The folder's agent is listed with its first run.
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--input", "Begin."]).exits(0);
    let window = Window::open(&desk).await;

    window.click(CLERK).await;
    window.until("tokens").await;
    window.type_into(INSTRUCTIONS, ADDED).await;
    window.press(&[CONTROL, "z"]).await;
    assert!(
        window.comes_true(HAS, &[json!(ADDED), json!(false)]).await,
        "it is taken back"
    );
    window.press(&[CONTROL, SHIFT, "z"]).await;
    assert!(window.comes_true(HAS, &[json!(ADDED), json!(true)]).await);
    window.until(", saved ").await;
    assert!(
        desk.read("clerk/instructions.md").contains(ADDED),
        "nobody pressed a button"
    );

    window.click(MANIFEST_TAB).await;
    let slip = "\n[[tools]]\nuse = \"clock\"\naproval = \"allow\"\n";
    window.type_into(MANIFEST, &slip.replace('\n', ENTER)).await;
    window.until("did you mean `approval`?").await;
    assert_eq!(
        window.texts(BLOCKED).await.len(),
        1,
        "no version can be made"
    );
    desk.slipway(["validate", "clerk"])
        .exits(2)
        .complains("did you mean `approval`?");
    window.click(MEND).await;
    window.until_gone(PROBLEMS).await;
    assert!(
        desk.read("clerk/agent.toml")
            .contains("\napproval = \"allow\"")
    );
    desk.slipway(["validate", "clerk"]).exits(0);

    window.click(MAKE).await;
    window.type_into(NOTE, "with a clock").await;
    window.click(REALLY_MAKE).await;
    window.until(" made").await;
    let versions = desk
        .slipway(["agents", "versions", "clerk", "--json"])
        .exits(0)
        .objects();
    assert_eq!(versions[0]["note"], "with a clock", "{versions:?}");
    assert_eq!(versions.len(), 2, "{versions:?}");

    window.click(VERSIONS).await;
    window.until("with a clock").await;
    window.click(NEWER).await;
    window.click(OLDER).await;
    window.click(COMPARE).await;
    let difference = window.until(ADDED).await;
    assert!(difference.contains("approval = \"allow\""), "{difference}");

    window.click(VERSIONS).await;
    window.click(RESTORE).await;
    window.until(" restored").await;
    assert!(
        !desk.read("clerk/instructions.md").contains(ADDED),
        "it is as it was"
    );
    window.click(UNDO).await;
    // What is there now cannot be restored; the other version can again.
    let newest = versions[0]["version"].as_str().unwrap();
    let other = versions[1]["version"].as_str().unwrap();
    let again = format!("//button[@aria-label='Restore version {}']", &other[..7]);
    let now = format!("//button[@aria-label='Restore version {}']", &newest[..7]);
    window.until_gone(&now).await;
    window.until_there(&again).await;
    assert!(desk.read("clerk/instructions.md").contains(ADDED));
    window.close().await;
}
