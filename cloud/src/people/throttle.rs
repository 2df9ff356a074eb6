//! How often sign-in may fail, without strangers being able to keep somebody out.
//!
//! Wrong tries are counted for each address, for each account from one address, and for each account from
//! everywhere. The last of these counts stands in the way of browsers that nobody signed in with before
//! and of no other: a browser that did has a count of its own. So who guesses from many places stops
//! themselves, and the person goes on with the browser they use, with a passkey, or with a reset by mail.
//!
//! Counts are rows, so that all copies of the server share them and a restart forgets none.

use sea_orm::ConnectionTrait;
use slipway_contract::cloud::ProblemCode;

use crate::clock::Moment;
use crate::failure::Failure;
use crate::seal::fingerprint;
use crate::server::Server;
use crate::tables::counts;

/// How many in how many seconds.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// How many.
    pub most: i64,
    /// In how many seconds.
    pub seconds: i64,
}

/// Wrong passwords or codes for one account from one address or one known browser.
pub const ONE_ACCOUNT_ONE_PLACE: Limit = Limit {
    most: 10,
    seconds: 15 * 60,
};
/// Wrong passwords from one address, behind which may be many people.
pub const ONE_ADDRESS: Limit = Limit {
    most: 100,
    seconds: 15 * 60,
};
/// Wrong passwords for one account from browsers that are not known.
pub const ONE_ACCOUNT: Limit = Limit {
    most: 100,
    seconds: 3600,
};
/// Wrong codes of a second factor, whose right one is one of a million.
pub const CODES: Limit = Limit {
    most: 20,
    seconds: 24 * 3600,
};
/// Wrong codes of devices by one account, whose right ones are some of 25 thousand million.
pub const DEVICE_CODES: Limit = Limit {
    most: 20,
    seconds: 3600,
};
/// Letters to one mailbox that anybody can ask for.
pub const LETTERS: Limit = Limit {
    most: 4,
    seconds: 3600,
};
/// Letters that are asked for from one address.
pub const LETTERS_OF_ADDRESS: Limit = Limit {
    most: 30,
    seconds: 3600,
};

/// How many there are of what this key says, and when the count begins anew.
async fn counted(
    on: &impl ConnectionTrait,
    key: &str,
    limit: Limit,
    now: Moment,
) -> Result<counts::Model, Failure> {
    let hash = fingerprint(key).to_vec();
    let row = counts::find(on, &hash, now).await?;
    Ok(row.unwrap_or_else(|| counts::Model {
        hash,
        count: 0,
        ends_at: now.plus_seconds(limit.seconds),
    }))
}

/// Counts one more for each, and goes on if none of them is used up. Keys say what is counted, and of whom.
///
/// # Errors
/// That it was too often, and when to come again; the database's.
pub async fn take(server: &Server, limits: &[(String, Limit)]) -> Result<(), Failure> {
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            for (key, limit) in limits {
                let mut row = counted(&on, key, *limit, now).await?;
                if row.count >= limit.most {
                    return Err(too_often(row.ends_at, now));
                }
                row.count += 1;
                counts::put(&on, row).await?;
            }
            Ok(())
        })
        .await
}

/// Takes one off each of these, as nothing was wrong.
///
/// # Errors
/// The database's.
pub async fn give_back(server: &Server, limits: &[(String, Limit)]) -> Result<(), Failure> {
    let now = server.clock.now();
    server
        .database
        .write(|on| async move {
            for (key, limit) in limits {
                let mut row = counted(&on, key, *limit, now).await?;
                if 0 < row.count {
                    row.count -= 1;
                    counts::put(&on, row).await?;
                }
            }
            Ok(())
        })
        .await
}

fn too_often(ends_at: Moment, now: Moment) -> Failure {
    let seconds = u32::try_from((ends_at.0 - now.0).max(0) / 1000 + 1).unwrap_or(u32::MAX);
    let minutes = seconds.div_ceil(60);
    Failure::later(
        ProblemCode::RateLimited,
        format!("That was tried too often. Try again in {minutes} min."),
        seconds,
    )
}
