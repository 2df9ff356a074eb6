//! Snapshots as a person uses them, also when nothing else works any more.

use std::fs;

use serde_json::Value;

use crate::kit::{Agent, Answer, Desk, model};

/// A home with two runs, the second of which is not in the snapshot.
fn desk() -> (Desk, String) {
    let server = model([Answer::text("Done."), Answer::text("More.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let run = desk.slipway(["run", agent, "--json"]).exits(0).run();
    let taken = desk
        .slipway(["snapshots", "create", "--json"])
        .exits(0)
        .objects();
    assert_eq!(
        (&taken[0]["reason"], &taken[0]["sound"]),
        (&"by-hand".into(), &true.into())
    );
    let name = taken[0]["name"].as_str().unwrap().to_owned();
    desk.slipway(["runs", "continue", &run, "--input", "More?"])
        .exits(0);
    (desk, name)
}

fn runs(desk: &Desk) -> usize {
    desk.slipway(["runs", "list", "--json"])
        .exits(0)
        .objects()
        .len()
}

fn ruin(desk: &Desk) {
    for name in ["slipway.db", "slipway.db-wal"] {
        let path = desk.home().join(name);
        if path.exists() {
            fs::write(path, vec![0x5a; 30_000]).unwrap();
        }
    }
}

#[test]
fn there_is_a_way_back_and_forth() {
    let (desk, name) = desk();
    desk.slipway(["snapshots"])
        .exits(0)
        .says(&name)
        .says("verified");
    desk.slipway(["snapshots", "verify"])
        .exits(0)
        .says(&format!("✓ {name}"));
    desk.slipway(["snapshots", "restore", &name])
        .exits(0)
        .says("Restored")
        .says("-replaced");
    assert_eq!(runs(&desk), 1);
    let restored = desk
        .slipway(["snapshots", "list", "--json"])
        .exits(0)
        .objects();
    let replaced = restored
        .iter()
        .find(|snapshot| snapshot["reason"] == "replaced")
        .unwrap();
    let replaced = replaced["name"].as_str().unwrap();
    let back = desk
        .slipway(["snapshots", "restore", replaced, "--json"])
        .exits(0)
        .objects();
    assert_eq!(back[0]["restored"]["name"], replaced);
    assert_eq!(runs(&desk), 2);
}

#[test]
fn a_database_that_cannot_be_opened_names_the_way_back() {
    let (desk, name) = desk();
    ruin(&desk);
    let ruined = fs::read(desk.home().join("slipway.db")).unwrap();
    let command = format!("slipway snapshots restore {name}");
    desk.slipway(["runs", "list"]).exits(1).complains(&command);
    desk.slipway(["doctor"])
        .exits(1)
        .says(&command)
        .says("1 whole");
    desk.slipway(["snapshots", "list"]).exits(0).says(&name);
    desk.slipway(["snapshots", "create"])
        .exits(1)
        .complains(&command);
    assert_eq!(
        fs::read(desk.home().join("slipway.db")).unwrap(),
        ruined,
        "looking changes nothing"
    );
    desk.slipway(["snapshots", "restore", "newest"]).exits(0);
    assert_eq!(runs(&desk), 1);
    desk.slipway(["doctor"]).says("is whole");
}

#[test]
fn a_snapshot_that_is_not_whole_is_said_and_not_restored() {
    let (desk, name) = desk();
    let newer = desk
        .slipway(["snapshots", "create", "--json"])
        .exits(0)
        .objects();
    let newer = newer[0]["name"].as_str().unwrap();
    let database = desk.home().join("snapshots").join(newer).join("slipway.db");
    let mut bytes = fs::read(&database).unwrap();
    bytes[5_000] ^= 1;
    fs::write(&database, bytes).unwrap();
    let verified = desk
        .slipway(["snapshots", "verify", "--json"])
        .exits(1)
        .objects();
    let good = |wanted: &str| -> Value {
        verified
            .iter()
            .find(|snapshot| snapshot["name"] == wanted)
            .unwrap()["good"]
            .clone()
    };
    assert_eq!((good(newer), good(&name)), (false.into(), true.into()));
    let refused = desk.slipway(["snapshots", "restore", newer]).exits(1);
    refused.complains("is not whole").complains(&name);
    assert_eq!(runs(&desk), 2, "nothing was restored");
    desk.slipway(["doctor"]).says("not whole").says(newer);
}

#[test]
fn a_name_that_is_none_is_told() {
    let desk = Desk::new();
    desk.slipway(["snapshots"])
        .exits(0)
        .says("There are no snapshots yet");
    desk.slipway(["snapshots", "create"])
        .exits(2)
        .complains("there is nothing to take a snapshot of");
    for name in ["newest", "2026-01-01-000000-daily", ""] {
        desk.slipway(["snapshots", "restore", name])
            .exits(2)
            .complains("there is no snapshot");
    }
    desk.slipway(["snapshots", "restore", "../../etc"])
        .exits(2)
        .complains("etc is no back-up");
    desk.slipway(["snapshots", "verify", "nothing"]).exits(2);
    desk.slipway(["snapshots", "remove"]).exits(2);
    assert!(!desk.home().exists(), "asking makes no home");
}

#[test]
fn nothing_is_replaced_under_a_run() {
    let (desk, name) = desk();
    let server =
        model([crate::kit::Reply::from(Answer::text("late"))
            .after(std::time::Duration::from_secs(300))]);
    let mut command = desk.command(["run", "./clerk", "--json"]);
    command.env("OPENAI_BASE_URL", server.base_url().to_string());
    let mut running = crate::kit::Running::start(command);
    running.until("\"model.requested\"");
    desk.slipway(["snapshots", "restore", &name])
        .exits(1)
        .complains("is open in another program");
    desk.slipway(["snapshots", "create"]).exits(0);
    running.kill();
    running.end();
    desk.slipway(["snapshots", "restore", &name]).exits(0);
}

#[test]
fn the_first_command_of_a_day_takes_one() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["agents"]).exits(0);
    desk.slipway(["snapshots"])
        .exits(0)
        .says("There are no snapshots yet");
    desk.slipway(["run", agent]).exits(0);
    desk.slipway(["runs", "list"]).exits(0);
    let taken = desk
        .slipway(["snapshots", "list", "--json"])
        .exits(0)
        .objects();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0]["reason"], "daily");
    desk.slipway(["runs", "list"]).exits(0);
    let again = desk
        .slipway(["snapshots", "list", "--json"])
        .exits(0)
        .objects();
    assert_eq!(again, taken, "one is enough for a day");
}

