//! Where a program takes its answer: a port of its own machine (RFC 8252, section 7.3).

use std::num::NonZeroU16;

use serde::{Deserialize, Serialize};

const V4: &str = "http://127.0.0.1:";
const V6: &str = "http://[::1]:";
const PATH: &str = "/callback";

/// `http://127.0.0.1:PORT/callback` or `http://[::1]:PORT/callback`, letter for letter. A name such as
/// `localhost` may be another machine's, so it is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loopback {
    is_v6: bool,
    port: NonZeroU16,
}

impl Loopback {
    /// Of a text, if it is exactly one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let v6 = text.strip_prefix(V6).map(|rest| (true, rest));
        let (is_v6, rest) = v6.or_else(|| text.strip_prefix(V4).map(|rest| (false, rest)))?;
        let port = rest.strip_suffix(PATH)?.parse().ok()?;
        let parsed = Self { is_v6, port };
        // One writing for each: no sign and no zero before the port.
        (parsed.to_string() == text).then_some(parsed)
    }

    /// What a page may let its forms lead to, so that they lead there. The grammar of CSP (level 3, section
    /// 2.3.1) has no addresses of version 6; with one, any address of plain HTTP has to do.
    #[must_use]
    pub fn source(self) -> String {
        match self.is_v6 {
            true => "http:".to_owned(),
            false => format!("{V4}{}", self.port),
        }
    }

    /// With this answer.
    #[must_use]
    pub fn with(self, answer: &[(&str, &str)]) -> String {
        let answer = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(answer)
            .finish();
        format!("{self}?{answer}")
    }
}

impl std::fmt::Display for Loopback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let host = if self.is_v6 { V6 } else { V4 };
        write!(f, "{host}{}{PATH}", self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_port_of_the_same_machine_is_led_to() {
        for good in [
            "http://127.0.0.1:1/callback",
            "http://127.0.0.1:65535/callback",
            "http://[::1]:4711/callback",
        ] {
            assert_eq!(Loopback::parse(good).unwrap().to_string(), good);
        }
        for bad in [
            "",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:080/callback",
            "http://127.0.0.1:+80/callback",
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:80",
            "http://127.0.0.1:80/",
            "http://127.0.0.1:80/callback/",
            "http://127.0.0.1:80/Callback",
            "http://127.0.0.1:80/callback?a=b",
            "http://127.0.0.1:80/callback#a",
            "http://127.0.0.1:80/%63allback",
            "http://127.0.0.1:80%2Fcallback",
            "http://127.0.0.1:80/x/../callback",
            "http://127.0.0.1:80//callback",
            "http://127.0.0.1:80\\callback",
            "http://127.0.0.1:80@evil.example/callback",
            "http://evil.example@127.0.0.1:80/callback",
            "http://127.0.0.1.evil.example:80/callback",
            "http://127.0.0.1:80.evil.example/callback",
            "http://127.0.0.2:80/callback",
            "http://127.1:80/callback",
            "http://2130706433:80/callback",
            "http://0.0.0.0:80/callback",
            "http://localhost:80/callback",
            "http://[::]:80/callback",
            "http://[0:0:0:0:0:0:0:1]:80/callback",
            "http://[::ffff:127.0.0.1]:80/callback",
            "https://127.0.0.1:80/callback",
            "HTTP://127.0.0.1:80/callback",
            "slipway://127.0.0.1:80/callback",
            "//127.0.0.1:80/callback",
            " http://127.0.0.1:80/callback",
            "http://127.0.0.1:80/callback\n",
            "http://127.0.0.1:8\t0/callback",
            "http://127.0.0.1:\u{0668}0/callback",
        ] {
            assert_eq!(Loopback::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn an_answer_is_escaped() {
        let to = Loopback::parse("http://127.0.0.1:80/callback").unwrap();
        let url = to.with(&[("state", "a&b=c#d é"), ("code", "x")]);
        assert_eq!(
            url,
            "http://127.0.0.1:80/callback?state=a%26b%3Dc%23d+%C3%A9&code=x"
        );
    }
}
