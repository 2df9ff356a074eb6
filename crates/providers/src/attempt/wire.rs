//! What went over the wire, for a person who wants to see it.

use http::header::{CONTENT_ENCODING, SET_COOKIE, USER_AGENT};
use http::{HeaderMap, StatusCode};
use slipway_agent::ports::model::{Exchanged, Unclean};
use slipway_contract::Secret;
use slipway_contract::message::Message;
use slipway_contract::wire::WireCut;
use slipway_net::Scrubber;

use super::files;

/// Bytes of an answer's body that are kept.
const KEPT: usize = 4 << 20;
/// Stands where something secret stood.
const MASK: &str = "[secret]";

/// An exchange as it goes on.
#[derive(Debug, Default)]
pub(super) struct Wire {
    exchanged: Exchanged,
    /// The request's body, which the HTTP client shares.
    sent: Option<reqwest::Body>,
    /// The answer's body is packed in a way that nobody asked for: what is secret in it could not
    /// be found.
    is_packed: bool,
}

impl Wire {
    pub(super) fn begin(&mut self, request: &reqwest::Request, key_name: Option<&str>) {
        let key = format!("${}", key_name.unwrap_or("KEY"));
        self.exchanged.url = request.url().to_string();
        self.exchanged.request_headers = headers(request.headers(), &key);
        let agent = (USER_AGENT.to_string(), slipway_net::USER_AGENT.to_owned());
        let is_named = request.headers().contains_key(USER_AGENT);
        // The client adds it to each request that does not name itself.
        self.exchanged
            .request_headers
            .extend((!is_named).then_some(agent));
        self.sent = request
            .try_clone()
            .and_then(|mut same| same.body_mut().take());
        self.exchanged.request_bytes = self.sent().len() as u64;
        // Until it is known to have come to its end.
        self.exchanged.cut = Some(WireCut::LetGo);
    }

    fn sent(&self) -> &[u8] {
        let bytes = self.sent.as_ref().and_then(reqwest::Body::as_bytes);
        bytes.unwrap_or_default()
    }

    /// The answer came to its end, or why it did not.
    pub(super) const fn end(&mut self, cut: Option<WireCut>) {
        self.exchanged.cut = cut;
    }

    pub(super) fn answer(&mut self, status: StatusCode, answered: &HeaderMap) {
        self.exchanged.status = Some(status.as_u16());
        self.exchanged.response_headers = headers(answered, MASK);
        // The HTTP client unpacks what it asked for, and takes this header away.
        let encodings = answered.get_all(CONTENT_ENCODING).iter();
        self.is_packed = encodings
            .map(http::HeaderValue::as_bytes)
            .any(|encoding| !encoding.eq_ignore_ascii_case(b"identity"));
    }

    pub(super) fn take(&mut self, bytes: &[u8]) {
        let exchanged = &mut self.exchanged;
        exchanged.response_bytes += bytes.len() as u64;
        if !self.is_packed {
            let room = KEPT - exchanged.response_body.len();
            let taken = &bytes[..bytes.len().min(room)];
            exchanged.response_body.extend_from_slice(taken);
        }
    }

    /// What went over the wire, to be cleaned of the key; none when nothing was sent. The files of
    /// these messages are left out of it.
    pub(super) fn unclean(mut self, key: Option<Secret>, messages: &[Message]) -> Option<Unclean> {
        if self.exchanged.url.is_empty() {
            return None;
        }
        let cut_out = files::cut_out(self.sent(), messages);
        if cut_out.is_some() {
            self.sent = None;
        }
        let request = cut_out
            .as_ref()
            .map_or(self.sent().len(), files::CutOut::bytes);
        let bytes = request + self.exchanged.response_body.len();
        Some(Unclean::new(bytes, move || {
            let key = key.as_ref().map_or("", |key| key.expose().trim());
            self.cleaned(key, cut_out)
        }))
    }

    /// Without the key, in whatever form.
    fn cleaned(self, key: &str, cut_out: Option<files::CutOut>) -> Exchanged {
        // It holds what the journal holds. A person who wrote the key there shall not spread it
        // further with a command that they copy.
        let written = Scrubber::unencoded(&[key]);
        let (body, files) = match cut_out {
            Some(cut_out) => cut_out.noted(&written),
            None => (written.bytes(self.sent().to_vec()), Vec::new()),
        };
        let mut wire = self.exchanged;
        (wire.request_body, wire.request_files) = (body, files);
        if key.is_empty() {
            return wire;
        }
        let scrubber = Scrubber::new(&[key]);
        wire.url = scrubber.text(&wire.url).into_owned();
        let headers = wire
            .request_headers
            .iter_mut()
            .chain(&mut wire.response_headers);
        for (_, value) in headers {
            *value = scrubber.text(value).into_owned();
        }
        wire.response_body = scrubber.bytes(wire.response_body);
        wire
    }
}

