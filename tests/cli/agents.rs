//! `slipway agents`: finding, making, copying, archiving, removing; and importing what was shown.

use crate::kit::{Agent, Answer, Desk, model};

fn names(desk: &Desk, arguments: &[&str]) -> Vec<String> {
    let list = ["agents", "list", "--json"];
    let ran = desk.slipway(list.iter().chain(arguments)).exits(0);
    let name = |agent: &serde_json::Value| agent["name"].as_str().unwrap().to_owned();
    ran.objects().iter().map(name).collect()
}

#[test]
fn agents_are_found_by_words_and_tags_and_sorted() {
    let desk = Desk::new();
    desk.slipway(["agents", "add-examples"]).exits(0);
    let new = ["agents", "new", "zoo", "--title", "Ein <b>Zoo</b> 🦁"];
    desk.slipway(new).exits(0).says("Made the agent zoo");
    assert_eq!(names(&desk, &[]).len(), 4);
    assert_eq!(names(&desk, &["--search", "LINK pages"]), ["link-checker"]);
    assert_eq!(names(&desk, &["--search", "<b>zoo"]), ["zoo"]);
    assert_eq!(names(&desk, &["--tag", "web"]), ["link-checker"]);
    assert_eq!(names(&desk, &["--tag", "web", "--tag", "none"]), [""; 0]);
    assert_eq!(names(&desk, &["--sort", "changed"])[0], "zoo");
    assert_eq!(
        names(&desk, &["--sort", "name"]),
        ["changelog-writer", "zoo", "expense-report", "link-checker"]
    );
    desk.slipway(["agents", "list", "--search", "nothing-like-it"])
        .exits(0)
        .says("No agent here is like that");
    desk.slipway(["agents", "list", "--sort", "colour"])
        .exits(2);
}

#[test]
fn the_month_and_the_newest_run_stand_in_the_list() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    desk.slipway(["import", Agent::clerk().at(&desk)]).exits(0);
    let ran = desk
        .slipway(["run", "clerk", "--approve", "allow", "--json"])
        .exits(0);
    let listed = desk.slipway(["agents", "list", "--json"]).exits(0);
    let agent = &listed.objects()[0];
    assert_eq!(agent["last_run"]["id"], ran.run().as_str());
    assert_eq!(agent["last_run"]["state"], "succeeded");
    let cost = agent["cost_this_month"]["usd"].as_str().unwrap();
    assert_ne!(cost, "0");
    desk.slipway(["agents"])
        .exits(0)
        .says("succeeded")
        .says("$0.");
}

#[test]
fn an_agent_is_made_from_a_template_copied_and_renamed() {
    let desk = Desk::new();
    let from = ["--template", "folder-questions"];
    desk.slipway(["agents", "new", "contracts"].iter().chain(&from))
        .exits(0)
        .says("slipway run contracts");
    desk.slipway(["agents", "new", "contracts"])
        .exits(2)
        .complains("is here already");
    desk.slipway(["agents", "new", "x", "--template", "nonsense"])
        .exits(2)
        .complains("page-watch");
    desk.slipway(["agents", "show", "contracts"])
        .exits(0)
        .says("- search_files")
        .says("read files in ./documents");
    desk.slipway(["agents", "duplicate", "contracts", "leases"])
        .exits(0)
        .says("leases is a copy of contracts");
    desk.slipway(["agents", "duplicate", "contracts", "leases"])
        .exits(2)
        .complains("is here already");
    desk.slipway(["agents", "rename", "leases", "What we leased"])
        .exits(0);
    let shown = desk
        .slipway(["agents", "show", "leases", "--json"])
        .exits(0);
    assert_eq!(shown.objects()[0]["summary"]["title"], "What we leased");
    desk.slipway(["agents", "rename", "leases", "turned\u{202e}"])
        .exits(2)
        .complains("which people cannot see");
    desk.slipway(["agents", "rename", "leases", &"x".repeat(5_000)])
        .exits(2)
        .complains("100 are the most");
    desk.slipway(["new", "./table-thing", "--template", "table-summary"])
        .exits(0);
    desk.slipway(["validate", "./table-thing"]).exits(0);
}

#[test]
fn archived_agents_are_listed_apart() {
    let desk = Desk::new();
    desk.slipway(["agents", "new", "old"]).exits(0);
    desk.slipway(["agents", "archive", "old"])
        .exits(0)
        .says("slipway agents unarchive old");
    assert_eq!(names(&desk, &[]), [""; 0]);
    assert_eq!(names(&desk, &["--archived"]), ["old"]);
    desk.slipway(["agents", "show", "old"]).exits(0);
    desk.slipway(["agents", "unarchive", "old"]).exits(0);
    assert_eq!(names(&desk, &[]), ["old"]);
    assert_eq!(names(&desk, &["--archived"]), [""; 0]);
    desk.slipway(["agents", "archive", "nobody"])
        .exits(2)
        .complains("nobody");
}

#[test]
fn a_removed_agent_can_be_put_back_and_its_runs_stay_readable() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    desk.slipway(["import", Agent::clerk().at(&desk)]).exits(0);
    let run = desk
        .slipway(["run", "clerk", "--approve", "allow", "--json"])
        .exits(0)
        .run();
    desk.slipway(["agents", "remove", "clerk"])
        .exits(0)
        .says("slipway agents remove clerk --undo");
    assert_eq!(names(&desk, &[]), [""; 0]);
    assert_eq!(names(&desk, &["--removed"]), ["clerk"]);
    desk.slipway(["runs", "show", &run]).exits(0).says("Done.");
    desk.slipway(["run", "clerk"])
        .exits(2)
        .complains("slipway agents remove clerk --undo");
    desk.slipway(["agents", "remove", "clerk", "--undo"])
        .exits(0);
    assert_eq!(names(&desk, &[]), ["clerk"]);
    desk.slipway(["agents", "remove", "clerk", "--undo"])
        .exits(2)
        .complains("no agent named clerk was removed");
}

#[test]
fn what_was_shown_is_what_is_imported() {
    let desk = Desk::new();
    let agent = Agent::clerk().at(&desk);
    let shown = desk
        .slipway(["import", agent, "--preview", "--json"])
        .exits(0);
    let shown = shown.objects()[0].clone();
    assert_eq!(shown["name"], "clerk");
    assert_eq!(shown["standing"]["kind"], "free");
    assert!(shown["size"].as_u64().unwrap() > 0);
    let hash = shown["hash"].as_str().unwrap();
    desk.slipway(["import", agent, "--preview"])
        .exits(0)
        .says("The clerk")
        .says("- write_file")
        .says("read files in ./in")
        .says(hash)
        .says("Nothing was imported");
    assert_eq!(names(&desk, &[]), [""; 0]);
    let before = desk.read("clerk/instructions.md");
    desk.write("clerk/instructions.md", "Do something else.\n");
    desk.slipway(["import", agent, "--hash", hash])
        .exits(2)
        .complains("another package than the one that was shown");
    assert_eq!(names(&desk, &[]), [""; 0]);
    desk.write("clerk/instructions.md", before);
    desk.slipway(["import", agent, "--hash", hash]).exits(0);
    desk.slipway(["import", agent, "--name", "clerk-of-theirs"])
        .exits(0)
        .says("Imported clerk-of-theirs");
    assert_eq!(names(&desk, &["--sort", "name"]).len(), 2);
}
