//! What the server does beside requests, in processes of its own.

use std::collections::BTreeSet;
use std::time::Duration;

use slipway_cloud::mail::{self, Letter, Subject};
use slipway_cloud::tables::letters;

use super::given;
use crate::kit::process::Process;
use crate::kit::redis::Redis;
use crate::kit::smtp::Smtp;
use crate::kit::{Cloud, client, get_plain};

/// How many letters are written.
const MANY: usize = 40;
/// The longest that letters that must come are waited for.
const SURELY: Duration = Duration::from_secs(60);

/// The form with which somebody registers, open in a browser.
struct Form {
    url: String,
    origin: String,
    cookie: String,
    token: String,
}

impl Form {
    async fn open(server: &Process, origin: &str) -> Self {
        let url = format!("{}/register", server.url());
        let page = client().get(&url).send().await.expect("an answer");
        let cookie = page.headers()["set-cookie"].to_str().expect("a cookie");
        let cookie = cookie.split(';').next().expect("a pair").to_owned();
        let page = page.text().await.expect("a page");
        let (_, token) = page
            .split_once("name=\"form_token\" value=\"")
            .expect("a form");
        let token = token.split('"').next().expect("an end").to_owned();
        Self {
            url,
            origin: origin.to_owned(),
            cookie,
            token,
        }
    }

    async fn register(&self, at: usize) {
        let email = format!("anna{at}@example.com");
        let fields = [("form_token", &*self.token), ("email", &*email)];
        let ask = client()
            .post(&self.url)
            .header("cookie", &self.cookie)
            .header("origin", &self.origin);
        let answer = ask.form(&fields).send().await.expect("an answer");
        assert_eq!(
            answer.status().as_u16(),
            200,
            "{}",
            answer.text().await.expect("a page")
        );
    }
}

/// Registers so many people with a server, each once the letter of the one before was carried.
async fn carried_one_by_one(cloud: &Cloud, server: &Process, mail: &Smtp, count: usize) {
    let all = async {
        let form = Form::open(server, &cloud.server.config.public_url).await;
        for at in 1..=count {
            form.register(at).await;
            while mail.letters().len() < at {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
    };
    let carried = tokio::time::timeout(SURELY, all).await;
    assert!(carried.is_ok(), "{} of {count} are", mail.letters().len());
}

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

    async fn a_worker_is_told_over_needs_redis_of_what_a_server_wrote(cloud: &Cloud) {
        let (mail, redis) = (Smtp::start().await, Redis::start().await);
        let mut settings = cloud.settings();
        for (name, value) in [
            ("SLIPWAY_CLOUD_MAIL", &*mail.url),
            ("SLIPWAY_CLOUD_WORKER", "false"),
            ("REDIS_URL", &redis.url),
        ] {
            settings.push((name.to_owned(), value.to_owned()));
        }
        let (server, _worker) = (Process::serve(&given(&settings)), Process::work(&given(&settings)));
        // By itself, a worker would need more than a minute and a half: it rests for five seconds after each.
        carried_one_by_one(cloud, &server, &mail, MANY / 2).await;
    }

    async fn without_redis_a_worker_finds_by_itself_what_a_server_wrote(cloud: &Cloud) {
        let mail = Smtp::start().await;
        let mut settings = cloud.settings();
        settings.push(("SLIPWAY_CLOUD_MAIL".to_owned(), mail.url.clone()));
        settings.push(("SLIPWAY_CLOUD_WORKER".to_owned(), "false".to_owned()));
        let (server, _worker) = (Process::serve(&given(&settings)), Process::work(&given(&settings)));
        carried_one_by_one(cloud, &server, &mail, 2).await;
        let carried = mail.letters();
        for (at, letter) in carried.iter().enumerate() {
            let to = format!("To: anna{}@example.com", at + 1);
            assert!(letter.lines().any(|line| line == to), "{letter}");
        }
        assert_eq!(carried.len(), 2);
    }
}
