//! The page that the browser shows once it came back: the last one of every sign-in. It holds all that it needs,
//! and nothing of what came.

/// What the server's own pages look like, as far as this one needs it.
const STYLE: &str = include_str!("back.css");
/// Its SHA-256, by which the page's policy lets it and no other in (CSP 3, section 6.7.3).
const STYLE_HASH: &str = "NaaGUF6DxePPwG13oto9UBFE+FOCWuvZ0r+d6N0aRIo=";
const MARK: &str = "<svg viewBox=\"0 0 32 32\" width=\"24\" height=\"24\" aria-hidden=\"true\">\
    <clipPath id=\"tile\"><rect width=\"32\" height=\"32\" rx=\"7.5\"/></clipPath><g clip-path=\"url(#tile)\">\
    <path fill=\"#10677a\" d=\"M0 0h32v32H0z\"/><g transform=\"rotate(14 16 16)\"><path fill=\"#0a4553\" d=\"M-8 22.7h48V48H-8z\"/>\
    <path fill=\"#fff\" d=\"M3.6 11.8c7.6 1.4 15.9 1 24.3-1.9-2.1 2.4-3.3 5.1-4.4 8-.9 2.4-2 3.5-4.3 3.5H9.8c-2.2 0-3.3-1-3.9-3.2-.6-2.2-1.2-4.3-2.3-6.4z\"/></g></g></svg>";

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Back {
    /// Somebody is signed in.
    SignedIn,
    /// The person, or the server, said no.
    Declined,
    /// The server gave nothing for what the browser brought.
    Failed,
    /// What came is not what is waited for.
    Nothing,
}

impl Back {
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::SignedIn => (
                "200 OK",
                "You are signed in",
                "You can close this page and go back to Slipway.",
            ),
            Self::Declined => (
                "200 OK",
                "Nobody was signed in",
                "Slipway was not let in. You can close this page.",
            ),
            Self::Failed => (
                "200 OK",
                "That did not work",
                "Nobody was signed in. Slipway says why. You can close this page.",
            ),
            Self::Nothing => (
                "404 Not Found",
                "There is nothing here",
                "This address takes the answer of one sign-in, and nothing else.",
            ),
        }
    }

    /// The whole answer: the same text each time.
    pub(super) fn answer(self) -> String {
        let (status, title, words) = self.words();
        let body = format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title} · Slipway</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><style>{STYLE}</style></head>\
             <body><header>{MARK}Slipway</header><main><h1>{title}</h1><p>{words}</p></main></body></html>"
        );
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
             Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
             Content-Security-Policy: default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn the_policy_lets_the_style_in() {
        assert_eq!(STANDARD.encode(Sha256::digest(STYLE)), STYLE_HASH);
        let answer = Back::SignedIn.answer();
        assert!(
            answer.contains(&format!("<style>{STYLE}</style>")),
            "as it is"
        );
    }

    #[test]
    fn it_says_what_came_of_it() {
        for (back, status, words) in [
            (Back::SignedIn, "200 OK", "<h1>You are signed in</h1>"),
            (Back::Declined, "200 OK", "<h1>Nobody was signed in</h1>"),
            (Back::Failed, "200 OK", "<h1>That did not work</h1>"),
            (
                Back::Nothing,
                "404 Not Found",
                "<h1>There is nothing here</h1>",
            ),
        ] {
            let answer = back.answer();
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}\r\n")),
                "{answer}"
            );
            assert!(answer.contains(words), "{answer}");
        }
    }
}
