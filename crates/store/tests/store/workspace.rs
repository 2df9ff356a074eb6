//! Agents, versions and grants.

use std::fs;

use slipway_agent::memory::contract::sample::moment;
use slipway_contract::permission::Permission;
use slipway_contract::version::VersionReason;
use slipway_contract::{AgentName, ContentHash};
use slipway_store::{AgentRecord, AgentSource, Grant, Made, Store, StoreError, VersionRecord};

use crate::place::Place;

fn version(byte: u8) -> VersionRecord {
    VersionRecord {
        hash: ContentHash::from_bytes([byte; 32]),
        behaviour: ContentHash::from_bytes([byte ^ 0xff; 32]),
        created_at: moment(u64::from(byte)),
    }
}

fn saved() -> Made {
    Made::by(VersionReason::Saved)
}

fn files() -> Vec<(String, Vec<u8>)> {
    vec![
        ("README.md".to_owned(), b"# Hello\n".to_vec()),
        ("agent.toml".to_owned(), b"format = 1\n".to_vec()),
        ("files/empty".to_owned(), Vec::new()),
        (
            "files/\u{e4} b.bin".to_owned(),
            (0..=255).cycle().take(200_000).collect(),
        ),
    ]
}

async fn with_version(store: &Store, byte: u8) -> ContentHash {
    store.put_version(version(byte), files()).await.unwrap();
    version(byte).hash
}

#[tokio::test]
async fn a_version_comes_back_byte_for_byte() {
    let place = Place::new();
    let store = place.open().await;
    let hash = with_version(&store, 1).await;
    assert_eq!(store.version(hash).await.unwrap(), Some(version(1)));
    assert_eq!(store.version_contents(hash).await.unwrap(), Some(files()));
    let listed = store.version_files(hash).await.unwrap().unwrap();
    assert_eq!(listed.len(), 4);
    assert_eq!((listed[0].path.as_str(), listed[0].size), ("README.md", 8));
    let one = store.version_file(hash, "agent.toml").await.unwrap();
    assert_eq!(one.as_deref(), Some(&b"format = 1\n"[..]));
    assert_eq!(store.version_file(hash, "none").await.unwrap(), None);

    let later = VersionRecord {
        created_at: moment(99),
        ..version(1)
    };
    store.put_version(later, Vec::new()).await.unwrap();
    assert_eq!(
        store.version(hash).await.unwrap(),
        Some(version(1)),
        "a version never changes"
    );
    assert_eq!(store.version_contents(hash).await.unwrap(), Some(files()));

    let unknown = version(9).hash;
    assert_eq!(store.version(unknown).await.unwrap(), None);
    assert_eq!(store.version_contents(unknown).await.unwrap(), None);
}

#[tokio::test]
async fn a_tampered_version_is_refused() {
    let place = Place::new();
    let store = place.open().await;
    let hash = with_version(&store, 1).await;
    let content = store.version_files(hash).await.unwrap().unwrap()[1]
        .content
        .to_string();
    let (folder, file) = content.split_at(2);
    let blob = place.path().with_file_name("blobs").join(folder).join(file);
    fs::write(blob, b"format = 2\n").unwrap();
    let error = store.version_contents(hash).await.unwrap_err();
    assert!(matches!(error, StoreError::Content { .. }), "{error}");
}

#[tokio::test]
async fn agents_are_kept_by_name() {
    let place = Place::new();
    let store = place.open().await;
    let (old, new) = (with_version(&store, 1).await, with_version(&store, 2).await);
    let agent = AgentRecord {
        name: "expense-report".parse().unwrap(),
        source: AgentSource::Folder("/home/me/expense-report".to_owned()),
        version: old,
        updated_at: moment(5),
    };
    let other = AgentRecord {
        name: "changelog-writer".parse().unwrap(),
        source: AgentSource::Imported,
        ..agent.clone()
    };
    store.put_agent(&agent, &saved()).await.unwrap();
    store.put_agent(&other, &saved()).await.unwrap();
    assert_eq!(
        store.agents().await.unwrap(),
        [other.clone(), agent.clone()]
    );
    let changed = AgentRecord {
        version: new,
        updated_at: moment(6),
        ..agent.clone()
    };
    store.put_agent(&changed, &saved()).await.unwrap();
    assert_eq!(store.agent(&agent.name).await.unwrap(), Some(changed));
    assert!(store.remove_agent(&agent.name).await.unwrap());
    assert!(!store.remove_agent(&agent.name).await.unwrap());
    assert_eq!(store.agent(&agent.name).await.unwrap(), None);
    assert_eq!(store.agents().await.unwrap(), std::slice::from_ref(&other));
    let dangling = AgentRecord {
        version: version(9).hash,
        ..other
    };
    assert!(
        store.put_agent(&dangling, &saved()).await.is_err(),
        "its version is not in the store"
    );
}

