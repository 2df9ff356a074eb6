//! A disk that is full, and has room again: what was answered as done is kept.

use sea_orm::sqlx;
use serde_json::{Value, json};
use slipway_contract::cloud::ProblemCode;

use crate::kit::{Cloud, Engine, Person};

/// The most connections that a test's server has to its database.
const CONNECTIONS: usize = 8;

/// Lets the database's file grow no further, or as it likes, for all connections that are there now.
async fn let_grow(cloud: &Cloud, pages: u32) {
    let pool = cloud.server.database.pool().get_sqlite_connection_pool();
    let mut all = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut one = pool.acquire().await.unwrap();
        // Less than what is there means: no more.
        let bound = format!("PRAGMA max_page_count = {pages}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(bound))
            .execute(&mut *one)
            .await
            .unwrap();
        all.push(one);
    }
}

async fn make(cloud: &Cloud, by: &Person, name: &str) -> crate::kit::Answer {
    let new = json!({"name": name, "title": name, "description": "x".repeat(1000)});
    cloud.post("/api/v1/agents").by(by).json(&new).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_as_done_is_kept() {
    let cloud = Cloud::start(Engine::Sqlite).await;
    let anna = cloud.person("anna").await;
    let mut done = Vec::new();
    for round in 0..3 {
        let_grow(&cloud, 1).await;
        let refused = loop {
            let name = format!("agent-{round}-{}", done.len());
            let answer = make(&cloud, &anna, &name).await;
            if answer.status != 201 {
                break answer;
            }
            done.push(name);
        };
        assert_eq!(refused.header("retry-after"), "2", "{refused:?}");
        refused.refused(ProblemCode::Unavailable);
        let_grow(&cloud, 1_000_000).await;
        for at in 0..4 {
            let name = format!("after-{round}-{at}");
            make(&cloud, &anna, &name).await.is(201);
            done.push(name);
        }
        cloud.get("/ready").send().await.is(204);
    }
    let again = cloud.restarted().await;
    let page = again.get("/api/v1/agents?limit=100").by(&anna).send().await;
    let page = page.is(200).read::<Value>();
    let kept = page["items"].as_array().unwrap().iter();
    let mut kept: Vec<_> = kept
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect();
    kept.sort();
    done.sort();
    assert_eq!(kept, done);
    again.stop().await;
    cloud.stop().await;
}