/// Overwrites the pages of the middle third, as a broken disk may.
fn ruin_the_middle(desk: &Desk) {
    const PAGE: usize = 4096;
    let path = desk.home().join("slipway.db");
    let mut bytes = fs::read(&path).unwrap();
    let pages = bytes.len() / PAGE;
    bytes[pages / 3 * PAGE..pages * 2 / 3 * PAGE].fill(0x5a);
    fs::write(path, bytes).unwrap();
}

#[test]
fn damage_in_the_middle_is_said_wherever_it_is_met_and_no_run_starts_on_it() {
    let (desk, name) = desk();
    let whole = fs::read(desk.home().join("slipway.db")).unwrap();
    let command = format!("slipway snapshots restore {name}");
    // Whichever page it is, a command works or names the way back.
    let pages = whole.len() / 4096;
    let mut met = 0;
    for page in 2..pages {
        let mut bytes = whole.clone();
        bytes[page * 4096..(page + 1) * 4096].fill(0);
        fs::write(desk.home().join("slipway.db"), bytes).unwrap();
        let ran = desk.slipway(["runs", "list"]);
        if ran.code == Some(0) {
            assert!(!ran.stderr.contains("malformed"), "{page}: {}", ran.stderr);
        } else {
            met += 1;
            ran.exits(1).complains("is damaged").complains(&command);
            // What was found out is remembered: nothing is started on it any more.
            desk.slipway(["run", "./clerk"])
                .exits(1)
                .complains("is damaged")
                .complains(&command);
        }
        fs::remove_file(desk.home().join("slipway.db.damaged")).ok();
    }
    assert!(met > 0, "some page is needed for the list");
    fs::write(desk.home().join("slipway.db"), &whole).unwrap();
    assert_eq!(runs(&desk), 2);
}

