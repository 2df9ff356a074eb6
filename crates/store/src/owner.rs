//! Which process holds a lease, so that another can tell when it is dead.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A process, told apart from any other that had or will have its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owner {
    /// The start of the machine, where the system names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    boot: Option<String>,
    /// The space in which the number counts (a container has its own).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    /// The process's number.
    pid: u32,
    /// When it started, as the system counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started: Option<u64>,
}

impl Owner {
    /// This process.
    pub(crate) fn current() -> Self {
        let pid = std::process::id();
        Self {
            boot: system::boot(),
            namespace: system::namespace(),
            pid,
            started: system::started(pid),
        }
    }

    /// Whether `other` can be proven to be no longer there, as seen from this process.
    pub(crate) fn sees_dead(&self, other: &Self) -> bool {
        self.finds_dead(other, system::started)
    }

    fn finds_dead(&self, other: &Self, started: impl Fn(u32) -> Option<u64>) -> bool {
        match (&self.boot, &other.boot) {
            (Some(here), Some(there)) if here != there => return true,
            (Some(_), None) | (None, Some(_)) => return false,
            _ => {}
        }
        if self.namespace != other.namespace {
            return false;
        }
        // Who cannot see itself cannot conclude anything from not seeing another.
        if self.started.is_none() || other.started.is_none() {
            return false;
        }
        started(other.pid) != other.started
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.pid)
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;

    /// Differs after each start of the machine.
    pub(super) fn boot() -> Option<String> {
        let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        Some(id.trim().to_owned())
    }

    pub(super) fn namespace() -> Option<String> {
        let link = fs::read_link("/proc/self/ns/pid").ok()?;
        Some(link.to_string_lossy().into_owned())
    }

    /// Clock ticks from the machine's start to the process's; none when there is no such
    /// process, or it has ended and only waits to be collected. See proc_pid_stat(5).
    pub(super) fn started(pid: u32) -> Option<u64> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The second field is the program's name in parentheses, which may hold anything.
        let (_, rest) = stat.rsplit_once(')')?;
        let mut fields = rest.split_ascii_whitespace();
        let state = fields.next()?;
        let started = fields.nth(18)?.parse().ok()?;
        (!matches!(state, "Z" | "X" | "x")).then_some(started)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

    /// The start time of a process is a time of day here, which tells starts of the machine apart.
    pub(super) const fn boot() -> Option<String> {
        None
    }

    pub(super) const fn namespace() -> Option<String> {
        None
    }

    /// Seconds since 1970 at which the process started; none when there is no such process.
    pub(super) fn started(pid: u32) -> Option<u64> {
        let pid = Pid::from_u32(pid);
        let mut system = System::new();
        let only = ProcessesToUpdate::Some(&[pid]);
        system.refresh_processes_specifics(only, true, ProcessRefreshKind::nothing());
        system.process(pid).map(sysinfo::Process::start_time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(boot: Option<&str>, namespace: Option<&str>, pid: u32, started: Option<u64>) -> Owner {
        Owner {
            boot: boot.map(str::to_owned),
            namespace: namespace.map(str::to_owned),
            pid,
            started,
        }
    }

    #[test]
    fn only_a_proof_counts() {
        let me = owner(Some("b1"), Some("n1"), 10, Some(100));
        let running = |pid: u32| {
            [(10, 100), (20, 200)]
                .iter()
                .find(|p| p.0 == pid)
                .map(|p| p.1)
        };
        let dead = |other: &Owner| me.finds_dead(other, running);
        let other =
            |boot, namespace, pid, started| dead(&owner(Some(boot), Some(namespace), pid, started));
        assert!(!other("b1", "n1", 20, Some(200)), "it runs");
        assert!(
            other("b1", "n1", 20, Some(150)),
            "its number went to another"
        );
        assert!(other("b1", "n1", 30, Some(300)), "no such process");
        assert!(
            other("b0", "n1", 20, Some(200)),
            "the machine was started again"
        );
        assert!(
            !other("b1", "n2", 30, Some(300)),
            "another container's numbers say nothing"
        );
        assert!(!other("b1", "n1", 30, None), "it could not see itself");
        assert!(
            !dead(&owner(None, Some("n1"), 30, Some(300))),
            "the machine is unknown"
        );
        let blind = owner(Some("b1"), Some("n1"), 10, None);
        assert!(!blind.finds_dead(&owner(Some("b1"), Some("n1"), 30, Some(300)), |_| None));
    }

    #[test]
    fn this_process_lives_and_a_collected_child_does_not() {
        let me = Owner::current();
        assert!(me.started.is_some(), "this process sees itself");
        assert!(!me.sees_dead(&Owner::current()));
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .arg("--list")
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let pid = child.id();
        let other = Owner {
            pid,
            started: system::started(pid),
            ..me.clone()
        };
        child.kill().unwrap();
        child.wait().unwrap();
        if other.started.is_some() {
            assert!(me.sees_dead(&other));
        }
        let stranger = Owner {
            started: other.started.or(Some(1)),
            ..other
        };
        assert!(me.sees_dead(&stranger));
    }
}
