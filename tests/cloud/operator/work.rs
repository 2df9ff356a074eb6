//! What the server does beside requests, in processes of its own.

use std::collections::BTreeSet;
use std::time::Duration;

use slipway_cloud::mail::{self, Letter, Subject};
use slipway_cloud::tables::letters;

use super::given;
use crate::kit::process::Process;
use crate::kit::smtp::Smtp;
use crate::kit::{Cloud, get_plain};

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

    async fn a_server_that_leaves_letters_to_workers_carries_none(cloud: &Cloud) {
        let mail = Smtp::start().await;
        let mut settings = cloud.settings();
        settings.push(("SLIPWAY_CLOUD_MAIL".to_owned(), mail.url.clone()));
        settings.push(("SLIPWAY_CLOUD_WORKER".to_owned(), "false".to_owned()));
        let settings = given(&settings);
        post(cloud, 0).await;
        let mut server = Process::serve(&settings);
        assert_eq!(get_plain(&format!("{}/ready", server.url())).await.0, 204);
        // Told to end, a server that works does a whole turn before it does so, and it looks for letters first.
        #[cfg(unix)]
        assert!(server.end(), "told to end, it ends well");
        server.kill();
        assert!(mail.letters().is_empty());
        assert_eq!(left(cloud).await, 1);
        let _worker = Process::work(&settings);
        while left(cloud).await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(mail.letters().len(), 1);
    }
}
