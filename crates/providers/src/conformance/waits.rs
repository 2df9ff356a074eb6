//! Silence, and a caller who leaves.

use std::time::Duration;

use slipway_agent::ports::model::ModelErrorKind as Kind;

use super::place::{Heard, Place, script};
use crate::attempt::Patience;
use crate::scripted::{Answer, Reply, ScriptedServer};

/// Longer than any test takes.
const NEVER: Duration = Duration::from_secs(3_600);

const PATIENCE: Duration = Duration::from_millis(200);

fn long(place: Place) -> Reply {
    Reply::from(place.says(Answer::text("word ".repeat(400))))
}

pub(super) async fn silent(place: Place) {
    let place = place.with_patience(Patience {
        first: PATIENCE,
        idle: NEVER,
    });
    // It may run out before the request is even there.
    let server = script([long(place).after(NEVER)]);
    let (answer, _) = place.ask(&server, &place.request()).await;
    let error = answer.unwrap_err();
    assert_eq!(error.kind, Kind::Timeout, "{error}");
}

/// It begins to answer, and the connection stays open without another byte.
pub(super) async fn never_ends(place: Place) {
    let place = place.with_patience(Patience {
        first: NEVER,
        idle: PATIENCE,
    });
    let error = place
        .failure(long(place).cut_after(1_500).ending_after(NEVER))
        .await;
    assert_eq!(error.kind, Kind::Timeout, "{error}");
}

pub(super) async fn cancelled(place: Place) {
    let server = script([long(place).cut_after(1_500).ending_after(NEVER)]);
    let (client, request) = (place.client(&server), place.request());
    let heard = Heard::default();
    tokio::select! {
        biased;
        answer = client.call(&request, &heard) => panic!("it does not end: {answer:?}"),
        () = until(&server, ScriptedServer::replies_begun) => {}
    }
    // The call is dropped.
    until(&server, ScriptedServer::connections_lost).await;
    assert_eq!(server.connections_lost(), 1);
    assert_eq!(server.requests().len(), 1);
}

/// Waits until the server has counted one of these.
async fn until(server: &ScriptedServer, counted: fn(&ScriptedServer) -> usize) {
    while counted(server) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
