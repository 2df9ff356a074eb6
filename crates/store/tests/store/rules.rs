//! What a person decided for good, and runs that wait too long.

use slipway_agent::memory::contract::sample::{self, moment};
use slipway_agent::ports::journal::{Append, Head, Journal};
use slipway_agent::ports::lease::Leases;
use slipway_contract::rule::{Rule, Ruling};
use slipway_contract::run::{ParkReason, RunStatus};
use slipway_contract::version::VersionReason;
use slipway_contract::{AgentName, ContentHash, RuleId, RunId};
use slipway_store::{AgentRecord, AgentSource, Made, Store, VersionRecord};

use crate::place::{Place, append};

const HASH: ContentHash = ContentHash::from_bytes([7; 32]);

fn name() -> AgentName {
    "clerk".parse().unwrap()
}

fn rule(number: u8, folder: Option<&str>) -> Rule {
    Rule {
        id: RuleId::from_random([number; 10]),
        agent: name(),
        folder: folder.map(str::to_owned),
        workdir: "/work".to_owned(),
        tool: "write_file".to_owned(),
        ruling: Ruling::Allow {
            arguments: r#"content = anything, path = "out/*.md", n = 1.0"#.parse().unwrap(),
            definition: HASH,
        },
        made_at: moment(u64::from(number)),
        revoked_at: None,
    }
}

async fn in_force(store: &Store, folder: Option<&str>, workdir: &str) -> Vec<RuleId> {
    let source = folder.map_or(AgentSource::Imported, |folder| {
        AgentSource::Folder(folder.to_owned())
    });
    let rules = store.rules_for(&name(), &source, workdir, HASH).await;
    rules.unwrap().into_iter().map(|rule| rule.id).collect()
}

/// Lists the agent as an imported package of this behaviour.
async fn import(store: &Store, number: u8, behaviour: ContentHash) {
    let version = VersionRecord {
        hash: ContentHash::from_bytes([number; 32]),
        behaviour,
        created_at: moment(1),
    };
    let hash = version.hash;
    store.put_version(version, Vec::new()).await.unwrap();
    let agent = AgentRecord {
        name: name(),
        source: AgentSource::Imported,
        version: hash,
        updated_at: moment(1),
    };
    let made = Made::by(VersionReason::Imported);
    store.import_agent(&agent, &made).await.unwrap();
}

#[tokio::test]
async fn rules_are_kept_as_they_were_made_for_one_agent_in_one_place() {
    let place = Place::new();
    let store = place.open().await;
    let made = rule(1, Some("/home/clerk"));
    assert!(store.add_rule(&made, HASH).await.unwrap());
    assert!(!store.add_rule(&made, HASH).await.unwrap(), "once");
    store.close().await;
    let store = place.open().await;
    assert_eq!(
        store.rules(None, false).await.unwrap(),
        std::slice::from_ref(&made)
    );
    let own = in_force(&store, Some("/home/clerk"), "/work").await;
    assert_eq!(own, [made.id]);
    for (folder, workdir) in [
        (Some("/home/clerk"), "/elsewhere"),
        (Some("/home/other"), "/work"),
        (None, "/work"),
    ] {
        assert_eq!(in_force(&store, folder, workdir).await, []);
    }
    let other: AgentName = "other".parse().unwrap();
    assert_eq!(store.rules(Some(&other), true).await.unwrap(), []);
}

#[tokio::test]
async fn a_rule_that_was_taken_back_stays_so() {
    let place = Place::new();
    let store = place.open().await;
    let made = rule(1, Some("/home/clerk"));
    store.add_rule(&made, HASH).await.unwrap();
    assert!(store.revoke_rule(made.id, moment(9)).await.unwrap());
    assert!(!store.revoke_rule(made.id, moment(10)).await.unwrap());
    assert_eq!(in_force(&store, Some("/home/clerk"), "/work").await, []);
    assert!(
        !store.add_rule(&made, HASH).await.unwrap(),
        "not even when something brings it back"
    );
    assert_eq!(store.rules(None, false).await.unwrap(), []);
    let all = store.rules(Some(&name()), true).await.unwrap();
    assert_eq!(all[0].revoked_at, Some(moment(9)));
}

#[tokio::test]
async fn an_imported_package_has_the_rules_that_were_made_for_it() {
    let place = Place::new();
    let store = place.open().await;
    let early = store.add_rule(&rule(1, None), HASH).await.unwrap();
    assert!(!early, "no such package is here");
    import(&store, 1, HASH).await;
    assert!(store.add_rule(&rule(2, None), HASH).await.unwrap());
    assert_eq!(in_force(&store, None, "/work").await, [rule(2, None).id]);
    import(&store, 1, HASH).await;
    assert_eq!(
        in_force(&store, None, "/work").await,
        [rule(2, None).id],
        "the same package again"
    );
    let another = ContentHash::from_bytes([8; 32]);
    import(&store, 2, another).await;
    assert_eq!(in_force(&store, None, "/work").await, []);
    let late = store.add_rule(&rule(3, None), HASH).await.unwrap();
    assert!(!late, "an answer to the package that was here before");
    import(&store, 1, HASH).await;
    assert_eq!(
        in_force(&store, None, "/work").await,
        [],
        "what was taken back does not come back with its package"
    );
    assert!(store.add_rule(&rule(4, None), HASH).await.unwrap());
    assert!(store.remove_agent(&name()).await.unwrap());
    import(&store, 1, HASH).await;
    assert_eq!(in_force(&store, None, "/work").await, []);
}

#[tokio::test]
async fn runs_that_wait_too_long_are_found_at_their_time() {
    let place = Place::new();
    let store = place.open().await;
    let parked = |expires_at| Head {
        status: RunStatus::Parked,
        parked: Some(ParkReason::Approval),
        expires_at,
        ..sample::running()
    };
    let mut runs = Vec::new();
    for (number, expires_at) in [(1, Some(moment(50))), (2, None), (3, Some(moment(40)))] {
        let run = RunId::from_random([number; 10]);
        let new = sample::new_run(run, None, sample::events(1, 1));
        let lease = store.create(new).await.unwrap();
        let parking = Append {
            head: parked(expires_at),
            release: true,
            ..append(lease, 2, 1)
        };
        store.append(parking).await.unwrap();
        runs.push(run);
    }
    let found = async |at| store.expired_runs(moment(at)).await.unwrap();
    assert_eq!(found(39).await, []);
    assert_eq!(found(40).await, [runs[2]]);
    assert_eq!(found(60).await, [runs[2], runs[0]]);
    let lease = store.acquire(runs[2]).await.unwrap();
    let resuming = Append {
        head: sample::running(),
        ..append(lease, 3, 1)
    };
    store.append(resuming).await.unwrap();
    assert_eq!(
        found(60).await,
        [runs[0]],
        "a run that is at work waits for nobody"
    );
}
