//! Organizations, members, invitations, keys and sessions from the command line.

use serde_json::json;

use super::login::{since, somebody, url};
use super::machine::Machine;

on_both! {
    async fn people_work_together(cloud: &Cloud) {
        let (anna, ben) = (Machine::new(), Machine::new());
        anna.signs_in(&url(cloud), &mut somebody(cloud, "Anna").await).await;
        ben.signs_in(&url(cloud), &mut somebody(cloud, "Ben").await).await;

        anna.slipway(&["cloud", "orgs"]).exits(0).says("You belong to no organization");
        let made = anna.object(&["cloud", "orgs", "create", "Harbour works"]);
        assert_eq!((&made["name"], &made["role"]), (&json!("Harbour works"), &json!("owner")));
        anna.slipway(&["cloud", "orgs", "rename", "Harbour works", "Lock works"]).exits(0).says("Lock works");
        anna.slipway(&["cloud", "orgs", "show", made["id"].as_str().unwrap()]).exits(0).says("Lock works").says("owner");
        anna.slipway(&["cloud", "orgs", "show", "Harbour works"]).exits(2).complains("no organization named");
        ben.slipway(&["cloud", "orgs", "show", made["id"].as_str().unwrap()]).exits(2).complains("no such organization");

        cloud.letters().await;
        let sent = anna.object(&["cloud", "invitations", "send", "Lock works", "ben@example.com", "--role", "viewer"]);
        assert_eq!(sent["role"], "viewer");
        let again = anna.slipway(&["cloud", "invitations", "send", "Lock works", "Ben@example.com"]).exits(2);
        again.complains("slipway cloud invitations resend ORGANIZATION EMAIL").complains("slipway cloud invitations revoke");
        cloud.letters().await;
        anna.slipway(&["cloud", "invitations", "resend", "Lock works", "ben@example.com"]).exits(0);
        let letter = cloud.letter("ben@example.com").await;
        let link = letter.0.text.split_whitespace().find(|word| word.contains("/invitations/")).expect("a link");
        anna.slipway(&["cloud", "invitations", "list", "Lock works"]).exits(0).says("ben@example.com");
        anna.slipway(&["cloud", "invitations", "accept", link]).exits(2);
        ben.slipway(&["cloud", "invitations", "accept", "https://elsewhere.example/invitations/sli_a"]).exits(2).complains("is not from");
        let by_another_name = link.replace("127.0.0.1", "localhost");
        ben.slipway(&["cloud", "invitations", "accept", &by_another_name]).exits(0).says("You belong to Lock works");
        let member = anna.slipway(&["cloud", "invitations", "send", "Lock works", "ben@example.com"]).exits(2);
        assert!(!member.complains("is a member").stderr.contains("resend"), "there is nothing to send again");
        ben.slipway(&["cloud", "invitations", "send", "Lock works", "eve@example.com"]).exits(1).complains("takes the role admin");

        let members = anna.slipway(&["cloud", "members", "list", "Lock works", "--json"]).exits(0).objects();
        assert_eq!(members.len(), 2);
        anna.slipway(&["cloud", "members", "role", "Lock works", "BEN@example.com", "admin"]).exits(0).says("admin");
        anna.slipway(&["cloud", "orgs", "leave", "Lock works", "--yes"]).exits(2).complains("slipway cloud orgs transfer");
        anna.slipway(&["cloud", "orgs", "transfer", "Lock works", "ben@example.com"]).exits(2).complains("--yes");
        anna.slipway(&["cloud", "orgs", "transfer", "Lock works", "ben@example.com", "--yes"]).exits(0).says("you are admin");
        ben.slipway(&["cloud", "members", "remove", "Lock works", "anna@example.com", "--yes"]).exits(0);
        anna.slipway(&["cloud", "orgs"]).exits(0).says("You belong to no organization");

        anna.slipway(&["cloud", "invitations", "decline", "nonsense"]).exits(2);
        ben.slipway(&["cloud", "invitations", "send", "Lock works", "anna@example.com"]).exits(0);
        ben.slipway(&["cloud", "invitations", "revoke", "Lock works", "anna@example.com"]).exits(0);
        ben.slipway(&["cloud", "invitations", "list", "Lock works"]).exits(0).says("no open invitations");
        ben.slipway(&["cloud", "orgs", "delete", "Lock works"]).exits(2).complains("--yes");
        ben.slipway(&["cloud", "orgs", "delete", "Lock works", "--yes"]).exits(0).says("deleted");
        assert!(ben.slipway(&["cloud", "orgs", "--json"]).exits(0).objects().is_empty());
    }

    async fn a_key_is_shown_once_and_works_until_it_is_void(cloud: &Cloud) {
        // Both sides look at when a key ends.
        cloud.clock.forward(since(cloud));
        let anna = Machine::new();
        anna.signs_in(&url(cloud), &mut somebody(cloud, "Anna").await).await;
        anna.slipway(&["cloud", "keys"]).exits(0).says("There are no keys");
        anna.slipway(&["cloud", "keys", "create", "Build"]).exits(2).complains("--scope");
        anna.slipway(&["cloud", "keys", "create", "Build", "--scope", "root"]).exits(2).complains("account:read");
        let made = anna.slipway(&["cloud", "keys", "create", "Build", "--scope", "account:read", "--days", "9"]);
        let made = made.exits(0).complains("not shown again");
        let secret = made.stdout.trim_end().to_owned();
        assert!(secret.starts_with("slk_") && !secret.contains(char::is_whitespace), "{secret}");
        cloud.get("/api/v1/account").token(&secret).send().await.is(200);
        let listed = anna.slipway(&["cloud", "keys", "list", "--json"]).exits(0);
        assert!(!listed.stdout.contains(&secret), "no list shows it");

        let rotated = anna.slipway(&["cloud", "keys", "rotate", "Build", "--json"]).exits(0).complains("can be used until");
        let second = rotated.objects()[0]["secret"].as_str().expect("a secret").to_owned();
        cloud.get("/api/v1/account").token(&secret).send().await.is(200);
        cloud.get("/api/v1/account").token(&second).send().await.is(200);
        anna.slipway(&["cloud", "keys", "rotate", "Build"]).exits(2).complains("several keys").complains("how the one begins");
        let start = rotated.objects()[0]["key"]["start"].as_str().expect("a start").to_owned();
        anna.slipway(&["cloud", "keys", "rotate", &start, "--grace-hours", "0"]).exits(2).complains("--yes");
        cloud.get("/api/v1/account").token(&second).send().await.is(200);
        let at_once = ["cloud", "keys", "rotate", &*start, "--grace-hours", "0", "--yes"];
        let third = anna.slipway(&at_once).exits(0).complains("is void").stdout.trim_end().to_owned();
        cloud.get("/api/v1/account").token(&second).send().await.is(401);
        cloud.get("/api/v1/account").token(&third).send().await.is(200);
        anna.slipway(&["cloud", "keys", "revoke", &secret[..start.len()], "--yes"]).exits(0).says(&secret[..start.len()]);
        cloud.get("/api/v1/account").token(&secret).send().await.is(401);
        anna.slipway(&["cloud", "keys", "revoke", "Build"]).exits(2).complains("--yes");
        anna.slipway(&["cloud", "keys", "revoke", "Build", "--yes"]).exits(0);
        cloud.get("/api/v1/account").token(&third).send().await.is(401);
        anna.slipway(&["cloud", "keys", "revoke", "Build", "--yes"]).exits(2).complains("no such key");

        anna.slipway(&["cloud", "orgs", "create", "Harbour works"]).exits(0);
        let of = ["--org", "Harbour works"];
        let made = anna.object(&[&["cloud", "keys", "create", "Reports", "--scope", "audit:read"], &of[..]].concat());
        assert_eq!(made["key"]["name"], "Reports");
        let ends = |made: &serde_json::Value| made["key"]["expires_at"].is_string();
        assert!(ends(&made), "a secret ends by itself unless its person says otherwise");
        let never = anna.object(&["cloud", "keys", "create", "For ever", "--scope", "account:read", "--never"]);
        assert!(!ends(&never));
        let several = anna.object(&["cloud", "keys", "create", "Several", "--scope", "agents:read,agents:write", "--scope", "account:read"]);
        assert_eq!(several["key"]["scopes"].as_array().map(Vec::len), Some(3), "{several}");
        anna.slipway(&["cloud", "keys", "create", "Wrong", "--scope", "agents:read,root"]).exits(2).complains("'root'");
        anna.slipway(&["cloud", "keys", "create", "Both", "--scope", "account:read", "--never", "--days", "3"]).exits(2);
        anna.slipway(&[&["cloud", "keys", "list"], &of[..]].concat()).exits(0).says("Reports");
        anna.slipway(&["cloud", "keys", "list"]).exits(0).says("Build").says("does not expire");
    }

    async fn what_happened_is_told_in_words(cloud: &Cloud) {
        let (anna, ben) = (Machine::new(), Machine::new());
        anna.signs_in(&url(cloud), &mut somebody(cloud, "Anna").await).await;
        ben.signs_in(&url(cloud), &mut somebody(cloud, "Ben").await).await;
        anna.slipway(&["cloud", "orgs", "create", "Harbour works"]).exits(0);
        // What happens within one millisecond has no order.
        cloud.clock.forward(1);
        anna.slipway(&["cloud", "orgs", "rename", "Harbour works", "Lock works"]).exits(0);
        let log = anna.slipway(&["cloud", "audit", "--org", "Lock works"]).exits(0);
        log.says("The organization was made").says("The organization was renamed").says("you").says("127.0.0.1");
        let newest = anna.slipway(&["cloud", "audit", "--org", "Lock works", "--limit", "1", "--json"]).exits(0).objects();
        assert_eq!(newest.len(), 1);
        assert_eq!(newest[0]["action"], "organization.changed");
        let own = ben.slipway(&["cloud", "audit"]).exits(0).says("Signed in, with the slipway command");
        assert!(!own.stdout.contains("organization"), "{}", own.stdout);
        ben.slipway(&["cloud", "audit", "--org", "Lock works"]).exits(2).complains("no organization named");
        let all = anna.slipway(&["cloud", "audit", "--org", "Lock works", "--limit", "1000", "--json"]).exits(0).objects();
        assert_eq!(all.len(), 2);
    }

    async fn what_signing_in_asks_for_is_shown(cloud: &Cloud) {
        let anna = Machine::new();
        anna.slipway(&["cloud", "second-factor"]).exits(2).complains("slipway cloud login");
        anna.signs_in(&url(cloud), &mut somebody(cloud, "Anna").await).await;
        let page = format!("{}/account", url(cloud));
        anna.slipway(&["cloud", "second-factor"]).exits(0).says("your password alone").says(&page);
        let told = anna.object(&["cloud", "second-factor"]);
        assert_eq!((&told["totp"], &told["url"]), (&json!(false), &json!(page)));
    }
}
