//! From the start to a finished run without the pointer, in a narrow window and a wide one.

use serde_json::json;

use super::driver::Window;
use crate::kit::Desk;

const CONTROL: &str = "\u{e009}";
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
/// More presses of Tab than any page has controls.
const MANY: usize = 200;
/// What has the keyboard, as a person who tabs would name it; and whether they could see that.
const HERE: &str = "const here = document.activeElement; \
    return (here.getAttribute('aria-label') ?? here.innerText ?? '').trim()";
const IS_MARKED: &str = "
    const here = document.activeElement;
    const style = getComputedStyle(here);
    // The field of a message is marked by the frame around it, which has an edge anyway.
    const frame = here.closest('.composer');
    if (here.matches('textarea') && frame) {
        const plain = document.createElement('i');
        plain.style.boxShadow = 'var(--edge-raised)';
        frame.append(plain);
        const edge = getComputedStyle(plain).boxShadow;
        plain.remove();
        return edge !== 'none' && getComputedStyle(frame).boxShadow !== edge;
    }
    return here.matches(':focus-visible')
        && (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none')";
/// Nothing of the page lies beside it.
const FITS: &str = "return document.documentElement.scrollWidth <= innerWidth \
    && document.documentElement.scrollHeight <= innerHeight";

/// Tabs until this has the keyboard.
async fn tab_to(window: &Window, name: &str) {
    let mut passed = Vec::new();
    while passed.len() < MANY {
        window.press(&[TAB]).await;
        let here = window.evaluate(HERE).await;
        let here = here.as_str().unwrap_or_default().to_owned();
        if here.starts_with(name) {
            assert_eq!(
                window.evaluate(IS_MARKED).await,
                json!(true),
                "{name} is not marked"
            );
            return;
        }
        passed.push(here);
    }
    panic!("Tab does not come to {name:?}, only to {passed:?}");
}

async fn from_start_to_finish(width: u32, height: u32) {
    let desk = Desk::new();
    let window = Window::open(&desk).await;
    window.resize(width, height).await;
    window.until("What should answer your agents?").await;
    tab_to(&window, "Start empty").await;
    window.press(&[ENTER]).await;
    window.until("No agent yet").await;
    tab_to(&window, "Add the examples").await;
    window.press(&[ENTER]).await;
    window.until("3 agents").await;
    // By the palette, which finds what is to be done.
    window.press(&[CONTROL, "k"]).await;
    window
        .until_there("//dialog[contains(@class, 'palette')]//input")
        .await;
    window.type_on("run expense").await;
    window
        .until_there("//*[@role='option'][@aria-selected='true'][starts-with(normalize-space(), 'Run Expense report')]")
        .await;
    window.press(&[ENTER]).await;
    window.until("This model is a recording.").await;
    assert_eq!(
        window.evaluate(FITS).await,
        json!(true),
        "the page is larger than the window"
    );
    tab_to(&window, "What should be done?").await;
    window.press(&[CONTROL, ENTER]).await;
    window.until("This run plays a recording:").await;
    window.until("Succeeded").await;
    assert_eq!(
        window.evaluate(FITS).await,
        json!(true),
        "the run is larger than the window"
    );
    let runs = desk.slipway(["runs", "list", "--json"]).exits(0).objects();
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert_eq!(runs[0]["status"], "succeeded", "{runs:?}");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_needs_no_pointer_in_a_narrow_window() {
    from_start_to_finish(800, 600).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_needs_no_pointer_in_a_wide_window() {
    from_start_to_finish(1280, 800).await;
}
