//! What is measured, in which order, and with which programs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::figures::Line;
use crate::{lists, sizes, start, stream};

/// How long the windows may take; they take about half of it.
const AT_MOST: Duration = Duration::from_secs(300);

/// Programs that drive a window.
const DRIVERS: [&str; 3] = ["Xvfb", "WebKitWebDriver", "dbus-run-session"];

/// The programs that are laid side by side.
pub(crate) struct Programs {
    /// Slipway's window.
    pub(crate) slipway: PathBuf,
    /// The empty window.
    pub(crate) empty: PathBuf,
}

/// Which lines are wanted: those whose name holds the word.
pub(crate) struct Wanted(Option<String>);

impl Wanted {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|word| name.contains(word))
    }

    pub(crate) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }
}

/// Measures all that is wanted.
pub(crate) fn all() {
    let word = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with("--"));
    let wanted = Wanted(word);
    let names = [sizes::NAMES, start::NAMES, lists::NAMES, stream::NAMES].concat();
    if !wanted.has_any(&names) {
        return;
    }
    println!(
        "The window beside an empty one of the same Tauri; a dropped frame is one that came later than 25 ms\n"
    );
    let programs = match programs() {
        Ok(programs) => programs,
        Err(missing) => return println!("left out: {missing}"),
    };
    Line::heading();
    sizes::measure(&programs, &wanted);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let measured = runtime
        .block_on(async { tokio::time::timeout(AT_MOST, windows(&programs, &wanted)).await });
    if measured.is_err() {
        println!(
            "stopped after {} s: the rest is left out",
            AT_MOST.as_secs()
        );
    }
}

async fn windows(programs: &Programs, wanted: &Wanted) {
    if wanted.has_any(start::NAMES) {
        start::measure(programs, wanted).await;
    }
    if wanted.has_any(lists::NAMES) {
        lists::measure(programs, wanted).await;
    }
    if wanted.has_any(stream::NAMES) {
        stream::measure(programs, wanted).await;
    }
}

/// The built programs, or what is missing.
fn programs() -> Result<Programs, String> {
    for driver in DRIVERS {
        let path = std::env::var_os("PATH").unwrap_or_default();
        if !std::env::split_paths(&path).any(|folder| folder.join(driver).is_file()) {
            return Err(format!("{driver} is not installed, which drives a window"));
        }
    }
    Ok(Programs {
        slipway: built("SLIPWAY_DESKTOP_BIN", "slipway-desktop")?,
        empty: built("SLIPWAY_EMPTY_BIN", "slipway-empty-window")?,
    })
}

/// The program that a variable names, or the one beside this benchmark's own.
fn built(variable: &str, name: &str) -> Result<PathBuf, String> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let own = std::env::current_exe().unwrap();
    let beside = own.ancestors().nth(2).unwrap_or(Path::new("")).join(name);
    let program = named.unwrap_or(beside);
    if program.is_file() {
        Ok(program)
    } else {
        Err(format!(
            "{} is not built, which `cargo xtask bench` does",
            program.display()
        ))
    }
}

/// The median.
pub(crate) fn middle(figures: impl Iterator<Item = f64>) -> f64 {
    at(figures, 0.5)
}

/// The figure that this part of them does not exceed.
pub(crate) fn at(figures: impl Iterator<Item = f64>, part: f64) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a short list"
    )]
    let place = (figures.len() as f64 * part) as usize;
    figures[place.min(figures.len() - 1)]
}
