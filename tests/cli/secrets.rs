//! `slipway secrets`, and runs with the keys that it keeps.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::kit::{Agent, Answer, Desk, Ran, Running, ScriptedServer, model};

const NAME: &str = "OPENAI_API_KEY";
const KEY: &str = "sk-kept-0123456789-of-a-test";
const PASSPHRASE: &str = "correct horse battery staple";

/// A desk whose sealed file opens, with `openai/…` served here and no key in the environment.
fn desk(server: &ScriptedServer) -> Desk {
    Desk::new()
        .variable("OPENAI_BASE_URL", server.base_url().to_string())
        .variable("SLIPWAY_VAULT_PASSPHRASE", PASSPHRASE)
}

fn without_passphrase(mut command: Command) -> Command {
    command.env_remove("SLIPWAY_VAULT_PASSPHRASE");
    command
}

fn set(desk: &Desk, name: &str, key: &str) -> Ran {
    let mut command = desk.command(["secrets", "set", name]);
    command.stdin(Stdio::piped());
    Running::start(command).say(key.as_bytes()).end()
}

fn authorization(server: &ScriptedServer, request: usize) -> Option<String> {
    let received = server.requests().remove(request);
    let header = received.headers.get("authorization")?;
    Some(header.to_str().expect("text").to_owned())
}

fn sealed(desk: &Desk) -> std::path::PathBuf {
    desk.home().join("secrets/sealed.json")
}

#[test]
fn a_key_is_kept_listed_used_and_removed() {
    let server = model([Answer::text("Done.")]);
    let desk = desk(&server);
    desk.slipway(["secrets"]).exits(0).says("No keys are kept");
    set(&desk, NAME, &format!("{KEY}\n"))
        .exits(0)
        .says("is kept in the sealed file")
        .complains("SLIPWAY_KEYCHAIN=off")
        .complains("sealed.json");
    let listed = desk.slipway(["secrets", "list", "--json"]).exits(0);
    assert_eq!(
        listed.objects(),
        [json!({"name": NAME, "place": "sealed_file", "in_environment": false})]
    );
    let listed = without_passphrase(desk.command(["secrets"]));
    Running::start(listed)
        .end()
        .exits(0)
        .says("OPENAI_API_KEY")
        .says("the sealed file");
    desk.slipway(["models"])
        .exits(0)
        .says("its key is in the sealed file");
    desk.slipway(["doctor"]).says("is in the sealed file");
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--json"]).exits(0);
    assert_eq!(authorization(&server, 0), Some(format!("Bearer {KEY}")));
    desk.slipway(["secrets", "remove", NAME])
        .exits(0)
        .says("was removed from the sealed file");
    desk.slipway(["secrets", "remove", NAME])
        .exits(2)
        .complains("slipway secrets list");
    server.then(Answer::text("Done."));
    desk.slipway(["run", agent, "--json"]).exits(0);
    assert_eq!(
        authorization(&server, 1),
        None,
        "a server here is asked without a key"
    );
}

#[test]
fn the_environment_wins_and_it_is_said() {
    let server = model([Answer::text("Done.")]);
    let desk = desk(&server).variable(NAME, "sk-of-the-environment");
    set(&desk, NAME, KEY).exits(0).complains("that value wins");
    desk.slipway(["secrets"]).exits(0).says("which wins");
    desk.slipway(["doctor"]).says("wins over what is kept");
    let agent = Agent::clerk().at(&desk);
    desk.slipway(["run", agent, "--json"]).exits(0);
    let sent = authorization(&server, 0);
    assert_eq!(sent, Some("Bearer sk-of-the-environment".to_owned()));
}

#[test]
fn without_terminal_and_passphrase_the_variable_is_named_and_nothing_is_asked_in_vain() {
    let server = model([Answer::nothing()]).with_models(&["gpt-5-mini"]);
    let desk = desk(&server);
    let locked =
        |arguments: &[&str]| Running::start(without_passphrase(desk.command(arguments))).end();
    let mut command = without_passphrase(desk.command(["secrets", "set", NAME]));
    command.stdin(Stdio::piped());
    Running::start(command)
        .say(KEY.as_bytes())
        .end()
        .exits(2)
        .complains("would be made")
        .complains("SLIPWAY_VAULT_PASSPHRASE");
    assert!(!sealed(&desk).exists());
    set(&desk, NAME, KEY).exits(0);
    let agent = Agent::clerk().at(&desk);
    locked(&["run", agent])
        .exits(2)
        .complains("SLIPWAY_VAULT_PASSPHRASE");
    assert!(server.requests().is_empty());
    locked(&["models", "list", "--all"])
        .exits(0)
        .says("openai/gpt-5-mini");
    locked(&["secrets", "remove", NAME]).exits(0);
    let example = [
        "run",
        "--model",
        "recording/example",
        "./expense-report",
        "--approve",
        "allow",
    ];
    desk.slipway(["new", "--example", "expense-report"])
        .exits(0);
    set(&desk, NAME, KEY).exits(0);
    locked(&example).exits(0);
}

