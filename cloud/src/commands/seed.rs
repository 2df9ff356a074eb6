//! `seed`

use std::fmt::Write as _;

use anyhow::Result;
use slipway_cloud::seed::{ORGANIZATION, PEOPLE, Seeded, seed as fill};

use super::{opened, say};

/// `seed`
pub(crate) async fn seed() -> Result<()> {
    let server = opened().await?;
    let seeded = fill(&server).await?;
    server.database.close().await;
    say(&words(&seeded, &server.config.public_url))
}

fn words(seeded: &Seeded, url: &str) -> String {
    let mut text = format!(
        "The database has people, the organization “{ORGANIZATION}”, keys, and agents with versions.\n\n"
    );
    for (email, _, role) in PEOPLE {
        let role = role.map_or("of no organization, invited", |role| role.as_str());
        let _ = writeln!(text, "  {email:<24}{role}");
    }
    let _ = write!(
        text,
        "\nAll of them sign in at {url}/sign-in with this password, which is shown this once:\n  {}\n\
         The owner also runs the server, and has an API key for everything that keys may:\n  {}\n\
         {} answers an invitation at\n  {}\n",
        seeded.password.expose(),
        seeded.key.expose(),
        PEOPLE[4].0,
        seeded.invitation,
    );
    text
}
