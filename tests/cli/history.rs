//! Looking through runs: search, filters, order, sums, export, two side by side, spend.

use std::sync::Arc;

use serde_json::{Value, json};
use slipway_runner::system::SystemClock;
use slipway_store::{Options, Store};

use crate::kit::{Agent, Answer, Desk, Reply, model};

/// The ids of the runs that a list has, as they come.
fn listed(desk: &Desk, flags: &[&str]) -> Vec<String> {
    let ran = desk
        .slipway([&["runs", "list", "--json"], flags].concat())
        .exits(0);
    let id = |run: &Value| run["run_id"].as_str().unwrap().to_owned();
    ran.objects().iter().map(id).collect()
}

/// A desk with three runs, the oldest first: two that succeeded, and one that failed.
fn three_runs() -> (Desk, [String; 3]) {
    let server = model([
        Reply::from(Answer::text("The total is 12 euros.")),
        Answer::text("Nothing was found.").into(),
        Reply::error(400, &json!({"error": {"message": "no such thing"}})),
    ]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    let run = |input: &str, code| {
        let ran = desk
            .slipway(["run", agent, "--json", "--input", input])
            .exits(code);
        ran.run()
    };
    let runs = [
        run("Add up the café receipts", 0),
        run("Look for duplicates", 0),
        run("Add up September", 1),
    ];
    (desk, runs)
}

#[test]
fn runs_are_found_by_their_words_and_figures() {
    let (desk, [one, two, three]) = three_runs();
    let list = |flags: &[&str]| listed(&desk, flags);
    assert_eq!(list(&[]), [&*three, &two, &one], "the newest first");
    assert_eq!(list(&["--reverse"]), [&*one, &two, &three]);
    assert_eq!(list(&["--search", "add up"]), [&*three, &one], "asked");
    assert_eq!(list(&["--search", "TOTAL cafe"]), [&*one], "asked and said");
    assert_eq!(list(&["--search", "elephants"]), [""; 0]);
    assert_eq!(list(&["--status", "failed"]), [&*three]);
    assert_eq!(
        list(&["--status", "failed", "--status", "succeeded", "-n", "2"]),
        [&*three, &two]
    );
    assert_eq!(list(&["--status", "cut-off"]), [""; 0]);
    assert_eq!(list(&["--after", &three]), [&*two, &one], "the next page");
    assert_eq!(list(&["--agent", "clerk", "--agent", "nobody"]).len(), 3);
    assert_eq!(list(&["--model", "openai/gpt-5-mini"]).len(), 3);
    assert_eq!(list(&["--model", "openai/other"]), [""; 0]);
    assert_eq!(list(&["--since", "1h"]).len(), 3);
    assert_eq!(list(&["--until", "1h"]), [""; 0]);
    assert_eq!(list(&["--min-cost", "1"]), [""; 0]);
    assert!(list(&["--sort", "cost", "--min-cost", "0"]).len() >= 2);
    let ran = desk
        .slipway(["runs", "list", "--totals", "--json"])
        .exits(0);
    let totals = &ran.objects()[0];
    assert_eq!(totals["all"]["runs"], 3);
    let days = totals["days"].as_array().unwrap();
    let in_days: u64 = days.iter().map(|day| day["runs"].as_u64().unwrap()).sum();
    assert_eq!(in_days, 3);
    desk.slipway(["runs", "list", "--totals"])
        .exits(0)
        .says("in all");
}

#[test]
fn a_filter_that_makes_no_sense_is_refused() {
    let desk = Desk::new();
    for (flags, complaint) in [
        (&["--since", "yesterday"][..], "is no time"),
        (&["--search", "…"], "no word"),
        (&["--min-cost", "2", "--max-cost", "1"], "no cost is"),
        (&["--min-cost", "-1"], "-1"),
        (&["--since", "1h", "--until", "2h"], "not after"),
        (&["--status", "finished"], "finished"),
    ] {
        desk.slipway([&["runs", "list"], flags].concat())
            .exits(2)
            .complains(complaint);
    }
}

#[test]
fn the_runs_of_a_filter_become_files() {
    let (desk, [one, two, three]) = three_runs();
    desk.slipway(["runs", "export", "--folder", "out", "--status", "succeeded"])
        .exits(0)
        .says("Wrote 2 runs");
    let lines = desk.read("out/runs.jsonl");
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.contains(&one) && lines.contains(&two) && !lines.contains(&three));
    let files = std::fs::read_dir(desk.path("out")).unwrap();
    let names: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
    let end = format!("clerk-{one}.jsonl");
    let its = names.iter().find(|name| name.ends_with(&end));
    let exported = desk.read(format!("out/{}", its.expect("a file of its own")));
    let single = desk.slipway(["runs", "export", &one]).exits(0);
    assert_eq!(exported, single.stdout, "the same as of one alone");
    desk.slipway(["runs", "export", "--folder", "out"])
        .exits(2)
        .complains("holds something already");
    desk.slipway([
        "runs",
        "export",
        "--folder",
        "none",
        "--search",
        "elephants",
    ])
    .exits(2)
    .complains("no run is like that");
    assert!(!desk.path("none").exists(), "nothing was made");
    desk.slipway(["runs", "export"]).exits(2);
    desk.slipway(["runs", "export", &one, "--folder", "x"])
        .exits(2);
}

