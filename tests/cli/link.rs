//! What `slipway://` links do on the command line: shown first, done after a yes.

use serde_json::json;

use crate::kit::{Agent, Answer, Desk, model};

const ASK: &str = "slipway://agent/clerk/run?input=Pay%20%40all%0Anow%E2%80%AE";

fn desk() -> (crate::kit::ScriptedServer, Desk) {
    let server = model(["Begun.", "Done."].map(Answer::text));
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    // Its first run lists the folder's agent.
    desk.slipway(["run", agent]).exits(0);
    (server, desk)
}

#[test]
fn nothing_is_done_before_somebody_agreed() {
    let (server, desk) = desk();
    for flags in [&[][..], &["--json"]] {
        let told = desk
            .slipway([&["link", ASK][..], flags].concat())
            .exits(2)
            .complains("nobody is there to agree")
            .complains("--yes");
        told.says("clerk").says("Pay @all");
    }
    // What would hide or turn other text is shown as its code.
    desk.slipway(["link", ASK, "--show"])
        .exits(0)
        .says("says this to the agent clerk")
        .says("\n  Pay @all\n  now\\u{202e}\n");
    let shown = desk.slipway(["link", ASK, "--show", "--json"]).exits(0);
    let shown = shown.objects();
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0]["does"], "show_command");
    assert_eq!(shown[0]["link"]["agent"], "clerk");
    assert_eq!(shown[0]["followed"], json!(false));
    assert_eq!(server.requests().len(), 1, "only the first run asked");

    let told = desk.slipway(["link", ASK, "--yes", "--json"]).exits(0);
    let command = told.objects()[1]["command"].clone();
    assert!(
        command
            .as_str()
            .unwrap()
            .starts_with("slipway run clerk --input "),
        "{command}"
    );
    assert!(!command.to_string().contains('\u{202e}'), "{command}");
    assert_eq!(server.requests().len(), 1, "no link starts a run");
}

#[test]
fn links_show_agents_runs_and_packages() {
    let (_server, desk) = desk();
    let run = desk.slipway(["runs", "--json"]).exits(0).objects()[0]["run_id"].clone();
    let run = format!("slipway://run/{}", run.as_str().unwrap());
    desk.slipway(["link", "slipway://agent/clerk", "--yes"])
        .exits(0)
        .says("would show the agent clerk")
        .says("write_file");
    desk.slipway(["link", "slipway://agent/nobody", "--yes"])
        .exits(2)
        .complains("nobody");
    desk.slipway(["link", &run, "--yes"])
        .exits(0)
        .says("Begun.");
    let package = format!("slipway://import?path={}", desk.path("clerk").display());
    desk.slipway(["link", &package, "--yes"])
        .exits(0)
        .says("look at a package, and import nothing")
        .says("Nothing was imported.");
    for wrong in ["slipway://format-disk", "https://example.com", "clerk"] {
        desk.slipway(["link", wrong, "--yes"])
            .exits(2)
            .complains("the link was not followed")
            .complains("slipway://agent/NAME");
    }
}

#[cfg(unix)]
#[test]
fn a_person_at_a_terminal_is_asked() {
    use crate::kit::Terminal;
    let (server, desk) = desk();
    let mut asked = Terminal::start(desk.command(["link", ASK]), 80);
    asked.until("Do it? [y]es, [N]o");
    asked.types("n\n");
    let (code, seen) = asked.end();
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("Nothing was done."), "{seen}");
    assert_eq!(server.requests().len(), 1);

    let mut asked = Terminal::start(desk.command(["link", ASK]), 80);
    asked.until("Do it? [y]es, [N]o");
    asked.types("y\n");
    let (code, seen) = asked.end();
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("slipway run clerk --input"), "{seen}");
    assert_eq!(server.requests().len(), 1, "no link starts a run");
}
