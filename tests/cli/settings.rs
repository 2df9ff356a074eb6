//! `settings`.

use crate::kit::Desk;

#[test]
fn settings_are_listed_and_changed() {
    let desk = Desk::new();
    desk.slipway(["settings"])
        .exits(0)
        .says("theme")
        .says("system, light or dark");
    desk.slipway(["settings", "set", "theme", "dark"])
        .exits(0)
        .says("theme is dark.");
    let set = desk
        .slipway(["settings", "set", "notify.done", "off", "--json"])
        .exits(0);
    assert_eq!(set.objects()[0]["value"], "off");
    let listed = desk.slipway(["settings", "list", "--json"]).exits(0);
    let values: Vec<_> = listed
        .objects()
        .iter()
        .map(|each| format!("{}={}", each["setting"], each["value"]))
        .collect();
    assert!(
        values.contains(&"\"theme\"=\"dark\"".to_owned()),
        "{values:?}"
    );
    assert!(
        values.contains(&"\"notify.failed\"=\"on\"".to_owned()),
        "{values:?}"
    );
    assert!(
        values.contains(&"\"notify.done\"=\"off\"".to_owned()),
        "{values:?}"
    );
}

#[test]
fn what_a_setting_cannot_be_changes_nothing() {
    let desk = Desk::new();
    desk.slipway(["settings", "set", "theme", "pink"])
        .exits(2)
        .complains("system, light or dark");
    desk.slipway(["settings", "set", "sound", "on"])
        .exits(2)
        .complains("there is no setting \"sound\"");
    desk.slipway(["settings", "set", "theme"]).exits(2);
    let listed = desk.slipway(["settings", "list", "--json"]).exits(0);
    assert_eq!(listed.objects()[0]["value"], "system");
}

#[test]
fn what_leaves_this_machine_is_told() {
    let desk = Desk::new();
    desk.slipway(["privacy"])
        .exits(0)
        .says("Slipway itself sends nothing")
        .says("No agent may connect to any host.");
    let told = desk.slipway(["privacy", "--json"]).exits(0);
    assert_eq!(told.objects()[0]["hosts"], serde_json::json!([]));
    assert_eq!(told.objects()[0]["programs"], serde_json::json!([]));
}

#[test]
fn what_ships_names_its_licence() {
    let desk = Desk::new();
    desk.slipway(["licences"]).exits(0).says("serde_json");
    desk.slipway(["licenses", "serde_json"])
        .exits(0)
        .says("Permission is hereby granted");
    let listed = desk.slipway(["licences", "--json"]).exits(0);
    assert!(listed.objects().len() > 100);
    desk.slipway(["licences", "no-such-package"])
        .exits(2)
        .complains("no package named");
}
