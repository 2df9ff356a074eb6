//! Versions: named by what is in them, and taken for nothing else.

use std::io::Write as _;

use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use slipway_cloud::package::UPLOADS_OF_ONE;
use slipway_cloud::quotas;
use slipway_cloud::tables::archive_parts::{self, PART};
use slipway_contract::cloud::ProblemCode;
use tokio::io::AsyncWriteExt as _;

use crate::kit::{Answer, Archive, Ask, Cloud, Person, rand_bytes};

const ZIP: &str = "application/zip";

async fn agent(cloud: &Cloud, by: &Person) -> String {
    let new = json!({"name": "counter", "title": "Counter"});
    let made = cloud
        .post("/api/v1/agents")
        .by(by)
        .json(&new)
        .send()
        .await
        .is(201);
    let made = made.read::<Value>();
    format!(
        "/api/v1/agents/{}/versions",
        made["id"].as_str().expect("an id")
    )
}

fn put(cloud: &Cloud, versions: &str, by: &Person, hash: &str, bytes: &[u8]) -> Ask {
    let ask = cloud.put(&format!("{versions}/{hash}")).by(by);
    ask.body(ZIP, bytes.to_vec())
}

async fn sent(cloud: &Cloud, versions: &str, by: &Person, archive: &Archive) -> Answer {
    let hash = archive.hash.to_string();
    put(cloud, versions, by, &hash, &archive.bytes).send().await
}

/// An archive with an entry of this name and content besides a whole package.
fn with(name: &str, content: &[u8]) -> Vec<u8> {
    let plain = zip::write::SimpleFileOptions::default();
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let manifest = "format = 1\n[agent]\nname = \"counter\"\n[model]\nuse = \"local/any\"\n";
    for (name, content) in [
        ("agent.toml", manifest.as_bytes()),
        ("instructions.md", b"Count."),
        (name, content),
    ] {
        writer.start_file(name, plain).expect("an entry");
        writer.write_all(content).expect("its content");
    }
    writer.finish().expect("an archive").into_inner()
}

