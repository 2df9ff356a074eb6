//! Certificates of a test's own.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

/// An authority that nobody else knows, and what it certified for a server on this machine.
pub struct Certified {
    /// The authority's own certificate.
    pub authority: PathBuf,
    /// The server's.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl Certified {
    /// Makes both, in this folder, for a server of these names.
    pub fn make(folder: &Path, names: &[&str]) -> Self {
        let mut authority = CertificateParams::default();
        // Who has the name of its issuer is taken for its own.
        authority
            .distinguished_name
            .push(DnType::CommonName, "the authority of a test");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let own = authority.self_signed(&key).expect("a certificate");
        let issuer = Issuer::new(authority, key);
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let key = KeyPair::generate().expect("a key");
        let server = CertificateParams::new(names).expect("names");
        let server = server.signed_by(&key, &issuer).expect("a certificate");
        let made = Self {
            authority: folder.join("authority.pem"),
            certificate: folder.join("server.pem"),
            key: folder.join("server.key"),
        };
        fs::write(&made.authority, own.pem()).expect("written");
        fs::write(&made.certificate, server.pem()).expect("written");
        fs::write(&made.key, key.serialize_pem()).expect("written");
        made
    }
}
