//! `agents draft set`, `unset` and `move`.

use crate::kit::{Agent, Answer, Desk, model};

/// A desk with the agent in its folder, listed by a first run.
fn desk() -> Desk {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk()
        .and("[limits] # of a run\nmax_steps = 9\n")
        .at(&desk);
    desk.slipway(["run", agent]).exits(0);
    desk
}

#[test]
fn a_value_is_set_and_what_the_author_wrote_stays() {
    let desk = desk();
    let draft = |arguments: &[&str]| {
        let all = [&["agents", "draft"], arguments].concat();
        desk.slipway(all)
    };
    draft(&["set", "clerk", "limits.max_steps", "24"]).exits(0);
    draft(&["set", "clerk", "limits.budget_usd", "\"0.50\""]).exits(0);
    draft(&["set", "clerk", "tools[1].approval", "ask"]).exits(0);
    draft(&["set", "clerk", "tools[2]", "{\"use\": \"calculator\"}"]).exits(0);
    let toml = desk.read("clerk/agent.toml");
    for line in [
        "[limits] # of a run",
        "max_steps = 24",
        "budget_usd = \"0.50\"",
        "use = \"write_file\"\napproval = \"ask\"",
        "[[tools]]\nuse = \"calculator\"",
    ] {
        assert!(toml.contains(line), "{line:?} is not in\n{toml}");
    }
    draft(&["unset", "clerk", "limits.budget_usd"]).exits(0);
    draft(&["unset", "clerk", "tools[2]"]).exits(0);
    let toml = desk.read("clerk/agent.toml");
    assert!(
        !toml.contains("budget_usd") && !toml.contains("calculator"),
        "{toml}"
    );

    let wrong = draft(&["set", "clerk", "limits.max_steps", "many", "--json"]).exits(0);
    let finding = &wrong.objects()[0]["findings"][0];
    assert_eq!(finding["key"], "limits.max_steps", "{finding}");
    draft(&["set", "clerk", "tools[9].approval", "ask"])
        .exits(2)
        .complains("there is no place");
    draft(&["set", "clerk", "tools[x]", "1"])
        .exits(2)
        .complains("tools[0].approval");
    let stale = "0".repeat(64);
    draft(&["unset", "clerk", "limits", "--seen", &stale])
        .exits(2)
        .complains("changed by somebody else");
    assert!(desk.read("clerk/agent.toml").contains("[limits]"));
}

#[test]
fn a_slip_says_what_was_meant() {
    let desk = desk();
    desk.slipway([
        "agents",
        "draft",
        "set",
        "clerk",
        "tools[0].aproval",
        "allow",
    ])
    .exits(0)
    .says("did you mean `approval`?");
    let draft = desk
        .slipway(["agents", "draft", "show", "clerk", "--json"])
        .exits(0);
    let finding = draft.objects()[0]["findings"][0].clone();
    assert_eq!(finding["fix"]["found"], "aproval", "{finding}");
    assert_eq!(finding["fix"]["meant"], "approval", "{finding}");
}

#[test]
fn a_file_is_moved_and_never_over_another() {
    let desk = desk();
    desk.write("clerk/files/a.csv", "a\n");
    desk.write("clerk/files/b.csv", "b\n");
    let draft = |to: &str| desk.slipway(["agents", "draft", "move", "clerk", "files/a.csv", to]);
    draft("files/b.csv").exits(2).complains("already");
    draft("../a.csv").exits(2);
    draft("files/2026/a.csv").exits(0).says("files/2026/a.csv");
    assert_eq!(desk.read("clerk/files/2026/a.csv"), "a\n");
    assert_eq!(desk.read("clerk/files/b.csv"), "b\n");
    assert!(!desk.path("clerk/files/a.csv").exists());
}
