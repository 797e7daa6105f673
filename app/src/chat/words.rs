//! The words of the chat, handed over when it is opened, and the sentences that are made of them.

use crate::{boundary::AppError, fill::fill, island_words};
use domain::{
    Language,
    chat::{Author, ChatRefusal, Entry, EntryKind, MOST_ATTACHMENTS, MOST_BYTES, MOST_CHARACTERS, Reception, Topic},
    format,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatWords {
    pub page: PageWords,
    pub here: HereWords,
    pub begin: BeginWords,
    pub topics: TopicWords,
    pub talk: TalkWords,
    pub leave: LeaveWords,
    pub rate: RateWords,
    pub refused: RefusedWords,
    pub blocked: BlockedWords,
}

island_words! {
    pub struct PageWords from [chat] { title, lead, close, loading, help_first, track, complain }
}

island_words! {
    pub struct HereWords from [chat.here] {
        one, many(count), busy, away, back(day, time), back_today(time), minute, minutes(minutes), hours(hours), waiting_one, waiting(count),
    }
}

island_words! {
    pub struct BeginWords from [chat.begin] {
        question, question_hint, suggestions, suggested(count), name, topic, topic_none, email, email_away, email_wanted, optional, order(number),
        send, sending, earlier,
    }
}

island_words! {
    pub struct TopicWords from [chat.topics] { order, delivery, product, payment, returns, complaint, other }
}

island_words! {
    pub struct TalkWords from [chat.talk] {
        log, number(number), you, us, message, placeholder, send, attach, attach_label, attach_hint(files, megabytes), remove(name),
        uploading(percent, name), picture(name), sending, sent, delivered, read, not_sent, again, discard, typing(name), typing_nobody,
        new_one(name, text), lost, back, waits, waits_away, assigned(name), transferred(name), released, closed_by_shopper,
        closed_by_staff(name), closed_by_system, reopened, closed_hint, refresh, updated(time), more, end, anew, copy, copy_send,
        copy_sent(email), copy_on_its_way,
    }
}

island_words! {
    pub struct LeaveWords from [chat.leave] { title, text, send, left(email) }
}

island_words! {
    pub struct RateWords from [chat.rate] { title, text, one, two, three, four, five, comment, send, thanks }
}

island_words! {
    pub struct BlockedWords from [chat.blocked] { always, until(day), ways, complaint, contact, track, help }
}

island_words! {
    pub struct RefusedWords from [chat.refused] {
        empty, too_long(most), not_an_address, wrong_type, too_large(megabytes), too_many_files(files), too_fast, closed, gone, no_rating,
        not_to_be_rated, no_such_order, blocked, fault, transport,
    }
}

#[cfg(feature = "ssr")]
impl ChatWords {
    #[must_use]
    pub fn of(language: Language) -> Self {
        Self {
            page: PageWords::of(language),
            here: HereWords::of(language),
            begin: BeginWords::of(language),
            topics: TopicWords::of(language),
            talk: TalkWords::of(language),
            leave: LeaveWords::of(language),
            rate: RateWords::of(language),
            refused: RefusedWords::of(language),
            blocked: BlockedWords::of(language),
        }
    }
}

/// As people say it.
const MEGABYTES: usize = MOST_BYTES / 1024 / 1024;

impl ChatWords {
    #[must_use]
    pub const fn topic(&self, topic: Topic) -> &String {
        match topic {
            Topic::Order => &self.topics.order,
            Topic::Delivery => &self.topics.delivery,
            Topic::Product => &self.topics.product,
            Topic::Payment => &self.topics.payment,
            Topic::Returns => &self.topics.returns,
            Topic::Complaint => &self.topics.complaint,
            Topic::Other => &self.topics.other,
        }
    }

    /// One to five, with the word for each.
    #[must_use]
    pub const fn ratings(&self) -> [(u8, &String); 5] {
        let RateWords { one, two, three, four, five, .. } = &self.rate;
        [(1, one), (2, two), (3, three), (4, four), (5, five)]
    }

    #[must_use]
    pub fn attach_hint(&self) -> String {
        fill(&self.talk.attach_hint, &[("files", &MOST_ATTACHMENTS), ("megabytes", &MEGABYTES)])
    }

    /// Whether somebody is there, or when somebody will be. `today` and the reception's times are local at the workshop.
    #[must_use]
    pub fn presence(&self, reception: &Reception, today: time::Date, language: Language) -> String {
        match (reception.agents, reception.opens_at) {
            (0, Some(at)) => format!("{}. {}.", self.here.away, self.back(at, today, language)),
            (0, None) if reception.open => format!("{}.", self.here.busy),
            (0, None) => format!("{}.", self.here.away),
            (1, _) => format!("{}.", self.here.one),
            (count, _) => format!("{}.", fill(&self.here.many, &[("count", &count)])),
        }
    }

    fn back(&self, at: OffsetDateTime, today: time::Date, language: Language) -> String {
        let time = format::clock(at.time());
        if at.date() == today {
            return fill(&self.here.back_today, &[("time", &time)]);
        }
        fill(&self.here.back, &[("day", &format::day(at.date(), language)), ("time", &time)])
    }

    /// How long an answer usually takes and who waits before; nothing where that is not known or nobody is there.
    #[must_use]
    pub fn wait(&self, reception: &Reception) -> Option<String> {
        let usual = reception.usual_wait.filter(|_| reception.agents > 0).map(|seconds| match seconds {
            0..=60 => self.here.minute.clone(),
            61..=5400 => fill(&self.here.minutes, &[("minutes", &seconds.div_ceil(60))]),
            _ => fill(&self.here.hours, &[("hours", &seconds.div_ceil(3600))]),
        });
        let before = match reception.waiting {
            0 => None,
            1 => Some(self.here.waiting_one.clone()),
            count => Some(fill(&self.here.waiting, &[("count", &count)])),
        };
        let said: Vec<String> = [usual, before].into_iter().flatten().map(|sentence| format!("{sentence}.")).collect();
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// What happened, as a line between the messages; nothing for what only machines need to know.
    #[must_use]
    pub fn happening(&self, entry: &Entry) -> Option<String> {
        let name = |name: &str| if name.is_empty() { self.talk.us.clone() } else { name.to_owned() };
        Some(match (entry.kind, entry.author) {
            (EntryKind::Assigned, _) => fill(&self.talk.assigned, &[("name", &name(entry.to.as_deref().unwrap_or(&entry.name)))]),
            (EntryKind::Transferred, _) => fill(&self.talk.transferred, &[("name", &name(entry.to.as_deref().unwrap_or_default()))]),
            (EntryKind::Released, _) => self.talk.released.clone(),
            (EntryKind::Closed, Author::Shopper) => self.talk.closed_by_shopper.clone(),
            (EntryKind::Closed, Author::Staff) => fill(&self.talk.closed_by_staff, &[("name", &name(&entry.name))]),
            (EntryKind::Closed, Author::System) => self.talk.closed_by_system.clone(),
            (EntryKind::Reopened, _) => self.talk.reopened.clone(),
            _ => return None,
        })
    }

    /// That the chat is closed to somebody; the time is local at the workshop.
    #[must_use]
    pub fn closed_to_you(&self, until: Option<OffsetDateTime>, language: Language) -> String {
        let day = |at: OffsetDateTime| format!("{}, {}", format::day(at.date(), language), format::clock(at.time()));
        until.map_or_else(|| self.blocked.always.clone(), |at| fill(&self.blocked.until, &[("day", &day(at))]))
    }

    #[must_use]
    pub fn refusal(&self, refusal: ChatRefusal) -> String {
        let said = &self.refused;
        match refusal {
            ChatRefusal::Empty => said.empty.clone(),
            ChatRefusal::TooLong => fill(&said.too_long, &[("most", &MOST_CHARACTERS)]),
            ChatRefusal::NotAnAddress => said.not_an_address.clone(),
            ChatRefusal::WrongType => said.wrong_type.clone(),
            ChatRefusal::TooLarge => fill(&said.too_large, &[("megabytes", &MEGABYTES)]),
            ChatRefusal::TooManyFiles => fill(&said.too_many_files, &[("files", &MOST_ATTACHMENTS)]),
            ChatRefusal::TooFast => said.too_fast.clone(),
            ChatRefusal::Closed => said.closed.clone(),
            ChatRefusal::NotToBeRated => said.not_to_be_rated.clone(),
            ChatRefusal::NoSuchOrder => said.no_such_order.clone(),
            ChatRefusal::Blocked => said.blocked.clone(),
            ChatRefusal::NoSuchConversation | ChatRefusal::NoSuchFile => said.gone.clone(),
            // What only staff can be refused.
            ChatRefusal::TakenByAnother
            | ChatRefusal::SummaryMissing
            | ChatRefusal::ReasonMissing
            | ChatRefusal::AtCap
            | ChatRefusal::NotAllowed
            | ChatRefusal::NoSuchPerson => said.fault.clone(),
        }
    }

    #[must_use]
    pub fn sentence(&self, error: &AppError<ChatRefusal>) -> String {
        match error {
            AppError::Refused(refusal) => self.refusal(*refusal),
            AppError::Fault(_) => self.refused.fault.clone(),
            AppError::Transport => self.refused.transport.clone(),
        }
    }
}
