//! How people read where a sign-in is: which program, and which device or browser.
//!
//! Sessions carry what programs say of themselves: an OAuth client id, and a device's name or, of a browser,
//! its whole `User-Agent` (RFC 9110, section 10.1.5). Pages, the window, the command and letters show these
//! words instead.

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
        return browser(said).unwrap_or_else(|| program(client).to_owned());
    }
    match said {
        "" => program(client).to_owned(),
        said => said.to_owned(),
    }
}

/// Which browser it is, and on what, by its `User-Agent`: `Chrome on Linux`. None where that names neither.
#[must_use]
pub fn browser(agent: &str) -> Option<String> {
    let said = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(sign, _)| agent.contains(sign));
        found.map(|(_, name)| *name)
    };
    // Browsers name those that they want to be taken for, too: the most telling name comes first.
    let browser = said(&[
        ("Firefox/", "Firefox"),
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = said(&[
        ("Android", "Android"),
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "a Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => Some(format!("{browser} on {system}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

/// With what something was asked for, by its `User-Agent`: a browser, or Slipway itself. None for other programs,
/// whose own word is all that there is.
#[must_use]
pub fn asked_with(agent: &str) -> Option<String> {
    let own = || agent.starts_with("slipway/").then(|| "Slipway".to_owned());
    browser(agent).or_else(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    #[test]
    fn a_browser_is_told_from_those_that_it_is_like() {
        for (agent, name) in [
            (CHROME, "Chrome on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15",
                "Safari on a Mac",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on an iPhone",
            ),
            (
                "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0",
                "Firefox on Android",
            ),
            ("Chrome/1", "Chrome"),
            ("SomethingNew (Linux)", "Linux"),
        ] {
            assert_eq!(browser(agent).as_deref(), Some(name), "{agent}");
        }
        assert_eq!(browser("curl/8.5.0"), None);
    }

    #[test]
    fn a_sign_in_is_where_its_device_or_its_browser_is() {
        assert_eq!(device(BROWSER, CHROME), "Chrome on Linux");
        assert_eq!(device(BROWSER, "curl/8.5.0"), "A browser");
        assert_eq!(device("slipway-cli", "Anna's laptop"), "Anna's laptop");
        assert_eq!(device("slipway-desktop", ""), "Slipway on a computer");
        assert_eq!(program("another"), "another");
    }

    #[test]
    fn what_asked_is_named_without_the_rest() {
        assert_eq!(asked_with(CHROME).as_deref(), Some("Chrome on Linux"));
        assert_eq!(asked_with("slipway/0.1.0").as_deref(), Some("Slipway"));
        assert_eq!(asked_with("curl/8.5.0"), None);
    }
}