on_both! {
    async fn the_same_package_twice_is_one_version(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let (versions, first, second) = (agent(cloud, &anna).await, Archive::saying("Count."), Archive::saying("Count more."));
        let made = sent(cloud, &versions, &anna, &first).await.is(201).read::<Value>();
        assert_eq!(made["content_hash"], first.hash.to_string());
        assert_eq!(sent(cloud, &versions, &anna, &first).await.is(200).read::<Value>(), made);
        cloud.clock.forward(1);
        sent(cloud, &versions, &anna, &second).await.is(201);
        let at_once = (0..6).map(|_| sent(cloud, &versions, &anna, &first));
        for answer in futures::future::join_all(at_once).await {
            answer.is(200);
        }
        let hashes: Vec<Value> = cloud.items(&versions, &anna).await.iter().map(|version| version["content_hash"].clone()).collect();
        assert_eq!(hashes, [second.hash.to_string(), first.hash.to_string()]);
        let fetch = || cloud.get(&format!("{versions}/{}", first.hash)).by(&anna);
        let fetched = fetch().send().await.is(200);
        assert_eq!((fetched.body, fetched.headers["content-type"].as_bytes()), (first.bytes.clone(), ZIP.as_bytes()));
        let etag = fetched.headers["etag"].to_str().unwrap().to_owned();
        assert!(fetch().header("if-none-match", &etag).send().await.is(304).body.is_empty());
    }

    async fn a_long_archive_comes_back_as_it_was(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let versions = agent(cloud, &anna).await;
        // Nothing of it can be packed, so that it has several parts; the last is whole, too short, or alone.
        let text: String = rand_bytes::<{ 3 * PART }>().iter().map(|byte| char::from(b'!' + byte % 90)).collect();
        let archive = Archive::saying(&text);
        sent(cloud, &versions, &anna, &archive).await.is(201);
        let fetched = cloud.get(&format!("{versions}/{}", archive.hash)).by(&anna).send().await.is(200);
        assert_eq!(fetched.header("content-length"), archive.bytes.len().to_string());
        assert!(fetched.body == archive.bytes);
        let on = cloud.server.database.read();
        let parts = archive_parts::Entity::find().all(on).await.unwrap();
        assert_eq!(parts.len(), archive.bytes.len().div_ceil(PART));
        assert!(parts.len() > 2 && parts.iter().all(|row| row.bytes.len() <= PART));
    }

    async fn one_sends_so_many_at_once(cloud: &Cloud) {
        let (anna, bert) = (cloud.person("anna").await, cloud.person("bert").await);
        let (hers, his, archive) = (agent(cloud, &anna).await, agent(cloud, &bert).await, Archive::saying("Count."));
        let mut waiting = Vec::new();
        // Twice as many, for the copy that each goes to is another.
        for _ in 0..2 * UPLOADS_OF_ONE {
            let begun = format!(
                "PUT {hers}/{} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\nContent-Type: {ZIP}\r\nContent-Length: {}\r\n\r\n",
                archive.hash, anna.access, quotas::ARCHIVE_BYTES,
            );
            let mut stream = tokio::net::TcpStream::connect(cloud.address).await.unwrap();
            stream.write_all(begun.as_bytes()).await.unwrap();
            waiting.push(stream);
        }
        // They come to their places sooner or later.
        let mut tries = 0;
        let full = loop {
            let answer = sent(cloud, &hers, &anna, &archive).await;
            if answer.status != 200 && answer.status != 201 {
                break answer;
            }
            tries += 1;
            assert!(tries < 1_000, "anybody takes all the room");
        };
        full.refused(ProblemCode::RateLimited);
        for _ in 0..2 {
            sent(cloud, &his, &bert, &archive).await;
        }
        assert_eq!(cloud.items(&his, &bert).await.len(), 1);
        drop(waiting);
    }

    async fn an_archive_is_what_its_hash_says_or_nothing(cloud: &Cloud) {
        let anna = cloud.person("anna").await;
        let (versions, good) = (agent(cloud, &anna).await, Archive::saying("Count."));
        let (hash, other) = (good.hash.to_string(), Archive::saying("Another."));
        let mut flipped = good.bytes.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        for wrong in [
            other.bytes.clone(),
            flipped,
            good.bytes[..good.bytes.len() - 1].to_vec(),
            [&good.bytes[..], b"more"].concat(),
            Vec::new(),
            b"PK\x05\x06".to_vec(),
            with("../../etc/passwd", b"a"),
            with("/etc/passwd", b"a"),
            with("files\\..\\..\\a", b"a"),
            with("AGENT.TOML", b"a"),
            with("files/zeros", &vec![0; quotas::ARCHIVE_BYTES + 1]),
            with("files/new", b"a"),
        ] {
            let answer = put(cloud, &versions, &anna, &hash, &wrong).send().await;
            assert_eq!(answer.leak(), None, "{answer:?}");
            answer.refused(ProblemCode::Invalid);
        }
        let kind = cloud.put(&format!("{versions}/{hash}")).by(&anna);
        kind.body("application/octet-stream", good.bytes.clone()).send().await.refused(ProblemCode::UnsupportedMediaType);
        let large = vec![0; quotas::ARCHIVE_BYTES + 1];
        put(cloud, &versions, &anna, &hash, &large).send().await.refused(ProblemCode::TooLarge);
        for odd in [hash.to_uppercase(), hash[1..].to_owned(), format!("{hash}0"), "latest".to_owned(), format!("sha256:{hash}")] {
            put(cloud, &versions, &anna, &odd, &good.bytes).send().await.refused(ProblemCode::NotFound);
            cloud.get(&format!("{versions}/{odd}")).by(&anna).send().await.refused(ProblemCode::NotFound);
        }
        assert!(cloud.items(&versions, &anna).await.is_empty());
        sent(cloud, &versions, &anna, &good).await.is(201);
    }

    async fn what_others_keep_gives_nothing_away(cloud: &Cloud) {
        let (anna, eve) = (cloud.person("anna").await, cloud.person("eve").await);
        let (hers, theirs) = (agent(cloud, &anna).await, agent(cloud, &eve).await);
        let secret = Archive::saying("A plan.");
        sent(cloud, &hers, &anna, &secret).await.is(201);
        let path = format!("{theirs}/{}", secret.hash);
        // Who knows the hash alone has nothing by it.
        cloud.get(&path).by(&eve).send().await.refused(ProblemCode::NotFound);
        cloud.get(&path).by(&eve).header("if-none-match", "*").send().await.refused(ProblemCode::NotFound);
        let other = Archive::saying("Another.");
        let known = put(cloud, &theirs, &eve, &secret.hash.to_string(), &other.bytes).send().await.is(422);
        let unknown = put(cloud, &theirs, &eve, &Archive::saying("None.").hash.to_string(), &other.bytes).send().await.is(422);
        assert_eq!(known.read::<Value>()["detail"], unknown.read::<Value>()["detail"]);
        // Nor does who has the bytes learn that somebody else has them, or lose them with the other's.
        sent(cloud, &theirs, &eve, &secret).await.is(201);
        cloud.delete(hers.strip_suffix("/versions").unwrap()).by(&anna).send().await.is(204);
        cloud.get(&format!("{hers}/{}", secret.hash)).by(&anna).send().await.refused(ProblemCode::NotFound);
        assert_eq!(cloud.get(&path).by(&eve).send().await.is(200).body, secret.bytes);
    }
}
