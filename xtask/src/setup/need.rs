//! The programs and libraries that the project needs beside Rust.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{System, python};
use crate::process;

/// One thing that a machine may lack.
pub(crate) struct Need {
    pub(crate) name: &'static str,
    pub(crate) why: &'static str,
    /// The package that brings it on Debian and its kin.
    pub(crate) debian: &'static str,
    probe: Probe,
}

enum Probe {
    /// A program on the PATH.
    Program(&'static str),
    /// A library with its headers, by the name that pkg-config knows.
    Library(&'static str),
    /// A module of Python's own that some systems leave out.
    PythonModule(&'static str),
    /// Leave to run a program where there is no network.
    NetworkNamespace,
    /// PostgreSQL's server, which Debian keeps off the PATH.
    PostgreSql,
    /// Files that only the package's own presence tells of: asked of dpkg, taken for granted elsewhere.
    Package,
}

impl Need {
    pub(crate) fn is_met(&self) -> bool {
        match self.probe {
            Probe::Program(program) => process::find(program).is_some(),
            Probe::Library(library) => {
                process::succeeds(Command::new("pkg-config").args(["--exists", library]))
            }
            Probe::PythonModule(module) => process::succeeds(
                Command::new(python::PROGRAM).args(["-c", &format!("import {module}")]),
            ),
            Probe::NetworkNamespace => process::succeeds(Command::new("unshare").args([
                "--map-root-user",
                "--net",
                "true",
            ])),
            Probe::PostgreSql => postgres_programs().is_some(),
            Probe::Package => System::here() != System::Debian || is_installed(self.debian),
        }
    }
}

fn is_installed(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat=${db:Status-Status}", package]);
    process::output(&mut query).is_ok_and(|status| status == "installed")
}

/// What the window is built with on Linux.
pub(crate) const WINDOW: &[&Need] = &[
    &Need {
        name: "pkg-config",
        why: "finds the libraries below",
        debian: "pkg-config",
        probe: Probe::Program("pkg-config"),
    },
    &Need {
        name: "WebKitGTK 4.1 with its headers",
        why: "draws the window",
        debian: "libwebkit2gtk-4.1-dev",
        probe: Probe::Library("webkit2gtk-4.1"),
    },
];

/// What the tests of the window drive it with on Linux.
pub(crate) const WINDOW_TESTS: &[&Need] = &[
    &Need {
        name: "Xvfb",
        why: "a display for the window's tests",
        debian: "xvfb",
        probe: Probe::Program("Xvfb"),
    },
    &Need {
        name: "WebKitWebDriver",
        why: "clicks and types in the window's tests",
        debian: "webkit2gtk-driver",
        probe: Probe::Program("WebKitWebDriver"),
    },
    &Need {
        name: "dbus-run-session",
        why: "a message bus of the window's tests' own",
        debian: "dbus",
        probe: Probe::Program("dbus-run-session"),
    },
    &Need {
        name: "Mesa's software renderer",
        why: "draws the window's tests without a graphics card",
        debian: "libgl1-mesa-dri",
        probe: Probe::Package,
    },
    &Need {
        name: "EGL",
        why: "what WebKit draws through",
        debian: "libegl1",
        probe: Probe::Package,
    },
];

/// Watches what a process opens, starts and connects to.
pub(crate) const STRACE: &Need = &Need {
    name: "strace",
    why: "shows that imports start and connect to nothing, and makes disks fail",
    debian: "strace",
    probe: Probe::Program("strace"),
};

/// Sends requests.
pub(crate) const CURL: &Need = &Need {
    name: "curl",
    why: "sends what `slipway runs wire --curl` prints",
    debian: "curl",
    probe: Probe::Program("curl"),
};

/// Sets a program's clock.
pub(crate) const FAKETIME: &Need = &Need {
    name: "faketime",
    why: "lets the clock jump while a run is driven",
    debian: "faketime",
    probe: Probe::Program("faketime"),
};

/// The cloud's other database.
pub(crate) const POSTGRES: &Need = &Need {
    name: "PostgreSQL",
    why: "the cloud's tests run on it and on SQLite",
    debian: "postgresql",
    probe: Probe::PostgreSql,
};

/// What several copies of the cloud share.
pub(crate) const REDIS: &Need = &Need {
    name: "Redis",
    why: "the cloud's tests share rate limits over it",
    debian: "redis-server",
    probe: Probe::Program("redis-server"),
};

/// The floor under the cloud's benchmark. Debian keeps it off the PATH; elsewhere the benchmark goes without it.
pub(crate) const NGINX: &Need = &Need {
    name: "nginx",
    why: "serves a static file, beside which the cloud is measured",
    debian: "nginx-light",
    probe: Probe::Package,
};

/// Where PostgreSQL's programs are, the newest that is installed: where Debian keeps its versions, or
/// on the PATH.
pub(crate) fn postgres_programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let folders = versions.map(|version| version.path().join("bin"));
    let mut found: Vec<PathBuf> = folders
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    found.sort();
    let on_path = || process::find("initdb")?.parent().map(Path::to_owned);
    found.pop().or_else(on_path)
}

/// Draws reports.
pub(crate) const CHROMIUM: &Need = &Need {
    name: "Chromium",
    why: "draws the HTML report of tests, to see that no request leaves it",
    debian: "chromium",
    probe: Probe::Program("chromium"),
};

/// Takes the network from a program.
pub(crate) const NAMESPACES: &Need = &Need {
    name: "leave to run programs without a network (unshare --net)",
    why: "shows that what needs no network gets by without one",
    debian: "util-linux",
    probe: Probe::NetworkNamespace,
};

/// Runs independent programs beside which Slipway is held.
pub(crate) const PYTHON: &[&Need] = &[
    &Need {
        name: "Python 3",
        why: "runs independent programs beside which requests, statistics and reports are held",
        debian: "python3",
        probe: Probe::Program(python::PROGRAM),
    },
    &Need {
        name: "Python's venv",
        why: "keeps those programs' libraries apart from the system's",
        debian: "python3-venv",
        probe: Probe::PythonModule("ensurepip"),
    },
];

/// What a keychain of the tests' own is made of.
pub(crate) const KEYCHAIN: &[&Need] = &[
    &Need {
        name: "gnome-keyring-daemon",
        why: "a keychain of the tests' own, which they lock",
        debian: "gnome-keyring",
        probe: Probe::Program("gnome-keyring-daemon"),
    },
    &Need {
        name: "dbus-daemon",
        why: "the message bus on which that keychain is found",
        debian: "dbus",
        probe: Probe::Program("dbus-daemon"),
    },
    &Need {
        name: "dbus-send",
        why: "locks that keychain",
        debian: "dbus",
        probe: Probe::Program("dbus-send"),
    },
];

/// What installers for Linux are made with.
pub(crate) const BUNDLE_LINUX: &[&Need] = &[&Need {
    name: "the library of the system's tray",
    why: "the package names it among what it needs, by what is here",
    debian: "libayatana-appindicator3-dev",
    probe: Probe::Library("ayatana-appindicator3-0.1"),
}];

/// Makes a Debian of its own, in which a package is tried.
pub(crate) const DEBIAN: &[&Need] = &[
    &Need {
        name: "debootstrap",
        why: "makes a Debian that has nothing else, to try the package in",
        debian: "debootstrap",
        probe: Probe::Program("debootstrap"),
    },
    &Need {
        name: "unshare",
        why: "keeps that Debian's mounts apart from this machine's",
        debian: "util-linux",
        probe: Probe::Program("unshare"),
    },
];

/// Fetches the bundler, and runs it.
pub(crate) const BUNDLE: &[&Need] = &[&Need {
    name: "npm",
    why: "fetches Tauri's bundler and wasm-opt, both prebuilt",
    debian: "npm",
    probe: Probe::Program("npm"),
}];
