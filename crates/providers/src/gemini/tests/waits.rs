//! Silence, and a caller who leaves.

use slipway_agent::ports::model::ModelErrorKind;

use super::*;
use crate::scripted::Answer;

/// Longer than any test takes.
const NEVER: Duration = Duration::from_secs(600);

fn begun(way: Way) -> Reply {
    let chunk = json!({"candidates": [{"content": {"parts": [{"text": "Half of"}]}}]});
    match way {
        Way::Streamed => Reply::events(format!("data: {chunk}\n\n")),
        Way::Whole => Reply::bytes(200, "application/json", "{\"candidates\": ["),
    }
}

#[tokio::test]
async fn a_server_that_never_answers_times_out() {
    for way in WAYS {
        let server = script([Reply::from(Answer::text("Late")).after(NEVER)]);
        let patience = Patience {
            first: Duration::from_millis(300),
            ..Patience::default()
        };
        let client = patient_client(&server, MODEL, way, patience);
        let error = client
            .call(&request(), &Heard::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind, ModelErrorKind::Timeout, "{way:?}: {error}");
    }
}

#[tokio::test]
async fn an_answer_that_falls_silent_times_out() {
    for way in WAYS {
        let server = script([begun(way).ending_after(NEVER)]);
        let patience = Patience {
            idle: Duration::from_millis(300),
            ..Patience::default()
        };
        let client = patient_client(&server, MODEL, way, patience);
        let error = client
            .call(&request(), &Heard::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind, ModelErrorKind::Timeout, "{way:?}: {error}");
    }
}

#[tokio::test]
async fn slow_is_not_silent() {
    let slowly = |way| async move {
        let reply = Reply::from(Answer::text("word ".repeat(20)));
        let size = match way {
            Way::Streamed => 150,
            Way::Whole => 10,
        };
        let server = script([reply.in_pieces(size, Duration::from_millis(100))]);
        // Less than the whole answer takes, and many times what there is between two pieces.
        let idle = Duration::from_secs(2);
        let patience = Patience {
            idle,
            ..Patience::default()
        };
        let client = patient_client(&server, MODEL, way, patience);
        let begun = tokio::time::Instant::now();
        let response = client.call(&request(), &Heard::default()).await.unwrap();
        assert_eq!(response.content, [said(&"word ".repeat(20))], "{way:?}");
        assert!(begun.elapsed() > idle, "{way:?}: it was not slow");
    };
    tokio::join!(slowly(Way::Streamed), slowly(Way::Whole));
}

#[tokio::test]
async fn a_caller_who_leaves_closes_the_connection() {
    let server = script([begun(Way::Streamed).ending_after(NEVER)]);
    let client = client(&server, Way::Streamed);
    let (request, heard) = (request(), Heard::default());
    {
        let mut call = std::pin::pin!(client.call(&request, &heard));
        while heard.text.lock().unwrap().is_empty() {
            let moment = tokio::time::sleep(Duration::from_millis(10));
            tokio::select! {
                ended = &mut call => panic!("{ended:?}"),
                () = moment => {}
            }
        }
    }
    while server.connections_lost() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
