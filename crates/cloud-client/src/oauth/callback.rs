//! Where the browser comes back to: one address of this machine, for one answer.
//!
//! Every page and program of this machine can send something there. Only what knows the state that the
//! browser was sent away with is taken; the rest is refused and changes nothing.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use url::Url;

use super::back::Back;
use crate::error::CloudError;

const PATH: &str = "/callback";
/// The most bytes of a request.
const MOST: usize = 16 << 10;
/// How many may be connected: browsers connect ahead, and say nothing.
const CONNECTIONS: usize = 32;
/// How long one may take to ask.
const PATIENCE: Duration = Duration::from_secs(10);

/// The open address.
pub(super) struct Door {
    listener: TcpListener,
    redirect: Url,
}

/// What the browser brought.
pub(super) struct Came {
    /// The code; or what went wrong, as a code and in words.
    pub(super) code: Result<String, (String, Option<String>)>,
    /// Who says so.
    pub(super) issuer: Option<String>,
}

/// The browser that brought it, which waits to be told what came of it.
pub(super) struct Visitor(TcpStream);

impl Visitor {
    /// Tells it. Whoever closed the page is not told.
    pub(super) async fn tell(mut self, back: Back) {
        let told = tokio::time::timeout(PATIENCE, answer(&mut self.0, back)).await;
        if !matches!(told, Ok(Ok(()))) {
            tracing::debug!("the browser did not wait for the end of the sign-in");
        }
    }
}

