//! A private Postgres cluster made from the system's binaries: created, started, taken over after
//! a crash, stopped. It listens on a unix socket only, inside a folder that nobody else may enter.
//! Knows nothing of sqlx, so that the build (`cargo xtask postgres`) can use it as well.

mod binaries;
mod memory;
mod place;

use anyhow::{Context, Result, bail, ensure};
use binaries::Binaries;
use place::Place;
use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

/// The role that owns everything in the cluster.
pub const ROLE: &str = "shop";

/// How long the processes of a killed postmaster may take to vanish.
const VANISH_LIMIT: Duration = Duration::from_secs(15);

/// What a cluster is for decides how it treats its disk and its memory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Keeps a shop's data: every commit is on disk before it is confirmed.
    Keep,
    /// Serves tests and compile-time checks: as fast as can be, lost at a power cut.
    Throwaway,
}

/// One cluster and the exclusive right to manage it: while this value lives, no other process can
/// open the same folder. The Postgres processes live on their own and survive it.
pub struct Cluster {
    binaries: Binaries,
    place: Place,
    purpose: Purpose,
    // Held for its lock only: the system releases it at the end of the process, even after kill -9.
    _lock: File,
}

impl Cluster {
    /// Takes the folder (made when missing) and makes the cluster in it when there is none. Does
    /// not start it. `elsewhere` is where the cluster goes when Postgres' user cannot reach `folder`.
    pub fn open(folder: &Path, elsewhere: &Path, bin: Option<&Path>, purpose: Purpose) -> Result<Self> {
        let place = Place::find(folder, elsewhere)?;
        let lock = lock(&place.lock(), purpose)?;
        let binaries = Binaries::find(bin, place.version().as_deref())?;
        let cluster = Self { binaries, place, purpose, _lock: lock };
        match cluster.place.version() {
            Some(version) => cluster.check_version(&version)?,
            None => cluster.create()?,
        }
        Ok(cluster)
    }

    /// The socket's folder of the cluster that another process holds and keeps running, if any: one
    /// may connect to it, but not manage it.
    pub fn of_another(folder: &Path, elsewhere: &Path) -> Result<Option<PathBuf>> {
        let place = Place::find(folder, elsewhere)?;
        let held = matches!(lock_file(&place.lock())?.try_lock(), Err(fs::TryLockError::WouldBlock));
        Ok((held && place.postmaster().is_some()).then_some(place.socket))
    }

    /// The folder that holds the socket: what a client gives as its host.
    pub fn socket(&self) -> &Path {
        &self.place.socket
    }

    /// Starts Postgres, or takes over the one that a killed predecessor left running.
    pub fn start(&self) -> Result<()> {
        if self.is_running() {
            if self.place.running_socket().as_deref() == Some(self.socket()) {
                return Ok(());
            }
            // Left by a predecessor that reached the folder by another path: clients cannot find it.
            self.stop()?;
        }
        self.place.forget_foreign_pid()?;
        self.place.make_socket_folder()?;
        fs::write(self.place.data.join("postgresql.conf"), self.configuration()).context("cannot write postgresql.conf")?;
        self.place.trim_log()?;
        let began = Instant::now();
        loop {
            // Crash recovery replays the log, which can take a while: two minutes.
            match self.pg_ctl(&["start", "-w", "-t", "120", "-l", &text(&self.place.log())]) {
                Ok(()) => return Ok(()),
                // After a kill -9, the postmaster and its children need a moment to be gone.
                Err(_) if self.place.says_still_in_use() && began.elapsed() < VANISH_LIMIT => {
                    sleep(Duration::from_millis(200));
                }
                Err(error) => return Err(error).with_context(|| self.place.log_tail()),
            }
        }
    }

    /// True when a Postgres of this very folder is running, whoever started it.
    pub fn is_running(&self) -> bool {
        self.place.postmaster().is_some()
    }

    /// Ends all sessions and stops Postgres; nothing to do when it is not running.
    pub fn stop(&self) -> Result<()> {
        if !self.is_running() {
            return Ok(());
        }
        self.pg_ctl(&["stop", "-m", "fast", "-w", "-t", "30"]).or_else(|_| self.pg_ctl(&["stop", "-m", "immediate", "-w", "-t", "30"]))?;
        self.place.tidy_socket_folder();
        Ok(())
    }

