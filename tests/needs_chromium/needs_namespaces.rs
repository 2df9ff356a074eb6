//! The same page where there is no network at all.

use super::browser::{Browser, Scheme};
use super::written;
use crate::kit::reports;

#[test]
fn a_report_looks_the_same_without_any_network() {
    let browser = Browser::new();
    let page = written(&browser, "mixed.html", &reports::mixed());
    let online = browser.open(&page, Scheme::Light).picture;
    assert_eq!(browser.open_without_network(&page), online);
}
