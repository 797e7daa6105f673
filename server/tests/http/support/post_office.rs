//! A mail server on a socket. The rules of SMTP are mailin's; here is only the wire, and what to say to whom.

use mailin::{Action, Handler, Response, SessionBuilder, response};
use std::{
    io::{BufRead, BufReader, Write},
    net::{IpAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

#[derive(Clone)]
pub struct PostOffice {
    pub url: String,
    desk: Arc<Mutex<Desk>>,
}

#[derive(Default)]
struct Desk {
    /// What is said to a mail instead of taking it.
    refusal: Option<Refusal>,
    refused: usize,
    taken: Vec<Vec<u8>>,
}

#[derive(Clone, Copy)]
pub enum Refusal {
    /// The reader's mailbox is not there.
    Reader(u16),
    /// The sender may not use this server.
    Sender(u16),
}

impl PostOffice {
    pub fn open() -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    pub fn on(listener: TcpListener) -> Self {
        let office = Self { url: format!("smtp://{}", listener.local_addr().unwrap()), desk: Arc::default() };
        let desk = Arc::clone(&office.desk);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let clerk = Clerk { desk: Arc::clone(&desk), letter: Vec::new() };
                // A client that hangs up ends its conversation only.
                thread::spawn(move || talk(&connection.unwrap(), clerk));
            }
        });
        office
    }

    pub fn refuse(&self, refusal: Option<Refusal>) {
        self.desk.lock().unwrap().refusal = refusal;
    }

    pub fn refused(&self) -> usize {
        self.desk.lock().unwrap().refused
    }

    pub fn taken(&self) -> Vec<Vec<u8>> {
        self.desk.lock().unwrap().taken.clone()
    }
}

fn talk(connection: &TcpStream, clerk: Clerk) -> std::io::Result<()> {
    let (mut lines, mut out) = (BufReader::new(connection), connection);
    let mut session = SessionBuilder::new("post.test").build(connection.peer_addr()?.ip(), clerk);
    session.greeting().write_to(&mut out)?;
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let said = session.process(&line);
        line.clear();
        if said.action != Action::NoReply {
            said.write_to(&mut out)?;
            out.flush()?;
        }
        if said.action == Action::Close {
            break;
        }
    }
    Ok(())
}

struct Clerk {
    desk: Arc<Mutex<Desk>>,
    letter: Vec<u8>,
}

impl Clerk {
    fn say(&self, refused: impl Fn(Refusal) -> Option<u16>) -> Response {
        let mut desk = self.desk.lock().unwrap();
        let Some(code) = desk.refusal.and_then(refused) else { return response::OK };
        desk.refused += 1;
        Response::custom(code, "not this one".into())
    }
}

impl Handler for Clerk {
    fn mail(&mut self, _: IpAddr, _: &str, _: &str) -> Response {
        self.say(|refusal| if let Refusal::Sender(code) = refusal { Some(code) } else { None })
    }

    fn rcpt(&mut self, _: &str) -> Response {
        self.say(|refusal| if let Refusal::Reader(code) = refusal { Some(code) } else { None })
    }

    fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.letter.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        self.desk.lock().unwrap().taken.push(std::mem::take(&mut self.letter));
        response::OK
    }
}
