//! Programs that some tests run beside Slipway.

use anyhow::{Result, bail};

use crate::project::Project;
use crate::setup::{self, CURL, FAKETIME, KEYCHAIN, Need, PYTHON, STRACE, System, WINDOW_TESTS};

/// A program and the tests that cannot do without it.
pub(super) struct Peer {
    pub(super) name: &'static str,
    /// A word in the path of each of these tests, usually the name of their module.
    pub(super) marker: &'static str,
    needs: &'static [&'static Need],
    /// Whether it exists for Linux alone.
    is_linux_only: bool,
}

/// The word in the path of tests beside the providers' own libraries.
const SDKS: &str = "needs_sdks";

const PEERS: &[Peer] = &[
    Peer {
        name: "a display that WebKitWebDriver can use",
        marker: "needs_window",
        needs: WINDOW_TESTS,
        is_linux_only: true,
    },
    Peer {
        name: "strace",
        marker: "needs_strace",
        needs: &[STRACE],
        is_linux_only: true,
    },
    Peer {
        name: "curl",
        marker: "needs_curl",
        needs: &[CURL],
        is_linux_only: false,
    },
    Peer {
        name: "faketime",
        marker: "needs_faketime",
        needs: &[FAKETIME],
        is_linux_only: true,
    },
    Peer {
        name: "a keychain of GNOME's",
        marker: "needs_keychain",
        needs: KEYCHAIN,
        is_linux_only: true,
    },
    Peer {
        name: "Python with the model providers' own libraries",
        marker: SDKS,
        needs: PYTHON,
        is_linux_only: false,
    },
];

/// What all peers need.
pub(super) fn needs() -> Vec<&'static Need> {
    PEERS.iter().flat_map(|peer| peer.needs).copied().collect()
}

/// The peers that are missing, so that their tests have to be left out; an error if that may not be.
pub(super) fn left_out(project: &Project, may_skip: bool) -> Result<Vec<&'static Peer>> {
    let missing: Vec<&Peer> = PEERS.iter().filter(|peer| !peer.is_here(project)).collect();
    if !may_skip && !missing.is_empty() {
        let names: Vec<&str> = missing.iter().map(|peer| peer.name).collect();
        bail!(
            "no test may be skipped, but not installed: {}",
            names.join(", ")
        );
    }
    Ok(missing)
}

impl Peer {
    fn is_here(&self, project: &Project) -> bool {
        let fits = !self.is_linux_only || System::here().is_linux();
        fits && setup::missing(self.needs).is_empty() && (self.marker != SDKS || set_up(project))
    }
}

/// Installs the providers' own libraries.
fn set_up(project: &Project) -> bool {
    let list = project.root().join("tests/sdks/requirements.txt");
    let done = setup::python_environment(&project.target().join("sdks"), &list);
    if let Err(error) = &done {
        eprintln!("the model providers' own libraries could not be installed: {error:#}");
    }
    done.is_ok()
}
