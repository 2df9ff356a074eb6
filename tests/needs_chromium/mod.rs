//! The HTML report in Chromium, opened as a file: it is drawn in light and in dark, and no request
//! leaves it, whatever it says.

mod browser;
mod needs_namespaces;

use slipway_evals::report::{Report, html};

use self::browser::{Browser, Scheme};
use crate::kit::reports;

/// Every way to fetch something that a text could try.
const FETCHES: &str = "<img src=http://canary.example/a><script src=//canary.example/b></script>\
    <link rel=stylesheet href=http://canary.example/c><iframe src=http://canary.example/d></iframe>\
    <style>@import url(http://canary.example/e);</style><meta http-equiv=refresh content='0;url=http://canary.example/f'>\
    <svg><image href=http://canary.example/g /></svg><object data=http://canary.example/h></object>\
    </p></pre></details><body background=http://canary.example/i onload=fetch('http://canary.example/j')> \
    ![x](http://canary.example/k) http://canary.example/l";

fn written(browser: &Browser, name: &str, report: &Report) -> std::path::PathBuf {
    browser.file(name, &html::render(report))
}

#[test]
fn no_request_leaves_a_report_and_both_schemes_are_drawn() {
    let browser = Browser::new();
    let compared = reports::mixed().compared_with(&reports::before());
    let page = written(&browser, "mixed.html", &compared);
    let light = browser.open(&page, Scheme::Light);
    let dark = browser.open(&page, Scheme::Dark);
    assert_ne!(
        light.picture, dark.picture,
        "a reader's choice of dark is followed"
    );
    for shot in [&light, &dark] {
        assert!(shot.picture.len() > 20_000, "there is something to see");
        assert_eq!(shot.asked(), Vec::<&str>::new());
    }
    let hostile = written(&browser, "hostile.html", &reports::with_texts(FETCHES));
    assert_eq!(
        browser.open(&hostile, Scheme::Light).asked(),
        Vec::<&str>::new()
    );
}

/// The check above sees what a page fetches.
#[test]
fn a_page_that_fetches_is_seen_to() {
    let browser = Browser::new();
    let fetches = FETCHES.replace("http-equiv=refresh", "");
    let page = browser.file("fetches.html", &format!("<!doctype html><body>{fetches}"));
    let opened = browser.open(&page, Scheme::Light);
    let asked = opened.asked();
    assert!(
        asked.len() > 3 && asked.iter().all(|host| *host == "canary.example"),
        "{asked:?}"
    );
}

#[test]
fn a_report_of_thousands_of_cases_opens() {
    let browser = Browser::new();
    let page = written(&browser, "large.html", &reports::large(5_000));
    let shot = browser.open(&page, Scheme::Light);
    assert!(shot.picture.len() > 20_000);
    assert_eq!(shot.asked(), Vec::<&str>::new());
}
