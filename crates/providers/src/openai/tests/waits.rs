//! Silence, and a caller who leaves.

use super::*;
use crate::scripted::Answer;

#[tokio::test]
async fn a_server_that_never_answers_times_out() {
    for way in WAYS {
        let server = script([Reply::from(Answer::text("Late")).after(Duration::from_secs(30))]);
        let client = patient_client(&server, way, short_patience());
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
        let patience = Patience {
            first: Duration::from_secs(30),
            ..short_patience()
        };
        let reply = Reply::from(Answer::text("word ".repeat(400)))
            .in_pieces(1200, Duration::from_millis(600));
        let server = script([reply]);
        let client = patient_client(&server, way, patience);
        let error = client
            .call(&request(), &Heard::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind, ModelErrorKind::Timeout, "{way:?}: {error}");
    }
}

#[tokio::test]
async fn slow_is_not_silent() {
    for way in WAYS {
        let reply =
            Reply::from(Answer::text("word ".repeat(20))).in_pieces(400, Duration::from_millis(40));
        let server = script([reply]);
        let client = patient_client(&server, way, short_patience());
        let response = client.call(&request(), &Heard::default()).await.unwrap();
        assert_eq!(response.content, [said(&"word ".repeat(20))], "{way:?}");
    }
}

#[tokio::test]
async fn a_caller_who_leaves_closes_the_connection() {
    for way in WAYS {
        let reply = Reply::from(Answer::text("word ".repeat(400)))
            .in_pieces(200, Duration::from_millis(50));
        let server = script([reply]);
        let client = client(&server, way);
        let request = request();
        let heard = Heard::default();
        let call = client.call(&request, &heard);
        let left = tokio::time::timeout(Duration::from_millis(300), call).await;
        assert!(left.is_err(), "{way:?}: the answer takes longer than that");
        for _ in 0..100 {
            if server.connections_lost() > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(server.connections_lost(), 1, "{way:?}");
    }
}
