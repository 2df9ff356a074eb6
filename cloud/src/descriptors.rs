//! How many connections the system lets the server hold: each is a file descriptor, of which a process has so many.

/// The most connections that are held when nothing else is said, whatever the system would let.
const ENOUGH: usize = 10_000;
/// The descriptors that are left for all else: archives on their way in, logs, mail, and other services.
#[cfg(unix)]
const ELSE: usize = crate::package::UPLOADS + 64;
/// How many each connection to the database takes: SQLite's has three files.
#[cfg(unix)]
const EACH: usize = 3;

/// Lets this process have as many as it may have at all.
#[cfg(unix)]
pub fn raise() {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Some systems say that there is no end, and let nobody have that.
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::debug!(%error, "the limit of descriptors stays as it is");
    }
}

/// The same where there is no such limit.
#[cfg(not(unix))]
pub fn raise() {}

/// How many connections may be held beside so many to the database: so many if that is said, and never more than
/// there are descriptors for.
#[must_use]
pub fn connections(said: Option<usize>, database: u32) -> usize {
    let free = free(database);
    match said {
        Some(said) if said > free => {
            tracing::warn!(said, free, "the system lets fewer connections be held");
            free
        }
        Some(said) => said,
        None => free.min(ENOUGH),
    }
}

#[cfg(unix)]
fn free(database: u32) -> usize {
    use rustix::process::{Resource, getrlimit};

    let all = getrlimit(Resource::Nofile).current;
    let all = all.map_or(usize::MAX, |all| usize::try_from(all).unwrap_or(usize::MAX));
    let taken = usize::try_from(database)
        .unwrap_or(usize::MAX)
        .saturating_mul(EACH);
    // Few are better than none, which would be no server.
    all.saturating_sub(taken.saturating_add(ELSE)).max(16)
}

#[cfg(not(unix))]
fn free(_database: u32) -> usize {
    usize::MAX
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn no_more_connections_than_descriptors() {
        raise();
        let free = free(16);
        assert_eq!(connections(None, 16), free.min(ENOUGH));
        assert_eq!(connections(Some(5), 16), 5);
        assert_eq!(connections(Some(usize::MAX), 16), free);
    }
}
