//! Whether a URL may be requested, as far as its text tells.

use std::net::IpAddr;

use url::{Host, Url};

use crate::address::{Reach, reach};
use crate::error::NetError;
use crate::hosts::{GrantedHosts, without_final_dot};

const LONGEST: usize = 8 * 1024;

/// The names by which clouds call their metadata services.
const METADATA_NAMES: [&str; 9] = [
    "metadata",
    "metadata.google.internal",
    "metadata.goog",
    "metadata.azure.internal",
    "metadata.azure.com",
    "metadata.packet.net",
    "metadata.platformequinix.com",
    "metadata.tencentyun.com",
    "instance-data.ec2.internal",
];

/// Reads a URL as browsers do (WHATWG), so that 127.1, 0x7f000001 and a percent-encoded host are
/// the address they lead to, and checks it.
pub(crate) fn parse(text: &str, granted: &GrantedHosts) -> Result<Url, NetError> {
    if text.len() > LONGEST {
        return Err(NetError::InvalidUrl(format!(
            "it has {} bytes, and at most {LONGEST} are sent",
            text.len()
        )));
    }
    let url = Url::parse(text).map_err(|error| NetError::InvalidUrl(error.to_string()))?;
    check(&url, granted)?;
    Ok(url)
}

/// Checks a URL against what is granted. A name is checked again when it is resolved.
pub(crate) fn check(url: &Url, granted: &GrantedHosts) -> Result<(), NetError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(NetError::InvalidUrl(format!(
            "its scheme is `{}`; only https and http are requested",
            url.scheme().chars().take(20).collect::<String>()
        )));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NetError::InvalidUrl(
            "it holds a user name or a password; send an Authorization header instead".into(),
        ));
    }
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
        return Err(NetError::InvalidUrl("it names no host".into()));
    };
    match host {
        Host::Domain(name) => check_name(name, port, granted),
        Host::Ipv4(address) => check_address(address.into(), port, granted),
        Host::Ipv6(address) => check_address(address.into(), port, granted),
    }
}

fn check_name(name: &str, port: u16, granted: &GrantedHosts) -> Result<(), NetError> {
    if METADATA_NAMES.contains(&without_final_dot(name)) {
        return Err(NetError::Forbidden {
            host: name.to_owned(),
            why: "a cloud's metadata service",
        });
    }
    if granted.covers_name(name, port) {
        return Ok(());
    }
    Err(NetError::NotGranted {
        host: format!("{name}:{port}"),
        granted: granted.to_string(),
    })
}

fn check_address(address: IpAddr, port: u16, granted: &GrantedHosts) -> Result<(), NetError> {
    let host = match address {
        IpAddr::V4(address) => format!("{address}:{port}"),
        IpAddr::V6(address) => format!("[{address}]:{port}"),
    };
    match reach(address) {
        Reach::Never(why) => Err(NetError::Forbidden { host, why }),
        Reach::Private(_) if granted.names_address_and_port(address, port) => Ok(()),
        Reach::Private(why) => Err(NetError::Private { host, why }),
        Reach::Public if granted.covers_address(address, port) => Ok(()),
        Reach::Public => Err(NetError::NotGranted {
            host,
            granted: granted.to_string(),
        }),
    }
}

/// Scheme, host and port: all that an error may tell of a URL.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