/// Headers as they are shown: one that carries a key shows its name, a cookie nothing.
fn headers(headers: &HeaderMap, key: &str) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let shown = if value.is_sensitive() {
                match value.as_bytes().starts_with(b"Bearer ") {
                    true => format!("Bearer {key}"),
                    false => key.to_owned(),
                }
            } else if name == SET_COOKIE {
                MASK.to_owned()
            } else {
                String::from_utf8_lossy(value.as_bytes()).into_owned()
            };
            (name.to_string(), shown)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const SECRET: &str = "sk-proj-0123456789abcdefghijklmnopqrstuvwxyz";

    fn begun(body: &str) -> Wire {
        let url = reqwest::Url::parse("http://127.0.0.1:1/v1/responses").unwrap();
        let mut request = reqwest::Request::new(http::Method::POST, url);
        let mut key = HeaderValue::from_str(&format!("Bearer {SECRET}")).unwrap();
        key.set_sensitive(true);
        request.headers_mut().insert("authorization", key);
        *request.body_mut() = Some(body.to_owned().into());
        let mut wire = Wire::default();
        wire.begin(&request, Some("OPENAI_API_KEY"));
        wire
    }

    fn answered(headers: &[(&'static str, &str)]) -> Wire {
        let mut wire = begun("{}");
        let headers = headers
            .iter()
            .map(|(name, value)| ((*name).try_into().unwrap(), value.parse().unwrap()));
        wire.answer(StatusCode::OK, &headers.collect());
        wire
    }

    fn cleaned(wire: Wire) -> Exchanged {
        let key = Some(Secret::new(SECRET.to_owned()));
        wire.unclean(key, &[]).unwrap().cleaned()
    }

    fn leaks(exchanged: &Exchanged) -> bool {
        format!(
            "{exchanged:?}{}",
            String::from_utf8_lossy(&exchanged.response_body)
        )
        .contains(&SECRET[..12])
    }

    #[test]
    fn the_key_shows_its_name_and_its_echo_nothing() {
        let mut wire = answered(&[
            ("x-request-id", SECRET),
            ("set-cookie", "session=secret"),
            ("retry-after", "3"),
        ]);
        // Each piece alone holds less than the key.
        let body = format!("\u{ff} says {SECRET}.");
        for piece in body.as_bytes().chunks(5) {
            wire.take(piece);
        }
        let exchanged = cleaned(wire);
        assert!(!leaks(&exchanged), "{exchanged:?}");
        assert_eq!(
            exchanged.request_headers[..1],
            [(
                "authorization".to_owned(),
                "Bearer $OPENAI_API_KEY".to_owned()
            )]
        );
        assert_eq!(exchanged.response_headers[1].1, MASK);
        assert_eq!(exchanged.response_headers[2].1, "3");
        assert_eq!(exchanged.response_body, "\u{ff} says [secret].".as_bytes());
        assert_eq!(exchanged.response_bytes, body.len() as u64);
    }

    #[test]
    fn bytes_that_are_no_text_stay_as_they_came() {
        let mut wire = answered(&[]);
        let bytes: Vec<u8> = (0..=255).collect();
        wire.take(&bytes);
        assert_eq!(cleaned(wire).response_body, bytes);
    }

    #[test]
    fn the_end_of_what_is_kept_holds_no_half_of_a_key() {
        for before in 0..=SECRET.len() {
            let mut wire = answered(&[]);
            wire.take(&vec![b'x'; KEPT - before]);
            wire.take(SECRET.as_bytes());
            wire.take(b" and more");
            let exchanged = cleaned(wire);
            assert!(exchanged.response_body.len() <= KEPT + MASK.len());
            let end = exchanged.response_body.len() - 60;
            let end = String::from_utf8_lossy(&exchanged.response_body[end..]);
            assert!(!end.contains(&SECRET[..12]), "{before}: {end}");
            assert_eq!(
                exchanged.response_bytes,
                (KEPT - before + SECRET.len() + 9) as u64
            );
        }
    }

    #[test]
    fn an_endless_answer_keeps_its_beginning() {
        let mut wire = answered(&[]);
        let piece = vec![b'x'; 1 << 20];
        (0..256).for_each(|_| wire.take(&piece));
        assert!(wire.exchanged.response_body.capacity() <= 2 * KEPT);
        let exchanged = cleaned(wire);
        assert_eq!(exchanged.response_body.len(), KEPT);
        assert_eq!(exchanged.response_bytes, 256 << 20);
    }

    #[test]
    fn what_cannot_be_looked_into_is_not_kept() {
        for (encoding, kept) in [("br", 0), ("identity", 4)] {
            let mut wire = answered(&[("content-encoding", encoding)]);
            wire.take(b"body");
            let exchanged = cleaned(wire);
            assert_eq!(exchanged.response_body.len(), kept, "{encoding}");
            assert_eq!(exchanged.response_bytes, 4);
        }
    }

    #[test]
    fn a_key_that_a_person_wrote_is_not_copied_on() {
        let wire = begun(&format!(r#"{{"input":"my key is {SECRET}"}}"#));
        let exchanged = cleaned(wire);
        assert_eq!(exchanged.request_body, br#"{"input":"my key is [secret]"}"#);
    }

    #[test]
    fn where_nothing_was_sent_there_is_nothing() {
        assert!(Wire::default().unclean(None, &[]).is_none());
        assert!(
            begun("{}").unclean(None, &[]).is_some(),
            "a server may want no key"
        );
    }
}
