//! Letters: written with what they tell of, carried away once, and one to one person.

use slipway_cloud::mail::{self, Letter, Subject};
use slipway_cloud::tables::letters;
use slipway_contract::cloud::Email;

use crate::kit::Cloud;

fn letter(subject: &str) -> Letter {
    Letter {
        to: "anna@example.com".parse().expect("an address"),
        subject: Subject::new(subject),
        text: "Ahoj, Anna ⚓\n.\nBcc: not@a.header\n".to_owned(),
    }
}

async fn post(cloud: &Cloud, letter: &Letter) {
    mail::post(&cloud.server, cloud.server.database.read(), letter)
        .await
        .expect("written");
}

on_both! {
    async fn a_letter_is_carried_away_once(cloud: &Cloud) {
        post(cloud, &letter("A hull")).await;
        // As several copies of the server would.
        let (one, two, three) = tokio::join!(mail::due(&cloud.server), mail::due(&cloud.server), mail::due(&cloud.server));
        assert_eq!(one.unwrap() + two.unwrap() + three.unwrap(), 1);
        let carried = cloud.carried();
        assert_eq!(carried.len(), 1);
        let text = &carried[0];
        assert!(text.contains("To: anna@example.com\r\n") && text.contains("From: Slipway <slipway@localhost>"), "{text}");
        assert!(text.contains("Subject: A hull\r\n") && text.contains("Message-ID: <"), "{text}");
        assert_eq!(mail::due(&cloud.server).await.unwrap(), 0);
        cloud.clock.forward(24 * 3600);
        assert_eq!(mail::due(&cloud.server).await.unwrap(), 0);
    }

    async fn nothing_that_somebody_gives_becomes_a_header(cloud: &Cloud) {
        post(cloud, &letter("Harbour\r\nBcc: eve@example.com\r\n\r\n<b>hello</b>")).await;
        mail::due(&cloud.server).await.unwrap();
        let text = cloud.carried().remove(0);
        let head = text.split("\r\n\r\n").next().expect("headers");
        for line in head.lines() {
            assert!(!line.to_lowercase().starts_with("bcc"), "{text}");
        }
        assert_eq!(head.matches("To:").count(), 1);
        assert!("anna@example.com\r\nBcc: eve@example.com".parse::<Email>().is_err());
    }

    async fn what_cannot_be_carried_waits_and_is_given_up(cloud: &Cloud) {
        // A file where the folder should be.
        std::fs::write(&cloud.mail, "in the way").unwrap();
        post(cloud, &letter("A hull")).await;
        assert_eq!(mail::due(&cloud.server).await.unwrap(), 1);
        assert_eq!(mail::due(&cloud.server).await.unwrap(), 0, "it is put off");
        cloud.clock.forward(90);
        assert_eq!(mail::due(&cloud.server).await.unwrap(), 1);
        std::fs::remove_file(&cloud.mail).unwrap();
        cloud.clock.forward(180);
        assert_eq!(mail::due(&cloud.server).await.unwrap(), 1);
        assert_eq!(cloud.carried().len(), 1);
        std::fs::remove_dir_all(&cloud.mail).unwrap();
        std::fs::write(&cloud.mail, "in the way").unwrap();
        post(cloud, &letter("Another")).await;
        let mut tries = 0;
        for _ in 0..40 {
            tries += mail::due(&cloud.server).await.unwrap();
            cloud.clock.forward(6 * 3600);
        }
        assert_eq!(tries, 16);
        let left = letters::due(cloud.server.database.read(), cloud.server.clock.now(), 10).await.unwrap();
        assert!(left.is_empty());
    }

    async fn what_a_letter_says_is_sealed(cloud: &Cloud) {
        post(cloud, &letter("A very secret subject")).await;
        let rows = letters::due(cloud.server.database.read(), cloud.server.clock.now(), 10).await.unwrap();
        let sealed = String::from_utf8_lossy(&rows[0].sealed).into_owned();
        assert!(!sealed.contains("secret subject") && !sealed.contains("anna"));
    }
}
