//! How often sign-in may fail, without strangers being able to keep somebody out.
//!
//! Wrong tries are counted for each address, for each account from one address, and for each account from
//! everywhere. These counts stand in the way of browsers that nobody signed in with before and of no other: a
//! browser that did has a count of its own. Once the last of them is used up, no password from such a browser
//! is looked at, and a letter to the person makes the one that they use known ([`stranger`](super::stranger)).
//! So who guesses from many places stops themselves, and keeps nobody out.
//!
//! Counts are rows, so that all copies of the server share them and a restart forgets none.

use std::net::IpAddr;

use sea_orm::ConnectionTrait;
use slipway_contract::cloud::{AccountId, ProblemCode};

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
/// Wrong first codes of a new authenticator app.
pub const NEW_APP: Limit = Limit {
    most: 20,
    seconds: 3600,
};
/// So many wrong codes of an authenticator app, whose right ones are three of a million, may follow each other.
const CODES_AT_ONCE: i64 = 10;
/// How long the next one waits after these, in seconds; each further one waits twice as long as the one before.
const CODE_WAITS: i64 = 60;
/// For how long wrong codes are remembered after the last one, in seconds.
const CODES_KEPT: i64 = 24 * 3600;
/// Wrong codes of devices by one account, whose right ones are some of 25 thousand million.
pub const DEVICE_CODES: Limit = Limit {
    most: 20,
    seconds: 3600,
};
/// Letters that make a browser known, to one mailbox: as many as are good at once.
pub const LETTERS_TO_KNOW: Limit = Limit {
    most: 3,
    seconds: 24 * 3600,
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

/// Invitations that are mailed to one mailbox, whoever sends them.
pub const INVITATIONS_TO_MAILBOX: Limit = Limit {
    most: 20,
    seconds: 24 * 3600,
};
/// Invitations that one account mails to one mailbox: so few that nobody alone uses up what others may.
pub const INVITATIONS_BY_ONE_TO_MAILBOX: Limit = Limit {
    most: 5,
    seconds: 24 * 3600,
};
/// Invitations that one account mails, into whatever organization.
pub const INVITATIONS_BY_ACCOUNT: Limit = Limit {
    most: 200,
    seconds: 24 * 3600,
};
/// Invitations that are mailed from one network, by whatever accounts.
pub const INVITATIONS_FROM_NETWORK: Limit = Limit {
    most: 400,
    seconds: 24 * 3600,
};

/// How many times what one network of IPv6 may do is what a site of many networks may.
const SITE: i64 = 4;

/// The network that an address is of, and the site. In IPv6 a person has a /64 to themselves, which is a
/// network, and may have all of a /48, which is a site; in IPv4 an address is all of it.
fn places(address: &str) -> (String, Option<String>) {
    let Ok(IpAddr::V6(six)) = address.parse() else {
        return (address.to_owned(), None);
    };
    let [a, b, c, d, ..] = six.segments();
    let site = format!("{a:x}:{b:x}:{c:x}");
    (format!("{site}:{d:x}"), Some(site))
}

/// The site that an address is of.
#[must_use]
pub fn site(address: &str) -> String {
    let (network, site) = places(address);
    site.unwrap_or(network)
}

/// What is counted, of these parts. None of them holds a line's end: so no text that somebody types makes the key of
/// another count.
#[must_use]
pub fn key(parts: &[&str]) -> String {
    parts.join("\n")
}

/// The limits on what comes from an address: on its network, and looser ones on its site.
#[must_use]
pub fn by_place(what: &str, address: &str, limit: Limit) -> Vec<(String, Limit)> {
    let of = |place: String, most| (key(&[what, &place]), Limit { most, ..limit });
    let (network, site) = places(address);
    let mut limits = vec![of(network, limit.most)];
    limits.extend(site.map(|site| of(site, limit.most * SITE)));
    limits
}

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

/// A count that is used up.
#[derive(Debug)]
pub struct Full {
    /// What is counted, and of whom.
    pub key: String,
    /// When it begins anew.
    pub ends_at: Moment,
}

impl Full {
    /// That it was tried too often, and when to come again.
    #[must_use]
    pub fn later(&self, now: Moment) -> Failure {
        let seconds = u32::try_from((self.ends_at.0 - now.0).max(0) / 1000 + 1).unwrap_or(u32::MAX);
        let after = match seconds.div_ceil(60) {
            minutes @ 0..=120 => format!("{minutes} min"),
            minutes => format!("{} h", (minutes + 30) / 60),
        };
        Failure::later(
            ProblemCode::RateLimited,
            format!("That was tried too often. Try again in {after}."),
            seconds,
        )
    }
}

/// Counts one more for each; or for none, if one of them is used up, which it says.
///
/// # Errors
/// The database's.
pub async fn count(
    on: &impl ConnectionTrait,
    limits: &[(String, Limit)],
    now: Moment,
) -> Result<Option<Full>, Failure> {
    let mut rows = Vec::with_capacity(limits.len());
    for (key, limit) in limits {
        let mut row = counted(on, key, *limit, now).await?;
        if row.count >= limit.most {
            return Ok(Some(Full {
                key: key.clone(),
                ends_at: row.ends_at,
            }));
        }
        row.count += 1;
        rows.push(row);
    }
    for row in rows {
        counts::put(on, row).await?;
    }
    Ok(None)
}

/// Forgets what was counted of this key.
///
/// # Errors
/// The database's.
pub async fn forget(on: &impl ConnectionTrait, key: &str) -> Result<(), Failure> {
    Ok(counts::delete(on, &fingerprint(key)).await?)
}

/// Whether one of them is used up.
///
/// # Errors
/// The database's.
pub async fn is_full(
    on: &impl ConnectionTrait,
    limits: &[(String, Limit)],
    now: Moment,
) -> Result<bool, Failure> {
    for (key, limit) in limits {
        if limit.most <= counted(on, key, *limit, now).await?.count {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Counts one more for each in a transaction, and goes on if none of them is used up.
///
/// # Errors
/// That it was too often, and when to come again; the database's.
pub async fn take_on(
    on: &impl ConnectionTrait,
    limits: &[(String, Limit)],
    now: Moment,
) -> Result<(), Failure> {
    match count(on, limits, now).await? {
        Some(full) => Err(full.later(now)),
        None => Ok(()),
    }
}

/// Counts one more for each, and goes on if none of them is used up. Keys say what is counted, and of whom.
///
/// # Errors
/// That it was too often, and when to come again; the database's.
pub async fn take(server: &Server, limits: &[(String, Limit)]) -> Result<(), Failure> {
    let now = server.clock.now();
    server
        .database
        .write(|on| async move { take_on(&on, limits, now).await })
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

fn codes_of(account: AccountId) -> String {
    format!("wrong codes of {account}")
}

/// Whether it is too soon to try a code of an account's app. Recovery codes and passkeys are not guessed and
/// need no such limit: so whoever knows a password and tries codes keeps nobody from the rest.
///
/// # Errors
/// The database's.
pub async fn too_soon(
    on: &impl ConnectionTrait,
    account: AccountId,
    now: Moment,
) -> Result<Option<Full>, Failure> {
    let key = codes_of(account);
    let Some(row) = counts::find(on, &fingerprint(&key), now).await? else {
        return Ok(None);
    };
    let beyond = row.count - CODES_AT_ONCE;
    if beyond < 0 {
        return Ok(None);
    }
    let waits = (CODE_WAITS << beyond.min(20)).min(CODES_KEPT);
    let ends_at = row.ends_at.plus_seconds(waits - CODES_KEPT);
    Ok((now < ends_at).then_some(Full { key, ends_at }))
}

/// Remembers that a code was wrong.
///
/// # Errors
/// The database's.
pub async fn wrong_code(
    on: &impl ConnectionTrait,
    account: AccountId,
    now: Moment,
) -> Result<(), Failure> {
    let hash = fingerprint(&codes_of(account)).to_vec();
    let there = counts::find(on, &hash, now).await?;
    let row = counts::Model {
        hash,
        count: there.map_or(0, |row| row.count) + 1,
        ends_at: now.plus_seconds(CODES_KEPT),
    };
    Ok(counts::put(on, row).await?)
}

/// Forgets the wrong codes: who tried them does not know the password any more.
///
/// # Errors
/// The database's.
pub async fn forget_codes(on: &impl ConnectionTrait, account: AccountId) -> Result<(), Failure> {
    Ok(counts::delete(on, &fingerprint(&codes_of(account))).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_a_limit_besides_its_networks() {
        let of = |address: &str| {
            let limits = by_place("tries", address, ONE_ACCOUNT_ONE_PLACE);
            let short = |(key, limit): (String, Limit)| (key, limit.most);
            limits.into_iter().map(short).collect::<Vec<_>>()
        };
        assert_eq!(of("192.0.2.1"), [("tries\n192.0.2.1".to_owned(), 10)]);
        let (one, other) = (of("2001:db8:1:2::3"), of("2001:db8:1:f::3"));
        assert_eq!(one[0], ("tries\n2001:db8:1:2".to_owned(), 10));
        assert_eq!(one[1], ("tries\n2001:db8:1".to_owned(), 40));
        assert_ne!(one[0], other[0]);
        assert_eq!(one[1], other[1]);
        assert_eq!(site("2001:db8:1:2::3"), site("2001:db8:1:f::3"));
        assert_eq!(site("192.0.2.1"), "192.0.2.1");
    }
}