    /// `initdb` into a folder beside, then a rename: a half-made cluster is never taken for one.
    fn create(&self) -> Result<()> {
        let fresh = self.place.home.join("data.new");
        if fresh.exists() {
            fs::remove_dir_all(&fresh).with_context(|| format!("cannot remove {}", fresh.display()))?;
        }
        self.place.make_private(&fresh)?;
        let folder = text(&fresh);
        let mut args = vec!["-D", &folder, "-U", ROLE, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"];
        args.push(if self.purpose == Purpose::Keep { "--data-checksums" } else { "--no-sync" });
        self.run("initdb", &args)?;
        fs::rename(&fresh, &self.place.data).with_context(|| format!("cannot rename {} to {}", fresh.display(), self.place.data.display()))
    }

    fn check_version(&self, version: &str) -> Result<()> {
        ensure!(
            version == self.binaries.version,
            "the data in {} was made by Postgres {version}, but {} holds Postgres {}. Install Postgres {version} \
             (on Debian: apt-get install postgresql-{version}) or name the folder of its binaries, carry the data \
             over with pg_dump or pg_upgrade, or set DATABASE_URL to a Postgres of your own",
            self.place.data.display(),
            self.binaries.folder.display(),
            self.binaries.version,
        );
        self.place.check_owner()
    }

    /// The whole configuration: what is not named here is Postgres' default. A page is cheap to fetch wherever it lies, from
    /// memory as from any disk of today; by Postgres' own figure, of spinning disks, small tables are read whole for each row.
    fn configuration(&self) -> String {
        let socket = text(self.socket()).replace('\\', "\\\\").replace('\'', "''").replace('"', "\\\"");
        let common = format!(
            "# Written at every start; changes are lost.\n\
             listen_addresses = ''\n\
             unix_socket_directories = '\"{socket}\"'\n\
             unix_socket_permissions = 0700\n\
             max_wal_size = 512MB\n\
             random_page_cost = 1.1\n\
             jit = off\n\
             timezone = 'UTC'\n\
             log_timezone = 'UTC'\n\
             log_checkpoints = off\n\
             lc_messages = 'C'\n"
        );
        match self.purpose {
            Purpose::Keep => common + &format!("max_connections = 64\nshared_buffers = {}MB\n", memory::for_pages()),
            Purpose::Throwaway => {
                common + "max_connections = 200\nshared_buffers = 128MB\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
            }
        }
    }

    fn pg_ctl(&self, args: &[&str]) -> Result<()> {
        let data = text(&self.place.data);
        self.run("pg_ctl", &[&["-D", &data], args].concat())
    }

    /// Runs one of Postgres' programs as Postgres' user; its complaint becomes the error.
    ///
    /// Its words go to a file, not to a pipe: the postmaster inherits them, and a pipe would never end.
    fn run(&self, program: &str, args: &[&str]) -> Result<()> {
        let mut words = self.place.scratch()?;
        let status = self
            .place
            .command(&self.binaries.folder.join(program))
            .args(args)
            .stdin(Stdio::null())
            .stdout(words.try_clone()?)
            .stderr(words.try_clone()?)
            .status()
            .with_context(|| format!("cannot run {program} from {}", self.binaries.folder.display()))?;
        if status.success() {
            return Ok(());
        }
        let mut said = String::new();
        words.seek(SeekFrom::Start(0))?;
        words.read_to_string(&mut said)?;
        bail!("{program} failed ({status}): {}", said.trim())
    }
}

/// Takes the lock or says who has it. A throwaway cluster is managed by short commands, each of
/// which waits for the one before; a shop's is held by its server for good.
fn lock(path: &Path, purpose: Purpose) -> Result<File> {
    let mut file = lock_file(path)?;
    if purpose == Purpose::Throwaway {
        file.lock().context("cannot lock the cluster")?;
    } else if let Err(error) = file.try_lock() {
        let mut holder = String::new();
        file.read_to_string(&mut holder)?;
        match error {
            fs::TryLockError::WouldBlock => bail!(
                "another process ({}) uses this data folder already ({}): stop it first, or choose another data folder",
                holder.trim(),
                path.parent().unwrap_or(path).display(),
            ),
            fs::TryLockError::Error(error) => return Err(error).context("cannot lock the data folder"),
        }
    }
    file.set_len(0)?;
    write!(file, "pid {}", std::process::id())?;
    Ok(file)
}

fn lock_file(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path).with_context(|| format!("cannot open {}", path.display()))
}

/// A path as an argument or a line of configuration.
fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
