//! Other services that would be told secrets in clear text, for all on the way to read. In production none is, unless it is
//! on this machine.

use std::net::IpAddr;

use url::Url;

/// Whether a URL's host is this machine, by its name or address alone.
fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

/// Why this mail server is not taken, if it is not.
pub(super) fn mail(url: &str) -> Option<String> {
    let url: Url = url.parse().ok()?;
    let mut tls = url
        .query_pairs()
        .filter(|(name, _)| name == "tls")
        .peekable();
    let is_asked_for = tls.peek().is_some() && tls.all(|(_, value)| value == "required");
    let is_clear = url.scheme() == "smtp" && !is_asked_for && !is_here(&url);
    is_clear.then(|| {
        refused(
            "SLIPWAY_CLOUD_MAIL",
            "smtps://…, smtp://…?tls=required, or smtp:// to 127.0.0.1, [::1] or localhost",
        )
    })
}

/// Why this Redis is not taken, if it is not.
pub(super) fn redis(url: &str) -> Option<String> {
    let url: Url = url.parse().ok()?;
    let is_clear = url.scheme() == "redis" && url.password().is_some() && !is_here(&url);
    is_clear.then(|| {
        refused(
            "REDIS_URL",
            "rediss://…, redis:// without a password, or redis:// to 127.0.0.1, [::1] or localhost",
        )
    })
}

/// Why this Vault is not taken, if it is not.
pub(super) fn vault(url: &str) -> Option<String> {
    let parsed: Option<Url> = url.parse().ok();
    let is_sound = parsed.is_some_and(|url| url.scheme() == "https" || is_here(&url));
    (!is_sound).then(|| {
        refused(
            "VAULT_ADDR",
            "https://…, or http:// to 127.0.0.1, [::1] or localhost",
        )
    })
}

fn refused(name: &str, takes: &str) -> String {
    format!("{name}: in production no secret goes over the network in clear text; it takes {takes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_in_clear_text_to_this_machine_alone() {
        let here = ["127.0.0.1", "[::1]", "localhost", "[::ffff:127.0.0.1]"];
        for host in here {
            assert_eq!(mail(&format!("smtp://user:secret@{host}:25")), None);
            assert_eq!(redis(&format!("redis://:secret@{host}:6379")), None);
            assert_eq!(vault(&format!("http://{host}:8200")), None);
        }
        let refused = [
            mail("smtp://user:secret@mail.example.com"),
            mail("smtp://mail.example.com?tls=opportunistic"),
            mail("smtp://mail.example.com?tls=required&tls=none"),
            mail("smtp://10.0.0.1:25"),
            mail("SMTP://user:secret@localhost.example.com"),
            redis("redis://:secret@redis.example.com"),
            redis("redis://user:secret@10.0.0.1:6379/0"),
            vault("http://vault.example.com:8200"),
            vault("http://127.0.0.1.example.com"),
        ];
        for reason in refused {
            let reason = reason.expect("a reason");
            assert!(
                reason.contains("it takes ") && !reason.contains("secret@"),
                "{reason}"
            );
        }
        for sound in [
            mail("smtps://user:secret@mail.example.com"),
            mail("smtp://user:secret@mail.example.com:587?tls=required"),
            redis("rediss://:secret@redis.example.com"),
            redis("redis://redis.example.com"),
            vault("https://vault.example.com"),
        ] {
            assert_eq!(sound, None);
        }
    }
}
