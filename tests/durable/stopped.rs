//! A process that sleeps past its lease, and wakes up when another drives its run.

use rusqlite::Connection;
use rustix::process::Signal;

use super::scene::Scene;
use crate::kit::Running;

/// A run whose process is stopped (SIGSTOP) while this request of its waits for its answer.
fn stopped_at(scene: &Scene, request: usize) -> (Running, String) {
    let mut running = scene.start();
    for _ in 1..request {
        running.until("\"model.responded\"");
    }
    let line = running.until("\"model.requested\"");
    let event: serde_json::Value = serde_json::from_str(&line).unwrap();
    for attempt in 0.. {
        if scene.bureau.ledger().model.contains_key(&(request - 1)) {
            break;
        }
        assert!(attempt < 6_000, "the model is not asked");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    running.signal(Signal::STOP);
    (running, event["run_id"].as_str().unwrap().to_owned())
}

/// Lets the lease's end be past, as it is after half a minute of sleep.
fn lease_runs_out(scene: &Scene) {
    let database = Connection::open(scene.home().join("slipway.db")).unwrap();
    let changed = database
        .execute("UPDATE leases SET expires_at = 1", [])
        .unwrap();
    assert_eq!(changed, 1);
}

#[test]
fn who_sleeps_past_the_lease_writes_nothing_and_starts_nothing() {
    let mut scene = Scene::new();
    scene.bureau.hold_from(Some(2));
    let (sleeper, run) = stopped_at(&scene, 3);
    let refused = scene.desk.slipway(["runs", "resume", &run, "--json"]);
    assert_eq!(refused.code, Some(1), "the lease still holds");
    lease_runs_out(&scene);

    scene.kills = 1;
    scene.bureau.hold_from(None);
    let end = scene.bring_to_its_end();
    let journal = scene.desk.slipway(["runs", "export", &run]).exits(0).stdout;
    let ledger = scene.bureau.ledger();

    // Its answer, which asks for a charge, is there by now.
    sleeper.signal(Signal::CONT);
    let woken = sleeper.end();
    assert_eq!(woken.code, Some(1), "{}{}", woken.stdout, woken.stderr);
    assert!(woken.stderr.contains("another process"), "{}", woken.stderr);
    assert_eq!(
        scene.bureau.ledger(),
        ledger,
        "it asked nobody for anything"
    );
    let after = scene.desk.slipway(["runs", "export", &run]).exits(0).stdout;
    assert_eq!(after, journal, "it wrote nothing");
    assert_eq!(scene.bring_to_its_end(), end);
}