#[test]
fn a_damaged_database_that_was_put_right_is_used_again() {
    let server = model([Answer::text("Done."), Answer::text("More.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--json"]).exits(0);
    let create = ["snapshots", "create", "--json"];
    let taken = desk.slipway(create).exits(0).objects();
    let name = taken[0]["name"].as_str().unwrap();
    ruin_the_middle(&desk);
    desk.slipway(["doctor"])
        .exits(1)
        .says("✗ database")
        .says(&format!("slipway snapshots restore {name}"));
    desk.slipway(["snapshots", "restore", "newest"]).exits(0);
    desk.slipway(["runs", "list", "--json"]).exits(0);
    desk.slipway(["run", agent, "--json"]).exits(0);
    assert!(!desk.home().join("slipway.db.damaged").exists());
}

#[test]
fn the_doctor_looks_at_the_contents_and_names_the_runs() {
    let long = "x".repeat(100_000);
    let server = model([Answer::text(long.as_str())]);
    let desk = Desk::with_model(&server);
    let run = desk
        .slipway(["run", Agent::clerk().at(&desk), "--json"])
        .exits(0)
        .run();
    desk.slipway(["doctor"])
        .exits(0)
        .says("✓ stored contents: all");
    let content = largest(&desk.home().join("blobs"));
    let whole = fs::read(&content).unwrap();
    desk.slipway(["snapshots", "create"]).exits(0);

    fs::remove_file(&content).unwrap();
    let ran = desk.slipway(["doctor"]).exits(1);
    let ran = ran
        .says("✗ stored contents")
        .says("is missing")
        .says(&run[..7])
        .says("Put it back: cp '");
    let copy = ran.stdout.split("cp '").nth(1).unwrap();
    let mut paths = copy.lines().next().unwrap().split('\'');
    let (from, to) = (paths.next().unwrap(), paths.nth(1).unwrap());
    fs::copy(from, to).unwrap();
    desk.slipway(["doctor"])
        .exits(0)
        .says("✓ stored contents: all");

    fs::remove_file(&content).unwrap();
    fs::write(&content, &whole[1..]).unwrap();
    desk.slipway(["doctor", "--json"])
        .exits(1)
        .says("was changed");
    fs::write(&content, &whole).unwrap();

    let stray = content.with_file_name("0".repeat(62));
    fs::write(&stray, "left over").unwrap();
    desk.slipway(["doctor"])
        .exits(0)
        .says("1 file that nothing names");
}

/// The largest file below a folder.
fn largest(folder: &std::path::Path) -> std::path::PathBuf {
    let below = |folder: &std::path::Path| {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().path())
            .collect::<Vec<_>>()
    };
    let files = below(folder).into_iter().flat_map(|folder| below(&folder));
    files
        .max_by_key(|file| fs::metadata(file).unwrap().len())
        .unwrap()
}

#[test]
fn a_back_up_lies_elsewhere_and_comes_back_into_another_home() {
    let (desk, _) = desk();
    let disk = desk.path("disk");
    let to = ["snapshots", "create", "--to", disk.to_str().unwrap()];
    desk.slipway(to).exits(2).complains("is no folder");
    fs::create_dir(&disk).unwrap();
    let before = desk.slipway(["snapshots", "--json"]).exits(0).objects();
    let told = desk
        .slipway(to.iter().chain(&["--json"]))
        .exits(0)
        .objects();
    let folder = told[0]["folder"].as_str().unwrap().to_owned();
    assert!(folder.starts_with(disk.to_str().unwrap()), "{folder}");
    assert!(told[0]["bytes"].as_u64().unwrap() > 0);
    let after = desk.slipway(["snapshots", "--json"]).exits(0).objects();
    assert_eq!(
        before, after,
        "what was taken for the copy is not kept here"
    );
    desk.slipway(to).exits(0).says("snapshots restore ");

    // The disk of the home is gone; the back-up is not.
    fs::remove_dir_all(desk.home()).unwrap();
    let restored = desk
        .slipway(["snapshots", "restore", &folder, "--json"])
        .exits(0)
        .objects();
    assert_eq!(restored[0]["replaced"], Value::Null);
    assert_eq!(runs(&desk), 2);

    // What is no back-up, or is not whole, changes nothing.
    let other = desk.path("clerk");
    desk.slipway(["snapshots", "restore", other.to_str().unwrap()])
        .exits(2)
        .complains("clerk is no back-up");
    let database = std::path::Path::new(&folder).join("slipway.db");
    let mut bytes = fs::read(&database).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&database, bytes).unwrap();
    fs::remove_dir_all(desk.home()).unwrap();
    desk.slipway(["snapshots", "restore", &folder]).exits(1);
    assert_eq!(runs(&desk), 0);
}
