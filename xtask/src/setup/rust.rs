//! Rust's own parts: the wasm target, rustfmt and clippy.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process;
use crate::project::Project;

const WASM: &str = "wasm32-unknown-unknown";

/// A part of the toolchain that the minimal profile leaves out.
#[derive(Clone, Copy)]
pub(crate) enum Component {
    Rustfmt,
    Clippy,
}

impl Component {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rustfmt => "rustfmt",
            Self::Clippy => "clippy",
        }
    }

    fn cargo_command(self) -> &'static str {
        match self {
            Self::Rustfmt => "fmt",
            Self::Clippy => "clippy",
        }
    }
}

/// Makes sure that the window's code can be compiled.
pub(crate) fn wasm_target() -> Result<()> {
    if has_wasm_target() {
        return Ok(());
    }
    // rustup installs what rust-toolchain.toml names by itself, unless that is switched off or the target was
    // removed later.
    eprintln!("Installing Rust's {WASM} target: the window's code is compiled for it.");
    rustup(&["target", "add", WASM]).with_context(|| {
        format!("the window's code needs Rust's {WASM} target; install it and try again (`rustup target add {WASM}`)")
    })
}

/// Whether the active toolchain has the standard library of the window's target.
pub(crate) fn has_wasm_target() -> bool {
    sysroot().is_ok_and(|root| root.join("lib/rustlib").join(WASM).join("lib").is_dir())
}

/// Makes sure that a Cargo command which is a component of the toolchain is there.
pub(crate) fn component(project: &Project, component: Component) -> Result<()> {
    if has_component(project, component) {
        return Ok(());
    }
    let name = component.name();
    eprintln!("Installing Rust's {name}: the checks use it.");
    rustup(&["component", "add", name]).with_context(|| {
        format!("the checks need {name}; install it and try again (`rustup component add {name}`)")
    })
}

pub(crate) fn has_component(project: &Project, component: Component) -> bool {
    process::succeeds(
        project
            .cargo()
            .args([component.cargo_command(), "--version"]),
    )
}

fn rustup(args: &[&str]) -> Result<()> {
    if process::find("rustup").is_none() {
        bail!("Rust was installed without rustup, so xtask cannot add to it");
    }
    process::run(Command::new("rustup").args(args))
}

fn sysroot() -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let text = process::output(Command::new(rustc).args(["--print", "sysroot"]))?;
    Ok(PathBuf::from(text.trim()))
}
