//! Why a server gives no answer, in words that a person can act on.

use std::error::Error;
use std::io;
use std::time::Duration;

use url::{Host, Url};

/// How long may be looked for a name, to tell whether that is what is missing.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a server gives no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Silence {
    /// Its name is not known.
    #[error("no machine of this name is known")]
    UnknownName,
    /// Nothing listens there.
    #[error("nothing answers at this address")]
    Refused,
    /// What listens there does not speak TLS.
    #[error("what answers there does not speak https")]
    NoTls,
    /// Its certificate is of an authority that this machine does not know.
    #[error("its certificate is of no authority that this machine trusts")]
    UnknownAuthority,
    /// Its certificate is for another name or another time, or is damaged.
    #[error("its certificate is not valid for this name and this time")]
    InvalidCertificate,
    /// It took too long.
    #[error("it does not answer in time")]
    Late,
    /// What stands before it cannot reach it, either.
    #[error("what stands before it answers {0}")]
    Gateway(u16),
    /// What listens there takes the connection, and breaks it off or speaks something else than HTTP.
    #[error("its port {port} took the connection and broke it off without an answer")]
    BrokenOff {
        /// Where it listens.
        port: u16,
    },
    /// The connection did not come about.
    #[error("there is no connection to it")]
    Broken,
}

impl Silence {
    /// What a failed request says. The error itself is for the log alone.
    pub(crate) async fn of(error: &reqwest::Error, asked: &Url) -> Self {
        if error.is_timeout() {
            return Self::Late;
        }
        let port = asked.port_or_known_default().unwrap_or_default();
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(this) = cause {
            if let Some(found) = this.downcast_ref().and_then(|this| of_system(this, port)) {
                return found;
            }
            cause = this.source();
        }
        if !error.is_connect() {
            return Self::BrokenOff { port };
        }
        if is_unknown(asked).await {
            return Self::UnknownName;
        }
        Self::Broken
    }
}

/// What an error of the system says, which holds that of TLS.
fn of_system(error: &io::Error, port: u16) -> Option<Silence> {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => return Some(Silence::Refused),
        // There was a connection then, be it for the first words of TLS alone.
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => return Some(Silence::BrokenOff { port }),
        _ => {}
    }
    let inner = error.get_ref()?;
    match inner.downcast_ref::<rustls::Error>() {
        Some(error) => Some(of_tls(error, port)),
        None => inner
            .downcast_ref()
            .and_then(|inner| of_system(inner, port)),
    }
}

const fn of_tls(error: &rustls::Error, port: u16) -> Silence {
    match error {
        rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer) => {
            Silence::UnknownAuthority
        }
        rustls::Error::InvalidCertificate(_) => Silence::InvalidCertificate,
        rustls::Error::InvalidMessage(_) => Silence::NoTls,
        _ => Silence::BrokenOff { port },
    }
}

/// Whether it is the name that leads nowhere.
async fn is_unknown(asked: &Url) -> bool {
    let Some(Host::Domain(name)) = asked.host() else {
        return false;
    };
    let port = asked.port_or_known_default().unwrap_or_default();
    let looked = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((name, port))).await;
    matches!(looked, Ok(Err(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tls_says_is_told_apart() {
        let of = |error: rustls::Error| {
            // As the connection hands it on: an error of the system in another one.
            let inner = io::Error::new(io::ErrorKind::InvalidData, error);
            of_system(&io::Error::other(inner), 443)
        };
        let plain = rustls::InvalidMessage::InvalidContentType;
        assert_eq!(
            of(rustls::Error::InvalidMessage(plain)),
            Some(Silence::NoTls)
        );
        let unknown = rustls::CertificateError::UnknownIssuer;
        assert_eq!(of(unknown.into()), Some(Silence::UnknownAuthority));
        let expired = rustls::CertificateError::Expired;
        assert_eq!(of(expired.into()), Some(Silence::InvalidCertificate));
        let broken = Some(Silence::BrokenOff { port: 443 });
        assert_eq!(of(rustls::Error::HandshakeNotComplete), broken);
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(of_system(&refused, 443), Some(Silence::Refused));
        let ended = io::Error::from(io::ErrorKind::UnexpectedEof);
        assert_eq!(of_system(&ended, 443), broken);
        assert_eq!(of_system(&io::Error::other("else"), 443), None);
    }
}
