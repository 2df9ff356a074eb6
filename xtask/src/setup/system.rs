//! Which system this is, and what it brings by itself.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// A kind of system, as far as installing differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// Debian, Ubuntu and others with apt-get.
    Debian,
    /// Any other Linux.
    Linux,
    MacOs,
    Windows,
}

impl System {
    pub(crate) fn here() -> Self {
        match std::env::consts::OS {
            "macos" => Self::MacOs,
            "windows" => Self::Windows,
            _ if process::find("apt-get").is_some() && process::find("dpkg-query").is_some() => {
                Self::Debian
            }
            _ => Self::Linux,
        }
    }

    pub(crate) fn is_linux(self) -> bool {
        matches!(self, Self::Debian | Self::Linux)
    }
}

/// WebView2's own key under "EdgeUpdate\Clients", as its documentation gives it.
const WEBVIEW2: &str = r"Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";

/// Fails when the system's own web view or linker is missing; on Linux these are packages (see `WINDOW`).
pub(crate) fn web_view() -> Result<()> {
    match System::here() {
        System::Debian | System::Linux => Ok(()),
        System::MacOs if process::succeeds(Command::new("xcode-select").arg("--print-path")) => {
            Ok(())
        }
        System::MacOs => bail!(
            "the Xcode command line tools are missing; install them with `xcode-select --install`"
        ),
        System::Windows if has_webview2() => Ok(()),
        System::Windows => bail!(
            "the WebView2 runtime is missing; install it with `winget install Microsoft.EdgeWebView2Runtime`"
        ),
    }
}

fn has_webview2() -> bool {
    [
        r"HKLM\SOFTWARE\WOW6432Node",
        r"HKLM\SOFTWARE",
        r"HKCU\Software",
    ]
    .iter()
    .any(|hive| {
        process::succeeds(Command::new("reg").args([
            "query",
            &format!(r"{hive}\{WEBVIEW2}"),
            "/v",
            "pv",
        ]))
    })
}
