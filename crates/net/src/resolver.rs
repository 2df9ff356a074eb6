//! Names, resolved once and checked: the connection gets exactly the addresses that were checked,
//! so that a name that changes its answer in between changes nothing.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::address::{Reach, reach};
use crate::error::NetError;

/// Where the addresses of a name come from.
pub trait Lookup: Send + Sync {
    /// The addresses of a name, in the order of preference.
    fn lookup(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// A resolver that lets only public addresses pass.
pub(crate) struct PublicOnly(pub(crate) Arc<dyn Lookup>);

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let looking = self.0.lookup(name.clone());
        Box::pin(async move {
            let unknown = |why: String| NetError::UnknownName {
                name: name.clone(),
                why,
            };
            let found = looking.await.map_err(|error| unknown(error.to_string()))?;
            if found.is_empty() {
                return Err(unknown("it has no address".into()).into());
            }
            // One address inside is enough to refuse them all: who mixes them wants the retry.
            for address in &found {
                if let Reach::Private(why) | Reach::Never(why) = reach(*address) {
                    return Err(NetError::NameLeadsInside {
                        name,
                        address: *address,
                        why,
                    }
                    .into());
                }
            }
            let addresses = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Mutex;

    use super::*;

    struct Answers(Mutex<VecDeque<Vec<IpAddr>>>);

    impl Lookup for Answers {
        fn lookup(&self, _: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
            let next = self.0.lock().unwrap().pop_front().unwrap_or_default();
            Box::pin(async move { Ok(next) })
        }
    }

    fn resolver(answers: &[&[&str]]) -> PublicOnly {
        let parse = |addresses: &&[&str]| addresses.iter().map(|a| a.parse().unwrap()).collect();
        PublicOnly(Arc::new(Answers(Mutex::new(
            answers.iter().map(parse).collect(),
        ))))
    }

    async fn resolve(resolver: &PublicOnly) -> Result<Vec<IpAddr>, NetError> {
        match resolver.resolve("a.example".parse().unwrap()).await {
            Ok(addresses) => Ok(addresses.map(|address| address.ip()).collect()),
            Err(error) => Err(*error.downcast::<NetError>().expect("our own error")),
        }
    }

    #[tokio::test]
    async fn only_public_addresses_pass() {
        let public = resolver(&[&["93.184.215.14", "2606:4700::1111"]]);
        assert_eq!(resolve(&public).await.unwrap().len(), 2);
        for inside in [
            "127.0.0.1",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "168.63.129.16",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
        ] {
            let alone = resolve(&resolver(&[&[inside]])).await;
            assert!(
                matches!(alone, Err(NetError::NameLeadsInside { .. })),
                "{inside}"
            );
            let mixed = resolve(&resolver(&[&["93.184.215.14", inside]])).await;
            assert!(
                matches!(mixed, Err(NetError::NameLeadsInside { .. })),
                "{inside}"
            );
        }
    }

    #[tokio::test]
    async fn a_name_that_changes_its_answer_is_checked_at_each_answer() {
        let rebinding = resolver(&[&["93.184.215.14"], &["127.0.0.1"]]);
        let first = resolve(&rebinding).await.unwrap();
        assert_eq!(first, ["93.184.215.14".parse::<IpAddr>().unwrap()]);
        assert!(resolve(&rebinding).await.is_err());
    }

    #[tokio::test]
    async fn a_name_without_address_is_unknown() {
        let error = resolve(&resolver(&[&[]])).await.unwrap_err();
        assert!(matches!(error, NetError::UnknownName { .. }));
    }
}
