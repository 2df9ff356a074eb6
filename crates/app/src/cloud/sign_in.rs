//! Signing in, with a browser here or anywhere else.

use std::convert::Infallible;
use std::sync::Arc;

use slipway_cloud_client::{self as client, Program, SignedIn};
use slipway_contract::account::{KnownPerson, SignInCode, Who};
use slipway_contract::cloud::Line;
use slipway_contract::{ErrorCode, Problem};
use tokio::sync::oneshot;

use super::Cloud;
use super::kept::Kept;
use super::under_way::gone;
use super::who::known;

/// How a machine is called that does not say.
const NAMELESS: &str = "a machine without a name";

/// A sign-in whose person is in the browser of this machine. Letting go of it gives it up.
pub struct BrowserSignIn {
    cloud: Cloud,
    flow: client::CodeSignIn,
}

/// A sign-in whose person types a code in a browser elsewhere. Letting go of it gives it up.
pub struct CodeSignIn {
    cloud: Cloud,
    flow: client::DeviceSignIn,
}

impl Cloud {
    /// Begins to sign in at a server, which is the known one where none is named. The device is called as it
    /// was the last time, and at first as it calls itself, where no name is given.
    ///
    /// # Errors
    /// There is no such server, or it cannot be asked.
    pub async fn sign_in(
        &self,
        server: Option<&str>,
        program: Program,
        device: Option<&str>,
    ) -> Result<BrowserSignIn, Problem> {
        let (server, device) = (self.meant(server)?, self.device(device)?);
        let flow = client::CodeSignIn::begin(server, program, device);
        let flow = self.asked(flow).await?;
        let cloud = self.clone();
        Ok(BrowserSignIn { cloud, flow })
    }

    /// The same with a code that is typed in a browser elsewhere.
    ///
    /// # Errors
    /// There is no such server, or it cannot be asked.
    pub async fn sign_in_with_code(
        &self,
        server: Option<&str>,
        program: Program,
        device: Option<&str>,
    ) -> Result<CodeSignIn, Problem> {
        let (server, device) = (self.meant(server)?, self.device(device)?);
        let flow = client::DeviceSignIn::begin(server, program, device);
        let flow = self.asked(flow).await?;
        let cloud = self.clone();
        Ok(CodeSignIn { cloud, flow })
    }

    /// What this machine is called at the server.
    fn device(&self, given: Option<&str>) -> Result<Line<100>, Problem> {
        match (given, self.kept.read().device) {
            (None, Some(before)) => Ok(before),
            (given, _) => named(given),
        }
    }

    /// Keeps it, in the place of the sign-in before, unless the person gives it up meanwhile.
    async fn keep(&self, signed_in: SignedIn) -> Result<Who, Problem> {
        let now = self.clock.now();
        let mut kept = Kept {
            server: Some(signed_in.server.clone()),
            person: Some(KnownPerson {
                account: signed_in.account.id,
                name: signed_in.account.name.clone(),
                email: signed_in.account.email.clone(),
                device: signed_in.device.clone(),
                signed_in_at: now,
                seen_at: now,
            }),
            sign_in: None,
            device: Some(signed_in.device.clone())
                .filter(|device| named(None).ok().as_ref() != Some(device)),
            ended: false,
        };
        let file = Arc::clone(&self.kept);
        // Open for as long as somebody waits here.
        let (person, _waits) = oneshot::channel::<Infallible>();
        let keeping = self.client.session().keep(signed_in, move |id| {
            if person.is_closed() {
                return Err(gone());
            }
            kept.sign_in = Some(id.clone());
            file.write(&kept)?;
            Ok(Who {
                from_now: true,
                ..known(kept)
            })
        });
        self.asked(keeping).await?
    }
}

impl BrowserSignIn {
    /// For how many minutes it waits for the person.
    pub const MINUTES: u64 = client::CodeSignIn::MINUTES;

    /// What the browser is to open.
    #[must_use]
    pub fn url(&self) -> &str {
        self.flow.url().as_str()
    }

    /// Waits for the person to come back, for five minutes, and keeps the sign-in.
    ///
    /// # Errors
    /// They declined or did not come back, or it could not be kept.
    pub async fn finish(self) -> Result<Who, Problem> {
        let signed_in = self.cloud.asked(self.flow.finish()).await?;
        self.cloud.keep(signed_in).await
    }
}

impl CodeSignIn {
    /// What the person types, and where.
    #[must_use]
    pub const fn code(&self) -> &SignInCode {
        self.flow.code()
    }

    /// Waits for the person, as long as the code lasts, and keeps the sign-in.
    ///
    /// # Errors
    /// They declined or took too long, or it could not be kept.
    pub async fn finish(self) -> Result<Who, Problem> {
        let signed_in = self.cloud.asked(self.flow.finish()).await?;
        self.cloud.keep(signed_in).await
    }
}

fn named(device: Option<&str>) -> Result<Line<100>, Problem> {
    match device {
        Some(device) => device.parse().map_err(|error| {
            let message = format!("the name of this machine cannot be used: {error}");
            Problem::new(ErrorCode::InvalidInput, message)
        }),
        None => {
            // The system ends the line.
            let own = host_name().and_then(|name| name.trim().parse().ok());
            own.map_or_else(unnamed, Ok)
        }
    }
}

fn unnamed() -> Result<Line<100>, Problem> {
    let name = NAMELESS.parse();
    name.map_err(|error| Problem::new(ErrorCode::Internal, format!("{NAMELESS}: {error}")))
}

#[cfg(target_os = "linux")]
fn host_name() -> Option<String> {
    std::fs::read_to_string("/proc/sys/kernel/hostname").ok()
}

#[cfg(not(target_os = "linux"))]
fn host_name() -> Option<String> {
    sysinfo::System::host_name()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn a_machine_is_called_what_it_calls_itself() {
        let own = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
        assert_eq!(named(None).unwrap().as_str(), own.trim());
        assert_eq!(named(Some("here")).unwrap().as_str(), "here");
        assert!(named(Some("two\nlines")).is_err());
    }
}
