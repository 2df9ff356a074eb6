//! The floor: nginx, which serves a small static file.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};

/// A running nginx, which ends with the benchmark.
pub struct Nginx {
    process: Child,
    pub address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Nginx {
    /// Starts one; none where it is not installed.
    pub fn start() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0")
            .expect("a port")
            .local_addr()
            .expect("an address")
            .port();
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path().display();
        std::fs::write(folder.path().join("file"), "x".repeat(200)).expect("a file");
        let user = if is_root() { "user root;" } else { "" };
        let config = format!(
            "daemon off; {user} worker_processes auto; pid {at}/pid; error_log stderr crit;\n\
             events {{ worker_connections 1024; }}\n\
             http {{ access_log off; keepalive_requests 100000000; sendfile on; open_file_cache max=10;\n\
             client_body_temp_path {at}; proxy_temp_path {at}; fastcgi_temp_path {at}; uwsgi_temp_path {at}; scgi_temp_path {at};\n\
             server {{ listen 127.0.0.1:{port}; root {at}; }} }}\n"
        );
        std::fs::write(folder.path().join("nginx.conf"), config).expect("a file");
        let path = ["/usr/sbin/nginx", "nginx"].into_iter().find(|path| {
            Command::new(path)
                .arg("-v")
                .stderr(Stdio::null())
                .status()
                .is_ok()
        })?;
        let process = Command::new(path)
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(folder.path().join("nginx.conf"))
            .spawn()
            .expect("nginx starts");
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        for _ in 0..100 {
            if std::net::TcpStream::connect(address).is_ok() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        Some(Self {
            process,
            address,
            _folder: folder,
        })
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let id = rustix::process::Pid::from_child(&self.process);
        let _ = rustix::process::kill_process(id, rustix::process::Signal::QUIT);
        let _ = self.process.wait();
    }
}
