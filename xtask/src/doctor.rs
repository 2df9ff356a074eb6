//! `cargo xtask doctor`: what this machine has and lacks. Changes nothing.

use std::process::{Command, ExitCode};

use crate::process;
use crate::project::Project;
use crate::run::Screen;
use crate::setup::{self, Component, Need, System};

/// Prints the state of the machine; fails when `cargo xtask run` would not get by without installing something.
pub(crate) fn doctor() -> ExitCode {
    let screen = Screen::here();
    let mut ready = true;

    println!("Rust");
    println!("  {}", version(Command::new("rustc").arg("--version")));
    match Project::open() {
        Ok(project) => {
            for component in [Component::Rustfmt, Component::Clippy] {
                line(
                    setup::has_component(&project, component),
                    component.name(),
                    "for cargo xtask lint",
                );
            }
        }
        Err(error) => {
            ready = false;
            line(false, "the workspace", &format!("{error:#}"));
        }
    }
    let wasm = setup::has_wasm_target();
    line(
        wasm,
        "wasm32-unknown-unknown",
        "the window's code is compiled for it",
    );

    println!("\nWindow");
    match screen {
        Screen::Display => ready &= wasm,
        Screen::Terminal => {
            println!(
                "  no display: `cargo xtask run` runs an example in the terminal and needs none of this"
            );
        }
    }
    let web_view = setup::web_view();
    if let Err(error) = &web_view {
        line(false, "web view", &error.to_string());
    }
    let has_window = needs(if System::here().is_linux() {
        setup::WINDOW
    } else {
        &[]
    });
    if screen == Screen::Display {
        ready &= web_view.is_ok() && has_window;
    }

    println!("\nTests and checks");
    needs(&[setup::CURL]);
    if System::here().is_linux() {
        needs(setup::WINDOW_TESTS);
        needs(&[setup::STRACE, setup::FAKETIME]);
        needs(setup::KEYCHAIN);
    }
    for (program, why) in [
        (
            "cargo-nextest",
            "a faster test runner; without it, cargo test",
        ),
        (
            "cargo-deny",
            "checks licences; without it, lint compiles one into target/tools",
        ),
    ] {
        line(process::find(program).is_some(), program, why);
    }

    println!("\nRelease builds");
    needs(setup::BUNDLE);

    if ready {
        println!("\n`cargo xtask run` has all it needs.");
        ExitCode::SUCCESS
    } else {
        println!("\n`cargo xtask run` needs what is missing under Rust and Window.");
        ExitCode::FAILURE
    }
}

fn needs(needs: &[&Need]) -> bool {
    for need in needs {
        let is_met = need.is_met();
        line(is_met, need.name, need.why);
        if !is_met {
            println!(
                "           on Debian and its kin: the package {}",
                need.debian
            );
        }
    }
    setup::missing(needs).is_empty()
}

fn line(is_there: bool, name: &str, why: &str) {
    let state = if is_there { "present" } else { "missing" };
    println!("  {state}  {name}: {why}");
}

fn version(command: &mut Command) -> String {
    process::output(command)
        .map_or_else(|error| format!("{error:#}"), |text| text.trim().to_owned())
}
