//! What was kept before a migration is there after it.

use std::borrow::Cow;

use sea_orm::{ConnectionTrait as _, Statement, Value};
use slipway_cloud::database::Database;
use sqlx::migrate::Migrator;
use uuid::Uuid;

use crate::kit::{Engine, empty};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/cloud");

/// Makes the tables as they were before this migration.
async fn migrate_before(version: i64, database: &Database, engine: Engine) {
    let first = MIGRATIONS.iter().filter(|each| each.version < version);
    let migrations = Migrator {
        migrations: Cow::Owned(first.cloned().collect()),
        ..Migrator::DEFAULT
    };
    let pool = database.pool();
    let made = match engine {
        Engine::Sqlite => migrations.run(pool.get_sqlite_connection_pool()).await,
        Engine::Postgres => migrations.run(pool.get_postgres_connection_pool()).await,
    };
    made.expect("the tables as they were");
}

async fn archives_that_were_kept_whole_are_kept_in_parts(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let url = empty(engine, &folder).await;
    let database = Database::open(&url, 1).await.expect("the database opens");
    migrate_before(7, &database, engine).await;
    let said = |text: &str, values: Vec<Value>| {
        Statement::from_sql_and_values(database.engine(), text, values)
    };
    let insert = async |text: &str, values: Vec<Value>| {
        let done = database.read().execute_raw(said(text, values)).await;
        done.expect("kept");
    };
    let [organization, account, theirs, private, first, second] =
        [1, 2, 3, 4, 5, 6].map(Uuid::from_u128);
    let (hash, length) = (vec![7_u8; 32], 600_000);
    let archive: Vec<u8> = (0..length).map(|at: u32| (at % 251) as u8).collect();
    insert(
        "insert into organizations values ($1, 'Harbour', 1, 1)",
        vec![organization.into()],
    )
    .await;
    insert(
        "insert into accounts (id, email, email_key, name, is_operator, revision, created_at) values ($1, 'a', 'a', 'Anna', false, 1, 1)",
        vec![account.into()],
    )
    .await;
    insert(
        "insert into package_contents values ($1, $2, $3)",
        vec![
            organization.into(),
            hash.clone().into(),
            archive.clone().into(),
        ],
    )
    .await;
    // Of two versions with the same archive one is of an agent that became private.
    for (agent, private_to, version) in [
        (theirs, None::<Uuid>, first),
        (private, Some(account), second),
    ] {
        insert(
            "insert into agents values ($1, $2, $3, null, 'n', 't', '', 1, 1, 1)",
            vec![agent.into(), organization.into(), private_to.into()],
        )
        .await;
        insert(
            "insert into agent_versions values ($1, $2, $3, $4, $5, 1, null, 1)",
            vec![
                version.into(),
                agent.into(),
                hash.clone().into(),
                organization.into(),
                i64::from(length).into(),
            ],
        )
        .await;
    }
    database.migrate().await.expect("the tables as they are");
    for (version, owner) in [(first, organization), (second, account)] {
        let text = "select part, bytes from archive_parts where version_id = $1 order by part";
        let parts = database
            .read()
            .query_all_raw(said(text, vec![version.into()]));
        let parts = parts.await.expect("parts");
        let at: Vec<i64> = parts
            .iter()
            .map(|part| part.try_get("", "part").unwrap())
            .collect();
        assert_eq!(at, [0, 1, 2]);
        let whole: Vec<u8> = parts
            .iter()
            .flat_map(|part| part.try_get::<Vec<u8>>("", "bytes").unwrap())
            .collect();
        assert!(whole == archive);
        let text = "select owner from agent_versions where id = $1";
        let row = database
            .read()
            .query_one_raw(said(text, vec![version.into()]));
        let row = row.await.expect("an answer").expect("a row");
        assert_eq!(row.try_get::<Uuid>("", "owner").unwrap(), owner);
    }
    database.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn archives_on_sqlite() {
    archives_that_were_kept_whole_are_kept_in_parts(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn archives_on_needs_postgres() {
    archives_that_were_kept_whole_are_kept_in_parts(Engine::Postgres).await;
}
