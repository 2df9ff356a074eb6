//! What is kept, where it lies, and what is said where nothing is.

use super::*;

#[test]
fn the_files_are_the_owners_and_the_doctor_says_their_size() {
    let (_server, desk, run) = done();
    let wire = desk.home().join("wire");
    let files: Vec<_> = std::fs::read_dir(&wire).unwrap().flatten().collect();
    assert_eq!(files.len(), 1, "one process kept something");
    #[cfg(unix)]
    for path in [&wire, &files[0].path()] {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "{} is {mode:o}", path.display());
    }
    let ran = desk.slipway(["doctor", "--json"]);
    let checks = ran.objects();
    let check = checks.iter().find(|check| check["name"] == "wire log");
    let found = check.expect("a check")["found"].as_str().unwrap();
    assert!(found.contains("KiB") && found.contains("1 file"), "{found}");
    // Whoever wants it gone removes it.
    std::fs::remove_dir_all(&wire).unwrap();
    desk.slipway(["runs", "wire", &run])
        .exits(0)
        .says("Nothing is kept of what went over the wire: it was removed");
    desk.slipway(["runs", "wire", &run, "--step", "1"])
        .exits(2)
        .complains("it was removed");
    desk.slipway(["runs", "show", &run])
        .exits(0)
        .says("The end.");
}

#[test]
fn it_can_be_switched_off() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server).variable("SLIPWAY_WIRE", "off");
    let run = desk
        .slipway(["run", Agent::clerk().at(&desk), "--json"])
        .exits(0)
        .run();
    assert!(!desk.home().join("wire").exists());
    desk.slipway(["runs", "wire", &run])
        .exits(0)
        .says("SLIPWAY_WIRE=off: what goes over the wire is not kept.");
    let none = desk.slipway(["runs", "wire", &run, "--json"]).exits(0);
    assert_eq!(none.stdout, "");
}

#[test]
fn a_recording_goes_over_no_wire() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--record", "first"]).exits(0);
    let run = desk
        .slipway(["run", agent, "--model", "recording/first", "--json"])
        .exits(0)
        .run();
    desk.slipway(["runs", "wire", &run])
        .exits(0)
        .says("The model was recording/first: a recording is played from its file");
    desk.slipway(["runs", "wire", &run, "--step", "1", "--curl"])
        .exits(2)
        .complains("a recording is played from its file");
}

#[test]
fn damaged_files_are_passed_over() {
    let (_server, desk, run) = done();
    let folder = desk.home().join("wire");
    let file = std::fs::read_dir(&folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() - 3]).unwrap();
    std::fs::write(folder.join("0.wire"), b"nothing of ours").unwrap();
    std::fs::create_dir(folder.join("1.wire")).unwrap();
    std::fs::write(folder.join("notes.txt"), b"of the person").unwrap();
    let listed = desk.slipway(["runs", "wire", &run, "--json"]).exits(0);
    assert_eq!(listed.objects().len(), 2, "the torn one is not there");
    desk.slipway(["runs", "wire", &run, "--step", "1"]).exits(0);
    desk.slipway(["runs", "wire", &run, "--step", "3"]).exits(2);
}

#[test]
fn a_run_that_two_processes_drove_is_whole() {
    let asks = Answer::tool(
        "c1",
        "write_file",
        &json!({"path": "out/a.txt", "content": "x"}),
    );
    let server = model([asks, Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let run = desk
        .slipway([
            "run",
            Agent::clerk().at(&desk),
            "--json",
            "--approve",
            "never",
        ])
        .exits(3)
        .run();
    desk.slipway(["runs", "approve", &run, "--json"]).exits(0);
    let listed = desk.slipway(["runs", "wire", &run, "--json"]).exits(0);
    assert_eq!(listed.objects().len(), 2);
    let files = std::fs::read_dir(desk.home().join("wire")).unwrap().count();
    assert_eq!(files, 2, "each process has its own");
}

#[test]
fn snapshots_and_exports_leave_it_out() {
    let (_server, desk, _run) = done();
    desk.slipway(["export", "--all", "everything"]).exits(0);
    desk.slipway(["snapshots", "create"]).exits(0);
    let mut names = Vec::new();
    let mut note = |path: &std::path::Path, _: &[u8]| names.push(path.display().to_string());
    crate::canary::every_file(&desk.path("everything"), &mut note);
    crate::canary::every_file(&desk.home().join("snapshots"), &mut note);
    assert!(names.len() > 4, "{names:?}");
    let of_wire: Vec<_> = names.iter().filter(|name| name.contains("wire")).collect();
    assert!(of_wire.is_empty(), "{of_wire:?}");
}
