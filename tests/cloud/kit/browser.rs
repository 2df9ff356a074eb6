//! A browser without JavaScript: it keeps cookies, fills in the forms of the page that it shows, and goes
//! where it is sent.

use std::collections::BTreeMap;

use reqwest::Method;
use slipway_cloud::mail::{self, Letter};
use slipway_cloud::tables::letters;

use super::{Answer, Cloud};

/// A browser.
pub struct Browser<'a> {
    cloud: &'a Cloud,
    pub cookies: BTreeMap<String, String>,
    /// Where it is, as a proxy before the server would say.
    pub address: String,
    /// The page that it shows.
    pub page: String,
    /// The path of it.
    pub path: String,
}

impl<'a> Browser<'a> {
    pub fn new(cloud: &'a Cloud) -> Self {
        Self {
            cloud,
            cookies: BTreeMap::new(),
            address: "127.0.0.1".to_owned(),
            page: String::new(),
            path: String::new(),
        }
    }

    fn keep(&mut self, answer: &Answer) {
        for set in answer.headers.get_all("set-cookie") {
            let set = set.to_str().expect("a cookie");
            let (pair, rest) = set.split_once(';').expect("flags");
            let (name, value) = pair.split_once('=').expect("a value");
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn cookie_header(&self) -> String {
        let pairs = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn show(&mut self, path: &str, answer: &Answer) {
        self.keep(answer);
        if answer.header("content-type").starts_with("text/html") {
            self.page = answer.text();
            self.path = path.to_owned();
        }
    }

    /// Opens a path and goes where it is sent.
    pub async fn open(&mut self, path: &str) -> Answer {
        let mut path = path.to_owned();
        for _ in 0..6 {
            let ask = self
                .cloud
                .get(&path)
                .header("cookie", &self.cookie_header())
                .header("x-forwarded-for", &self.address)
                .header("accept", "text/html");
            let answer = ask.send().await;
            self.show(&path, &answer);
            if answer.status != 303 {
                return answer;
            }
            path = answer.header("location");
        }
        panic!("a circle at {path}");
    }

    /// The token of the page's forms.
    pub fn token(&self) -> String {
        let start = "name=\"form_token\" value=\"";
        let at = self
            .page
            .find(start)
            .unwrap_or_else(|| panic!("a form in {}", self.page))
            + start.len();
        self.page[at..]
            .split('"')
            .next()
            .expect("an end")
            .to_owned()
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let at = self
            .page
            .find(&start)
            .unwrap_or_else(|| panic!("{name} in {}", self.page))
            + start.len();
        self.page[at..]
            .split('"')
            .next()
            .expect("an end")
            .replace("&amp;", "&")
    }

    /// Sends a form and stays where the answer is.
    pub async fn post(&mut self, action: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token();
        let mut all = vec![("form_token", &*token)];
        all.extend(fields);
        let ask = self
            .cloud
            .ask(Method::POST, action)
            .header("cookie", &self.cookie_header())
            .header("x-forwarded-for", &self.address);
        let ask = ask
            .header("origin", &self.cloud.server.config.public_url)
            .header("sec-fetch-site", "same-origin");
        let answer = ask.form(&all).send().await;
        self.show(action, &answer);
        answer
    }

    /// Sends a form and goes where it is sent.
    pub async fn submit(&mut self, action: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.post(action, fields).await;
        match answer.status {
            303 => self.open(&answer.header("location")).await,
            _ => answer,
        }
    }

    /// Registers somebody and leaves them signed in.
    pub async fn register(&mut self, name: &str, email: &str, password: &str) {
        self.open("/register").await.is(200);
        self.submit("/register", &[("email", email)]).await.is(200);
        let link = self.cloud.letter(email).await.link();
        self.open(&link).await.is(200);
        let ticket = self.hidden("ticket");
        let fields = [("ticket", &*ticket), ("name", name), ("password", password)];
        self.submit("/verify", &fields).await.is(200);
        assert_eq!(self.path, "/account");
    }

    /// Gives an address and a password.
    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.open("/sign-in").await.is(200);
        self.submit("/sign-in", &[("email", email), ("password", password)])
            .await
    }

    /// Whether somebody is signed in.
    pub async fn is_in(&mut self) -> bool {
        self.open("/account").await;
        self.path == "/account"
    }
}

/// A letter that was written.
#[derive(Debug)]
pub struct Written(pub Letter);

impl Written {
    /// The path of its last link.
    pub fn link(&self) -> String {
        let mut links = self
            .0
            .text
            .split_whitespace()
            .filter(|word| word.contains("?ticket="));
        let link = links
            .next_back()
            .unwrap_or_else(|| panic!("a link in {}", self.0.text));
        let at = link.find("://").expect("a URL") + 3;
        link[at + link[at..].find('/').expect("a path")..].to_owned()
    }
}

impl Cloud {
    /// A browser that nobody used before.
    pub fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// The same at this address, where a proxy is believed.
    pub fn browser_at(&self, address: &str) -> Browser<'_> {
        let mut browser = self.browser();
        address.clone_into(&mut browser.address);
        browser
    }

    /// All letters that were written and not taken yet.
    pub async fn letters(&self) -> Vec<Written> {
        let on = self.server.database.read();
        let rows = letters::due(on, self.server.clock.now(), 1000)
            .await
            .expect("letters");
        let mut all = Vec::new();
        for row in rows {
            all.push(Written(mail::open(&self.server, &row).expect("a letter")));
            letters::delete(on, row.id).await.expect("gone");
        }
        all
    }

    /// The one letter that was written to somebody since letters were last taken.
    pub async fn letter(&self, to: &str) -> Written {
        let all = self.letters().await;
        let mut own: Vec<Written> = all
            .into_iter()
            .filter(|each| each.0.to.as_str() == to)
            .collect();
        assert_eq!(own.len(), 1, "letters to {to}: {own:?}");
        own.remove(0)
    }

    /// The letters that were carried away, as they are sent.
    pub fn carried(&self) -> Vec<String> {
        let mut files: Vec<_> = std::fs::read_dir(&self.mail)
            .map(|all| all.map(|each| each.expect("a file").path()).collect())
            .unwrap_or_default();
        files.sort();
        let letters = files.into_iter().map(std::fs::read_to_string);
        letters.map(|letter| letter.expect("a letter")).collect()
    }
}