#[test]
fn two_runs_are_laid_side_by_side() {
    let (desk, [one, two, _]) = three_runs();
    desk.slipway(["runs", "compare", &one, &two])
        .exits(0)
        .says("Add up the café receipts")
        .says("- The total is 12 euros.")
        .says("+ Nothing was found.");
    let ran = desk
        .slipway(["runs", "compare", &one, &one, "--json"])
        .exits(0);
    let same = &ran.objects()[0];
    assert_eq!(same["answers"], json!([]));
    assert_eq!(same["steps"][0]["same"], json!(true));
    desk.slipway(["runs", "compare", &one, "ffff"])
        .exits(2)
        .complains("ffff");
}

#[test]
fn the_spend_of_the_month_adds_up() {
    let (desk, _) = three_runs();
    let ran = desk.slipway(["budgets", "spend", "--json"]).exits(0);
    let month = &ran.objects()[0];
    let sum = |list: &Value| -> f64 {
        let each = list.as_array().unwrap().iter();
        each.map(|one| one["spent_usd"].as_str().unwrap().parse::<f64>().unwrap())
            .sum()
    };
    let spent: f64 = month["spent_usd"].as_str().unwrap().parse().unwrap();
    assert!(spent > 0.0, "{month}");
    assert!((sum(&month["days"]) - spent).abs() < 1e-9, "{month}");
    assert!((sum(&month["agents"]) - spent).abs() < 1e-9, "{month}");
    assert_eq!(month["agents"][0]["title"], "The clerk");
    assert_eq!(month["limit_usd"], Value::Null);
    desk.slipway(["budgets", "set", "20/month"]).exits(0);
    desk.slipway(["budgets", "spend"])
        .exits(0)
        .says(" of $20.00;")
        .says("clerk");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_does_is_noticed() {
    let server = model([
        Answer::tool(
            "w1",
            "write_file",
            &json!({"path": "out/b.txt", "content": "x"}),
        ),
        Answer::text("Done."),
    ]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["runs"]).exits(0);
    let options = Options::new(Arc::new(SystemClock::default()));
    let store = Store::open(&desk.home().join("slipway.db"), options)
        .await
        .unwrap();
    let mut watch = store.watch_runs().await.unwrap();
    let run = desk
        .slipway(["run", agent, "--json", "--input", "Write."])
        .exits(3)
        .run();
    let changed = watch.changed().await.unwrap();
    let ids: Vec<String> = changed.iter().map(ToString::to_string).collect();
    assert_eq!(ids, [run.as_str()], "it began and was parked");
    desk.slipway(["runs", "approve", &run]).exits(0);
    let changed = watch.changed().await.unwrap();
    assert_eq!(changed.len(), 1, "it went on and ended");
    assert_eq!(watch.changed().await.unwrap(), [], "nothing more happened");
    store.close().await;
}
