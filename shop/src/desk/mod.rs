//! What the service desk can do beyond conversations: see a customer whole, act on an order, answer with templates,
//! say who gets which conversation, note contacts that came in otherwise, and review conversations.

pub mod routing;
