//! What a failed attempt may have cost: what was turned away nothing, what was cut off nobody knows.

use slipway_agent::ports::model::Billing;

use super::*;
use crate::scripted::Answer;

#[tokio::test]
async fn what_is_turned_away_is_not_billed_and_what_fails_at_work_may_be() {
    for way in WAYS {
        for (status, billing) in [
            (400, Billing::Nothing),
            (401, Billing::Nothing),
            (402, Billing::Nothing),
            (403, Billing::Nothing),
            (404, Billing::Nothing),
            (413, Billing::Nothing),
            (429, Billing::Nothing),
            (408, Billing::Unknown),
            (500, Billing::Unknown),
            (502, Billing::Unknown),
            (503, Billing::Unknown),
            (504, Billing::Unknown),
        ] {
            let body =
                json!({"error": {"message": "No.", "type": "x", "param": null, "code": null}});
            let server = script([Reply::error(status, &body)]);
            let error = failure(&server, way).await;
            assert_eq!(error.billing, billing, "{way:?} {status}: {error}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_broke_off_may_be_billed_whatever_it_says() {
    let limited = "data: {\"error\":{\"message\":\"Oops\",\"code\":429}}\n\n";
    let server = script([Reply::events(limited)]);
    assert_eq!(failure(&server, WAYS[0]).await.billing, Billing::Unknown);
    for way in WAYS {
        let server = script([Reply::from(Answer::text("The total.")).cut_after(61)]);
        assert_eq!(
            failure(&server, way).await.billing,
            Billing::Unknown,
            "{way:?}"
        );
    }
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let server = script([] as [Reply; 0]);
    let client = client(&server, WAYS[0]);
    let address = server.address();
    drop(server);
    while std::net::TcpStream::connect(address).is_ok() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let error = client.call(&request(), &Heard::default()).await;
    assert_eq!(error.unwrap_err().billing, Billing::Nothing);
}