impl Door {
    pub(super) async fn open() -> Result<Self, CloudError> {
        let failed = |error: std::io::Error| {
            CloudError::System(format!(
                "this machine gives no port to come back to: {error}"
            ))
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let redirect = Url::parse(&format!("http://127.0.0.1:{port}{PATH}"));
        Ok(Self {
            listener,
            redirect: redirect.map_err(CloudError::system)?,
        })
    }

    pub(super) const fn redirect(&self) -> &Url {
        &self.redirect
    }

    /// Waits until the browser comes back with this state.
    pub(super) async fn wait(self, state: &str) -> Result<(Came, Visitor), CloudError> {
        let mut talks = JoinSet::new();
        loop {
            tokio::select! {
                came = self.listener.accept(), if talks.len() < CONNECTIONS => match came {
                    Ok((stream, _)) => {
                        let talk = talk(stream, self.redirect.clone(), state.to_owned());
                        talks.spawn(tokio::time::timeout(PATIENCE, talk));
                    }
                    // Too many open files, or who came is gone already.
                    Err(error) => {
                        tracing::debug!(%error, "the browser could not be let in");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                },
                Some(talked) = talks.join_next() => {
                    if let Ok(Ok(Ok(Some(came)))) = talked {
                        return Ok(came);
                    }
                }
            }
        }
    }
}

async fn talk(
    mut stream: TcpStream,
    redirect: Url,
    state: String,
) -> Result<Option<(Came, Visitor)>, std::io::Error> {
    let mut asked = Vec::new();
    while !asked.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut bytes = [0; 2048];
        let count = stream.read(&mut bytes).await?;
        if count == 0 || asked.len() + count > MOST {
            return Ok(None);
        }
        asked.extend_from_slice(&bytes[..count]);
    }
    let came = std::str::from_utf8(&asked)
        .ok()
        .and_then(|asked| read(asked, &redirect, &state));
    if let Some(came) = came {
        return Ok(Some((came, Visitor(stream))));
    }
    answer(&mut stream, Back::Nothing).await?;
    Ok(None)
}

async fn answer(stream: &mut TcpStream, back: Back) -> std::io::Result<()> {
    stream.write_all(back.answer().as_bytes()).await?;
    stream.shutdown().await
}

/// What a request brings, where it is the answer that is waited for.
fn read(asked: &str, redirect: &Url, state: &str) -> Option<Came> {
    let mut lines = asked.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (Some("GET"), Some(target), Some(_), None) =
        (first.next(), first.next(), first.next(), first.next())
    else {
        return None;
    };
    // A page of elsewhere whose name leads here would say that name.
    let own = redirect.authority();
    let mut hosts = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then(|| value.trim())
    });
    if hosts.next() != Some(own) || hosts.next().is_some() {
        return None;
    }
    let query = target.strip_prefix(PATH)?.strip_prefix('?')?;
    let mut url = redirect.clone();
    url.set_query(Some(query));
    let one = |wanted: &str| {
        let mut found = url.query_pairs().filter(|(name, _)| name == wanted);
        let first = found.next().map(|(_, value)| value.into_owned());
        if found.next().is_some() { None } else { first }
    };
    if one("state")? != state {
        return None;
    }
    let code = match (one("code"), one("error")) {
        (Some(code), None) => Ok(code),
        (None, Some(error)) => Err((error, one("error_description"))),
        _ => return None,
    };
    let issuer = one("iss");
    Some(Came { code, issuer })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redirect() -> Url {
        Url::parse("http://127.0.0.1:4321/callback").unwrap()
    }

    fn came(target: &str) -> Option<Came> {
        let asked = format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1:4321\r\nAccept: */*\r\n\r\n");
        read(&asked, &redirect(), "right")
    }

    #[test]
    fn an_answer_with_the_state_is_taken() {
        let found = came("/callback?code=a%2Bb&state=right&iss=https%3A%2F%2Fa.example").unwrap();
        assert_eq!(found.code, Ok("a+b".to_owned()));
        assert_eq!(found.issuer.as_deref(), Some("https://a.example"));
        let found = came("/callback?error=access_denied&error_description=no&state=right").unwrap();
        let denied = ("access_denied".to_owned(), Some("no".to_owned()));
        assert_eq!(found.code, Err(denied));
    }

    #[test]
    fn anything_else_is_not() {
        for target in [
            "/callback",
            "/callback?",
            "/callback?code=a",
            "/callback?state=right",
            "/callback?code=a&state=wrong",
            "/callback?code=a&state=righ",
            "/callback?code=a&state=right&state=right",
            "/callback?code=a&code=b&state=right",
            "/callback?code=a&error=b&state=right",
            "/callback/?code=a&state=right",
            "/?code=a&state=right",
            "/other?code=a&state=right",
            "http://127.0.0.1:4321/callback?code=a&state=right",
        ] {
            assert!(came(target).is_none(), "{target}");
        }
        for asked in [
            "POST /callback?code=a&state=right HTTP/1.1\r\nHost: 127.0.0.1:4321\r\n\r\n",
            "GET /callback?code=a&state=right HTTP/1.1\r\nHost: evil.example:4321\r\n\r\n",
            "GET /callback?code=a&state=right HTTP/1.1\r\n\r\n",
            "GET /callback?code=a&state=right HTTP/1.1\r\nHost: 127.0.0.1:4321\r\nHost: a\r\n\r\n",
            "GET /callback?code=a&state=right\r\nHost: 127.0.0.1:4321\r\n\r\n",
            "",
        ] {
            assert!(read(asked, &redirect(), "right").is_none(), "{asked}");
        }
    }

    async fn say(port: u16, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn what_others_send_does_not_end_the_waiting() {
        let door = Door::open().await.unwrap();
        let port = door.redirect().port().unwrap();
        let host = door.redirect().authority().to_owned();
        let waiting = tokio::spawn(async move { door.wait("right").await });
        // A connection ahead that says nothing.
        let _silent = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let ask = |query: &str| format!("GET /callback?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let wrong = say(port, ask("code=stolen&state=guessed").as_bytes()).await;
        assert!(wrong.starts_with("HTTP/1.1 404 "), "{wrong}");
        assert!(!wrong.contains("stolen"), "{wrong}");
        let garbage = say(port, b"\xff\xff\r\n\r\n").await;
        assert!(garbage.starts_with("HTTP/1.1 404 "), "{garbage}");
        let right = ask("code=a&state=right");
        let asking = tokio::spawn(async move { say(port, right.as_bytes()).await });
        let (came, visitor) = waiting.await.unwrap().unwrap();
        assert_eq!(came.code, Ok("a".to_owned()));
        visitor.tell(Back::SignedIn).await;
        let right = asking.await.unwrap();
        assert!(right.starts_with("HTTP/1.1 200 "), "{right}");
        assert!(right.contains("default-src 'none'"), "{right}");
    }
}
