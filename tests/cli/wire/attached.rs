//! Files that went with a request, and answers that were cut.

use std::fs;

use super::*;

/// A run with an image of three mebibytes.
fn attached() -> (ScriptedServer, Desk, String) {
    let server = model([Answer::text("A chart.")]);
    let desk = Desk::with_model(&server);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.resize(3 << 20, 7);
    desk.write("chart.png", png);
    let run = desk
        .slipway([
            "run",
            Agent::clerk().at(&desk),
            "--json",
            "--attach",
            "chart.png",
        ])
        .exits(0)
        .run();
    (server, desk, run)
}

#[test]
fn a_file_stands_in_the_log_by_its_hash_alone_and_comes_back_from_the_run() {
    let (server, desk, run) = attached();
    let wire = desk.home().join("wire");
    let kept: u64 = fs::read_dir(&wire)
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum();
    assert!(kept < 64 << 10, "{kept} bytes are kept");

    let shown = desk
        .slipway(["runs", "wire", &run, "--step", "1", "--json"])
        .exits(0);
    let shown = shown.objects().pop().unwrap();
    let file = &shown["request_files"][0];
    assert_eq!(
        (&file["name"], &file["bytes"]),
        (&json!("chart.png"), &json!(3 << 20))
    );
    let sent = server.requests()[0].raw.to_vec();
    assert_eq!(shown["request_bytes"], sent.len());
    let body = shown["request_body"]["text"].as_str().unwrap();
    let sha256 = file["sha256"].as_str().unwrap();
    assert!(
        body.contains(&format!("[image/png, 3145728 bytes, SHA-256 {sha256}]")),
        "{body}"
    );
    assert!(serde_json::from_str::<Value>(body).is_ok());

    let arguments = ["runs", "wire", &run, "--step", "1", "--request"];
    let printed = desk.command(arguments).output().unwrap();
    assert!(
        printed.status.success() && printed.stdout == sent,
        "the same bytes"
    );
    desk.slipway(["runs", "wire", &run, "--step", "1", "--curl"])
        .exits(0)
        .says(&format!(
            "slipway runs wire {run} --step 1 --attempt 1 --request |\ncurl "
        ))
        .complains("1 file went with the request");
    desk.slipway(["runs", "wire", &run, "--step", "1"])
        .exits(0)
        .says("with 1 file of the run, shown by size and hash alone");
}

#[test]
fn an_answer_that_was_cut_is_marked() {
    let server = model([
        Reply::from(Answer::text("Half of it.")).cut_after(40),
        Answer::text("All.").into(),
    ]);
    let desk = Desk::with_model(&server);
    let run = desk
        .slipway(["run", Agent::clerk().at(&desk), "--json"])
        .exits(0)
        .run();
    let listed = desk.slipway(["runs", "wire", &run, "--json"]).exits(0);
    let cut: Vec<Value> = listed
        .objects()
        .iter()
        .map(|call| call["cut"].clone())
        .collect();
    assert_eq!(cut, [json!("lost"), Value::Null]);
    desk.slipway(["runs", "wire", &run])
        .exits(0)
        .says("200, cut");
    desk.slipway(["runs", "wire", &run, "--step", "1"])
        .exits(0)
        .says("The answer is cut: the connection was lost");
}
