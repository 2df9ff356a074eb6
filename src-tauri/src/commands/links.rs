//! Addresses that a person saw and wants to open.

use slipway_contract::command::OpenLink;
use slipway_contract::{ErrorCode, Problem};
use tauri::Url;
use tauri_plugin_opener::OpenerExt as _;

use crate::dispatch::Handlers;
use crate::shell::Shell;

pub(super) fn register(handlers: Handlers) -> Handlers {
    handlers.on_shell(|shell, _, ask: OpenLink| async move { open(&shell, &checked(&ask.url)?) })
}

/// The address, if it is one that may leave the window: whatever the page says, nothing else is opened.
pub(super) fn checked(address: &str) -> Result<Url, Problem> {
    let refused = |why: &str| {
        Problem::new(
            ErrorCode::InvalidInput,
            format!("the address was not opened: {why}"),
        )
        .help("Copy it, and look at it closely, if you want to open it yourself.")
    };
    let url = Url::parse(address).map_err(|error| refused(&error.to_string()))?;
    match url.scheme() {
        "mailto" => Ok(url),
        "http" | "https" if !url.username().is_empty() || url.password().is_some() => Err(refused(
            "it holds a name or a password, which hides where it leads",
        )),
        "http" | "https" if url.has_host() => Ok(url),
        other => {
            let scheme: String = other.chars().take(20).collect();
            Err(refused(&format!(
                "{scheme}: is neither of the web nor of mail"
            )))
        }
    }
}

/// Hands it to the system.
pub(super) fn open(shell: &Shell, url: &Url) -> Result<(), Problem> {
    let opened = shell
        .window()?
        .opener()
        .open_url(url.as_str(), None::<&str>);
    opened.map_err(|error| {
        let message = format!("the system did not open {url}: {error}");
        Problem::new(ErrorCode::Internal, message).help("Copy the address into your browser.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_and_mail_leave_the_window() {
        for address in [
            "https://example.com/a?b",
            "http://127.0.0.1:8080/",
            "mailto:a@example.com",
        ] {
            assert_eq!(checked(address).unwrap().as_str(), address);
        }
        for address in [
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "slipway://import",
            "https://bank.example@evil.example/",
            "example.com",
            "",
        ] {
            let problem = checked(address).unwrap_err();
            assert_eq!(problem.code, ErrorCode::InvalidInput, "{address:?}");
        }
    }
}
