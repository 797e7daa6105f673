//! The words of the console's island, made on the server in the reader's language.

use crate::{fill::fill, island_words};
use domain::chat::{Channel, ChatRefusal, Priority, Topic};
use serde::{Deserialize, Serialize};
use time::Duration;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsoleWords {
    pub lists: String,
    pub list: ListWords,
    pub presence: PresenceWords,
    pub topic: TopicWords,
    pub priority: PriorityWords,
    pub channel: ChannelWords,
    pub state: StateWords,
    pub talk: TalkWords,
    pub compose: ComposeWords,
    pub transfer: TransferWords,
    pub close: CloseWords,
    pub keys: KeyWords,
    pub refused: RefusedWords,
}

island_words! {
    pub struct ListWords from [console.list] {
        own, queue, all, found, search, search_hint, go, clear, empty_own, empty_queue, empty_all, empty_found, nobody(number), unread(count),
        waits(time), late(time), soon(time), moment, minutes(n), hours(n), days(n), order(number), contact, review, older, live, waiting_link, lost_link, notify,
        notice_one(name), notice_many(count), notice_call(name), mentions, empty_mentions, mention_by(name), mention_new, blocked,
    }
}

island_words! {
    pub struct PresenceWords from [console.presence] { available, paused, away, load(load, cap), pause, resume, label }
}

island_words! {
    pub struct TopicWords from [console.topic] { label, order, delivery, product, payment, returns, complaint, other }
}

island_words! {
    pub struct PriorityWords from [console.priority] { label, low, normal, high, urgent }
}

island_words! {
    pub struct ChannelWords from [console.channel] { chat, mail, phone, counter, letter, fax }
}

island_words! {
    pub struct StateWords from [console.state] { queued, assigned(name), closed }
}

island_words! {
    pub struct TalkWords from [console.talk] {
        heading(number), transcript, choose_title, choose, take, release, transfer, close, details, save, you, theirs(name), queued,
        closed, note_by(name), opened(name), assigned(to), released, transferred(name, to), summary_was, changed(name), was_closed(name), reopened,
        rated(rating), shop, shopper, sending, sent, delivered, read, not_sent, again, typing(name), collision(name), unseen, file(name),
        new_messages(name),
    }
}

island_words! {
    pub struct ComposeWords from [console.compose] {
        label, note_label, reply, note, mode, send, keep, hint, templates, colleagues, calm, none, attach, remove(name), uploading(name, percent),
    }
}

island_words! {
    pub struct TransferWords from [console.transfer] { to, choose, colleague(name, state, load, cap), summary, hint, submit }
}

island_words! {
    pub struct CloseWords from [console.close] { reason, choose, answered, solved, no_reply, duplicate, spam, more, submit }
}

island_words! {
    pub struct KeyWords from [console.keys] {
        title, open, close, walk, enter, reply, note, take, finish, pass, search, lists, help, leave,
    }
}

island_words! {
    pub struct RefusedWords from [console.refused] {
        fault, not_allowed, no_such_conversation, empty, too_long, not_an_address, wrong_type, too_large, too_many_files, no_such_file, too_fast, closed, taken, summary, close_reason, at_cap,
        no_such_person, no_such_order,
    }
}

#[cfg(feature = "ssr")]
impl ConsoleWords {
    #[must_use]
    pub fn of(language: domain::Language) -> Self {
        Self {
            lists: crate::words!(language, console.lists),
            list: ListWords::of(language),
            presence: PresenceWords::of(language),
            topic: TopicWords::of(language),
            priority: PriorityWords::of(language),
            channel: ChannelWords::of(language),
            state: StateWords::of(language),
            talk: TalkWords::of(language),
            compose: ComposeWords::of(language),
            transfer: TransferWords::of(language),
            close: CloseWords::of(language),
            keys: KeyWords::of(language),
            refused: RefusedWords::of(language),
        }
    }
}

impl TopicWords {
    #[must_use]
    pub fn name(&self, topic: Topic) -> &str {
        match topic {
            Topic::Order => &self.order,
            Topic::Delivery => &self.delivery,
            Topic::Product => &self.product,
            Topic::Payment => &self.payment,
            Topic::Returns => &self.returns,
            Topic::Complaint => &self.complaint,
            Topic::Other => &self.other,
        }
    }
}

impl PriorityWords {
    #[must_use]
    pub fn name(&self, priority: Priority) -> &str {
        match priority {
            Priority::Low => &self.low,
            Priority::Normal => &self.normal,
            Priority::High => &self.high,
            Priority::Urgent => &self.urgent,
        }
    }
}

impl ChannelWords {
    #[must_use]
    pub fn name(&self, channel: Channel) -> &str {
        match channel {
            Channel::Chat => &self.chat,
            Channel::Mail => &self.mail,
            Channel::Phone => &self.phone,
            Channel::Counter => &self.counter,
            Channel::Letter => &self.letter,
            Channel::Fax => &self.fax,
        }
    }
}

impl ListWords {
    /// `4 min`, `2 h`, `3 d`: as exact as it has to be.
    #[must_use]
    pub fn span(&self, waited: Duration) -> String {
        let minutes = waited.whole_minutes();
        match minutes {
            ..1 => self.moment.clone(),
            1..60 => fill(&self.minutes, &[("n", &minutes)]),
            60..1440 => fill(&self.hours, &[("n", &(minutes / 60))]),
            _ => fill(&self.days, &[("n", &(minutes / 1440))]),
        }
    }
}

impl RefusedWords {
    #[must_use]
    pub fn sentence(&self, why: ChatRefusal) -> &str {
        match why {
            ChatRefusal::NoSuchConversation | ChatRefusal::NotToBeRated => &self.no_such_conversation,
            ChatRefusal::Empty => &self.empty,
            ChatRefusal::TooLong => &self.too_long,
            ChatRefusal::NotAnAddress => &self.not_an_address,
            ChatRefusal::WrongType => &self.wrong_type,
            ChatRefusal::TooLarge => &self.too_large,
            ChatRefusal::TooManyFiles => &self.too_many_files,
            ChatRefusal::NoSuchFile => &self.no_such_file,
            ChatRefusal::TooFast => &self.too_fast,
            ChatRefusal::Closed => &self.closed,
            ChatRefusal::TakenByAnother => &self.taken,
            ChatRefusal::SummaryMissing => &self.summary,
            ChatRefusal::ReasonMissing => &self.close_reason,
            ChatRefusal::AtCap => &self.at_cap,
            ChatRefusal::NotAllowed => &self.not_allowed,
            ChatRefusal::NoSuchPerson => &self.no_such_person,
            ChatRefusal::NoSuchOrder => &self.no_such_order,
            // What only shoppers are told.
            ChatRefusal::Blocked => &self.not_allowed,
        }
    }
}