#[tokio::test]
async fn grants_hold_for_one_package_in_one_folder() {
    let place = Place::new();
    let store = place.open().await;
    let (read, net) = (
        Permission::ReadFiles {
            path: "./receipts".to_owned(),
        },
        Permission::Network {
            host: "api.example.com".to_owned(),
        },
    );
    let package = |folder: &str| AgentSource::Folder(folder.to_owned());
    let grant = |permission: &Permission, behaviour: u8, workdir: &str, at| Grant {
        agent: "expense-report".parse().unwrap(),
        source: package("/home/me/expense-report"),
        behaviour: ContentHash::from_bytes([behaviour; 32]),
        workdir: workdir.to_owned(),
        permission: permission.clone(),
        granted_at: moment(at),
    };
    let behaviour = ContentHash::from_bytes([1; 32]);
    let grants = [grant(&net, 1, "/a", 1), grant(&read, 1, "/a", 1)];
    store.grant(&grants).await.unwrap();
    store
        .grant(&[grant(&read, 1, "/a", 9), grant(&read, 2, "/b", 2)])
        .await
        .unwrap();
    let agent: AgentName = "expense-report".parse().unwrap();
    let granted = async |source: &AgentSource, workdir: &str| {
        store.granted(&agent, source, workdir).await.unwrap()
    };
    let own = package("/home/me/expense-report");
    assert_eq!(granted(&own, "/a").await, [read.clone(), net.clone()]);
    assert_eq!(granted(&own, "/b").await, std::slice::from_ref(&read));
    assert_eq!(granted(&own, "/c").await, [], "another working folder");
    assert_eq!(
        granted(&package("/tmp/x"), "/a").await,
        [],
        "another package"
    );
    assert_eq!(granted(&AgentSource::Imported, "/a").await, []);

    let all = store.grants(Some(&agent)).await.unwrap();
    assert_eq!(all.len(), 3);
    assert_eq!(
        all[0],
        grant(&read, 2, "/b", 2),
        "newest first, the first time counts"
    );
    assert_eq!(store.grants(None).await.unwrap(), all);
    assert_eq!(
        store.grants(Some(&"other".parse().unwrap())).await.unwrap(),
        []
    );

    let revoked = store
        .revoke(behaviour, "/a", &[read.clone(), read.clone()])
        .await
        .unwrap();
    assert_eq!(revoked, 1);
    assert_eq!(granted(&own, "/a").await, [net]);
    assert_eq!(store.revoke_all(&agent).await.unwrap(), 2);
    assert_eq!(store.grants(None).await.unwrap(), []);
}

#[tokio::test]
async fn grants_end_with_the_agent_that_they_were_given_to() {
    let place = Place::new();
    let store = place.open().await;
    let (old, new) = (with_version(&store, 1).await, with_version(&store, 2).await);
    let name: AgentName = "expense-report".parse().unwrap();
    let agent = |version| AgentRecord {
        name: name.clone(),
        source: AgentSource::Imported,
        version,
        updated_at: moment(5),
    };
    let to = |version: u8, source| Grant {
        agent: name.clone(),
        source,
        behaviour: self::version(version).behaviour,
        workdir: "/a".to_owned(),
        permission: Permission::Network {
            host: "api.example.com".to_owned(),
        },
        granted_at: moment(6),
    };
    let imported = |version| to(version, AgentSource::Imported);
    let count = async || store.grants(Some(&name)).await.unwrap().len();

    store.grant(&[imported(1)]).await.unwrap();
    assert_eq!(count().await, 0, "the agent is not here yet");
    store.import_agent(&agent(old), &saved()).await.unwrap();
    store.grant(&[imported(1)]).await.unwrap();
    store.import_agent(&agent(old), &saved()).await.unwrap();
    assert_eq!(count().await, 1, "the same package again");

    store.import_agent(&agent(new), &saved()).await.unwrap();
    assert_eq!(count().await, 0, "another package of the same name");
    store.grant(&[imported(1)]).await.unwrap();
    assert_eq!(
        count().await,
        0,
        "an answer to the package that was replaced"
    );

    let folder = AgentSource::Folder("/home/me/expense-report".to_owned());
    store.grant(&[imported(2), to(2, folder)]).await.unwrap();
    assert_eq!(count().await, 2);
    assert!(store.remove_agent(&name).await.unwrap());
    assert_eq!(count().await, 0, "the agent was removed");
}
