//! Programs that some tests run beside Slipway.

use anyhow::{Result, bail};

use crate::project::Project;
use crate::setup::{
    self, CHROMIUM, CURL, FAKETIME, KEYCHAIN, NAMESPACES, Need, POSTGRES, PYTHON, REDIS, STRACE,
    System, WINDOW_TESTS,
};

/// A program and the tests that cannot do without it.
pub(super) struct Peer {
    pub(super) name: &'static str,
    /// A word in the path of each of these tests, usually the name of their module.
    pub(super) marker: &'static str,
    needs: &'static [&'static Need],
    /// The libraries from PyPI that it is made of: the folder below `tests/` which lists them, and
    /// the environment's name.
    libraries: Option<&'static str>,
    /// Whether it exists for Linux alone.
    is_linux_only: bool,
}

const PEERS: &[Peer] = &[
    Peer {
        name: "a display that WebKitWebDriver can use",
        marker: "needs_window",
        needs: WINDOW_TESTS,
        libraries: None,
        is_linux_only: true,
    },
    Peer {
        name: "strace",
        marker: "needs_strace",
        needs: &[STRACE],
        libraries: None,
        is_linux_only: true,
    },
    Peer {
        name: "curl",
        marker: "needs_curl",
        needs: &[CURL],
        libraries: None,
        is_linux_only: false,
    },
    Peer {
        name: "faketime",
        marker: "needs_faketime",
        needs: &[FAKETIME],
        libraries: None,
        is_linux_only: true,
    },
    Peer {
        name: "a keychain of GNOME's",
        marker: "needs_keychain",
        needs: KEYCHAIN,
        libraries: None,
        is_linux_only: true,
    },
    Peer {
        name: "Python with the model providers' own libraries",
        marker: "needs_sdks",
        needs: PYTHON,
        libraries: Some("sdks"),
        is_linux_only: false,
    },
    Peer {
        name: "Python with programs that compute statistics",
        marker: "needs_statistics",
        needs: PYTHON,
        libraries: Some("statistics"),
        is_linux_only: false,
    },
    Peer {
        name: "Python with readers of JUnit XML",
        marker: "needs_junit",
        needs: PYTHON,
        libraries: Some("junit"),
        is_linux_only: false,
    },
    Peer {
        name: "Chromium",
        marker: "needs_chromium",
        needs: &[CHROMIUM],
        libraries: None,
        is_linux_only: true,
    },
    Peer {
        name: "Redis",
        marker: "needs_redis",
        needs: &[REDIS],
        libraries: None,
        is_linux_only: false,
    },
    Peer {
        name: "Python with schemathesis",
        marker: "needs_schemathesis",
        needs: PYTHON,
        libraries: Some("schemathesis"),
        is_linux_only: false,
    },
    Peer {
        name: "PostgreSQL",
        marker: "needs_postgres",
        needs: &[POSTGRES],
        libraries: None,
        is_linux_only: false,
    },
    Peer {
        name: "leave to run programs without a network",
        marker: "needs_namespaces",
        needs: &[NAMESPACES],
        libraries: None,
        is_linux_only: true,
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
        let has_libraries = || self.libraries.is_none_or(|name| set_up(project, name));
        fits && setup::missing(self.needs).is_empty() && has_libraries()
    }
}

/// Installs what `tests/NAME/requirements.txt` lists.
fn set_up(project: &Project, name: &str) -> bool {
    let list = project
        .root()
        .join("tests")
        .join(name)
        .join("requirements.txt");
    let done = setup::python_environment(&project.target().join(name), &list);
    if let Err(error) = &done {
        eprintln!("what tests/{name} lists could not be installed: {error:#}");
    }
    done.is_ok()
}
