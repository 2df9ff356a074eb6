//! How people read where a sign-in is: which program, and which device or browser.
//!
//! Sessions carry what programs say of themselves: an OAuth client id, and a device's name or, of a browser,
//! its whole `User-Agent` (RFC 9110, section 10.1.5). Pages, the window, the command and letters show these
//! words instead.

use super::browser;

/// How the list of sessions names browsers among its programs.
pub const BROWSER: &str = "browser";

/// A program as people know it, by its OAuth client id; the id, of one that is not known.
#[must_use]
pub fn program(client: &str) -> &str {
    match client {
        "slipway-desktop" => "Slipway on a computer",
        "slipway-cli" => "The slipway command",
        BROWSER => "A browser",
        other => other,
    }
}

/// Where a sign-in of this program is: what the device calls itself, or which browser it is, and on what.
#[must_use]
pub fn device(client: &str, said: &str) -> String {
    if client == BROWSER {
        return browser::named(said).unwrap_or_else(|| program(client).to_owned());
    }
    match said {
        "" => program(client).to_owned(),
        said => said.to_owned(),
    }
}

/// With what something was asked for, by its `User-Agent`: a browser, or Slipway itself. None where it is another
/// program, whose own words are its word alone.
#[must_use]
pub fn asked_with(agent: &str) -> Option<String> {
    let is_ours = agent.starts_with("slipway/");
    browser::named(agent).or_else(|| is_ours.then(|| "Slipway".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    #[test]
    fn a_sign_in_is_where_its_device_or_its_browser_is() {
        assert_eq!(device(BROWSER, CHROME), "Chrome on Linux");
        assert_eq!(device(BROWSER, "curl/8.5.0"), "A browser");
        assert_eq!(device("slipway-cli", "Anna's laptop"), "Anna's laptop");
        assert_eq!(device("slipway-desktop", ""), "Slipway on a computer");
        assert_eq!(program("another"), "another");
    }

    #[test]
    fn what_asked_is_named_where_it_is_known() {
        assert_eq!(asked_with(CHROME).as_deref(), Some("Chrome on Linux"));
        assert_eq!(asked_with("slipway/0.1.0").as_deref(), Some("Slipway"));
        assert_eq!(asked_with("curl/8.5.0"), None);
    }
}
