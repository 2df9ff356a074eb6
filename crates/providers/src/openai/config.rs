//! What `async-openai` needs to know of a place. Its own configuration reads the environment by
//! itself and panics on a key that no header can carry, so this is another one.

use std::sync::{Arc, LazyLock};

use async_openai::config::Config;
use http::header::HeaderMap;
use secrecy::SecretString;

use crate::endpoint::BaseUrl;

static NO_KEY: LazyLock<SecretString> = LazyLock::new(|| SecretString::from(String::new()));

/// Where requests go, and the headers that they carry.
#[derive(Clone)]
pub(super) struct Place(Arc<Parts>);

struct Parts {
    base: BaseUrl,
    headers: HeaderMap,
}

impl Place {
    pub(super) fn new(base: BaseUrl, headers: HeaderMap) -> Self {
        Self(Arc::new(Parts { base, headers }))
    }
}

impl Config for Place {
    fn headers(&self) -> HeaderMap {
        self.0.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.0.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        self.0.base.as_str()
    }

    /// Nothing asks for it but Realtime, which is not used: the header alone holds the key.
    fn api_key(&self) -> &SecretString {
        &NO_KEY
    }
}
