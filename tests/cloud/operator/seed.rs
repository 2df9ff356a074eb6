//! A database that is filled to try things with.

use serde_json::Value;
use slipway_cloud::seed::PEOPLE;
use slipway_contract::cloud::Role;

use super::given;
use crate::kit::Cloud;
use crate::kit::process::said;

/// What it says, or why it did not fill anything.
fn seed(cloud: &Cloud, more: &[(&str, &str)]) -> Result<String, String> {
    let settings = cloud.settings();
    let settings = [&given(&settings), more].concat();
    let ended = said(&settings, &["seed"]);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    match ended.status.success() {
        true => Ok(text(ended.stdout)),
        false => Err(text(ended.stderr)),
    }
}

fn after<'a>(words: &'a str, text: &str) -> &'a str {
    let rest = words
        .split(text)
        .nth(1)
        .unwrap_or_else(|| panic!("{text:?} in {words}"));
    rest.split_whitespace().next().expect("a word")
}

on_both! {
    async fn a_developer_sees_full_lists(cloud: &Cloud) {
        let words = seed(cloud, &[]).unwrap();
        let password = after(&words, "shown this once:").to_owned();
        for (email, _, _) in PEOPLE {
            cloud.browser().sign_in(email, &password).await.is(200);
        }
        let key = after(&words, "everything that keys may:");
        let list = async |path: &str| {
            let read = cloud.get(path).token(key).send().await.is(200).read::<Value>();
            read["items"].as_array().expect("a list").clone()
        };
        let organizations = list("/api/v1/organizations").await;
        assert_eq!(organizations.len(), 1);
        let own = format!("/api/v1/organizations/{}", organizations[0]["id"].as_str().unwrap());
        let members = list(&format!("{own}/members")).await;
        for role in Role::ALL {
            assert!(members.iter().any(|member| member["role"] == role.as_str()), "{role} in {members:?}");
        }
        for path in ["/api/v1/agents".to_owned(), format!("{own}/agents")] {
            let agents = list(&path).await;
            assert_eq!(agents.len(), 3, "{agents:?}");
            for agent in agents {
                let versions = list(&format!("{path}/{}/versions", agent["id"].as_str().unwrap())).await;
                assert_eq!(versions.len(), 2, "{agent}");
            }
        }
        assert!(!list(&format!("{own}/audit-events")).await.is_empty());
        let again = seed(cloud, &[]).unwrap_err();
        assert!(again.contains("There are accounts already"), "{again}");
    }

    async fn production_is_not_filled(cloud: &Cloud) {
        let production = [
            ("SLIPWAY_CLOUD_ENVIRONMENT", "production"),
            ("SLIPWAY_CLOUD_PUBLIC_URL", "https://cloud.example.com"),
            ("SLIPWAY_CLOUD_MAIL", "folder:mail"),
        ];
        let words = seed(cloud, &production).unwrap_err();
        assert!(words.contains("production"), "{words}");
        assert!(seed(cloud, &[]).is_ok(), "nothing was left there");
    }
}
