//! What the server does beside requests, in processes of its own.

use std::collections::BTreeSet;
use std::time::Duration;

use slipway_cloud::mail::{self, Letter, Subject};
use slipway_cloud::tables::letters;

use super::given;
use crate::kit::Cloud;
use crate::kit::process::Process;
use crate::kit::smtp::Smtp;

/// How many letters are written.
const MANY: usize = 40;

async fn post(cloud: &Cloud, at: usize) {
    let letter = Letter {
        to: format!("anna{at}@example.com").parse().expect("an address"),
        subject: Subject::new("A hull"),
        text: "On its slope.".to_owned(),
    };
    mail::post(&cloud.server, cloud.server.database.read(), &letter)
        .await
        .expect("written");
}

/// How many letters are not carried yet; those that somebody carries at this moment are among them.
async fn left(cloud: &Cloud) -> usize {
    cloud.clock.forward(1_000_000_000);
    let (on, now) = (cloud.server.database.read(), cloud.server.clock.now());
    letters::due(on, now, 1000).await.expect("letters").len()
}

on_both! {
    async fn servers_and_workers_carry_each_letter_once(cloud: &Cloud) {
        let mail = Smtp::start().await;
        let mut settings = cloud.settings();
        settings.push(("SLIPWAY_CLOUD_MAIL".to_owned(), mail.url.clone()));
        let settings = given(&settings);
        let mut running = [Process::work(&settings), Process::work(&settings), Process::serve(&settings)];
        for at in 0..MANY {
            post(cloud, at).await;
        }
        while left(cloud).await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        for process in &mut running {
            #[cfg(unix)]
            assert!(process.end(), "told to end, it ends well");
            process.kill();
        }
        let carried = mail.letters();
        let ids: BTreeSet<&str> = carried
            .iter()
            .map(|letter| letter.lines().find(|line| line.starts_with("Message-ID: ")).expect("an id"))
            .collect();
        assert_eq!((carried.len(), ids.len()), (MANY, MANY));
    }
}
