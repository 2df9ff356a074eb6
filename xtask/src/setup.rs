//! What the machine needs: looked for, and installed where that is possible.

mod debian;
mod need;
mod npm;
mod python;
mod rust;
mod system;

use anyhow::{Result, bail};

pub(crate) use need::{
    BUNDLE, BUNDLE_LINUX, CHROMIUM, CURL, DEBIAN, FAKETIME, KEYCHAIN, NAMESPACES, NGINX, Need,
    POSTGRES, PYTHON, REDIS, STRACE, WINDOW, WINDOW_TESTS, postgres_programs,
};
pub(crate) use npm::npx;
pub(crate) use python::environment as python_environment;
pub(crate) use rust::{Component, component, has_component, has_wasm_target, wasm_target};
pub(crate) use system::{System, web_view};

/// Installs what is missing, or says what to install and stops.
pub(crate) fn ensure(needs: &[&Need]) -> Result<()> {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    if System::here() == System::Debian {
        return debian::install(&missing);
    }
    bail!(
        "this machine lacks what is needed; install it and try again:\n{}",
        listed(&missing)
    )
}

/// The needs that this machine does not meet.
pub(crate) fn missing<'a>(needs: &[&'a Need]) -> Vec<&'a Need> {
    needs
        .iter()
        .copied()
        .filter(|need| !need.is_met())
        .collect()
}

fn listed(needs: &[&Need]) -> String {
    needs
        .iter()
        .map(|need| {
            format!(
                "  {} ({}); on Debian it is the package {}",
                need.name, need.why, need.debian
            )
        })
        .collect::<Vec<_>>()
        .join("\n")
}
