//! `providers.toml`: the person's own providers.

use crate::kit::{Agent, Answer, Desk, model};

fn write(desk: &Desk, text: &str) {
    std::fs::create_dir_all(desk.home()).unwrap();
    std::fs::write(desk.home().join("providers.toml"), text).unwrap();
}

#[test]
fn an_own_provider_serves_a_run_with_its_own_key() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::new().variable("LAB_KEY", "sk-lab-0123456789");
    let agent = Agent::clerk().at(&desk);
    let address = server.base_url();
    let text = format!(
        "[[provider]]\nid = \"lab\"\nbase_url = \"{address}\"\nkeys = [\"LAB_KEY\"]\nkey_header = \"x-lab-key\"\ndialect = {{ limit = \"max_completion_tokens\" }}\n"
    );
    write(&desk, &text);
    desk.slipway(["run", agent, "--model", "lab/qwen3"])
        .exits(0)
        .says("Done.");
    let received = server.requests().remove(0);
    assert_eq!(received.body["model"], "qwen3");
    assert_eq!(
        received.headers.get("x-lab-key").unwrap(),
        "sk-lab-0123456789"
    );
    assert_eq!(received.headers.get("authorization"), None);
    let spilt = std::fs::read(desk.home().join("slipway.db")).unwrap();
    let key = b"sk-lab-0123456789";
    assert!(!spilt.windows(key.len()).any(|bytes| bytes == key));
}

#[test]
fn a_variable_of_an_own_provider_names_its_address() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::new().variable("LAB_URL", server.base_url().to_string());
    let agent = Agent::clerk().at(&desk);
    write(
        &desk,
        "[[provider]]\nid = \"lab\"\nbase_variable = \"LAB_URL\"\n",
    );
    desk.slipway(["run", agent, "--model", "lab/qwen3"])
        .exits(0)
        .says("Done.");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_wrong_file_is_told_where_it_matters_and_stops_nothing_else() {
    let server = model([Answer::text("Done.")]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    write(
        &desk,
        "[[provider]]\nid = \"lab\"\nbase_ulr = \"http://127.0.0.1:1/v1\"\n",
    );
    let wrong = "providers.toml:3:1: provider[1].base_ulr: unknown key; did you mean `base_url`?";
    desk.slipway(["run", agent])
        .exits(2)
        .complains("no provider's address is certain")
        .complains(wrong);
    assert!(server.requests().is_empty(), "no text went to anybody");
    desk.slipway(["doctor"])
        .exits(1)
        .says("✗ providers.toml")
        .says(wrong);
    desk.slipway(["runs", "list"]).exits(0);
    desk.slipway(["models"]).exits(0);
}

#[test]
fn a_file_that_is_no_utf8_is_told_with_what_to_do() {
    let server = model([] as [Answer; 0]);
    let desk = Desk::with_model(&server);
    let agent = Agent::clerk().at(&desk);
    write(&desk, "");
    for own in ["providers.toml", "prices.toml"] {
        let file = desk.home().join(own);
        std::fs::write(&file, b"# one\n# caf\xe9\n").unwrap();
        desk.slipway(["run", agent])
            .exits(2)
            .complains(&format!(
                "{own} could not be read: line 2 is not UTF-8 text"
            ))
            .complains("save it with the encoding UTF-8");
        desk.slipway(["doctor"])
            .exits(1)
            .says("save it with the encoding UTF-8");
        std::fs::remove_file(&file).unwrap();
    }
    assert!(server.requests().is_empty());
}
