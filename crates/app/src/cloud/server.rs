//! Which server.

use slipway_cloud_client::{InvalidAddress, ServerAddress};
use slipway_contract::{Advice, ErrorCode, Problem};

use super::Cloud;
use super::kept::Kept;

impl Cloud {
    /// The server's address, if one is known.
    #[must_use]
    pub fn server(&self) -> Option<String> {
        self.kept.read().server.map(String::from)
    }

    /// Names the server; none forgets it. Whoever is signed in elsewhere signs out first.
    ///
    /// # Errors
    /// It is no address, somebody is signed in elsewhere, or it cannot be kept.
    pub fn set_server(&self, address: Option<&str>) -> Result<Option<String>, Problem> {
        let server = address.map(parsed).transpose()?;
        let kept = self.kept.read();
        if kept.server == server {
            return Ok(server.map(String::from));
        }
        if let (Some(_), Some(at)) = (&kept.person, &kept.server) {
            let message = format!("somebody is signed in at {at}, and its address was not changed");
            return Err(Problem::new(ErrorCode::WrongState, message).advice(Advice::SignOut));
        }
        let kept = Kept {
            server: server.clone(),
            device: kept.device,
            ..Kept::default()
        };
        self.kept.write(&kept)?;
        Ok(server.map(String::from))
    }

    /// The address of the server that is meant: the one that is named, else the one that is known.
    ///
    /// # Errors
    /// What is named is no address, or none is named or known.
    pub fn meant_server(&self, named: Option<&str>) -> Result<String, Problem> {
        self.meant(named).map(String::from)
    }

    /// The server that is meant: the one that is named, else the one that is known.
    pub(super) fn meant(&self, named: Option<&str>) -> Result<ServerAddress, Problem> {
        match named {
            Some(named) => parsed(named),
            None => self.kept.read().server.ok_or_else(|| {
                let message = "no server of the cloud is known";
                Problem::new(ErrorCode::InvalidInput, message).advice(Advice::NameServer)
            }),
        }
    }

    /// A page of the server's, for what only a browser can do; none where no server is known.
    #[must_use]
    pub fn account_page(&self) -> Option<String> {
        let server = self.kept.read().server?;
        Some(format!("{server}/account"))
    }
}

fn parsed(address: &str) -> Result<ServerAddress, Problem> {
    address.parse().map_err(|error: InvalidAddress| {
        // It may hold a password.
        let message = format!("the server's address cannot be used: {error}");
        Problem::new(ErrorCode::InvalidInput, message).advice(Advice::NameServer)
    })
}
