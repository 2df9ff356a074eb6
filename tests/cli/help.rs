//! Help, completions, manual pages: what a newcomer reads first. They touch nothing.

use crate::kit::Desk;

#[test]
fn the_overview_groups_the_commands_and_begins_with_an_example() {
    let desk = Desk::new();
    desk.slipway(["--help"])
        .exits(0)
        .says("Run agents:")
        .says("Make and share agents:")
        .says("slipway new --example expense-report")
        .says("SLIPWAY_HOME");
    let ran = desk.slipway([""; 0]).exits(2);
    ran.complains("Usage: slipway");
    assert!(!desk.home().exists(), "help makes no folder");
}

#[test]
fn every_command_has_help_with_examples() {
    let desk = Desk::new();
    for command in [
        &["run"][..],
        &["runs", "list"],
        &["runs", "show"],
        &["runs", "continue"],
        &["runs", "resume"],
        &["runs", "approve"],
        &["runs", "deny"],
        &["runs", "resolve"],
        &["runs", "cancel"],
        &["runs", "export"],
        &["runs", "wire"],
        &["runs", "save-as-test"],
        &["test"],
        &["rules"],
        &["rules", "list"],
        &["rules", "show"],
        &["rules", "add"],
        &["rules", "remove"],
        &["new"],
        &["validate"],
        &["import"],
        &["export"],
        &["agents"],
        &["models"],
        &["tools"],
        &["cloud"],
        &["cloud", "login"],
        &["cloud", "whoami"],
        &["cloud", "logout"],
        &["cloud", "orgs", "transfer"],
        &["cloud", "members", "role"],
        &["cloud", "invitations", "send"],
        &["cloud", "keys", "create"],
        &["cloud", "keys", "rotate"],
        &["cloud", "sessions", "end-others"],
        &["cloud", "second-factor"],
        &["cloud", "audit"],
        &["snapshots", "list"],
        &["snapshots", "create"],
        &["snapshots", "verify"],
        &["snapshots", "restore"],
        &["doctor"],
        &["completions"],
        &["man"],
    ] {
        for flag in ["--help", "-h"] {
            let ran = desk
                .slipway(command.iter().chain(&[flag]))
                .exits(0)
                .says("Usage: slipway ");
            let ran = ran.says("Examples:\n  slipway ");
            let widest = ran
                .stdout
                .lines()
                .map(|line| line.chars().count())
                .max()
                .unwrap_or_default();
            assert!(
                widest <= 100,
                "{command:?} is {widest} columns wide:\n{}",
                ran.stdout
            );
        }
    }
    assert!(!desk.home().exists());
}

#[test]
fn the_first_line_of_help_is_about_the_command_itself() {
    let desk = Desk::new();
    for (command, about) in [
        (&["run"][..], "Run an agent from a folder, or by its name"),
        (
            &["runs", "approve"],
            "Allow what a parked run asks, and go on with it",
        ),
        (
            &["runs", "continue"],
            "Send a further message to an ended run",
        ),
        (
            &["runs", "cancel"],
            "End a run that is parked or was cut off",
        ),
    ] {
        let ran = desk.slipway(command.iter().chain(&["--help"])).exits(0);
        let first = ran.stdout.lines().next().unwrap_or_default().to_owned();
        assert!(first.starts_with(about), "{command:?}: {first}");
    }
}

#[test]
fn help_can_be_asked_for_as_a_command() {
    let desk = Desk::new();
    let ran = desk.slipway(["help", "run"]).exits(0).says("143");
    assert_eq!(
        ran.stdout,
        desk.slipway(["run", "--help"]).exits(0).stdout,
        "both say the same"
    );
    desk.slipway(["runs", "help", "resolve"])
        .exits(0)
        .says("exit code 130");
}

#[test]
fn a_wrong_flag_names_the_right_one() {
    let desk = Desk::new();
    desk.slipway(["run", "./x", "--aprove", "never"])
        .exits(2)
        .complains("--approve");
    desk.slipway(["rnu", "./x"]).exits(2).complains("run");
    desk.slipway(["new", "--example", "expense"])
        .exits(2)
        .complains("expense-report");
}

#[test]
fn shells_get_completions() {
    let desk = Desk::new();
    for (shell, says) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef slipway"),
        ("fish", "complete -c slipway"),
    ] {
        desk.slipway(["completions", shell])
            .exits(0)
            .says(says)
            .says("approve");
    }
    desk.slipway(["completions", "word"]).exits(2);
    assert!(!desk.home().exists());
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let desk = Desk::new();
    desk.slipway(["man"]).exits(0).says(".TH slipway 1");
    desk.slipway(["man", "--output", "pages/man1"]).exits(0);
    for page in [
        "slipway.1",
        "slipway-run.1",
        "slipway-runs-approve.1",
        "slipway-cloud-orgs-create.1",
    ] {
        assert!(
            desk.read(format!("pages/man1/{page}"))
                .contains(".SH SYNOPSIS"),
            "{page}"
        );
    }
}