#[test]
fn a_key_in_the_wrong_place_is_refused_and_not_repeated() {
    let desk = Desk::new().variable("SLIPWAY_VAULT_PASSPHRASE", PASSPHRASE);
    for arguments in [
        vec!["secrets", "set", NAME, KEY],
        vec!["secrets", "set", NAME, KEY, "--json"],
        vec!["secrets", "set", &format!("{NAME}={KEY}")],
        vec!["secrets", "set", KEY],
        vec!["secrets", "remove", KEY],
    ] {
        let ran = desk.slipway(&arguments).exits(2);
        assert!(!ran.stderr.contains("0123456789"), "{}", ran.stderr);
        assert!(!ran.stdout.contains("0123456789"), "{}", ran.stdout);
    }
    set(&desk, NAME, " \n").exits(2).complains("empty");
    set(&desk, NAME, "").exits(2).complains("empty");
    assert!(!sealed(&desk).exists());
}

#[test]
fn a_wrong_passphrase_and_a_damaged_file_change_nothing() {
    let server = model([Answer::nothing()]);
    let desk = desk(&server);
    set(&desk, NAME, KEY).exits(0);
    let whole = std::fs::read(sealed(&desk)).unwrap();
    let agent = Agent::clerk().at(&desk);
    let mut wrong = desk.command(["run", agent]);
    wrong.env("SLIPWAY_VAULT_PASSPHRASE", "another");
    Running::start(wrong)
        .end()
        .exits(2)
        .complains("the passphrase is not the one");
    let mut wrong = desk.command(["secrets", "set", "OTHER_KEY"]);
    wrong
        .env("SLIPWAY_VAULT_PASSPHRASE", "another")
        .stdin(Stdio::piped());
    Running::start(wrong)
        .say(b"value")
        .end()
        .exits(2)
        .complains("the passphrase is not the one");
    assert_eq!(std::fs::read(sealed(&desk)).unwrap(), whole);
    let cut = &whole[..whole.len() / 2];
    std::fs::write(sealed(&desk), cut).unwrap();
    for arguments in [
        vec!["run", agent],
        vec!["secrets"],
        vec!["secrets", "remove", NAME],
    ] {
        desk.slipway(&arguments)
            .exits(1)
            .complains("sealed.json is damaged");
    }
    assert_eq!(std::fs::read(sealed(&desk)).unwrap(), cut);
}

#[test]
fn a_setting_that_means_nothing_is_an_error() {
    let desk = Desk::new();
    let mut command = desk.command(["secrets"]);
    command.env("SLIPWAY_KEYCHAIN", "no");
    Running::start(command)
        .end()
        .exits(2)
        .complains("SLIPWAY_KEYCHAIN");
}

#[test]
fn processes_that_write_at_once_lose_nothing() {
    const WRITERS: usize = 6;
    let desk = Desk::new().variable("SLIPWAY_VAULT_PASSPHRASE", PASSPHRASE);
    let writers: Vec<Running> = (0..WRITERS)
        .map(|writer| {
            let mut command = desk.command(["secrets", "set", &format!("KEY_{writer}")]);
            command.stdin(Stdio::piped());
            Running::start(command).say(format!("value-{writer}").as_bytes())
        })
        .collect();
    for writer in writers {
        writer.end().exits(0);
    }
    let listed = desk
        .slipway(["secrets", "list", "--json"])
        .exits(0)
        .objects();
    let names: Vec<&Value> = listed.iter().map(|entry| &entry["name"]).collect();
    assert_eq!(
        names,
        (0..WRITERS)
            .map(|writer| json!(format!("KEY_{writer}")))
            .collect::<Vec<_>>()
            .iter()
            .collect::<Vec<_>>()
    );
}

