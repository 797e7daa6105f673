-- Answers by mail: an address of its own for each conversation.
alter table mail add column reply_to text;
