//! From what was kept to what is shown.

use data_encoding::BASE64;
use slipway_agent::ports::model::Exchanged;
use slipway_contract::wire::{WireBody, WireCall, WireExchange, WireHeader, WireMessage, WirePage};
use slipway_store::WireEntry;

use super::{Wired, curl, json};

pub(super) fn call(entry: &WireEntry) -> WireCall {
    WireCall {
        run_id: entry.run,
        step: entry.step,
        attempt: entry.attempt,
        model: entry.model.clone(),
        at: entry.at,
        took_ms: entry.took_ms,
        status: entry.status,
        request_bytes: entry.request_bytes,
        response_bytes: entry.response_bytes,
        cut: entry.cut,
    }
}

/// The attempt in all forms, of each body at most this much in the one for people.
pub(super) fn wired(entry: &WireEntry, exchanged: Exchanged, shown: usize) -> Wired {
    let call = call(entry);
    let request_headers = headers(&exchanged.request_headers);
    let response_headers = headers(&exchanged.response_headers);
    // What is not kept of it are the files, which are told of one by one.
    let whole = exchanged.request_body.len() as u64;
    let request = WireMessage {
        files: exchanged.request_files.clone(),
        ..message(&request_headers, &exchanged.request_body, whole, shown)
    };
    let answer = exchanged.status.map(|_| {
        message(
            &response_headers,
            &exchanged.response_body,
            call.response_bytes,
            shown,
        )
    });
    Wired {
        page: WirePage {
            call: call.clone(),
            url: exchanged.url.clone(),
            request,
            answer,
            curl: curl::curl(&exchanged, &call),
        },
        exchange: WireExchange {
            call,
            request_headers,
            request_body: body(&exchanged.request_body),
            request_files: exchanged.request_files,
            response_headers,
            response_body: body(&exchanged.response_body),
            url: exchanged.url,
        },
        answer: exchanged.response_body,
        request: exchanged.request_body,
    }
}

fn headers(headers: &[(String, String)]) -> Vec<WireHeader> {
    let header = |(name, value): &(String, String)| WireHeader {
        name: name.clone(),
        value: value.clone(),
    };
    headers.iter().map(header).collect()
}

fn body(bytes: &[u8]) -> WireBody {
    match std::str::from_utf8(bytes) {
        Ok(text) => WireBody::Text(text.to_owned()),
        Err(_) => WireBody::Base64(BASE64.encode(bytes)),
    }
}

fn message(headers: &[WireHeader], body: &[u8], whole: u64, shown: usize) -> WireMessage {
    let text = String::from_utf8_lossy(body);
    let mut text = json::indented(&text).unwrap_or_else(|| text.into_owned());
    let not_kept = whole.saturating_sub(body.len() as u64);
    let cut = text.floor_char_boundary(shown);
    let not_shown = (text.len() - cut) as u64;
    text.truncate(cut);
    WireMessage {
        headers: headers.to_vec(),
        body: text,
        left_out: not_kept + not_shown,
        files: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_body_says_how_much_is_left_out() {
        let shown = message(&[], "größer".as_bytes(), 108, 3);
        assert_eq!((&*shown.body, shown.left_out), ("gr", 106));
        let shown = message(&[], b"{\"a\":1}", 7, usize::MAX);
        assert_eq!((&*shown.body, shown.left_out), ("{\n  \"a\": 1\n}", 0));
        let shown = message(&[], b"\xffdata", 5, usize::MAX);
        assert_eq!(shown.body, "\u{fffd}data");
    }

    #[test]
    fn a_body_that_is_no_text_is_base64() {
        assert_eq!(body(b"text"), WireBody::Text("text".into()));
        let json = serde_json::to_string(&body(&[0xff])).unwrap();
        assert_eq!(json, r#"{"base64":"/w=="}"#);
    }
}