#[test]
fn a_key_that_is_gone_in_mid_run_fails_the_run_and_loses_nothing() {
    let asks = Answer::tool("c1", "read_file", &json!({"path": "in/a.txt"}));
    let server = model([crate::kit::Reply::from(asks).after(std::time::Duration::from_secs(3))]);
    let desk = desk(&server);
    set(&desk, NAME, KEY).exits(0);
    let agent = Agent::clerk().at(&desk);
    let running = desk.start(["run", agent, "--json"]);
    crate::kit::until_asked(&server, 1);
    // The file is damaged while the first answer is on its way.
    std::fs::write(sealed(&desk), "{").unwrap();
    let ran = running.end().exits(1);
    assert_eq!(ran.events("model.responded").len(), 1);
    assert_eq!(ran.events("tool.returned").len(), 1);
    let end = ran.event("run.finished");
    assert_eq!(
        (&end["status"], &end["reason"]),
        (&json!("failed"), &json!("model"))
    );
    assert_eq!(
        server.requests().len(),
        1,
        "nothing was sent without the key"
    );
    desk.slipway(["runs", "show", &ran.run()])
        .exits(0)
        .says("read_file")
        .says("sealed.json is damaged");
}

#[cfg(unix)]
mod at_a_terminal {
    use super::*;
    use crate::kit::Terminal;

    #[test]
    fn passphrases_that_differ_make_no_file() {
        let desk = Desk::new();
        let mut terminal = Terminal::start(desk.command(["secrets", "set", NAME]), 120);
        terminal.until("OPENAI_API_KEY (not shown): ");
        terminal.types(&format!("{KEY}\r"));
        terminal.until("Choose a passphrase for it: ");
        terminal.types(&format!("{PASSPHRASE}\r"));
        terminal.until("The same passphrase again: ");
        terminal.types("another one\r");
        let (code, screen) = terminal.end();
        assert_eq!(code, Some(2), "{screen}");
        assert!(screen.contains("the two passphrases differ"), "{screen}");
        assert!(!sealed(&desk).exists());
    }

    #[test]
    fn what_is_typed_is_not_shown_and_opens_the_file_later() {
        let server = model([Answer::text("Done.")]);
        let desk = desk(&server);
        let command = without_passphrase(desk.command(["secrets", "set", NAME]));
        let mut terminal = Terminal::start(command, 120);
        let before = terminal.until("OPENAI_API_KEY (not shown): ");
        assert!(
            before.contains("sealed.json"),
            "first where it goes: {before}"
        );
        terminal.types(&format!("{KEY}\r"));
        terminal.until("Choose a passphrase for it: ");
        terminal.types(&format!("{PASSPHRASE}\r"));
        terminal.until("The same passphrase again: ");
        terminal.types(&format!("{PASSPHRASE}\r"));
        let (code, screen) = terminal.end();
        assert_eq!(code, Some(0), "{screen}");
        assert!(screen.contains("is kept in the sealed file"), "{screen}");
        assert!(
            !screen.contains("0123456789") && !screen.contains("horse"),
            "{screen}"
        );

        let command = without_passphrase(desk.command(["secrets", "set", "OTHER_KEY"]));
        let mut terminal = Terminal::start(command, 120);
        terminal.until("OTHER_KEY (not shown): ");
        terminal.types("half a key\u{3}");
        let (code, screen) = terminal.end();
        assert_eq!(code, Some(130), "Ctrl-C gives up: {screen}");

        let agent = Agent::clerk().at(&desk);
        let command = without_passphrase(desk.command(["run", agent]));
        let mut terminal = Terminal::start(command, 120);
        terminal.until("Passphrase of the sealed file: ");
        terminal.types("wrong\r");
        terminal.until("that is not the passphrase");
        terminal.types(&format!("{PASSPHRASE}\r"));
        let (code, screen) = terminal.end();
        assert_eq!(code, Some(0), "{screen}");
        assert_eq!(authorization(&server, 0), Some(format!("Bearer {KEY}")));
    }
}

#[test]
fn a_key_for_which_nothing_looks_is_told_with_the_right_name() {
    let none: [Answer; 0] = [];
    let desk = desk(&model(none));
    set(&desk, "ANTHROPIC_KEY", "a-key-of-a-test-0123456789")
        .exits(0)
        .complains("nothing looks for a key named ANTHROPIC_KEY")
        .complains("slipway secrets set ANTHROPIC_API_KEY");
    let ran = set(&desk, "GITHUB_TOKEN", "a-token-of-a-test-0123456789").exits(0);
    assert!(!ran.stderr.contains("nothing looks"), "{}", ran.stderr);
}
